using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Huifang.Calls;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Scripts;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Calls;

public sealed class CallPagesTests
{
    public static TheoryData<string> Languages => new(Language.All);

    [Theory, MemberData(nameof(Languages))]
    public async Task Every_page_of_the_desk_speaks_the_language_of_whoever_reads_it(string language)
    {
        await using var site = await CallSite.Open(language);
        var page = await site.Person(500, locale: language == Language.English ? "en-GB" : "zh-CN");
        await page.GotoAsync($"/test/as/{CallSite.Agent}");
        foreach (var (path, name) in new[] { ("/desk", "desk-idle"), ("/scripts", "scripts"), ("/scripts/withdrawal-failed?q=which-step", "script") }) await Speaks(page, path, $"{name}-{language}", language);
        await page.GotoAsync("/desk");
        await page.Keyboard.PressAsync("n");
        await Assertions.Expect(page.Locator("#script")).ToBeVisibleAsync();
        await Speaks(page, "/desk", $"desk-{language}", language);
        await page.SetViewportSizeAsync(1100, 800);
        await Speaks(page, "/desk", $"desk-1100-{language}", language);
        await page.SetViewportSizeAsync(1440, 900);
        await page.GotoAsync($"/test/as/{CallSite.Supervisor}");
        foreach (var (path, name) in new[] { ("/live", "live"), ("/calls", "calls"), ("/scripts/standard", "script-standard") }) await Speaks(page, path, $"{name}-{language}", language);
        await page.SetViewportSizeAsync(390, 844);
        await page.GotoAsync(site.Enter("/me/call"));
        foreach (var (path, name) in new[] { ("/me/call", "me-quiet"), ("/me/call?someone=true", "me-notus-asked") }) await Speaks(page, path, $"{name}-{language}", language);
    }

    private static async Task Speaks(IPage page, string path, string shot, string language)
    {
        var answer = await page.GotoAsync(path.Contains("/me/", StringComparison.Ordinal) ? path : $"{path}{(path.Contains('?') ? '&' : '?')}lang={language}");
        Assert.Equal(200, answer!.Status);
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        var words = await page.Locator("main").InnerTextAsync();
        // A text that is missing shows its key: a word with a dot in it, such as Outcome.Satisfied.
        Assert.DoesNotMatch(@"\b(Kind|Outcome|Refused|Verify|Moment|Line|Rec|RecHint|Act|Promise|Key|Lang|C|Gone|Step|Doing|Risk|Fault|Ok|State|Opens|Channel)\.[A-Za-z]", words);
        if (!path.StartsWith("/scripts", StringComparison.Ordinal)) Assert.DoesNotContain("{operator}", words);
        await TwoPeopleInOneCallTests.Shot(page, shot);
    }

