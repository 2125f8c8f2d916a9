using System.Security.Cryptography;
using Huifang.Calls;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Scripts;

namespace Huifang.Tests;

public sealed class CallDeskTests
{
    private static readonly AgentReach Lin = new("lin", ["zh-Hans"], ["general"]);

    private static async Task<Call> Taken(House house, string followUp = "f-1", AgentReach? agent = null)
    {
        var customer = await house.Customer($"c-{followUp}");
        await house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, [Wanted(house, followUp, customer, Math.Abs(followUp.GetHashCode(StringComparison.Ordinal)))]));
        await house.Get<FollowUpClock>().Round(default);
        return (await house.Write(tx => house.Get<CallQueue>().Take(tx, agent ?? Lin))).Value!;
    }

    private static FollowUp Wanted(House house, string id, string customer, long cause) => new(
        id, customer, "withdrawal-failed", 1, cause, Purpose.Service, Channel.Voice, ShippedScripts.WithdrawalFailed, 500,
        FollowUpState.Waiting, house.Now, house.Now, house.Now.AddDays(2), house.Now.AddDays(7));

    private static async Task<Call> OnTheLine(House house, string followUp = "f-1")
    {
        var call = await Taken(house, followUp);
        Assert.True((await house.Write(tx => house.Get<CallVerifier>().Arm(tx, call.Id, "lin"))).Ok);
        return (await house.Write(tx => house.Get<CallVerifier>().Join(tx, call.Id, call.CustomerId))).Call!;
    }

    private static Task<Done<ScriptWalk>> Says(House house, Call call, string question, string? value, string? words = null) =>
        house.Write(tx => house.Get<CallDesk>().Answer(tx, call.Id, call.AgentId, new Answer(question, value, words)));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_agent_who_comes_back_finds_her_call_where_she_left_it(string database)
    {
        await using var house = await House.Open(database);
        var call = await OnTheLine(house);
        await Says(house, call, "hello", "said");
        await Says(house, call, "time", "yes");
        await house.Write(tx => house.Get<CallDesk>().Note(tx, call.Id, "lin", "周五晚两次被退"));

        var again = (await house.Write(tx => house.Get<CallQueue>().Take(tx, Lin))).Value!;
        var hand = await house.Read(tx => house.Get<CallDesk>().InHand(tx, again));
        Assert.Equal((call.Id, "recording", "周五晚两次被退"), (again.Id, hand.Walk.Open!.Question.Id, hand.Note!.Words));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Fifty_agents_at_once_get_fifty_different_talks(string database)
    {
        await using var house = await House.Open(database);
        for (var i = 0; i < 20; i++) await house.Customer($"c-{i}");
        await house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, [.. Enumerable.Range(0, 20).Select(i => Wanted(house, $"f-{i}", $"c-{i}", i))]));
        await house.Get<FollowUpClock>().Round(default);

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => house.Write(tx => house.Get<CallQueue>().Take(tx, new AgentReach($"a-{i}", ["zh-Hans"], ["general"])))));
        Assert.Equal(20, taken.Where(done => done.Ok).Select(done => done.Value!.FollowUpId).Distinct().Count());
        Assert.Equal(30, taken.Count(done => done.Refusal == CallRefusal.NothingWaits));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_who_withdrew_is_not_handed_to_any_agent(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer("c-w");
        await house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, [Wanted(house, "f-w", customer, 5)]));
        await house.Get<FollowUpClock>().Round(default);
        await house.Write(tx => house.Get<Huifang.Consents.ConsentDesk>().NeverAgain(tx, customer, "customer", "sms"));

        Assert.Equal(CallRefusal.NothingWaits, (await house.Write(tx => house.Get<CallQueue>().Take(tx, Lin))).Refusal);
        Assert.Equal(FollowUpState.Dropped, (await house.Read(tx => house.Get<FollowUpDesk>().Find(tx, "f-w")))!.State);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Her_app_says_that_we_call_from_arming_until_we_hang_up(string database)
    {
        await using var house = await House.Open(database);
        var verifier = house.Get<CallVerifier>();
        var call = await Taken(house);
        async Task<CallStatusKind> Status() => (await house.Read(tx => verifier.Status(tx, call.CustomerId))).Kind;

        Assert.Equal(CallStatusKind.Quiet, await Status());
        await house.Write(tx => verifier.Arm(tx, call.Id, "lin"));
        Assert.Equal(CallStatusKind.Calling, await Status());
        Assert.Equal(CallStatusKind.CannotConfirm, (await house.Read(tx => verifier.Status(tx, null))).Kind);
        Assert.Equal(CallRefusal.NotYours, (await house.Write(tx => verifier.Arm(tx, call.Id, "chen"))).NotPossible);
        await house.Write(tx => house.Get<CallDesk>().HangUp(tx, call.Id, "lin"));
        Assert.Equal(CallStatusKind.Quiet, await Status());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_right_tap_opens_the_second_level_and_a_wrong_one_alarms(string database)
    {
        await using var house = await House.Open(database);
        var verifier = house.Get<CallVerifier>();
        var call = await OnTheLine(house);
        Assert.Equal(Level.V1, call.Level);

        var asked = (await house.Write(tx => verifier.Ask(tx, call.Id, "lin"))).Call!.Verification!.Prompt!;
        Assert.Equal(CallRefusal.NoSuchCall, (await house.Write(tx => verifier.Tapped(tx, "other", call.CustomerId, asked.Nonce, asked.Spoken, null))).NotPossible);
        Assert.Equal(VerificationRefusal.NotThisCall, (await house.Write(tx => verifier.Tapped(tx, call.Id, "c-else", asked.Nonce, asked.Spoken, null))).Refusal);
        Assert.Equal(VerificationRefusal.NotSigned, (await house.Write(tx => verifier.Tapped(tx, call.Id, call.CustomerId, asked.Nonce, asked.Spoken, null))).Refusal);
        Assert.Equal(Level.V2, (await Signed(house, call, ECDsa.Create(ECCurve.NamedCurves.nistP256), asked)).Call!.Level);

        var other = await OnTheLine2(house);
        var prompt = (await house.Write(tx => verifier.Ask(tx, other.Id, "chen"))).Call!.Verification!.Prompt!;
        var wrong = await house.Write(tx => verifier.Tapped(tx, other.Id, other.CustomerId, prompt.Nonce, prompt.Numbers.First(number => number != prompt.Spoken), null));
        Assert.True(wrong.Alarmed);
        Assert.Equal(CallStatusKind.NotUs, (await house.Read(tx => verifier.Status(tx, other.CustomerId))).Kind);
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'call.alarmed'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_second_device_opens_nothing_for_twelve_hours_and_an_ended_one_never_again(string database)
    {
        await using var house = await House.Open(database);
        var (verifier, devices) = (house.Get<CallVerifier>(), house.Get<DeviceDesk>());
        using var hers = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var thiefs = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var call = await OnTheLine(house);
        var first = (await house.Write(tx => devices.Add(tx, call.CustomerId, hers.ExportSubjectPublicKeyInfo()))).Device!;
        Assert.Equal(first.Id, (await house.Write(tx => devices.Add(tx, call.CustomerId, hers.ExportSubjectPublicKeyInfo()))).Device!.Id);

        var asked = (await house.Write(tx => verifier.Ask(tx, call.Id, "lin"))).Call!.Verification!.Prompt!;
        Assert.Equal(VerificationRefusal.DeviceTooNew, (await Signed(house, call, thiefs, asked)).Refusal);
        Assert.Equal(2, (await house.Read(tx => devices.OfCustomer(tx, call.CustomerId))).Count);

        Assert.False(await house.Write(tx => devices.End(tx, "c-else", first.Id, "customer")));
        Assert.True(await house.Write(tx => devices.End(tx, call.CustomerId, first.Id, "customer")));
        Assert.Equal(DeviceRefusal.Ended, (await house.Write(tx => devices.Add(tx, call.CustomerId, hers.ExportSubjectPublicKeyInfo()))).Refusal);
        Assert.Equal(DeviceRefusal.NotAKey, (await house.Write(tx => devices.Add(tx, call.CustomerId, new byte[91]))).Refusal);
    }

    private static async Task<Verified> Signed(House house, Call call, ECDsa key, NumberPrompt prompt)
    {
        var device = (await house.Write(tx => house.Get<DeviceDesk>().Add(tx, call.CustomerId, key.ExportSubjectPublicKeyInfo()))).Device!;
        var tap = new Tap(call.Id, call.CustomerId, call.AgentId, call.Verification!.Purpose, prompt.Nonce, prompt.Spoken, prompt.Payload);
        var signature = new TapSignature(device.Id, key.SignData(System.Text.Encoding.UTF8.GetBytes(DeviceKey.Words(tap)), HashAlgorithmName.SHA256));
        return await house.Write(tx => house.Get<CallVerifier>().Tapped(tx, call.Id, call.CustomerId, prompt.Nonce, prompt.Spoken, signature));
    }

    private static async Task<Call> OnTheLine2(House house)
    {
        var call = await Taken(house, "f-2", new AgentReach("chen", ["zh-Hans"], ["general"]));
        await house.Write(tx => house.Get<CallVerifier>().Arm(tx, call.Id, "chen"));
        return (await house.Write(tx => house.Get<CallVerifier>().Join(tx, call.Id, call.CustomerId))).Call!;
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_card_number_in_a_note_or_an_answer_is_not_stored_anywhere(string database)
    {
        await using var house = await House.Open(database);
        var call = await OnTheLine(house);
        var noted = await house.Write(tx => house.Get<CallDesk>().Note(tx, call.Id, "lin", "她报了卡号 6222021234567890123，回电 13800138000"));
        Assert.Equal("她报了卡号 [CARD]，回电 13800138000", noted.Value!.Text);
        foreach (var (question, value) in new[] { ("hello", "said"), ("time", "yes"), ("recording", "no"), ("overall", "2"), ("sorry", "said") }) await Says(house, call, question, value);
        await Says(house, call, "which-step", "unclear", "验证码 482913 那句");
        var hand = await house.Read(tx => house.Get<CallDesk>().InHand(tx, call));
        Assert.Contains(hand.Walk.Answers, answer => answer.Words == "验证码 [OTP] 那句");
        Assert.Equal(["CARD"], hand.Note!.Refused);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_talk_is_finished_only_when_every_required_question_has_its_answer_and_becomes_feedback(string database)
    {
        await using var house = await House.Open(database);
        var call = await OnTheLine(house);
        foreach (var (question, value) in new[] { ("hello", "said"), ("time", "yes"), ("recording", "yes"), ("overall", "4"), ("which-step", "smooth"), ("trust", "5") }) await Says(house, call, question, value);
        await Says(house, call, "suggestion", null, "到账前告诉我最晚几点，电话 13800138000");
        var draft = new WrapUpDraft(CallOutcome.Satisfied, []);
        Assert.Equal(CallRefusal.QuestionsOwed, (await house.Write(tx => house.Get<WrapUp>().Finish(tx, call.Id, "lin", draft))).Refusal);

        await Says(house, call, "goodbye", "said");
        Assert.True((await house.Write(tx => house.Get<WrapUp>().Finish(tx, call.Id, "lin", draft))).Ok);
        Assert.Equal(CallRefusal.AlreadyFinished, (await house.Write(tx => house.Get<WrapUp>().Finish(tx, call.Id, "lin", draft))).Refusal);
        Assert.Equal(FollowUpState.Finished, (await house.Read(tx => house.Get<FollowUpDesk>().Find(tx, "f-1")))!.State);
        await house.Settle();
        var said = await house.Read(tx => house.Get<Huifang.Feedback.FeedbackDesk>().Page(tx, new()));
        Assert.Equal(["到账前告诉我最晚几点，电话 [PHONE]"], said.Select(item => item.Words));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_answered_so_it_is_tried_again_four_times_at_most(string database)
    {
        await using var house = await House.Open(database);
        await Taken(house);
        for (var tries = 1; ; tries++)
        {
            var call = (await house.Write(tx => house.Get<CallQueue>().Take(tx, Lin))).Value;
            if (call is null) { house.Clock.Pass(TimeSpan.FromHours(1)); await house.Get<FollowUpClock>().Round(default); }
            else await house.Write(tx => house.Get<WrapUp>().Finish(tx, call.Id, "lin", new WrapUpDraft(CallOutcome.NoAnswer, [])));
            var followUp = (await house.Read(tx => house.Get<FollowUpDesk>().Find(tx, "f-1")))!;
            if (followUp.IsOpen) { Assert.True(tries < 300, $"{followUp.State} {followUp.Attempts}"); continue; }
            Assert.True(followUp.State is FollowUpState.Dropped or FollowUpState.Expired, $"{followUp.State}");
            Assert.InRange(await house.Read(tx => tx.One<long>("select count(*) from calls where outcome = 'NoAnswer'")), 1, RetryAfterCall.TriesMax);
            break;
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_promise_that_nobody_kept_is_a_fact_within_the_minute(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-p", customer, 9) with { State = FollowUpState.Arranged }]));
        await house.Write(async tx => Assert.True(await desk.Promise(tx, (await desk.Find(tx, "f-p"))!, "slot", house.Now.AddMinutes(10), house.Now.AddMinutes(40), "lin", "customer")));
        house.Clock.Pass(TimeSpan.FromMinutes(39));
        await house.Get<PromiseWatch>().Round(default);
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'promise.broken'")));
        house.Clock.Pass(TimeSpan.FromMinutes(1));
        Assert.True(house.Get<PromiseWatch>().Every < TimeSpan.FromSeconds(60));
        await house.Get<PromiseWatch>().Round(default);
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'promise.broken'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_guard_is_asked_again_where_it_rings(string database)
    {
        await using var house = await House.Open(database);
        var call = await Taken(house, "f-r");
        // While the agent reads, the customer takes her consent back, and is told that it holds.
        house.Clock.Pass(TimeSpan.FromMinutes(1));
        await house.Write(tx => house.Get<Huifang.Booking.BookingDesk>().StopCalls(tx, call.CustomerId, "customer", "portal"));

        Assert.Equal(CallRefusal.NotAllowedAnyMore, (await house.Write(tx => house.Get<CallVerifier>().Arm(tx, call.Id, "lin"))).NotPossible);
        Assert.Equal((0L, 0L), await house.Read(async tx => (await tx.One<long>("select count(*) from calls where armed_at is not null"), await tx.One<long>("select count(*) from contact_decisions where stage = 'AtContact' and outcome = 'Allow' and undone_at is null"))));
        Assert.Equal(FollowUpState.Dropped, (await house.Read(tx => house.Get<FollowUpDesk>().Find(tx, "f-r")))!.State);
        Assert.Equal(CallRefusal.NothingWaits, (await house.Write(tx => house.Get<CallQueue>().Take(tx, Lin))).Refusal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_call_that_was_taken_in_the_evening_does_not_ring_at_night(string database)
    {
        await using var house = await House.Open(database);
        var call = await Taken(house, "f-n");
        // The browser was closed; she comes back to it at three in the morning.
        house.Clock.Set(House.Morning.AddHours(17));
        var again = (await house.Write(tx => house.Get<CallQueue>().Take(tx, Lin))).Value!;
        Assert.Equal(call.Id, again.Id);
        Assert.Equal(CallRefusal.NotAllowedAnyMore, (await house.Write(tx => house.Get<CallVerifier>().Arm(tx, again.Id, "lin"))).NotPossible);
        var followUp = (await house.Read(tx => house.Get<FollowUpDesk>().Find(tx, "f-n")))!;
        Assert.Equal((FollowUpState.Waiting, House.Morning.AddHours(23)), (followUp.State, followUp.DueAt));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_promise_that_was_taken_and_forgotten_stands_again_and_is_apologised_for(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-p", customer, 9) with { State = FollowUpState.Arranged }]));
        await house.Write(async tx => Assert.True(await desk.Promise(tx, (await desk.Find(tx, "f-p"))!, "slot", house.Now.AddMinutes(10), house.Now.AddMinutes(40), "lin", "customer")));
        house.Clock.Pass(TimeSpan.FromMinutes(9));
        Assert.True((await house.Write(tx => house.Get<CallQueue>().Take(tx, Lin))).Ok);
        house.Clock.Pass(CallQueue.ForgottenAfter);
        await house.Get<PromiseWatch>().Round(default);
        Assert.Equal(FollowUpState.Booked, (await house.Read(tx => desk.Find(tx, "f-p")))!.State);
        // A colleague may keep it now. Nobody does.
        house.Clock.Pass(TimeSpan.FromMinutes(20));
        await house.Get<PromiseWatch>().Round(default);
        Assert.Equal((FollowUpState.Invited, "promise-broken"), await house.Read(async tx => { var found = (await desk.Find(tx, "f-p"))!; return (found.State, found.Reason); }));
    }
}
