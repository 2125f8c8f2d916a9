using Huifang.Feedback;
using Huifang.Improvements;
using Huifang.Insights;
using Huifang.Languages;
using Huifang.Messages;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Insights;

/// <summary>In a real browser: three customers say the same thing in three languages; it becomes an alarm, a change, a page for everybody, and a notice to each of them.</summary>
public sealed class InsightJourneyTests : IAsyncLifetime
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly (string Customer, string Language, string Words, string Title, string Did)[] Three =
    [
        ("c-zhou", Language.Simplified, "提现一直处理中，卡号 6222 0212 3456 7890 128，钱去哪了", "提现写明几点到账", "现在写着最晚几点到账。"),
        ("c-chan", Language.Traditional, "提現一直處理中，問了兩次都沒有說清楚", "提現寫明幾點到帳", "現在寫著最晚幾點到帳。"),
        ("c-carter", Language.English, "My withdrawal is still pending and nobody says why", "Withdrawals say when they arrive", "It now says by when it will arrive."),
    ];

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

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

    [Fact] // F1–F4: the whole loop
    public async Task Three_customers_words_become_an_alarm_a_published_change_and_a_notice_to_each()
    {
        await using var site = await Site.Open();
        site.Clock.Set(Site.Morning.AddHours(8));
        await site.Get<LiveModel>().Shipped;
        await History(site);

        // Each writes from her portal, on a phone, in her language; one shows her screen.
        foreach (var (customer, language, words, _, _) in Three)
        {
            await using var hers = await Context(site, language, 390);
            var page = await hers.NewPageAsync();
            await page.GotoAsync(site.Address + site.Enter(customer));
            await page.GotoAsync($"{site.Address}/me/feedback");
            await page.FillAsync("#words", words);
            if (customer == "c-zhou") await page.SetInputFilesAsync("#picture", new FilePayload { Name = "screen.png", MimeType = "image/png", Buffer = Png });
            await page.ClickAsync("form[action='/me/feedback'] button");
            Assert.Contains("did=new", page.Url, StringComparison.Ordinal);
        }
        await site.Settle();
        Assert.Equal(3, await site.Read(tx => tx.One<long>("select count(*) from insight_readings r join feedback f on f.id = r.feedback_id where f.source = 'button'")));

        // What the model would not decide, or decided, an analyst judges on the labelling page; the third by keyboard alone.
        await using var theirs = await Context(site, Language.Simplified, 1440);
        var desk = await theirs.NewPageAsync();
        await desk.GotoAsync($"{site.Address}/demo");
        await desk.ClickAsync("button[value=s-cheng]");
        await desk.GotoAsync($"{site.Address}/labels?source=button");
        for (var i = 0; i < 3; i++)
        {
            var shown = await desk.GetAttributeAsync("#label", "action");
            Assert.DoesNotContain("7890", await desk.InnerTextAsync("main"), StringComparison.Ordinal);
            await desk.SelectOptionAsync("select[name=other]", "withdrawal.pending");
            await desk.EvaluateAsync("document.activeElement.blur()");
            await desk.Keyboard.PressAsync("g");
            await desk.WaitForFunctionAsync("shown => document.readyState === 'complete' && document.querySelector('#label')?.getAttribute('action') !== shown", shown);
        }
        foreach (var id in await site.Read(tx => tx.Query<string>("select r.feedback_id from insight_readings r join feedback f on f.id = r.feedback_id where f.source = 'button' and r.topic <> 'withdrawal.pending'")))
        {
            // Where the model was sure of something else one label does not overrule it; whoever works with it corrects it.
            await desk.GotoAsync($"{site.Address}/insight/words");
            await desk.ClickAsync($"#said-{id} summary");
            await desk.SelectOptionAsync($"#said-{id} select[name=topic]", "withdrawal.pending");
            await desk.ClickAsync($"#said-{id} form button");
        }
        site.Clock.Set(Site.Morning.AddHours(8).AddMinutes(11));
        await site.Settle();

        // The alarm, with its test and her words, leads to an improvement.
        await desk.GotoAsync($"{site.Address}/insight?topic=withdrawal.pending");
        Assert.Contains("提现一直处理中", await desk.InnerTextAsync("main"), StringComparison.Ordinal);
        await desk.ClickAsync(".alarm a[href^='/improvements/new']");
        await desk.FillAsync("input[name=title]", Three[0].Title);
        await desk.SelectOptionAsync("select[name=owner]", "a-lin");
        await desk.ClickAsync("form[action='/improvements'] button");
        foreach (var (_, language, words, title, did) in Three)
        {
            await desk.FillAsync($"[name='title.{language}']", title);
            await desk.FillAsync($"[name='said.{language}']", words[^10..]);
            await desk.FillAsync($"[name='did.{language}']", did);
        }
        await desk.ClickAsync("#keep");
        await desk.ClickAsync("form[action$='/shipping'] button");
        await desk.ClickAsync("form[action$='/publication'] button");
        var improvement = (await site.Read(tx => site.Get<ImprovementBoard>().Published(tx))).Single();
        Assert.Equal(3, improvement.People);
        await site.Settle();

        // Each is told once, in her own words' language, and the link leads to the page that says what was done.
        foreach (var (customer, language, _, title, did) in Three)
        {
            var notice = Assert.Single(await site.Read(tx => site.Get<MessageBoard>().OfCustomer(tx, customer)), one => one.Message.Template == ImprovementReactions.Template);
            Assert.True(notice.Message.Language == language && notice.Message.State is MessageState.Sent or MessageState.Delivered, $"{notice.Message}");
            Assert.Contains(title, notice.Body!.Text, StringComparison.Ordinal);
            await using var hers = await Context(site, language, 390);
            var page = await hers.NewPageAsync();
            await page.GotoAsync(site.Address + new Uri(notice.Body.Link!).PathAndQuery);
            Assert.Contains(did, await page.InnerTextAsync("main"), StringComparison.Ordinal);
            Assert.DoesNotContain("7890", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        }
        await desk.GotoAsync($"{site.Address}/improvements/{improvement.Improvement.Id}");
        Assert.Contains("3", await desk.InnerTextAsync("main"), StringComparison.Ordinal);

        // And Monday's meeting opens from one page.
        await desk.GotoAsync($"{site.Address}/insight/monday");
        var monday = await desk.InnerTextAsync("main");
        Assert.Contains(Taxonomy.Shipped.NameOf("withdrawal.pending", Language.Simplified), monday, StringComparison.Ordinal);
        Assert.Contains(improvement.Improvement.Number, monday, StringComparison.Ordinal);
        Assert.Empty((await site.Get<Huifang.Checks.LedgerCheck>().Run()).Violations);
    }

    /// <summary>Sixty quiet days, and five in which posts about pending withdrawals grow many.</summary>
    private static async Task History(Site site)
    {
        string[] usual = ["account_access.login_otp", "fees_rates.exchange_fee", "praise.general", "transfer.pending", "app_quality.bug_crash"];
        var items = new List<FeedbackItem>();
        for (var day = 66; day >= 0; day--)
        {
            var at = site.Clock.GetUtcNow().AddDays(-day).AddHours(-1);
            for (var i = 0; i < 5; i++) items.Add(new("social:web", $"u{day}-{i}", null, at, Language.Simplified, $"随便说点什么 {day} {i}", null, usual[i]));
            if (day < 5) for (var i = 0; i < 6; i++) items.Add(new("social:web", $"b{day}-{i}", null, at, Language.Simplified, $"提现一直处理中，第 {day * 10 + i} 个人说", null, "withdrawal.pending"));
        }
        foreach (var part in items.Chunk(200)) await site.Write(tx => site.Get<FeedbackDesk>().Keep(tx, part));
        await site.Settle();
    }

    private async Task<IBrowserContext> Context(Site site, string language, int width)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, Locale = language, ReducedMotion = ReducedMotion.Reduce });
        await context.AddCookiesAsync([new Cookie { Name = "hf-lang", Value = language, Url = site.Address }]);
        return context;
    }
}
