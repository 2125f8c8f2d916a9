using Huifang.Accounts;
using Huifang.Checks;
using Huifang.Complaints;
using Huifang.Languages;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Complaints;

/// <summary>In a real browser: from something nasty that comes in to a complaint that was reopened and is finally solved.</summary>
public sealed class ComplaintJourneyTests : IAsyncLifetime
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

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

    [Theory]
    [InlineData(Language.Simplified, "c-zhou", "提现三天没到账，卡号 6222 0212 3456 7890 128，\u202e赶紧处理！！！😡", "还是没有到账")]
    [InlineData(Language.English, "c-carter", "My withdrawal has not arrived, card 4111 1111 1111 1111 <script>alert(1)</script> 😡", "It still has not arrived")]
    public async Task Something_nasty_becomes_a_complaint_that_is_answered_reopened_and_finally_solved(string language, string customer, string words, string again)
    {
        await using var site = await Site.Open();
        // First what nobody can read: it is a case with the raw file all the same.
        var (unread, _) = await site.Get<ComplaintIntake>().Bring(ComplaintDoor.Api, "partner", "x-1", "text/plain", [0xff, 0xfe, 0x00, 0xd8]);
        Assert.Equal(IntakeFate.Case, unread!.Fate);

        // The customer complains in her portal, on a phone.
        await using var hers = await Context(site, language, 390);
        var page = await hers.NewPageAsync();
        await page.GotoAsync(site.Address + site.Enter(customer));
        await page.GotoAsync($"{site.Address}/me/complaints/new");
        await page.CheckAsync("input[name=kind][value=cash]", new() { Force = true });
        await page.FillAsync("#words", words);
        await page.CheckAsync("input[name=want][value=Explanation]", new() { Force = true });
        await page.SetInputFilesAsync("#files", new FilePayload { Name = "截图 ../../etc/passwd.png", MimeType = "image/png", Buffer = [1, 2, 3] });
        await page.ClickAsync("form[action='/me/complaints'] button");
        var number = System.Text.RegularExpressions.Regex.Match(await page.InnerTextAsync("main"), @"\d{4}-\d{4}-\d{4,}").Value;
        Assert.NotEmpty(number);
        Assert.DoesNotContain("7890", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.DoesNotContain("4111 1111", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("main script").CountAsync());
        var mine = page.Url.Split('?')[0];

        // A supervisor opens it from the board and answers it.
        await using var theirs = await Context(site, language, 1440);
        var desk = await theirs.NewPageAsync();
        await Enter(site, desk);
        await desk.GotoAsync($"{site.Address}/complaints");
        Assert.Contains(number, await desk.InnerTextAsync("main"), StringComparison.Ordinal);
        await Answer(site, desk, number, language);

        // A day later one question; she says no, and it opens again by itself with the same owner.
        site.Clock.Set(Site.Morning.AddDays(1).AddHours(1));
        await site.Settle();
        var complaint = (await site.Read(tx => site.Get<ComplaintDesk>().FindByNumber(tx, number)))!;
        Assert.Equal(1, await site.Read(tx => tx.One<long>("select count(*) from messages where template = 'complaint-survey' and customer_id = @customer", new { customer })));
        await page.GotoAsync(site.Address + site.Enter(customer));
        await page.GotoAsync(mine);
        Assert.Contains("PDF", await page.InnerTextAsync("#letter"), StringComparison.Ordinal);
        await page.CheckAsync("input[name=solved][value=no]", new() { Force = true });
        await page.FillAsync("#unsolved", again);
        await page.ClickAsync("form[action$='/solved'] button");
        var reopened = (await site.Read(tx => site.Get<ComplaintDesk>().Find(tx, complaint.Id)))!;
        Assert.Equal((ComplaintState.Received, 1, complaint.OwnerId), (reopened.State, reopened.Reopened, reopened.OwnerId));
        await site.Settle();
        Assert.Equal(1, await site.Read(tx => tx.One<long>("select count(*) from messages where template = 'complaint-reopened' and customer_id = @customer", new { customer })));

        // A new day, a new session. Answered again; this time it is solved, and nobody calls her about it any more.
        await Enter(site, desk);
        await Answer(site, desk, number, language, again);
        await site.Settle();
        await page.GotoAsync(mine);
        await page.CheckAsync("input[name=solved][value=yes]", new() { Force = true });
        await page.ClickAsync("form[action$='/solved'] button");
        await site.Settle();
        Assert.Equal(ComplaintState.Closed, (await site.Read(tx => site.Get<ComplaintDesk>().Find(tx, complaint.Id)))!.State);
        Assert.Equal(0, await site.Read(tx => tx.One<long>("select count(*) from follow_ups where customer_id = @customer and rule_key = 'complaint-resolved' and state in ('Arranged', 'Invited', 'Booked', 'Waiting')", new { customer })));
        Assert.DoesNotContain((await site.Get<LedgerCheck>().Run()).Violations, one => one.Invariant is "I7" or "I8");

        // Where she can follow it without signing in, nothing of it can be read.
        await using var stranger = await Context(site, language, 390);
        var link = await stranger.NewPageAsync();
        await link.GotoAsync(site.Address + site.Get<ComplaintMail>().LinkTo(complaint));
        var seen = await link.InnerTextAsync("main");
        Assert.Contains(number, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(again, seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Language.Simplified, "gb18030", "text/plain; charset=utf-8", "提现三天没到账，卡号 6222021234567890128，你们是骗子！！！", "三天没到账")]
    [InlineData(Language.English, "windows-1252", "text/html", "<style>p{}</style><p>My <b>withdrawal</b> has not arrived!<script>alert(1)</script></p><p>Card 4111 1111 1111 1111</p>", "withdrawal has not arrived")]
    public async Task A_nasty_letter_becomes_a_complaint_that_is_answered_reopened_and_finally_solved(string language, string charset, string type, string words, string shown)
    {
        await using var site = await Site.Open();
        byte[] letter = [.. System.Text.Encoding.ASCII.GetBytes($"From: <an@mail.example>\r\nSubject: =?utf-8?B?{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("？？？"))}?=\r\nContent-Type: {type}\r\nMessage-ID: <1@mail.example>\r\n\r\n"),
            .. (System.Text.CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? System.Text.Encoding.UTF8).GetBytes(words)];
        Assert.Equal(Huifang.MailIn.Handover.Kept, await site.Get<Huifang.MailIn.MailDoor>().Take(letter, default));
        await site.Settle();

        // She is acknowledged by letter, with a number and a link that needs no account.
        var complaint = (await site.Read(async tx => await site.Get<ComplaintDesk>().Find(tx, (await tx.One<string>("select id from complaints"))!)))!;
        var received = (await site.Read(tx => site.Get<Huifang.Messages.MessageBoard>().OfCustomer(tx, complaint.CustomerId))).Single();
        Assert.Contains(complaint.Number, received.Body!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, received.Body.Text, StringComparison.Ordinal);
        var mine = site.Address + new Uri(received.Body.Link!).PathAndQuery;

        await using var theirs = await Context(site, language, 1440);
        var desk = await theirs.NewPageAsync();
        await Enter(site, desk);
        await Answer(site, desk, complaint.Number, language, shown);
        Assert.DoesNotContain("7890", await desk.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.DoesNotContain("4111 1111", await desk.InnerTextAsync("main"), StringComparison.Ordinal);

        // A day later she says that it is not solved, and it opens again by itself; answered once more, it is.
        site.Clock.Set(Site.Morning.AddDays(1).AddHours(1));
        await site.Settle();
        await using var hers = await Context(site, language, 390);
        var page = await hers.NewPageAsync();
        await page.GotoAsync(mine);
        await page.CheckAsync("input[name=solved][value=no]", new() { Force = true });
        await page.ClickAsync("form[action$='/solved'] button");
        await site.Settle();
        Assert.Equal((ComplaintState.Received, 1), (await site.Read(tx => site.Get<ComplaintDesk>().Find(tx, complaint.Id))) is { } again ? (again.State, again.Reopened) : default);
        await Enter(site, desk);
        await Answer(site, desk, complaint.Number, language);
        await site.Settle();
        await page.GotoAsync(mine);
        await page.CheckAsync("input[name=solved][value=yes]", new() { Force = true });
        await page.ClickAsync("form[action$='/solved'] button");
        await site.Settle();
        Assert.Equal(ComplaintState.Closed, (await site.Read(tx => site.Get<ComplaintDesk>().Find(tx, complaint.Id)))!.State);
        Assert.DoesNotContain((await site.Get<LedgerCheck>().Run()).Violations, one => one.Invariant is "I7" or "I8");
    }

    private static async Task Enter(Site site, IPage desk)
    {
        await desk.GotoAsync($"{site.Address}/demo");
        await desk.ClickAsync("button[value=s-cheng]");
    }

    private static async Task Answer(Site site, IPage desk, string number, string language, string? expects = null)
    {
        var complaint = (await site.Read(tx => site.Get<ComplaintDesk>().FindByNumber(tx, number)))!;
        await desk.GotoAsync($"{site.Address}/complaints/{complaint.Id}");
        if (expects is not null) Assert.Contains(expects, await desk.InnerTextAsync("main"), StringComparison.Ordinal);
        await Open(desk, "form[action$='/assessment']");
        await desk.SelectOptionAsync("form[action$='/assessment'] select[name=category]", "withdrawal/pending");
        await desk.ClickAsync("form[action$='/assessment'] button");
        await Open(desk, "form[action$='/redress']");
        await desk.SelectOptionAsync("form[action$='/redress'] select[name=kind]", nameof(Resolution.Correction));
        await desk.FillAsync("form[action$='/redress'] input[name=words]", "OK");
        await desk.ClickAsync("form[action$='/redress'] button");
        await Open(desk, "form[action$='/letter']");
        await desk.FillAsync("form[action$='/letter'] textarea", language == Language.English ? "The bank returned it; it is on its way again." : "银行退回了，已经重新汇出。");
        await desk.ClickAsync("form[action$='/letter'] button");
        await desk.SelectOptionAsync("form[action$='/answer'] select[name=outcome]", nameof(ComplaintOutcome.Upheld));
        await desk.SelectOptionAsync("form[action$='/answer'] select[name=cause]", nameof(RootCause.ThirdParty));
        await desk.ClickAsync("form[action$='/answer'] button");
        Assert.Equal(ComplaintState.Answered, (await site.Read(tx => site.Get<ComplaintDesk>().Find(tx, complaint.Id)))!.State);
    }

    // A form that opens in place is opened as a person would, by its summary.
    private static async Task Open(IPage page, string form)
    {
        if (!await page.Locator(form).IsVisibleAsync()) await page.Locator($"details:has({form}) > summary").First.ClickAsync();
    }

    private async Task<IBrowserContext> Context(Site site, string language, int width)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, Locale = language, ReducedMotion = ReducedMotion.Reduce });
        await context.AddCookiesAsync([new Cookie { Name = "hf-lang", Value = language, Url = site.Address }]);
        return context;
    }
}
