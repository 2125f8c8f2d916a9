using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>A refused step of the verification, or what the call has become.</summary>
public readonly record struct Verified(Call? Call, VerificationRefusal? Refusal, bool Alarmed, CallRefusal? NotPossible = null)
{
    public bool Ok => Refusal is null && NotPossible is null && !Alarmed;
}

/// <summary>
/// Mutual verification of calls. Every step loads the call, lets <see cref="VerificationRules"/> decide and saves by one conditional change;
/// alarms are facts that risk and supervisors see.
/// </summary>
public sealed class CallVerifier(JournalDesk journal, CallParts parts, DeviceDesk devices, CallLeave leave)
{
    /// <summary>Announces the call in the customer's app. From here she sees who calls and why; so the guard is asked again, here, where it rings.</summary>
    public async Task<Verified> Arm(Tx tx, string callId, string agentId)
    {
        if (await CallTable.Find(tx, callId) is not { } call) return new(null, null, false, CallRefusal.NoSuchCall);
        if (call.AgentId != agentId) return new(null, null, false, CallRefusal.NotYours);
        if (call.EndedAt is not null) return new(null, VerificationRefusal.Ended, false);
        var now = parts.Time.GetUtcNow();
        if (call.Verification is not null) return call.Verification.IsLive(now) ? new(call, null, false) : new(null, VerificationRefusal.ArmedTooLongAgo, false);
        await CallTable.EndLapsed(tx, call.CustomerId, now);
        var others = (await CallTable.LiveOf(tx, call.CustomerId)).Where(other => other.Id != callId).ToList();
        // The index allows one live call per customer; asking first gives the refusal a name.
        if (others.Count > 0) return new(null, null, false, CallRefusal.CustomerIsBusy);
        if (!await leave.AskAgain(tx, call)) return new(null, null, false, CallRefusal.NotAllowedAnyMore);
        var step = VerificationRules.Arm(call.Id, call.CustomerId, agentId, call.Purpose.ToString(), [], await CallTable.ContactDataChangedAt(tx, call.CustomerId), now);
        return await Save(tx, call, step, "armed", agentId, armedAt: now);
    }

    /// <summary>The customer picks up in her signed-in app.</summary>
    public async Task<Verified> Join(Tx tx, string callId, string customerId) =>
        await CallTable.Find(tx, callId) is { Verification: { } verification } call
            ? await Save(tx, call, VerificationRules.Join(verification, customerId, parts.Time.GetUtcNow()), "joined", "customer", joinedAt: parts.Time.GetUtcNow())
            : new(null, null, false, CallRefusal.NoSuchCall);

    /// <summary>Puts three numbers on her screen; the agent says the spoken one. With <paramref name="payload"/> it is the step-up for that act.</summary>
    public async Task<Verified> Ask(Tx tx, string callId, string agentId, string? payload = null)
    {
        if (await CallTable.Find(tx, callId) is not { Verification: { } verification } call) return new(null, null, false, CallRefusal.NoSuchCall);
        var now = parts.Time.GetUtcNow();
        var prompt = Draw(now, payload);
        var result = await Save(tx, call, VerificationRules.Ask(verification, agentId, prompt, await CallTable.PromptsSince(tx, call.CustomerId, now.AddDays(-1))), "asked", agentId);
        if (result.Ok) await CallTable.Prompted(tx, prompt.Nonce, call.CustomerId, callId, now);
        return result;
    }

    /// <summary>She tapped a number, and her device signed it.</summary>
    public async Task<Verified> Tapped(Tx tx, string callId, string customerId, string nonce, int number, TapSignature? signature)
    {
        if (await CallTable.Find(tx, callId) is not { Verification: { } verification } call) return new(null, null, false, CallRefusal.NoSuchCall);
        var tap = new Tap(call.Id, customerId, verification.AgentId, verification.Purpose, nonce, number, verification.Prompt?.Payload);
        return await Save(tx, call, VerificationRules.Answer(verification, tap, await devices.Weigh(tx, tap, signature), parts.Time.GetUtcNow()), "verified", "customer");
    }

