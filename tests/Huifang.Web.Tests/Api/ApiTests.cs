using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Audit;
using Huifang.Storage;
using Huifang.Web.Tests.Access;
using Microsoft.AspNetCore.Authorization;

namespace Huifang.Web.Tests.Api;

/// <summary>The API as an integrator meets it.</summary>
public sealed class ApiTests : IAsyncLifetime // A6
{
    private AccessSite _site = null!;

    public async Task InitializeAsync() => _site = await AccessSite.Open();

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task The_document_is_that_of_what_is_served()
    {
        using var http = new HttpClient { BaseAddress = new(_site.Address) };
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var written = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).Order().ToList();
        var served = _site.Routes.Where(one => one.Route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)).Select(one => $"{one.Method} {Regex.Replace(one.Route.RoutePattern.RawText!, @"\{(\w+):[^}]*\}", "{$1}").TrimEnd('/')}").Order().ToList();
        Assert.Equal(served, written);
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                Assert.True(operation.Value.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 10, $"{name} has no summary");
                Assert.True(operation.Value.GetProperty("responses").EnumerateObject().Any(response => response.Name[0] == '2'), $"{name} promises no success");
                var route = _site.Routes.Single(one => one.Method.Equals(operation.Name, StringComparison.OrdinalIgnoreCase) && Regex.Replace(one.Route.RoutePattern.RawText!, @"\{(\w+):[^}]*\}", "{$1}").TrimEnd('/') == path.Name).Route;
                var scope = route.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(needs => needs.Policy).FirstOrDefault(policy => policy?.StartsWith("api:", StringComparison.Ordinal) == true);
                Assert.Equal(scope is not null, operation.Value.TryGetProperty("security", out var security) && security.GetArrayLength() > 0);
                if (scope is not null) Assert.Contains(scope[4..], security.ToString(), StringComparison.Ordinal);
            }
    }

    [Fact]
    public async Task Whatever_an_operation_answers_to_nonsense_is_a_problem_that_its_document_names()
    {
        using var http = new HttpClient { BaseAddress = new(_site.Address) };
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json"));
        var key = await _site.Get<Store>().Write(tx => _site.Get<ApiKeyDesk>().Make(tx, "tester", [.. Scope.All]));
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
                foreach (var (withKey, body, type) in new[] { (true, "{", "application/json"), (true, "[]", "application/json"), (true, "{}", "application/json"), (true, "null", "application/json"), (true, "x", "text/plain"), (true, "\0\u0001", "application/octet-stream"), (false, "{}", "application/json") })
                {
                    using var request = new HttpRequestMessage(new HttpMethod(operation.Name.ToUpperInvariant()), Regex.Replace(path.Name, @"\{\w+\}", "7"));
                    if (withKey) request.Headers.Add("X-Api-Key", key);
                    if (operation.Name is "post" or "put") request.Content = new StringContent(body, Encoding.UTF8, type);
                    using var answer = await http.SendAsync(request);
                    var status = ((int)answer.StatusCode).ToString();
                    var name = $"{operation.Name} {path.Name} with {body} as {type}: {status}";
                    Assert.True(operation.Value.GetProperty("responses").TryGetProperty(status, out _), $"{name} is not in the document");
                    Assert.True((int)answer.StatusCode < 500, name);
                    if ((int)answer.StatusCode >= 400) Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{name} is {answer.Content.Headers.ContentType}");
                }
    }

    [Fact]
    public async Task The_same_key_with_the_same_request_gets_the_same_answer_and_with_another_a_conflict()
    {
        using var http = await Keyed("wallet", Scope.Customers);
        const string body = """[{"customer":"c-s-Agent","purpose":"Survey","channel":"Voice","given":true,"at":"2026-11-01T09:00:00Z","wording":"2026-11"}]""";
        var first = await Post(http, "/v1/consents", body, "k-1");
        Assert.Equal((HttpStatusCode.OK, false), (first.Status, first.IsReplayed));
        var again = await Post(http, "/v1/consents", body, "k-1");
        Assert.Equal((HttpStatusCode.OK, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        var other = await Post(http, "/v1/consents", body.Replace("true", "false", StringComparison.Ordinal), "k-1");
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Contains("used-for-another-request", other.Body, StringComparison.Ordinal);
        Assert.Equal(1, await _site.Get<Store>().Read(tx => tx.One<long>("select count(*) from consents where customer_id = 'c-s-Agent'")));
        // The same key on another route is another request; another client's is its own; a strange one is refused.
        Assert.Equal(HttpStatusCode.Conflict, (await Post(http, "/v1/customers", "[]", "k-1")).Status);
        using var another = await Keyed("another", Scope.Customers);
        Assert.False((await Post(another, "/v1/consents", body, "k-1")).IsReplayed);
        foreach (var strange in new[] { "a b", "\t", new string('k', 129) }) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Post(http, "/v1/consents", body, strange)).Status);
        // Refusals are answers too.
        var wrong = await Post(http, "/v1/consents", "{}", "k-2");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (wrong.Status, (await Post(http, "/v1/consents", "{}", "k-2")).IsReplayed));
    }

    [Fact]
    public async Task An_erased_id_is_refused_and_says_so()
    {
        using var http = await Keyed("wallet", Scope.Customers);
        await _site.Write(tx => _site.Get<Huifang.Security.Vault>().Destroy(tx, "c-gone", Huifang.Security.KeyClass.Person));
        using var put = await http.PutAsJsonAsync("/v1/customers/c-gone", new { name = "周慕晴", language = "zh-CN" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, put.StatusCode);
        Assert.Contains("\"reason\":\"erased\"", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var post = await http.PostAsJsonAsync("/v1/customers", new[] { new { id = "c-gone", language = "en" }, new { id = "c-new", language = "en" } });
        Assert.Equal("""[{"status":"refused","field":"id","reason":"erased"},{"status":"accepted","field":null,"reason":null}]""", await post.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Heads_are_public_entries_are_not_and_a_stranger_can_check_both()
    {
        while (await _site.Get<AuditSequencer>().Round(default)) { }
        await _site.Get<AuditCheckpoints>().Round(default);
        using var stranger = new HttpClient { BaseAddress = new(_site.Address) };
        var (name, key) = Checkpoint.ReadKeyText(await stranger.GetStringAsync("/v1/audit/key"))!.Value;
        var head = AuditKey.Open(await stranger.GetStringAsync("/v1/audit/checkpoint"), name, key)!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/audit/entries/0")).StatusCode);
        using var http = await Keyed("auditor", Scope.Audit);
        var proof = await http.GetStringAsync($"/v1/audit/entries/{head.Size - 1}");
        Assert.Equal(head.Size, AuditProofText.Check(proof, name, key)!.Value.Head.Size);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/v1/audit/entries/{head.Size}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/audit/entries/9223372036854775807")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/v1/audit/consistency?older=1")).StatusCode);
    }

    [Fact]
    public async Task Every_line_of_the_manual_runs_as_it_stands()
    {
        while (await _site.Get<AuditSequencer>().Round(default)) { }
        await _site.Get<AuditCheckpoints>().Round(default);
        var key = await _site.Get<Store>().Write(tx => _site.Get<ApiKeyDesk>().Make(tx, "manual", [.. Scope.All]));
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Root(), "docs", "api.md"))).Where(line => line.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count >= 12);
        foreach (var line in lines)
        {
            using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"curl -s -o /dev/null -w '%{{http_code}}' {line[5..]}"]) { RedirectStandardOutput = true, Environment = { ["KEY"] = key, ["AT"] = _site.Address } })!;
            var status = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(status.Length == 3 && status[0] == '2', $"{status} from: {line}");
        }
    }

    private async Task<HttpClient> Keyed(string name, string scope)
    {
        var http = new HttpClient { BaseAddress = new(_site.Address) };
        http.DefaultRequestHeaders.Add("X-Api-Key", await _site.Get<Store>().Write(tx => _site.Get<ApiKeyDesk>().Make(tx, name, [scope])));
        return http;
    }

    private static async Task<(HttpStatusCode Status, bool IsReplayed, string Body)> Post(HttpClient http, string path, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.Contains("Idempotency-Replayed"), await answer.Content.ReadAsStringAsync());
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Huifang.slnx"))) at = at.Parent;
        return at.FullName;
    }
}
