namespace Huifang.Calls;

/// <summary>What the customer's app sends back: everything she was shown, so that nothing of it can be exchanged.</summary>
public sealed record Tap(string CallId, string CustomerId, string AgentId, string Purpose, string Nonce, int Number, string? Payload);

/// <summary>
/// Mutual verification of a call, steps 1–4 of our protocol (docs/decisions): the call is announced in the app before it rings; the agent says the two words of the
/// seal; the customer taps the one number of three that the agent says. Nothing secret is ever spoken to us. Limits: NIST SP 800-63B-4 (10 minutes, single use),
/// OWASP ASVS V6.6 (bound to the request, rate-limited); number matching against push fatigue.
/// </summary>
public static class VerificationRules
{
    /// <summary>Step 2. Announces a call.</summary>
    /// <param name="others">Other calls to the same customer that have not ended.</param>
    /// <param name="contactDataChangedAt">The latest change of her phone, mail, device or SIM, when known.</param>
    public static VerificationStep Arm(
        string callId, string customerId, string agentId, string purpose, IEnumerable<CallVerification> others, DateTimeOffset? contactDataChangedAt, DateTimeOffset now)
    {
        if (others.Any(other => other.CallId != callId && other.CustomerId == customerId && other.IsLive(now)))
            return new VerificationStep.Refused(VerificationRefusal.AnotherCallToThisCustomer);
        var cap = contactDataChangedAt is { } changed && now - changed < CoolingOff ? Level.V1 : Level.StepUp;
        return new VerificationStep.Moved(new CallVerification(
            callId, customerId, agentId, purpose, now, VerificationStage.Armed, Level.V0, null, 0, [], cap, null));
    }

    /// <summary>After a change of contact data or SIM nothing above V1 is opened by a call.</summary>
    public static readonly TimeSpan CoolingOff = TimeSpan.FromHours(72);

    /// <summary>The customer picks up in her signed-in app: her session is the first proof.</summary>
    public static VerificationStep Join(CallVerification call, string customerId, DateTimeOffset now)
    {
        if (call.Stage == VerificationStage.Ended) return Refuse(VerificationRefusal.Ended);
        if (call.CustomerId != customerId) return Refuse(VerificationRefusal.NotThisCall);
        if (!call.IsLive(now)) return Refuse(VerificationRefusal.ArmedTooLongAgo);
        // Picking up again after the line broke changes nothing that was proved.
        return new VerificationStep.Moved(call.Stage == VerificationStage.Armed ? call with { Stage = VerificationStage.Joined, Level = Level.V1, Reached = Level.V1 } : call);
    }

    /// <summary>Step 4. Puts three numbers on her screen. With a payload it is the step-up for one act.</summary>
    /// <param name="promptsLastDay">Prompts that this customer saw in the last 24 hours in all calls, this one included.</param>
    public static VerificationStep Ask(CallVerification call, string agentId, NumberPrompt prompt, int promptsLastDay)
    {
        if (call.Stage == VerificationStage.Ended) return Refuse(VerificationRefusal.Ended);
        if (call.AgentId != agentId) return Refuse(VerificationRefusal.NotThisCall);
        if (call.Stage == VerificationStage.Denied) return Refuse(VerificationRefusal.Denied);
        if (call.Stage == VerificationStage.Armed) return Refuse(VerificationRefusal.NotJoined);
        if (call.Cap < Level.V2) return Refuse(VerificationRefusal.Capped);
        if (call.Prompt is { } open && prompt.At < open.At + NumberPrompt.Life) return Refuse(VerificationRefusal.PromptOpen);
        if (prompt.Payload is null && call.Level >= Level.V2) return Refuse(VerificationRefusal.AlreadyConfirmed);
        if (prompt.Payload is not null && call.Level < Level.V2) return Refuse(VerificationRefusal.NotConfirmed);
        if (call.Prompts >= CallVerification.PromptsPerCallMax) return Refuse(VerificationRefusal.TooManyInCall);
        if (promptsLastDay >= CallVerification.PromptsPerDayMax) return Refuse(VerificationRefusal.TooManyToday);
        if (!Sound(prompt)) return Refuse(VerificationRefusal.BadNumbers);
        if (call.Spent.Contains(prompt.Nonce) || call.Prompt?.Nonce == prompt.Nonce) return Refuse(VerificationRefusal.Replay);
        return new VerificationStep.Moved(call with
        {
            Stage = VerificationStage.Prompted, Prompt = prompt, Prompts = call.Prompts + 1,
            Spent = call.Prompt is { } lapsed ? [.. call.Spent, lapsed.Nonce] : call.Spent,
        });
    }

