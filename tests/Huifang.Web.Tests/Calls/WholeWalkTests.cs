using System.Net.Http.Json;
using System.Text;
using Huifang.Accounts;
using Huifang.Checks;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Planning;
using Microsoft.Playwright;
using static Huifang.Web.Tests.Calls.TwoPeopleInOneCallTests;

namespace Huifang.Web.Tests.Calls;

/// <summary>
/// The whole walk as people see it: the wallet tells of two failed withdrawals; a supervisor tries the rule, the customer books on her phone, an agent and she talk,
/// she rates, and the overview leads to her row. Everything but the wallet's own HTTP calls and the passing of time is done in browsers.
/// </summary>
public sealed class WholeWalkTests
{
    private const string Her = "j-1", Boss = "s-jiang";

    public static TheoryData<string, string, string, string, Words> Walks => new()
    {
        { Language.Simplified, "zh-CN", "CN", "+8613812349876", new("安然", "没有给您打电话", "没有联系任何人", "每次都不知道最晚几点到账", "提现受阻后关怀") },
        { Language.English, "en", "HK", "+85261234567", new("Mia Carter", "not calling you", "nobody contacted", "I never know when it arrives", "Care after a failed withdrawal") },
    };

    public sealed record Words(string Name, string Quiet, string NobodyContacted, string Said, string Rule);

    [Theory, MemberData(nameof(Walks))]
    public async Task From_a_failed_withdrawal_to_a_talk_that_was_learned_from(string language, string culture, string country, string phone, Words words)
    {
        await using var site = await CallSite.OpenEmpty(language);
        await Staffed(site, language);
        await WalletTells(site, language, country, phone, words.Name);
        await site.Settle();

        // 1, 3: what could not be read waits for a person; the rule says whom it would have found, and contacts nobody.
        var boss = await site.Person(300, locale: culture);
        await boss.GotoAsync($"/test/as/{Boss}");
        await boss.GotoAsync($"/intake?lang={language}");
        await Assertions.Expect(boss.Locator("table a[href*='item=']")).ToHaveCountAsync(1);
        await boss.GotoAsync("/rules/withdrawal-failed");
        await boss.ClickAsync("button[formaction='/rules/withdrawal-failed/try']");
        await Assertions.Expect(boss.Locator("#trial")).ToContainTextAsync(words.NobodyContacted);
        await Shot(boss, $"walk-{language}-trial");

        // 2, 4, 5: half an hour later she is invited; on her phone she takes a time, and it goes into her calendar.
        site.Clock.JumpTo(site.Clock.GetUtcNow().AddMinutes(31));
        await site.Settle();
        var followUp = Assert.Single(await site.Read(tx => site.Get<FollowUpDesk>().OfCustomer(tx, Her)));
        var link = (await site.Read(tx => site.Get<MessageBoard>().OfFollowUp(tx, followUp.Id))).Select(seen => seen.Body?.Link).OfType<string>().First();
        var her = await site.Person(CustomerPitch, 390, 844, culture);
        await her.GotoAsync(new Uri(link).PathAndQuery);
        await Shot(her, $"walk-{language}-invited");
        await her.ClickAsync("a[href$='/slots']");
        await her.Locator("input[name=slot]").Nth(1).CheckAsync();
        await her.ClickAsync("form[action$='/book'] button");
        await Assertions.Expect(her.Locator("a[href$='/call.ics']")).ToBeVisibleAsync();
        Assert.Contains("BEGIN:VEVENT", await (await her.APIRequest.GetAsync(site.Address + await her.Locator("a[href$='/call.ics']").GetAttributeAsync("href"))).TextAsync(), StringComparison.Ordinal);
        await Shot(her, $"walk-{language}-booked");

        // 6: her portal knows the promise, says that nobody calls now, and why somebody will.
        await her.GotoAsync(site.Enter("/me", Her));
        await Assertions.Expect(her.Locator("#call-state")).ToContainTextAsync(words.Quiet);
        await her.Locator("a[href$='/why']").First.ClickAsync();
        await Assertions.Expect(her.Locator("main")).ToBeVisibleAsync();
        await Shot(her, $"walk-{language}-why");

        // 7, 8: at the promised time her agent gets this one; both prove themselves; the talk is recorded because she agreed.
        var promised = (await site.Read(tx => site.Get<FollowUpDesk>().Find(tx, followUp.Id)))!;
        Assert.Equal(FollowUpState.Booked, promised.State);
        site.Clock.JumpTo(promised.PromisedFrom!.Value.AddMinutes(-1));
        var agent = await site.Person(AgentPitch, locale: culture);
        await agent.GotoAsync($"/test/as/{CallSite.Agent}");
        await her.GotoAsync(site.Enter("/me/call", Her));
        await agent.GotoAsync($"/desk?lang={language}");
        await Talk(agent, her, words);
        await Assertions.Expect(agent.Locator("#customer .hist")).Not.ToContainTextAsync(new System.Text.RegularExpressions.Regex("[a-z]+\\.[a-z]+"));
        await Shot(agent, $"walk-{language}-desk");
        await agent.ClickAsync("[data-line-act='hang-up']");
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-recorder", "sealed");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "over");
        await Ready(agent);
        await agent.Keyboard.PressAsync("F1");
        await Ready(agent);
        await agent.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(agent.Locator(".desk-empty")).ToBeVisibleAsync();
        var call = (await site.Read(tx => site.Get<Huifang.Calls.CallDesk>().Recent(tx))).Single();
        await HearsBoth(site, call.Id);

        // 9: one question an hour afterwards, because nobody is interrupted twice within one; from the message that she got.
        await site.Settle();
        site.Clock.JumpTo(site.Clock.GetUtcNow().AddMinutes(62));
        await site.Settle();
        var survey = (await site.Read(tx => site.Get<MessageBoard>().OfFollowUp(tx, followUp.Id))).Select(seen => seen.Body?.Link).OfType<string>().First(text => text.Contains("/s/", StringComparison.Ordinal));
        await her.GotoAsync(new Uri(survey).PathAndQuery);
        await her.Locator("input[name=stars][value='4']").CheckAsync();
        await her.ClickAsync("form[action^='/s/'] button");
        await site.Settle();
        await boss.GotoAsync($"/test/as/{Boss}");
        await boss.GotoAsync("/feedback");
        await Assertions.Expect(boss.Locator("main")).ToContainTextAsync(words.Said);
        await Assertions.Expect(boss.Locator("main")).Not.ToContainTextAsync("6222");

        // 10: the overview counts it, and the number leads to its row.
        await boss.GotoAsync("/dashboard?days=7");
        await Assertions.Expect(boss.Locator(".kpis")).ToContainTextAsync("100");
        // Three in the talk, four afterwards.
        await Assertions.Expect(boss.Locator(".kpis")).ToContainTextAsync("3.50");
        await Shot(boss, $"walk-{language}-overview");
        await boss.Locator("a[href^='/follow-ups?rule=withdrawal-failed']").ClickAsync();
        await boss.Locator($"a[href^='/follow-ups/{followUp.Id}']").First.ClickAsync();
        await Assertions.Expect(boss.Locator("main")).ToContainTextAsync(words.Rule);
        Assert.Empty((await site.Get<LedgerCheck>().Run()).Violations);
    }

