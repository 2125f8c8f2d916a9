using Huifang.Calls;
using Huifang.Languages;

namespace Huifang.Rules.Tests.Calls;

public sealed class VerificationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);

    private static CallVerification Armed(string call = "call-1", string customer = "zhou", string agent = "lin") =>
        Assert.IsType<VerificationStep.Moved>(VerificationRules.Arm(call, customer, agent, "提现受阻", [], null, Noon)).Call;

    private static NumberPrompt Prompt(string nonce, DateTimeOffset at, string? payload = null) => new(nonce.PadRight(16, '.'), [47, 12, 83], 47, at, payload);

    private static Tap TapOf(CallVerification call, string nonce, int number, string? payload = null) =>
        new(call.CallId, call.CustomerId, call.AgentId, call.Purpose, nonce.PadRight(16, '.'), number, payload);

    private static CallVerification Moved(VerificationStep step) => Assert.IsType<VerificationStep.Moved>(step).Call;

    private static void Refused(VerificationRefusal reason, VerificationStep step) => Assert.Equal(reason, Assert.IsType<VerificationStep.Refused>(step).Reason);

    private static CallVerification Prompted() =>
        Moved(VerificationRules.Ask(Moved(VerificationRules.Join(Armed(), "zhou", Noon)), "lin", Prompt("n1", Noon), 0));

    [Fact]
    public void The_number_that_the_agent_says_opens_the_second_level()
    {
        var call = Moved(VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 47), TapProof.Signed, Noon.AddSeconds(20)));
        Assert.Equal((VerificationStage.Confirmed, Level.V2), (call.Stage, call.Level));
        Assert.Equal((Level.V0, Level.V2), (VerificationRules.End(call).Level, VerificationRules.End(call).Reached));
    }

    [Fact]
    public void A_wrong_number_closes_the_call_and_alarms()
    {
        var alarm = Assert.IsType<VerificationStep.Alarmed>(VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 12), TapProof.Signed, Noon));
        Assert.Equal((VerificationStage.Denied, Level.V0), (alarm.Call.Stage, alarm.Call.Level));
        Refused(VerificationRefusal.Denied, VerificationRules.Ask(alarm.Call, "lin", Prompt("n2", Noon), 0));
    }

    [Theory]
    [InlineData(TapProof.Unsigned, VerificationRefusal.NotSigned)]
    [InlineData(TapProof.TooNew, VerificationRefusal.DeviceTooNew)]
    public void The_right_number_without_her_device_opens_nothing_and_may_be_tapped_again(TapProof proof, VerificationRefusal reason)
    {
        Refused(reason, VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 47), proof, Noon));
        Assert.IsType<VerificationStep.Alarmed>(VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 12), proof, Noon));
    }

    [Fact]
    public void A_forged_signature_alarms_even_on_the_right_number()
    {
        var alarm = Assert.IsType<VerificationStep.Alarmed>(VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 47), TapProof.Forged, Noon));
        Assert.Equal((VerificationStage.Denied, Level.V0, "forged-signature"), (alarm.Call.Stage, alarm.Call.Level, alarm.Cause));
    }

    [Fact]
    public void A_tap_for_another_call_agent_customer_or_purpose_is_refused()
    {
        var call = Prompted();
        var tap = TapOf(call, "n1", 47);
        foreach (var other in new[] { tap with { CallId = "call-2" }, tap with { AgentId = "chen" }, tap with { CustomerId = "han" }, tap with { Purpose = "解冻" } })
            Refused(VerificationRefusal.NotThisCall, VerificationRules.Answer(call, other, TapProof.Signed, Noon));
        Refused(VerificationRefusal.NotThisCall, VerificationRules.Ask(Moved(VerificationRules.Join(Armed(), "zhou", Noon)), "chen", Prompt("n1", Noon), 0));
    }

    [Fact]
    public void A_tap_counts_once_and_not_after_two_minutes()
    {
        var confirmed = Moved(VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 47), TapProof.Signed, Noon));
        Refused(VerificationRefusal.Replay, VerificationRules.Answer(confirmed, TapOf(Armed(), "n1", 47), TapProof.Signed, Noon));
        Refused(VerificationRefusal.PromptLapsed, VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 47), TapProof.Signed, Noon.AddMinutes(2)));
    }

    [Fact]
    public void A_fourth_prompt_in_a_call_and_a_sixth_in_a_day_are_refused()
    {
        var call = Moved(VerificationRules.Join(Armed(), "zhou", Noon));
        for (var i = 0; i < 3; i++) call = Moved(VerificationRules.Ask(call, "lin", Prompt($"n{i}", Noon.AddMinutes(3 * i)), i));
        Refused(VerificationRefusal.TooManyInCall, VerificationRules.Ask(call, "lin", Prompt("n3", Noon.AddMinutes(9)), 3));
        Refused(VerificationRefusal.TooManyToday, VerificationRules.Ask(Moved(VerificationRules.Join(Armed(), "zhou", Noon)), "lin", Prompt("n1", Noon), 5));
    }

    [Fact]
    public void Two_calls_to_one_customer_at_once_are_refused_and_never_shown()
    {
        Refused(VerificationRefusal.AnotherCallToThisCustomer, VerificationRules.Arm("call-2", "zhou", "chen", "回访", [Armed()], null, Noon.AddMinutes(1)));
        Moved(VerificationRules.Arm("call-2", "zhou", "chen", "回访", [Armed()], null, Noon.AddMinutes(10)));
        Assert.Equal(CallStatusKind.CannotConfirm, CallStatus.For(true, [Armed(), Armed("call-2")], false, Noon, Noon).Kind);
    }

    [Fact]
    public void A_changed_telephone_number_keeps_the_call_at_the_first_level_for_three_days()
    {
        var call = Moved(VerificationRules.Arm("call-1", "zhou", "lin", "回访", [], Noon.AddHours(-71), Noon));
        Refused(VerificationRefusal.Capped, VerificationRules.Ask(Moved(VerificationRules.Join(call, "zhou", Noon)), "lin", Prompt("n1", Noon), 0));
        Assert.Equal(Level.StepUp, Moved(VerificationRules.Arm("call-1", "zhou", "lin", "回访", [], Noon.AddHours(-72), Noon)).Cap);
    }

    [Fact]
    public void A_step_up_opens_one_act_once()
    {
        var call = Moved(VerificationRules.Answer(Prompted(), TapOf(Armed(), "n1", 47), TapProof.Signed, Noon));
        Refused(VerificationRefusal.NotConfirmed, VerificationRules.Use(call, "unfreeze"));
        call = Moved(VerificationRules.Ask(call, "lin", Prompt("n2", Noon, "unfreeze"), 1));
        Refused(VerificationRefusal.NoPrompt, VerificationRules.Answer(call, TapOf(call, "n2", 47, "raise-limit"), TapProof.Signed, Noon));
        call = Moved(VerificationRules.Answer(call, TapOf(call, "n2", 47, "unfreeze"), TapProof.Signed, Noon));
        Refused(VerificationRefusal.NotConfirmed, VerificationRules.Use(call, "raise-limit"));
        call = Moved(VerificationRules.Use(call, "unfreeze"));
        Refused(VerificationRefusal.NotConfirmed, VerificationRules.Use(call, "unfreeze"));
    }

    [Fact]
    public void The_app_says_that_we_call_only_while_we_do()
    {
        Assert.Equal(CallStatusKind.Quiet, CallStatus.For(true, [], false, Noon, Noon).Kind);
        Assert.Equal(CallStatusKind.NotUs, CallStatus.For(true, [], true, Noon, Noon).Kind);
        Assert.Equal(CallStatusKind.Calling, CallStatus.For(true, [Armed()], true, Noon, Noon.AddSeconds(30)).Kind);
        Assert.Equal(CallStatusKind.CannotConfirm, CallStatus.For(true, [Armed()], false, Noon, Noon.AddSeconds(31)).Kind);
        Assert.Equal(CallStatusKind.CannotConfirm, CallStatus.For(false, [Armed()], false, Noon, Noon).Kind);
        Assert.Equal(CallStatusKind.Quiet, CallStatus.For(true, [Armed()], false, Noon.AddMinutes(10), Noon.AddMinutes(10)).Kind);
        Assert.Equal(CallStatusKind.Quiet, CallStatus.For(true, [VerificationRules.End(Prompted())], false, Noon, Noon).Kind);
    }

    /// <summary>
    /// Every order of steps up to ten deep, honest and hostile (other customer, other agent, wrong number, old nonce, late tap), against what must always hold.
    /// </summary>
    [Fact]
    public void No_order_of_steps_opens_a_level_that_was_not_earned()
    {
        var seen = new HashSet<string>();
        var queue = new Queue<(CallVerification Call, bool Earned, bool Denied, int Minute, int Depth)>();
        queue.Enqueue((Armed(), false, false, 0, 0));
        var reached = 0;
        while (queue.TryDequeue(out var state))
        {
            reached++;
            var (call, earned, denied, minute, depth) = state;
            Assert.True(call.Level < Level.V2 || earned, $"{call}");
            Assert.True(call.Level == Level.V0 || call.Stage is not (VerificationStage.Armed or VerificationStage.Denied or VerificationStage.Ended), $"{call}");
            Assert.True(!denied || call.Stage is VerificationStage.Denied or VerificationStage.Ended, $"{call}");
            Assert.True(call.Prompts <= CallVerification.PromptsPerCallMax);
            Assert.Equal(call.Spent.Count, call.Spent.Distinct().Count());
            if (depth == 10) continue;
            var now = Noon.AddMinutes(minute);
            foreach (var (step, right) in Steps(call, now, depth))
            {
                if (step is VerificationStep.Refused) continue;
                var next = step is VerificationStep.Moved moved ? moved.Call : ((VerificationStep.Alarmed)step).Call;
                var state2 = (next, earned || right, denied || step is VerificationStep.Alarmed, minute, depth + 1);
                if (seen.Add($"{next.Stage}|{next.Level}|{next.Prompt}|{string.Join(',', next.Spent)}|{next.Prompts}|{state2}")) queue.Enqueue(state2);
            }
            if (minute < 15 && seen.Add($"{call}|{string.Join(',', call.Spent)}|{minute + 3}|{depth}")) queue.Enqueue((call, earned, denied, minute + 3, depth + 1));
        }
        Assert.True(reached > 5_000, $"only {reached} states were looked at");
    }

    private static IEnumerable<(VerificationStep Step, bool Right)> Steps(CallVerification call, DateTimeOffset now, int depth)
    {
        yield return (VerificationRules.Join(call, "zhou", now), false);
        yield return (VerificationRules.Join(call, "han", now), false);
        yield return (VerificationRules.Ask(call, "lin", Prompt($"n{depth}", now), call.Prompts), false);
        yield return (VerificationRules.Ask(call, "chen", Prompt($"m{depth}", now), call.Prompts), false);
        yield return (VerificationRules.Ask(call, "lin", Prompt("n2", now), call.Prompts), false);
        yield return (VerificationRules.Deny(call, "zhou", "not-me"), false);
        yield return (VerificationRules.Deny(call, "han", "not-me"), false);
        yield return (new VerificationStep.Moved(VerificationRules.End(call)), false);
        foreach (var nonce in call.Spent.Concat(call.Prompt is { } prompt ? [prompt.Nonce] : []).ToList())
            foreach (var number in (int[])[47, 12, 99])
            {
                var open = call.Prompt?.Nonce == nonce && now < call.Prompt.At + NumberPrompt.Life;
                yield return (VerificationRules.Answer(call, TapOf(call, nonce, number), TapProof.Signed, now), open && number == 47);
                foreach (var proof in new[] { TapProof.Unsigned, TapProof.TooNew, TapProof.Forged }) yield return (VerificationRules.Answer(call, TapOf(call, nonce, number), proof, now), false);
                yield return (VerificationRules.Answer(call, TapOf(call, nonce, number) with { CustomerId = "han" }, TapProof.Signed, now), false);
                yield return (VerificationRules.Answer(call, TapOf(call, nonce, number) with { CallId = "call-2" }, TapProof.Signed, now), false);
            }
    }

    [Fact]
    public void Each_level_shows_what_the_ones_below_show_and_V0_shows_no_name()
    {
        foreach (var field in Enum.GetValues<CustomerField>())
        {
            Assert.True(FieldAccess.Shows(Level.StepUp, field));
            for (var level = Level.V1; level <= Level.StepUp; level++)
                Assert.True(FieldAccess.Shows(level, field) || !FieldAccess.Shows(level - 1, field));
        }
        Assert.Null(FieldAccess.Show(Level.V0, CustomerField.Name, "周慕晴"));
        Assert.Null(FieldAccess.Show(Level.V1, CustomerField.MaskedPhone, "138 •••• 2690"));
        Assert.False(FieldAccess.Allows(Level.V2, CallAct.Unfreeze));
        Assert.Equal(("周•", "138 •••• 2690", "z•••@example.com"), (FieldAccess.Initial("周慕晴"), FieldAccess.MaskPhone("+8613812342690"), FieldAccess.MaskEmail("zhou@example.com")));
    }

    [Fact]
    public void The_words_of_the_seal_belong_to_one_call_and_are_never_twice_the_same()
    {
        var key = new byte[32];
        foreach (var language in Language.All)
        {
            var seals = Enumerable.Range(0, 4000).Select(i => CallSeal.For(key, $"call-{i}", language)).ToList();
            Assert.All(seals, seal => Assert.NotEqual(seal.First, seal.Second));
            Assert.Equal(CallSeal.WordCount, seals.Select(seal => seal.First).Distinct().Count());
            Assert.True(seals.Distinct().Count() > 3850, "the words repeat more often than chance allows");
        }
        Assert.Equal(CallSeal.For(key, "call-1", "en"), CallSeal.For(key, "call-1", "en"));
        key[0] = 1;
        Assert.NotEqual(CallSeal.For(new byte[32], "call-1", "en"), CallSeal.For(key, "call-1", "en"));
    }
}
