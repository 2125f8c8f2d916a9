using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Storage;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Access;

/// <summary>Signing in as people do it, in Chromium with a virtual authenticator; and the same answers forged, replayed and too late.</summary>
public sealed partial class PasskeyTests : IAsyncLifetime
{
    private AccessSite _site = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _site = await AccessSite.Open();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
    }

    public async Task DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_person_adds_a_passkey_signs_in_with_it_and_proves_herself_with_it_later()
    {
        var (page, _) = await Person();
        await SignInByCode(page);
        await AddPasskey(page);
        Assert.Contains("desk 12", await page.ContentAsync());

        await page.GotoAsync($"{_site.Named}/my/sign-in");
        await page.EvaluateAsync("document.querySelector('form[action=\"/signout\"]').submit()");
        await page.WaitForURLAsync("**/signin");
        await page.ClickAsync("[data-go]");
        await page.WaitForURLAsync("**/dashboard");

        _site.Pass(TimeSpan.FromMinutes(6));
        await page.GotoAsync($"{_site.Named}/my/sign-in");
        await page.ClickAsync("form[action='/my/recovery-codes'] button");
        await page.WaitForURLAsync("**/prove?**");
        await page.ClickAsync("[data-go]");
        await page.WaitForURLAsync("**/my/sign-in");
        await page.ClickAsync("form[action='/my/recovery-codes'] button");
        Assert.Equal(RecoveryCodes.Count, await page.Locator(".codes li").CountAsync());
        Assert.Equal(["code", "passkey"], (await Sessions()).Select(one => one.Method).Order());
    }

    [Fact]
    public async Task An_answer_that_was_heard_once_is_refused_and_so_is_one_to_another_challenge()
    {
        var (page, _) = await Person();
        await SignInByCode(page);
        await AddPasskey(page);
        string? heard = null;
        page.Request += (_, request) => { if (request.Method == "POST" && request.Url.EndsWith("/signin/passkey", StringComparison.Ordinal)) heard = request.PostData; };
        await page.EvaluateAsync("document.querySelector('form[action=\"/signout\"]').submit()");
        await page.WaitForURLAsync("**/signin");
        await page.ClickAsync("[data-go]");
        await page.WaitForURLAsync("**/dashboard");
        var before = (await Sessions()).Count;

        using var thief = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(_site.Named) };
        thief.DefaultRequestHeaders.Add("X-HF-Form", Token().Match(await thief.GetStringAsync("/signin")).Groups[1].Value);
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(thief, heard!));
        // The old answer under a new challenge.
        var fresh = await Challenge(thief);
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(thief, Ceremony().Replace(heard!, $"\"ceremony\":\"{fresh}\"")));
        // A challenge that lay too long; one that was made for something else; nonsense; far too much.
        fresh = await Challenge(thief);
        _site.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(thief, Ceremony().Replace(heard!, $"\"ceremony\":\"{fresh}\"")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(thief, """{"ceremony":"x","credential":{}}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(thief, $$$"""{"ceremony":"{{{await Challenge(thief)}}}","credential":{"id":"{{{new string('a', 40_000)}}}"}}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await Answer(thief, "[1"));
        // Without the token of a page of ours nothing is looked at.
        thief.DefaultRequestHeaders.Remove("X-HF-Form");
        Assert.Equal(HttpStatusCode.BadRequest, await Answer(thief, heard!));
        Assert.Equal(before, (await Sessions()).Count);
    }

    [Fact]
    public async Task A_key_whose_owner_was_not_verified_does_not_open()
    {
        var (page, authenticator) = await Person();
        await SignInByCode(page);
        await AddPasskey(page);
        await page.EvaluateAsync("document.querySelector('form[action=\"/signout\"]').submit()");
        await page.WaitForURLAsync("**/signin");
        await authenticator(false);
        await page.ClickAsync("[data-go]");
        await page.WaitForSelectorAsync("[data-wrong]:not([hidden])");
        Assert.EndsWith("/signin", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recovery_code_stands_for_the_authenticator_once()
    {
        var codes = await _site.Get<Store>().Write(tx => _site.Get<RecoveryCodes>().Make(tx, "s-Analyst"));
        var (page, _) = await Person();
        await SignInByCode(page, codes[3].ToLowerInvariant());
        Assert.EndsWith("/dashboard", page.Url, StringComparison.Ordinal);
        await page.EvaluateAsync("document.querySelector('form[action=\"/signout\"]').submit()");
        await page.WaitForURLAsync("**/signin");
        await Fill(page, codes[3]);
        await page.WaitForURLAsync("**/signin?no=wrong");
    }

    private async Task<(IPage Page, Func<bool, Task> Verified)> Person()
    {
        var context = await _browser.NewContextAsync(new() { Locale = "en" });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        var cdp = await context.NewCDPSessionAsync(page);
        await cdp.SendAsync("WebAuthn.enable");
        var made = await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new() { ["options"] = new Dictionary<string, object>
        {
            ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
        } });
        var id = made!.Value.GetProperty("authenticatorId").GetString()!;
        return (page, verified => cdp.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = verified }));
    }

    private async Task SignInByCode(IPage page, string? code = null)
    {
        await page.GotoAsync($"{_site.Named}/signin?lang=en");
        await Fill(page, code ?? (await _site.Get<Store>().Read(tx => _site.Get<AccountDesk>().DemoCode(tx, "s-analyst")))!);
        await page.WaitForURLAsync("**/dashboard");
    }

    private static async Task Fill(IPage page, string code)
    {
        await page.FillAsync("input[name=user]", "s-analyst");
        await page.FillAsync("input[name=password]", AccessSite.Password);
        await page.FillAsync("input[name=code]", code);
        await page.ClickAsync("form[action='/signin'] button");
    }

    private async Task AddPasskey(IPage page)
    {
        await page.GotoAsync($"{_site.Named}/my/sign-in");
        await page.FillAsync("input[name=name]", "desk 12");
        await page.ClickAsync("[data-go]");
        await page.WaitForURLAsync("**/my/sign-in?said=added");
    }

    private Task<List<(string Id, string Method)>> Sessions() => _site.Get<Store>().Read(tx => tx.Query<(string Id, string Method)>("select id, method from sessions where staff_id = 's-Analyst'"));

    private static async Task<HttpStatusCode> Answer(HttpClient http, string json)
    {
        using var answer = await http.PostAsync("/signin/passkey", new StringContent(json, Encoding.UTF8, "application/json"));
        return answer.StatusCode;
    }

    private static async Task<string> Challenge(HttpClient http)
    {
        using var answer = await http.PostAsync("/signin/passkey/challenge", new StringContent("{}", Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        return Ceremony().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")] private static partial Regex Token();
    [GeneratedRegex("\"ceremony\":\"([^\"]+)\"")] private static partial Regex Ceremony();
}
