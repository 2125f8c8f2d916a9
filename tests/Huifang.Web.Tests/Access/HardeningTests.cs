using System.Net;
using System.Text;
using Huifang.Accounts;
using Huifang.Guard;
using Huifang.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Huifang.Web.Tests.Access;

/// <summary>What the server refuses before any page decides: requests without our token, from other sites, too many and too large; and what every answer tells the browser.</summary>
public sealed class HardeningTests
{
    [Theory] // ASVS V3.4
    [InlineData("/signin"), InlineData("/recognise"), InlineData("/health/live"), InlineData("/nothing-here"), InlineData("/v1/nothing-here"), InlineData("/openapi/v1.json")]
    public async Task Every_answer_tells_the_browser_what_it_may_do(string path)
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        using var answer = await http.GetAsync(path);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches("script-src 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic';", policy);
        foreach (var part in new[] { "default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'", "form-action 'self'", "require-trusted-types-for 'script'", "trusted-types default hf-inert" }) Assert.Contains(part, policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("http:", policy);
        Assert.Equal(("nosniff", "same-origin", "same-origin", "same-origin"), (One(answer, "X-Content-Type-Options"), One(answer, "Referrer-Policy"), One(answer, "Cross-Origin-Opener-Policy"), One(answer, "Cross-Origin-Resource-Policy")));
        Assert.Contains("no-store", One(answer, "Cache-Control"));
        Assert.False(answer.Headers.Contains("Server"));
        using var again = await http.GetAsync(path);
        Assert.NotEqual(policy, again.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact] // ASVS V3.3
    public async Task Session_cookies_are_out_of_scripts_reach_and_stay_on_our_site()
    {
        await using var site = await AccessSite.Open();
        using var http = Plain(site);
        using var staff = await http.GetAsync("/test/as/s-Agent");
        using var customer = await http.GetAsync("/test/customer/c-1");
        Assert.Contains("httponly", staff.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("hf-staff", StringComparison.Ordinal)));
        Assert.Contains("samesite=strict", staff.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("hf-staff", StringComparison.Ordinal)));
        Assert.Contains("httponly", customer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("hf-me", StringComparison.Ordinal)));
        Assert.Contains("samesite=lax", customer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("hf-me", StringComparison.Ordinal)));
    }

    [Fact] // ASVS V3.5.1
    public async Task Nothing_that_changes_something_is_taken_without_the_token_of_a_page_of_ours_whatever_its_type()
    {
        await using var site = await AccessSite.Open();
        await site.Verify(Huifang.Calls.Level.StepUp);
        var people = new List<HttpClient>();
        foreach (var role in Enum.GetValues<Role>()) people.Add(await Real(await site.Staff($"s-{role}")));
        people.Add(await Real(await site.Customer("c-s-Agent")));
        people.Add(Plain(site));
        var before = await Facts(site);
        var tried = 0;
        foreach (var (method, route) in site.Routes.Where(one => one.Method is not "GET" and not "OPTIONS"))
        {
            if (route.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(needs => needs.Policy?.StartsWith("api:", StringComparison.Ordinal) == true) || route.Metadata.GetMetadata<OpenAttribute>()?.Why.Contains("signature", StringComparison.Ordinal) == true) continue;
            // Proved by what is in its address: mail programs press that button without a page (RFC 8058). The hub's first request is guarded by its origin.
            if (route.RoutePattern.RawText is "/r/{token}/stop" || route.RoutePattern.RawText!.StartsWith("/hub", StringComparison.Ordinal)) continue;
            foreach (var type in new[] { "application/x-www-form-urlencoded", "application/json", "text/plain", "application/octet-stream", "multipart/form-data; boundary=x", null })
                foreach (var person in people)
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), Address(route)) { Content = new ByteArrayContent(type == "application/json" ? "{}"u8.ToArray() : []) };
                    if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                    using var answer = await person.SendAsync(request);
                    Assert.True((int)answer.StatusCode is 400 or 401 or 403 or 415 || ((int)answer.StatusCode is 302 or 303 && answer.Headers.Location!.ToString() is var to && (to.Contains("/signin", StringComparison.Ordinal) || to.Contains("/prove", StringComparison.Ordinal) || to.Contains("/me/enter", StringComparison.Ordinal))),
                        $"{method} {route.RoutePattern.RawText} with {type ?? "no type"} answered {(int)answer.StatusCode} {answer.Headers.Location}");
                    tried++;
                }
        }
        Assert.True(tried > 2000);
        Assert.Equal(before, await Facts(site));
    }

    [Theory] // ASVS V3.5.3
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    public async Task A_request_that_comes_from_another_site_changes_nothing_and_opens_no_hub(string header, string value)
    {
        await using var site = await AccessSite.Open();
        using var agent = await Real(await site.Staff("s-Agent"));
        agent.DefaultRequestHeaders.Add(header, value);
        foreach (var path in new[] { "/desk/next", "/signout", "/signin", "/hub/call/negotiate?negotiateVersion=1" })
        {
            using var answer = await agent.PostAsync(path, new FormUrlEncodedContent([]));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }
        using var hub = await agent.GetAsync("/hub/call?id=x");
        Assert.Equal(HttpStatusCode.Forbidden, hub.StatusCode);
    }

    [Fact] // ASVS V2.4.1, V6.3.1
    public async Task Guessing_at_the_door_is_slowed_and_told_when_to_come_back()
    {
        await using var site = await AccessSite.Open(new Limits(DoorPerMinute: 5, StrangerPerMinute: 20, PersonPerMinute: 30, KeyPerMinute: 40));
        using var http = Plain(site);
        using var person = await Real(await site.Staff("s-Agent"));
        using var key = await Real(await site.Key(Scope.FollowUps));
        var seen = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            using var answer = await http.PostAsync("/signin", new FormUrlEncodedContent([KeyValuePair.Create("user", "s-agent")]));
            seen.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        }
        Assert.Equal((5, 3), (seen.Count(code => code == HttpStatusCode.BadRequest), seen.Count(code => code == HttpStatusCode.TooManyRequests)));
        // Everybody has a limit: strangers, people, keys.
        Assert.Contains(HttpStatusCode.TooManyRequests, await Many(http, "/recognise", 25));
        Assert.Contains(HttpStatusCode.TooManyRequests, await Many(person, "/desk", 35));
        // A key is counted as itself and not as the stranger that its address is.
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await Many(key, "/v1/follow-ups/x", 39));
        Assert.Contains(HttpStatusCode.TooManyRequests, await Many(key, "/v1/follow-ups/x", 5));
    }

    [Fact] // ASVS V4.2, V5.2.1
    public async Task What_is_too_large_is_not_read()
    {
        await using var site = await AccessSite.Open();
        using var agent = await Real(await site.Staff("s-Supervisor"));
        using var form = await agent.PostAsync("/customers", new StringContent("asked=" + new string('x', (int)Limits.BodyBytesMax), Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, form.StatusCode);
        using var line = await agent.GetAsync("/customers?x=" + new string('x', 9_000));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, line.StatusCode);
        agent.DefaultRequestHeaders.Add("X-Long", new string('x', 40_000));
        using var header = await agent.GetAsync("/customers");
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, header.StatusCode);
    }

    [Theory] // ASVS V1.2.10
    [InlineData("=1+1"), InlineData("+1"), InlineData("-2+3+cmd|' /C calc'!A0"), InlineData("@SUM(A1)"), InlineData("\t=1"), InlineData("\r=1"), InlineData("\0=1"), InlineData("＝1"), InlineData("-x"), InlineData("-"), InlineData("-1-1"), InlineData("- 3"), InlineData("-3\n"), InlineData("-１"), InlineData("--3"), InlineData("-1,5"), InlineData("-1e"), InlineData("-A1"), InlineData("-3%")]
    public void A_cell_of_an_export_is_never_a_formula(string cell)
    {
        using var text = new StringWriter();
        using (var csv = Sheet.Writer(text)) { csv.WriteField(cell); csv.WriteField("a \"b\", c"); csv.NextRecord(); }
        Assert.Equal('\'', text.ToString().TrimStart('"')[0]);
        Assert.EndsWith(",\"a \"\"b\"\", c\"\r\n", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-3"), InlineData("-0.12"), InlineData("-1.5e-7"), InlineData("-1E+10"), InlineData("3"), InlineData("0.5"), InlineData("提现")]
    public void A_number_below_nought_stays_a_number(string cell)
    {
        using var text = new StringWriter();
        using (var csv = Sheet.Writer(text)) { csv.WriteField(cell); csv.WriteField(-3); csv.WriteField(-0.25); csv.NextRecord(); }
        Assert.Equal($"{cell},-3,-0.25\r\n", text.ToString());
    }

    private static string One(HttpResponseMessage answer, string header) => answer.Headers.TryGetValues(header, out var values) ? string.Join(", ", values) : answer.Content.Headers.GetValues(header).Single();

    private static HttpClient Plain(AccessSite site) => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(site.Address) };

    private static Task<HttpClient> Real(HttpClient http)
    {
        http.DefaultRequestHeaders.Remove("X-Probe");
        return Task.FromResult(http);
    }

    private static async Task<List<HttpStatusCode>> Many(HttpClient http, string path, int times)
    {
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < times; i++) { using var answer = await http.GetAsync(path); codes.Add(answer.StatusCode); }
        return codes;
    }

    private static Task<long> Facts(AccessSite site) => site.Get<Store>().Read(tx => tx.One<long>("select count(*) from journal where kind not in ('record.refused', 'sight.alarmed')"));

    private static string Address(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter when parameter.ParameterPolicies.Count > 0 => "1",
        _ => route.Metadata.GetMetadata<AboutAttribute>() is { } about ? about.Thing switch { Thing.Staff => "s-Agent", Thing.Customer => "c-s-Agent", var thing => $"{thing}-s-Agent" } : "x",
    })))) ;
}
