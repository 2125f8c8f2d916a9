using System.Text;
using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Calls;
using Huifang.Complaints;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Intake;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Scripts;
using Huifang.Sight;
using Huifang.Web.Tests.Calls;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Access;

/// <summary>
/// What people and systems write is shown as text and never runs: payloads stand in every text that is shown, and staff of three roles and the customer look at it in Chromium.
/// Nothing is asked of anybody else's server meanwhile.
/// </summary>
public sealed class InjectionTests // ASVS V1.2, V1.3, V3.2
{
    private const string Payloads =
        """
        <script>window.__xss=1</script>
        "><img src=x onerror=window.__xss=1>
        '><svg onload=window.__xss=1>
        <iframe srcdoc="<script>parent.__xss=1</script>"></iframe>
        <details open ontoggle=window.__xss=1>
        <a href="javascript:window.__xss=1" id=xss-link>x</a>
        <input autofocus onfocus=window.__xss=1>
        </textarea><script>window.__xss=1</script>
        </title><script>window.__xss=1</script>
        </style><script>window.__xss=1</script>
        <math><mtext></p><mglyph><style><!--</style><img title="--&gt;&lt;img src onerror=window.__xss=1&gt;">
        <div hx-get="/desk" hx-trigger="load" hx-on::load="window.__xss=1" hx-on:click="window.__xss=1">
        <img src=x hx-on:error="window.__xss=1">
        <base href="https://evil.example/">
        <meta http-equiv="refresh" content="0;url=https://evil.example/">
        <link rel=stylesheet href="https://evil.example/x.css">
        <object data="https://evil.example/x"></object>
        <form action="https://evil.example/"><button autofocus formaction="javascript:window.__xss=1">
        <style>@import 'https://evil.example/x.css';</style>
        {{constructor.constructor('window.__xss=1')()}} ${window.__xss=1} @(1+1) %3Cscript%3Ewindow.__xss=1%3C/script%3E
        \u003cscript\u003ewindow.__xss=1\u003c/script\u003e <scr<script>ipt>window.__xss=1</scr</script>ipt>
        ';window.__xss=1;// `;window.__xss=1;// ]]><script>window.__xss=1</script> --><script>window.__xss=1</script>
        """;

    private const string FollowUp = CallSite.FollowUp, Customer = CallSite.Customer;

    [Fact]
    public async Task Nothing_that_anybody_wrote_runs_in_anybodys_browser_and_nobody_else_is_asked()
    {
        await using var site = await CallSite.Open(Language.English);
        var (call, complaint) = await Write(site);
        await Looks(site, $"/test/as/{CallSite.Agent}", [$"/customers/{Customer}", "/desk", "/rules", "/scripts", "/scripts/standard", "/my/sign-in", $"/follow-ups/{FollowUp}/why", "/people", "/approvals"]);
        await Looks(site, $"/test/as/{CallSite.Supervisor}", ["/live", "/outbox", "/outbox?show=replies", "/intake", "/calls", $"/calls/{call}", "/feedback", "/follow-ups", "/dashboard", "/approvals", "/people", "/scripts/standard", "/complaints", $"/complaints/{complaint}", "/complaints/intake", "/plan", "/insight", "/insight/monday", "/surveys", "/improvements"]);
        await Looks(site, $"/test/as/{CallSite.Compliance}", ["/sight", $"/sight/customers/{Customer}", "/approvals", "/intake", "/feedback", "/my/sign-in", "/complaints", $"/complaints/{complaint}", "/audit", .. (await site.Read(site.Get<ApprovalDesk>().Open)).Select(one => $"/approvals/{one.Id}")]);
        await Looks(site, site.Enter("/me"), ["/me", "/me/history", "/me/looks", "/me/messages", "/me/preferences", "/me/consents", "/me/ask", "/me/check", "/me/why", "/me/complaints", $"/me/complaints/{complaint}", "/me/feedback", "/me/data", "/recognise", "/yousaid", "/transparency"]);
    }

