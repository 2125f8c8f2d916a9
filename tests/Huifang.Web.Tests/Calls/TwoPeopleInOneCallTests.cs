using Huifang.Calls;
using Huifang.FollowUps;
using Microsoft.Playwright;

namespace Huifang.Web.Tests.Calls;

/// <summary>The main job in real browsers: two people, one call, both verified, encrypted, recorded, played back.</summary>
public sealed class TwoPeopleInOneCallTests
{
    internal const double AgentPitch = 1000, CustomerPitch = 600;

    [Fact]
    public async Task An_agent_and_a_customer_talk_and_the_recording_holds_each_voice_on_its_own_side()
    {
        await using var site = await CallSite.Open();
        var agent = await site.Person(AgentPitch);
        var customer = await site.Person(CustomerPitch, 390, 844);

        await agent.GotoAsync($"/test/as/{CallSite.Agent}");
        await agent.GotoAsync("/desk");
        await agent.Keyboard.PressAsync("n");
        await Assertions.Expect(agent.Locator("#script .q")).ToContainTextAsync("林静");
        await Assertions.Expect(agent.Locator("#customer")).Not.ToContainTextAsync("138");
        await Shot(agent, "desk-reading");

        await customer.GotoAsync(site.Enter("/me/call"));
        await Assertions.Expect(customer.Locator("h1")).ToContainTextAsync("没有给您打电话");
        await agent.Keyboard.PressAsync("d");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "ringing");
        await customer.GotoAsync("/me/call");
        var words = await customer.Locator(".words b").AllInnerTextsAsync();
        Assert.Equal($"{words[0]}·{words[1]}", await agent.Locator(".hf-seal b").InnerTextAsync());
        await Shot(customer, "me-calling");

        await customer.ClickAsync("[data-pick-up]");
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-sound", "talking");
        await Assertions.Expect(customer.Locator("[data-customer-call]")).ToHaveAttributeAsync("data-line", "talking");
        await Assertions.Expect(agent.Locator("#customer .hf-chip").First).ToContainTextAsync("V1");

        foreach (var key in new[] { "1", "1", "1" }) await Answer(agent, key);
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-recorder", "running");

        await Ready(agent);
        await agent.Keyboard.PressAsync("v");
        var number = await agent.Locator(".saynum b").InnerTextAsync();
        await Shot(agent, "desk-number");
        await customer.ClickAsync($"[data-numbers] button[value='{number}']");
        await Assertions.Expect(agent.Locator("#customer .hf-chip").First).ToContainTextAsync("V2");
        await Assertions.Expect(agent.Locator("#customer")).ToContainTextAsync("138 •••• 2690");
        await Shot(customer, "me-talking");

        await Answer(agent, "3");
        await Answer(agent, "2");
        await Answer(agent, "1");
        await Shot(agent, "desk-talking");
        await Answer(agent, "1");
        await Answer(agent, "5");
        await agent.Keyboard.PressAsync("w");
        await agent.Keyboard.TypeAsync("到账前告诉我最晚几点");
        await agent.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(agent.Locator("#script .q")).ToContainTextAsync("谢谢您的时间");
        await Answer(agent, "1");
        await agent.WaitForTimeoutAsync(6000);

        await agent.ClickAsync("[data-line-act='hang-up']");
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-recorder", "sealed");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "over");
        await agent.Keyboard.PressAsync("F1");
        await agent.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(agent.Locator(".desk-empty")).ToBeVisibleAsync();