    /// <summary>She taps. The right number opens the level; a wrong one closes the call's verification for good and alarms.</summary>
    /// <param name="proof">What <see cref="DeviceKey.Weigh"/> found behind the tap.</param>
    public static VerificationStep Answer(CallVerification call, Tap tap, TapProof proof, DateTimeOffset now)
    {
        if (call.Stage == VerificationStage.Ended) return Refuse(VerificationRefusal.Ended);
        if (tap.CallId != call.CallId || tap.CustomerId != call.CustomerId || tap.AgentId != call.AgentId || tap.Purpose != call.Purpose) return Refuse(VerificationRefusal.NotThisCall);
        if (call.Spent.Contains(tap.Nonce)) return Refuse(VerificationRefusal.Replay);
        if (call.Stage == VerificationStage.Denied) return Refuse(VerificationRefusal.Denied);
        if (call.Prompt is not { } prompt || prompt.Nonce != tap.Nonce || prompt.Payload != tap.Payload) return Refuse(VerificationRefusal.NoPrompt);
        if (now >= prompt.At + NumberPrompt.Life) return Refuse(VerificationRefusal.PromptLapsed);
        var spent = call with { Prompt = null, Spent = [.. call.Spent, prompt.Nonce] };
        // A wrong number is a warning whoever sent it; a right one opens something only when her own device stands behind it.
        if (tap.Number != prompt.Spoken || proof == TapProof.Forged)
            return new VerificationStep.Alarmed(spent with { Stage = VerificationStage.Denied, Level = Level.V0, StepUpFor = null }, tap.Number != prompt.Spoken ? "wrong-number" : "forged-signature");
        if (proof == TapProof.Unsigned) return Refuse(VerificationRefusal.NotSigned);
        if (proof == TapProof.TooNew) return Refuse(VerificationRefusal.DeviceTooNew);
        return new VerificationStep.Moved(prompt.Payload is null
            ? spent with { Stage = VerificationStage.Confirmed, Level = Level.V2, Reached = Level.V2 }
            : spent with { Stage = VerificationStage.Confirmed, Level = Level.StepUp, Reached = Level.StepUp, StepUpFor = prompt.Payload });
    }

    /// <summary>"That is not me", "I called nobody", "the words differ".</summary>
    public static VerificationStep Deny(CallVerification call, string customerId, string cause)
    {
        if (call.Stage == VerificationStage.Ended) return Refuse(VerificationRefusal.Ended);
        if (call.CustomerId != customerId) return Refuse(VerificationRefusal.NotThisCall);
        return new VerificationStep.Alarmed(call with
        {
            Stage = VerificationStage.Denied, Level = Level.V0, StepUpFor = null, Prompt = null,
            Spent = call.Prompt is { } open ? [.. call.Spent, open.Nonce] : call.Spent,
        }, cause);
    }

    /// <summary>A step-up opens one act once; afterwards the call is at V2 again.</summary>
    public static VerificationStep Use(CallVerification call, string payload) =>
        call.Stage == VerificationStage.Ended ? Refuse(VerificationRefusal.Ended)
        : call.Level == Level.StepUp && call.StepUpFor == payload ? new VerificationStep.Moved(call with { Level = Level.V2, StepUpFor = null })
        : Refuse(VerificationRefusal.NotConfirmed);

    public static CallVerification End(CallVerification call) =>
        call with { Stage = VerificationStage.Ended, Level = Level.V0, Prompt = null, StepUpFor = null };

    private static bool Sound(NumberPrompt prompt) =>
        prompt.Numbers.Count == 3 && prompt.Numbers.Distinct().Count() == 3 && prompt.Numbers.All(number => number is >= 10 and <= 99)
        && prompt.Numbers.Contains(prompt.Spoken) && prompt.Nonce.Length >= 16;

    private static VerificationStep.Refused Refuse(VerificationRefusal reason) => new(reason);
}