    /// <summary>Puts the payloads wherever a person or a system may write.</summary>
    private static async Task<(string Call, string Complaint)> Write(CallSite site)
    {
        var now = site.Get<TimeProvider>().GetUtcNow();
        var call = await site.Write(async tx =>
        {
            await site.Get<CustomerDesk>().Save(tx, [new CustomerDraft(Customer, Payloads, "en", "Asia/Shanghai", "CN") { Segments = ["<img/src/onerror=window.__xss=1>"], Attributes = new Dictionary<string, string> { ["<b>"] = Payloads }, Points = [new(PointKind.Phone, "+8613812342690", true), new(PointKind.Email, "\"<script>window.__xss=1</script>\"@evil.example", true)] }], "<script>window.__xss=1</script>");
            await tx.Run("update staff set name = @Payloads where id = @Agent", new { Payloads, CallSite.Agent });
            var taken = await site.Get<CallQueue>().Take(tx, FollowUp, CallSite.Agent);
            await tx.Run("insert into suppressions (id, customer_id, reason, at, by_whom) values ('x', @Customer, @Payloads, @now, @Payloads)", new { Payloads, Customer, now });
            await site.Get<CallDesk>().Note(tx, taken.Value!.Id, CallSite.Agent, Payloads);
            await site.Get<FeedbackDesk>().Keep(tx, [new FeedbackItem("import:test", "1", Customer, now, "en", Payloads, 1, "<script>window.__xss=1</script>")]);
            await site.Get<ReplyDesk>().Take(tx, new LineArrival("r1", "+8613812342690", Payloads, now));
            var glass = (await site.Get<GlassDesk>().Break(tx, CallSite.Supervisor, Customer, Payloads))!;
            await site.Get<SightDesk>().Look(tx, CallSite.Supervisor, Customer, "record", Because.Glass(glass.Id));
            await site.Get<ApprovalDesk>().Ask(tx, "role.change", new { role = Payloads, permission = Payloads, before = Payloads, reach = "<svg onload=window.__xss=1>" }, Payloads, new ApprovalParty("somebody", Payloads, "elsewhere"));
            await site.Get<PasskeyDesk>().Keep(tx, new Passkey("k", CallSite.Agent, Payloads[..60], [1], 0, "", false, false, [], [], now, null));
            await site.Get<AccountDesk>().DemoSignIn(tx, CallSite.Agent, Payloads);
            return taken.Value!.Id;
        });
        await site.Get<IntakeDesk>().Take(EventReader.ReadBatch(Encoding.UTF8.GetBytes($$"""[{"specversion":"1.0","id":"<script>window.__xss=1</script>","source":"//w","type":"x","data":{{System.Text.Json.JsonSerializer.Serialize(Payloads)}} }]"""), now), Payloads, "text/html");
        var (brought, _) = await site.Get<ComplaintIntake>().Bring(new ComplaintDraft(ComplaintDoor.Api, Payloads) { CustomerId = Customer, Subject = Payloads, Wants = Payloads, Category = Payloads, Product = Payloads, TransactionId = "<script>window.__xss=1</script>", Name = Payloads, Email = "\"<script>window.__xss=1</script>\"@evil.example", Files = [new("<img src=x onerror=window.__xss=1>.svg", "image/svg+xml", Encoding.UTF8.GetBytes(Payloads))] }, "<script>window.__xss=1</script>", "c1");
        var complaint = brought!.Complaint!.Id;
        await site.Get<ComplaintIntake>().Bring(ComplaintDoor.Api, "<script>window.__xss=1</script>", "c2", "text/html", Encoding.UTF8.GetBytes(Payloads));
        await site.Settle();
        await site.Write(tx => site.Get<ComplaintDesk>().Note(tx, complaint, Payloads, CallSite.Supervisor));
        return (call, complaint);
    }

    private static async Task Looks(CallSite site, string enter, string[] paths)
    {
        var page = await site.Person(500, locale: "en-GB");
        var (host, foreign, dialogs) = (new Uri(site.Address).Authority, new List<string>(), 0);
        page.Request += (_, request) => { if (Uri.TryCreate(request.Url, UriKind.Absolute, out var to) && to.Scheme is "http" or "https" or "ws" or "wss" && to.Authority != host) foreign.Add(request.Url); };
        page.Dialog += (_, dialog) => { dialogs++; _ = dialog.DismissAsync(); };
        await page.GotoAsync(enter);
        foreach (var path in paths)
        {
            var answer = await page.GotoAsync(path);
            Assert.True(answer!.Status is 200, $"{path} answered {answer.Status}.");
            await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 120))");
            Assert.Null(await page.EvaluateAsync<object?>("() => window.__xss ?? null"));
            // Every script bears this answer's nonce; nothing that was written became an element.
            Assert.True(await page.EvaluateAsync<bool>("() => [...document.scripts].every(script => script.nonce.length > 0)"), path);
            Assert.Equal(0, await page.Locator("#xss-link, base, object, iframe[srcdoc], [onerror], [onload], [onfocus], [ontoggle], [hx-on\\:click]").CountAsync());
            Assert.EndsWith(new Uri(new Uri(site.Address), path).AbsolutePath, new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        }
        Assert.Empty(foreign);
        Assert.Equal(0, dialogs);
        await page.Context.Browser!.CloseAsync();
    }

    [Fact]
    public async Task Text_becomes_part_of_a_page_only_without_what_could_run()
    {
        await using var site = await CallSite.Open(Language.English);
        var page = await site.Person(500, locale: "en-GB");
        await page.GotoAsync($"/test/as/{CallSite.Agent}");
        await page.GotoAsync("/desk");
        // As if a fragment of ours carried it: whoever sets markup in this page goes through the policy.
        await page.EvaluateAsync("payload => { const box = document.createElement('div'); document.body.append(box); box.innerHTML = payload; box.insertAdjacentHTML('beforeend', payload); }", Payloads);
        await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 300))");
        Assert.Null(await page.EvaluateAsync<object?>("() => window.__xss ?? null"));
        Assert.Equal("TypeError", await page.EvaluateAsync<string>("() => { try { document.createElement('script').src = '/dist/htmx.js'; return 'set'; } catch (wrong) { return wrong.name; } }"));
        // And the fragments of the product still come: the panels of the desk are swapped by htmx.
        await page.Keyboard.PressAsync("n");
        await Assertions.Expect(page.Locator("#script")).ToBeVisibleAsync();
        await page.EvaluateAsync("() => document.body.dispatchEvent(new CustomEvent('hf-look', { bubbles: true }))");
        await Assertions.Expect(page.Locator("#customer")).ToBeVisibleAsync();
    }

    [Fact]
    public void Exports_have_one_writer()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Huifang.slnx"))) root = root.Parent;
        var others = Directory.EnumerateFiles(Path.Combine(root.FullName, "src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.EndsWith("Guard/Sheet.cs", StringComparison.Ordinal) && File.ReadAllText(file).Contains("new CsvWriter(", StringComparison.Ordinal)).ToList();
        Assert.True(others.Count == 0, $"Take Sheet.Writer, which escapes formulas: {string.Join(", ", others)}");
    }
}