    /// <summary>"The words differ", "that is not me", "I don't know about this call".</summary>
    public async Task<Verified> Deny(Tx tx, string callId, string customerId, string cause) =>
        await CallTable.Find(tx, callId) is { Verification: { } verification } call
            ? await Save(tx, call, VerificationRules.Deny(verification, customerId, cause), "denied", "customer")
            : new(null, null, false, CallRefusal.NoSuchCall);

    /// <summary>Uses a step-up for the one act it was given for.</summary>
    public async Task<Verified> Use(Tx tx, string callId, string agentId, string payload) =>
        await CallTable.Find(tx, callId) is { Verification: { } verification } call && call.AgentId == agentId
            ? await Save(tx, call, VerificationRules.Use(verification, payload), "used", agentId)
            : new(null, null, false, CallRefusal.NotYours);

    /// <summary>What the customer's app says about calls right now. Fails closed.</summary>
    public async Task<CallStatus> Status(Tx tx, string? customerId, bool someoneIsCalling = false)
    {
        var now = parts.Time.GetUtcNow();
        if (customerId is null) return CallStatus.For(false, [], someoneIsCalling, now, now);
        var live = await CallTable.LiveOf(tx, customerId);
        return CallStatus.For(true, live.Select(call => call.Verification!), someoneIsCalling, now, now);
    }

    /// <summary>The two words of a call in the customer's language; both pages show the same.</summary>
    public async Task<CallSeal> Seal(Tx tx, Call call) =>
        CallSeal.For(parts.Vault.OpenForHouseBytes((await CallTable.SealKey(tx, call.Id))!) ?? throw new System.Security.Cryptography.CryptographicException($"the seal key of call {call.Id} does not open"), call.Id, call.Language);

    private async Task<Verified> Save(Tx tx, Call call, VerificationStep step, string kind, string by, DateTimeOffset? armedAt = null, DateTimeOffset? joinedAt = null)
    {
        switch (step)
        {
            case VerificationStep.Refused refused:
                await CallTable.Moment(tx, call.Id, "refused", parts.Time.GetUtcNow(), $$"""{"step":"{{kind}}","reason":"{{refused.Reason}}"}""");
                return new(call, refused.Reason, false);
            case VerificationStep.Moved moved when !await CallTable.Step(tx, call, moved.Call, armedAt, joinedAt):
            case VerificationStep.Alarmed alarmed when !await CallTable.Step(tx, call, alarmed.Call):
                return new(call, null, false, CallRefusal.Overtaken);
            case VerificationStep.Moved moved:
                await Tell(tx, call, moved.Call, kind, by, null);
                return new(call with { Verification = moved.Call, Rev = call.Rev + 1, ArmedAt = call.ArmedAt ?? armedAt, JoinedAt = call.JoinedAt ?? joinedAt }, null, false);
            case VerificationStep.Alarmed alarmed:
                await Tell(tx, call, alarmed.Call, "alarmed", by, alarmed.Cause);
                return new(call with { Verification = alarmed.Call, Rev = call.Rev + 1 }, null, true);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task Tell(Tx tx, Call call, CallVerification now, string kind, string by, string? cause)
    {
        var at = parts.Time.GetUtcNow();
        await CallTable.Moment(tx, call.Id, kind, at, $$"""{"level":"{{now.Level}}"{{(cause is null ? "" : $",\"cause\":\"{cause}\"")}}}""");
        await journal.Append(tx, parts.Told(call, $"call.{kind}", by, new { level = now.Level.ToString(), cause }));
        tx.AfterCommit(() => parts.Live.LookAgain(call.Id, call.CustomerId));
    }

    private NumberPrompt Draw(DateTimeOffset now, string? payload)
    {
        Span<byte> random = stackalloc byte[32];
        parts.Ids.Random(random);
        var numbers = new List<int>(3);
        for (var i = 0; numbers.Count < 3; i = (i + 1) % 16)
        {
            var number = 10 + random[i] % 90;
            random[i] = unchecked((byte)(random[i] * 31 + 17));
            if (!numbers.Contains(number)) numbers.Add(number);
        }
        return new NumberPrompt(Convert.ToHexStringLower(random[16..]), numbers, numbers[random[15] % 3], now, payload);
    }
}
