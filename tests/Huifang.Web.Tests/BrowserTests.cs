using Huifang.Accounts;
using Huifang.Languages;
using Microsoft.Playwright;

namespace Huifang.Web.Tests;

/// <summary>In a real browser: nothing that axe-core finds, and no page wider than a phone.</summary>
[Collection(OneSite.Name)]
public sealed class BrowserTests(SiteFixture fixture) : IAsyncLifetime
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    private Site Site => fixture.Site;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = Flags });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private IEnumerable<(string Name, string Path)> CustomerPages =>
    [
        ("invited", Site.Link(Site.Invited)), ("slots", $"{Site.Link(Site.Invited)}/slots"), ("other way", $"{Site.Link(Site.Invited)}/other"), ("never", $"{Site.Link(Site.Invited)}/never"), ("why", $"{Site.Link(Site.Invited)}/why"),
        ("booked", Site.Link(Site.Booked)), ("sorry", Site.Link(Site.Broken)), ("done", Site.Link(Site.Finished)), ("survey", Site.Link(Site.Finished, LinkKind.Survey)), ("forged", "/r/forged-link-that-is-none"),
        ("home", "/me"), ("settings", "/me/preferences"), ("consents", "/me/consents"), ("history", "/me/history"), ("ask", "/me/ask"), ("check", "/me/check"), ("messages", "/me/messages"), ("recognise", "/recognise"), ("not here", "/nothing"),
    ];

    [Theory]
    [InlineData(Language.Simplified)]
    [InlineData(Language.English)]
    public async Task Customer_pages_are_accessible_and_fit_a_phone(string language)
    {
        await using var context = await Context(language, 390, Site.Enter("c-zhou"));
        var faults = new List<string>();
        foreach (var (name, path) in CustomerPages)
        {
            var page = await context.NewPageAsync();
            // Tall enough that the tab bar at the foot lies over nothing.
            await page.SetViewportSizeAsync(390, 4000);
            await page.GotoAsync(Site.Address + path);
            faults.AddRange((await Axe(page)).Select(fault => $"{name}: {fault}"));
            foreach (var width in new[] { 390, 320 })
            {
                await page.SetViewportSizeAsync(width, 700);
                var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (over > 0) faults.Add($"{name}: {over} px wider than {width} px");
            }
            await page.CloseAsync();
        }
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData(Language.Simplified)]
    [InlineData(Language.English)]
    public async Task Staff_pages_are_accessible(string language)
    {
        await using var context = await Context(language, 1440);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Site.Address}/signin");
        var faults = (await Axe(page)).Select(fault => $"/signin: {fault}").ToList();
        await page.GotoAsync($"{Site.Address}/demo");
        faults.AddRange((await Axe(page)).Select(fault => $"/demo: {fault}"));
        await page.Locator("button[value=s-cheng]").ClickAsync();
        foreach (var path in new[] { "/elements", "/outbox", "/outbox?show=withheld", "/outbox/templates" })
        {
            await page.GotoAsync(Site.Address + path);
            faults.AddRange((await Axe(page)).Select(fault => $"{path}: {fault}"));
        }
        Assert.Empty(faults);
    }

    [Fact] // V1: the state of calls fails closed in the browser too
    public async Task A_home_page_that_cannot_reach_us_says_that_it_cannot_confirm()
    {
        await using var context = await Context(Language.English, 390, Site.Enter("c-zhou"));
        var page = await context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync($"{Site.Address}/me");
        Assert.True(await page.GetByText("We are not calling you now").IsVisibleAsync());
        await context.SetOfflineAsync(true);
        for (var i = 0; i < 5; i++)
        {
            await page.Clock.RunForAsync(10_000);
            await page.WaitForTimeoutAsync(150);
        }
        Assert.False(await page.GetByText("We are not calling you now").IsVisibleAsync());
        Assert.True(await page.GetByText("We cannot confirm. Don't talk yet").IsVisibleAsync());
    }

    [Fact]
    public async Task No_page_of_ours_breaks_its_own_security_policy()
    {
        await using var context = await Context(Language.English, 1440, Site.Enter("c-zhou"), bypassPolicy: false);
        var errors = new List<string>();
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) errors.Add($"{page.Url}: {message.Text}"); };
        foreach (var (_, path) in CustomerPages) await page.GotoAsync(Site.Address + path);
        await page.GotoAsync($"{Site.Address}/demo");
        await page.Locator("button[value=s-cheng]").ClickAsync();
        foreach (var path in new[] { "/elements", "/outbox", "/outbox/templates" }) await page.GotoAsync(Site.Address + path);
        Assert.Empty(errors);
    }

    private async Task<IBrowserContext> Context(string language, int width, string? enter = null, bool bypassPolicy = true)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 844 }, BypassCSP = bypassPolicy, ReducedMotion = ReducedMotion.Reduce, Locale = language });
        await context.AddCookiesAsync([new Cookie { Name = "hf-lang", Value = language, Url = Site.Address }]);
        if (enter is null) return context;
        var page = await context.NewPageAsync();
        await page.GotoAsync(Site.Address + enter);
        await page.CloseAsync();
        return context;
    }

    private static async Task<IReadOnlyList<string>> Axe(IPage page)
    {
        await page.AddScriptTagAsync(new() { Path = Path.Combine(TextTests.Root(), "tests", "peers", "node_modules", "axe-core", "axe.min.js") });
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
              .violations.flatMap(v => v.nodes.map(n => `${v.id} ${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] ?? ''}`))
            """);
    }
}