    private static Task Staffed(CallSite site, string language) => site.Write(async tx =>
    {
        await site.Get<AccountDesk>().Add(tx, new Staff(Boss, Boss, "江晚", [Role.Supervisor, Role.Analyst, Role.Compliance, Role.Administrator], language), "correct horse battery");
        for (var day = 24; day < 28; day++) await site.Get<PlanningDesk>().SetDay(tx, CallSite.Agent, new DateOnly(2026, 11, day), new AgentDay(default, new(10, 0), new(19, 0), []), "test");
    });

    private static async Task WalletTells(CallSite site, string language, string country, string phone, string name)
    {
        var key = await site.Write(tx => site.Get<ApiKeyDesk>().Make(tx, "wallet", [.. Scope.All]));
        using var wallet = new HttpClient { BaseAddress = new Uri(site.Address) };
        wallet.DefaultRequestHeaders.Add("X-Api-Key", key);
        (await wallet.PutAsJsonAsync($"/v1/customers/{Her}", new { name, language, timeZone = "Asia/Shanghai", country, phones = new[] { new { value = phone, verified = true } }, devices = new[] { new { value = "device-j1", verified = true } } })).EnsureSuccessStatusCode();
        var now = site.Clock.GetUtcNow();
        var consents = from channel in new[] { "Voice", "Phone", "Sms", "InApp" } from purpose in new[] { "Service", "Survey" } select new { customer = Her, purpose, channel, given = true, at = now.AddDays(-30), wording = "2026-11" };
        (await wallet.PostAsJsonAsync("/v1/consents", consents)).EnsureSuccessStatusCode();
        var events = new[] { $"{now.AddHours(-3):O}", $"{now.AddHours(-1):O}", "yesterday" }.Select((time, i) => $$"""{"specversion":"1.0","id":"j-{{i}}","source":"wallet","type":"withdrawal.failed","subject":"{{Her}}","time":"{{time}}","data":{"amount":430000,"currency":"CNY","payee":"secret"} }""");
        using var batch = new StringContent($"[{string.Join(',', events)}]", Encoding.UTF8, "application/cloudevents-batch+json");
        var told = await (await wallet.PostAsync("/v1/events", batch)).Content.ReadAsStringAsync();
        Assert.Equal((2, 1), (told.Split("\"accepted\"").Length - 1, told.Split("\"quarantined\"").Length - 1));
    }

    private static async Task Talk(IPage agent, IPage her, Words words)
    {
        await agent.Keyboard.PressAsync("n");
        await Assertions.Expect(agent.Locator("#script .q")).ToBeVisibleAsync();
        await Assertions.Expect(agent.Locator("#customer")).Not.ToContainTextAsync("9876");
        await Ready(agent);
        await agent.Keyboard.PressAsync("d");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "ringing");
        await her.GotoAsync("/me/call");
        var seal = await her.Locator(".words b").AllInnerTextsAsync();
        Assert.Equal($"{seal[0]}·{seal[1]}", await agent.Locator(".hf-seal b").InnerTextAsync());
        await her.ClickAsync("[data-pick-up]");
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-sound", "talking");
        foreach (var key in new[] { "1", "1", "1" }) await Answer(agent, key);
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-recorder", "running");

        await Ready(agent);
        await agent.Keyboard.PressAsync("v");
        var number = await agent.Locator(".saynum b").InnerTextAsync();
        await her.ClickAsync($"[data-numbers] button[value='{number}']");
        await Assertions.Expect(agent.Locator("#customer .hf-chip").First).ToContainTextAsync("V2");

        await agent.Keyboard.PressAsync("e");
        await agent.Keyboard.TypeAsync("6222 0212 3456 7890 123 ");
        await Assertions.Expect(agent.Locator("#note .gone")).ToHaveCountAsync(1);
        await agent.Keyboard.PressAsync("Escape");
        foreach (var key in new[] { "3", "2", "1", "1", "5" }) await Answer(agent, key);
        await agent.Keyboard.PressAsync("w");
        await agent.Keyboard.TypeAsync(words.Said);
        await agent.Keyboard.PressAsync("Control+Enter");
        await Answer(agent, "1");
        await agent.WaitForTimeoutAsync(6000);
    }
}