        Assert.Equal(FollowUpState.Finished, (await site.Read(tx => site.Get<FollowUpDesk>().Find(tx, CallSite.FollowUp)))!.State);
        var call = (await site.Read(tx => site.Get<CallDesk>().Recent(tx))).Single();
        await HearsBoth(site, call.Id);
    }

    /// <summary>The supervisor plays it back; her browser decodes it and weighs each pitch on each side (Goertzel).</summary>
    internal static async Task HearsBoth(CallSite site, string callId)
    {
        var recording = (await site.Read(tx => site.Get<Recordings>().OfCall(tx, callId))).Single();
        Assert.NotNull(recording.ClosedAt);
        Assert.InRange(recording.Seconds, 6, 120);
        var supervisor = await site.Person(300);
        await supervisor.GotoAsync($"/test/as/{CallSite.Supervisor}");
        await supervisor.GotoAsync($"/calls/{callId}");
        await Shot(supervisor, "call-page");
        var power = await Weigh(supervisor, $"/calls/{callId}/recordings/{recording.Id}", fromSecond: 0);
        var (agentLeft, customerLeft, agentRight, customerRight) = (power[0], power[1], power[2], power[3]);
        Assert.True(agentLeft > 1e-5 && agentLeft > 50 * customerLeft, $"left: agent {agentLeft:e2}, customer {customerLeft:e2}");
        Assert.True(customerRight > 1e-5 && customerRight > 50 * agentRight, $"right: customer {customerRight:e2}, agent {agentRight:e2}");
        Assert.Equal(1, await site.Read(tx => tx.One<long>("select count(*) from journal where kind = 'recording.played'")));
    }

    /// <summary>How strong agent left, customer left, agent right, customer right are at their loudest.</summary>
    private static Task<double[]> Weigh(IPage page, string url, double fromSecond) => page.EvaluateAsync<double[]>(
            """
            async ([url, pitches, from]) => {
              const answer = await fetch(url);
              if (answer.headers.get('X-HF-Wholeness') !== 'Whole') throw new Error(`not whole: ${answer.headers.get('X-HF-Wholeness')}`);
              const sound = await new OfflineAudioContext(2, 48000, 48000).decodeAudioData(await answer.arrayBuffer());
              const weigh = (side, pitch) => {
                const samples = sound.getChannelData(side), step = 4800, c = 2 * Math.cos(2 * Math.PI * pitch / sound.sampleRate);
                let best = 0;
                for (let at = Math.floor(from * sound.sampleRate); at + step <= samples.length; at += step) {
                  let s1 = 0, s2 = 0;
                  for (let i = at; i < at + step; i++) { const s = samples[i] + c * s1 - s2; s2 = s1; s1 = s; }
                  best = Math.max(best, (s1 * s1 + s2 * s2 - c * s1 * s2) / step / step);
                }
                return best;
              };
              return [0, 1].flatMap(side => pitches.map(pitch => weigh(side, pitch)));
            }
            """, new object[] { url, new[] { AgentPitch, CustomerPitch }, fromSecond });

    [Fact]
    public async Task A_card_number_is_refused_as_it_is_typed_and_never_reaches_the_server()
    {
        await using var site = await CallSite.Open();
        var agent = await site.Person(AgentPitch);
        await agent.GotoAsync($"/test/as/{CallSite.Agent}");
        await agent.GotoAsync("/desk");
        await agent.Keyboard.PressAsync("n");
        await Assertions.Expect(agent.Locator("#note")).ToBeVisibleAsync();
        var sent = new List<string>();
        agent.Request += (_, request) => sent.Add(request.PostData ?? "");

        await agent.Keyboard.PressAsync("e");
        await agent.Keyboard.TypeAsync("她报了卡号 6222 0212 3456 7890 123，");
        await Assertions.Expect(agent.Locator("#note .gone")).ToContainTextAsync("卡号没有保存");
        await agent.Keyboard.TypeAsync("回电 13800138000");
        await Assertions.Expect(agent.Locator("[data-note-state]")).ToHaveTextAsync("刚刚保存");
        await Assertions.Expect(agent.Locator("[data-refused]")).ToBeVisibleAsync();
        // Somebody who stops to think in the middle of a number is not caught out either.
        await agent.Keyboard.TypeAsync("，卡号 4111 1111 11");
        await agent.WaitForTimeoutAsync(1200);
        await agent.Keyboard.TypeAsync("11 1111。");
        await Assertions.Expect(agent.Locator("#note")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^她报了卡号 卡号没有保存 ，回电 13800138000，卡号 卡号没有保存\\s*。$"));
        Assert.All(sent, body => Assert.DoesNotMatch("0212|7890|1111", Uri.UnescapeDataString(body)));
        await Shot(agent, "desk-refused");

        await agent.ReloadAsync();
        await Assertions.Expect(agent.Locator("#note")).ToContainTextAsync("回电 13800138000");
        await Assertions.Expect(agent.Locator("#note .gone")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_customer_who_taps_the_wrong_number_is_told_to_hang_up_and_the_agent_stops()
    {
        await using var site = await CallSite.Open();
        var agent = await site.Person(AgentPitch);
        var customer = await site.Person(CustomerPitch, 390, 844);
        await agent.GotoAsync($"/test/as/{CallSite.Agent}");
        await agent.GotoAsync("/desk");
        await agent.Keyboard.PressAsync("n");
        await Assertions.Expect(agent.Locator("#script")).ToBeVisibleAsync();
        await agent.Keyboard.PressAsync("d");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "ringing");
        await customer.GotoAsync(site.Enter("/me/call"));
        await customer.ClickAsync("[data-pick-up]");
        await Assertions.Expect(agent.Locator("#verify .levels .done")).ToHaveCountAsync(1);
        await Ready(agent);
        await agent.Keyboard.PressAsync("v");
        var number = await agent.Locator(".saynum b").InnerTextAsync();
        await customer.Locator($"[data-numbers] button:not([value='{number}'])").First.ClickAsync();
        await Assertions.Expect(customer.Locator("h1")).ToContainTextAsync("这不是我们");
        await Shot(customer, "me-notus");
        await Assertions.Expect(agent.Locator("#verify .hf-chip")).ToContainTextAsync("对不上");
        await Assertions.Expect(agent.Locator("#customer .hf-chip").First).ToContainTextAsync("V0");
    }

    [Fact]
    public async Task A_browser_that_is_closed_in_mid_call_loses_no_second_and_the_talk_goes_on_where_it_was()
    {
        await using var site = await CallSite.Open();
        var agent = await site.Person(AgentPitch);
        var customer = await site.Person(CustomerPitch, 390, 844);
        await agent.GotoAsync($"/test/as/{CallSite.Agent}");
        await agent.GotoAsync("/desk");
        await agent.Keyboard.PressAsync("n");
        await Assertions.Expect(agent.Locator("#script")).ToBeVisibleAsync();
        await Ready(agent);
        await agent.Keyboard.PressAsync("d");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "ringing");
        await customer.GotoAsync(site.Enter("/me/call"));
        await customer.ClickAsync("[data-pick-up]");
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-sound", "talking");
        foreach (var key in new[] { "1", "1", "1", "3" }) await Answer(agent, key);
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-recorder", "running");
        await agent.WaitForTimeoutAsync(2500);

        await agent.ReloadAsync();
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-sound", "talking", new() { Timeout = 15_000 });
        await Assertions.Expect(agent.Locator("[data-desk]")).ToHaveAttributeAsync("data-recorder", "running", new() { Timeout = 15_000 });
        await Assertions.Expect(agent.Locator("#script .q").First).ToContainTextAsync("哪一步最让您不放心");

        await customer.ReloadAsync();
        await Assertions.Expect(customer.Locator("[data-customer-call]")).ToHaveAttributeAsync("data-line", "talking", new() { Timeout = 15_000 });
        await agent.WaitForTimeoutAsync(1000);
        var reconnected = (await site.Read(async tx => await site.Get<Recordings>().OfCall(tx, (await site.Get<CallDesk>().Recent(tx)).Single().Id)))[^1].Seconds;
        await agent.WaitForTimeoutAsync(3500);
        await agent.ClickAsync("[data-line-act='hang-up']");
        await Assertions.Expect(agent.Locator("[data-line]")).ToHaveAttributeAsync("data-line", "over");

        var call = (await site.Read(tx => site.Get<CallDesk>().Recent(tx))).Single();
        var recordings = await site.Read(tx => site.Get<Recordings>().OfCall(tx, call.Id));
        Assert.Equal(2, recordings.Count);
        Assert.InRange(recordings[0].Seconds, 2, 10);
        var (first, _, sound) = await site.Write(tx => site.Get<Recordings>().Play(tx, recordings[0].Id, "test"));
        Assert.Equal(Wholeness.EndMissing, first);
        Assert.True(sound.Length > 2000, $"{sound.Length} bytes");
        Assert.Equal(Wholeness.Whole, (await site.Write(tx => site.Get<Recordings>().Play(tx, recordings[1].Id, "test"))).State);
        // Her voice is there again after her own page was loaded anew.
        var supervisor = await site.Person(300);
        await supervisor.GotoAsync($"/test/as/{CallSite.Supervisor}");
        var power = await Weigh(supervisor, $"/calls/{call.Id}/recordings/{recordings[1].Id}", reconnected + 1);
        Assert.True(power[3] > 1e-5 && power[3] > 50 * power[2], $"right: customer {power[3]:e2}, agent {power[2]:e2}");
    }

    /// <summary>Until the panels have settled: no hand is quicker than that.</summary>
    internal static Task Ready(IPage agent) => agent.WaitForFunctionAsync("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')");

    /// <summary>Presses a key and waits until the walk has moved on.</summary>
    internal static async Task Answer(IPage agent, string key)
    {
        await Ready(agent);
        var before = await agent.Locator("#script").GetAttributeAsync("data-walk");
        await agent.Keyboard.PressAsync(key);
        await Assertions.Expect(agent.Locator("#script")).Not.ToHaveAttributeAsync("data-walk", before!);
    }

    /// <summary>A picture when a folder for it is named; the tests do not look at it.</summary>
    internal static async Task Shot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("HUIFANG_SHOTS") is { Length: > 0 } folder) await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = page.ViewportSize?.Width < 500 });
    }
}