    [Fact] // B2, D4
    public async Task A_talk_that_is_booked_anew_gets_a_real_slot_and_no_second_invitation()
    {
        await using var site = await CallSite.Open();
        for (var day = 24; day < 27; day++) await site.Write(tx => site.Get<Huifang.Planning.PlanningDesk>().SetDay(tx, CallSite.Agent, new DateOnly(2026, 11, day), new Huifang.Planning.AgentDay(default, new(10, 0), new(19, 0), []), "test"));
        var agent = await site.Person(500);
        await agent.GotoAsync($"/test/as/{CallSite.Agent}");
        await agent.GotoAsync("/desk");
        await agent.Keyboard.PressAsync("n");
        await Assertions.Expect(agent.Locator("#script")).ToBeVisibleAsync();
        await TwoPeopleInOneCallTests.Ready(agent);
        await Assertions.Expect(agent.Locator(".again")).ToBeHiddenAsync();
        await agent.Keyboard.PressAsync("F4");
        var slot = agent.Locator("select[name=slot] option").Nth(1);
        var (id, words) = (await slot.GetAttributeAsync("value"), await slot.InnerTextAsync());
        await agent.SelectOptionAsync("select[name=slot]", id!);
        await TwoPeopleInOneCallTests.Shot(agent, "desk-rebook");
        await agent.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(agent.Locator(".desk-empty")).ToBeVisibleAsync();
        await site.Settle();

        var followUp = (await site.Read(tx => site.Get<FollowUpDesk>().Find(tx, CallSite.FollowUp)))!;
        Assert.Equal((FollowUpState.Booked, id, CallSite.Agent), (followUp.State, followUp.SlotId, followUp.AgentId));
        Assert.Contains(followUp.PromisedFrom!.Value.ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture), words, StringComparison.Ordinal);
        Assert.Equal(["booked"], (await site.Read(tx => site.Get<Huifang.Messages.MessageBoard>().OfFollowUp(tx, CallSite.FollowUp))).Select(seen => seen.Message.Template));
        Assert.Empty((await site.Get<Checks.LedgerCheck>().Run()).Violations);
    }

    [Fact]
    public async Task The_browser_refuses_what_the_server_refuses()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Huifang.slnx"))) root = root.Parent;
        using var node = Process.Start(new ProcessStartInfo("node", Path.Combine(root!.FullName, "src/Huifang.Web/web/typed.test.mjs")) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var wrong = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, wrong);
    }

    [Fact]
    public async Task The_line_of_a_call_is_open_to_its_agent_and_its_customer_and_to_nobody_else()
    {
        await using var site = await CallSite.Open();
        var call = (await site.Write(tx => site.Get<CallQueue>().Take(tx, new AgentReach(CallSite.Agent, [Language.Simplified], ["general"])))).Value!;
        await site.Write(tx => site.Get<CallVerifier>().Arm(tx, call.Id, CallSite.Agent));
        var (agent, other, customer) = (await Cookies(site, $"/test/as/{CallSite.Agent}"), await Cookies(site, $"/test/as/{CallSite.Supervisor}"), await Cookies(site, site.Enter("/me/call")));

        Assert.True(await LetsIn(site, agent, "agent", call.Id));
        Assert.True(await LetsIn(site, customer, "customer", call.Id));
        Assert.False(await LetsIn(site, other, "agent", call.Id));
        Assert.False(await LetsIn(site, agent, "customer", call.Id));
        Assert.False(await LetsIn(site, customer, "agent", call.Id));
        Assert.False(await LetsIn(site, customer, "board", ""));
        Assert.False(await LetsIn(site, customer, "customer", "another"));
        Assert.False(await LetsIn(site, "", "agent", call.Id));
    }

    [Fact]
    public async Task A_change_without_the_pages_token_is_refused()
    {
        await using var site = await CallSite.Open();
        using var http = new HttpClient { BaseAddress = new Uri(site.Address) };
        http.DefaultRequestHeaders.Add("Cookie", await Cookies(site, $"/test/as/{CallSite.Agent}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync("/desk/next", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(FollowUpState.Waiting, (await site.Read(tx => site.Get<FollowUpDesk>().Find(tx, CallSite.FollowUp)))!.State);
    }

    [Fact]
    public async Task A_script_is_changed_checked_in_place_and_put_in_use()
    {
        await using var site = await CallSite.Open();
        var page = await site.Person(500);
        await page.GotoAsync($"/test/as/{CallSite.Supervisor}");
        await page.GotoAsync("/scripts/withdrawal-failed?q=suggestion");
        await page.FillAsync("textarea[name='text.en']", "");
        await page.Locator("form:has(textarea[name='text.en']) button.primary").ClickAsync();
        await Assertions.Expect(page.Locator("#check")).ToContainTextAsync("缺一种语言");
        Assert.True(await page.Locator("header button:has-text('换上这一版')").IsDisabledAsync());
        await TwoPeopleInOneCallTests.Shot(page, "script-fault");
        await page.FillAsync("textarea[name='text.en']", "What should we change before anything else?");
        await page.Locator("form:has(textarea[name='text.en']) button.primary").ClickAsync();
        await page.Locator("header button:has-text('换上这一版')").ClickAsync();
        await Assertions.Expect(page.Locator("header.top")).ToContainTextAsync("已经在用");
        Assert.Equal("What should we change before anything else?", (await site.Read(tx => site.Get<ScriptShelf>().Live(tx, "withdrawal-failed"))).Find("suggestion")!.Text.En);
    }

    private static async Task<string> Cookies(CallSite site, string path)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies });
        await http.GetAsync(site.Address + path);
        return cookies.GetCookieHeader(new Uri(site.Address));
    }

    /// <summary>Opens the hub without a library: the handshake is answered by <c>{}</c>, and whoever may not come in is cut off.</summary>
    private static async Task<bool> LetsIn(CallSite site, string cookies, string side, string call)
    {
        using var socket = new ClientWebSocket();
        if (cookies.Length > 0) socket.Options.SetRequestHeader("Cookie", cookies);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try { await socket.ConnectAsync(new Uri($"{site.Address.Replace("http", "ws", StringComparison.Ordinal)}{CallHub.Path}?side={side}&call={call}"), patience.Token); }
        catch (WebSocketException) { return false; }
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, patience.Token);
        var buffer = new byte[4096];
        using var quiet = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
        try
        {
            for (var i = 0; i < 4; i++)
            {
                var got = await socket.ReceiveAsync(buffer, quiet.Token);
                if (got.MessageType == WebSocketMessageType.Close || Encoding.UTF8.GetString(buffer, 0, got.Count).Contains("\"type\":7", StringComparison.Ordinal)) return false;
            }
        }
        catch (OperationCanceledException) { return true; }
        catch (WebSocketException) { return false; }
        return true;
    }
}
