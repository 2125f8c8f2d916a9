using Huifang.Consents;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>How a call is closed.</summary>
/// <param name="RetryAt">When she named another time; null leaves it to the retry policy.</param>
public sealed record WrapUpDraft(CallOutcome Outcome, IReadOnlyList<NextStep> Next, DateTimeOffset? RetryAt = null);

/// <summary>What the end of a call touches in other rooms.</summary>
public sealed record CallEnds(FollowUpDesk FollowUps, ConsentDesk Consents, Planning.RetryDesk Retries);

/// <summary>Closes calls: outcome, next steps and the follow-up's fate, in one transaction.</summary>
public sealed class WrapUp(CallDesk calls, CallEnds ends, JournalDesk journal, CallParts parts)
{
    public async Task<Done<Call>> Finish(Tx tx, string callId, string agentId, WrapUpDraft draft)
    {
        if (await CallTable.Find(tx, callId) is not { } call) return CallRefusal.NoSuchCall;
        if (call.AgentId != agentId) return CallRefusal.NotYours;
        var hand = await calls.InHand(tx, call);
        if (draft.Outcome.Talked() && hand.Walk.Owed.Any()) return new(null, CallRefusal.QuestionsOwed, $"{hand.Walk.Owed.Count()}");
        var now = parts.Time.GetUtcNow();
        if (call.EndedAt is null) await calls.HangUp(tx, callId, agentId);
        if (!await CallTable.Finish(tx, callId, agentId, draft.Outcome, now)) return CallRefusal.AlreadyFinished;
        await CallTable.Moment(tx, callId, "finished", now, $$"""{"outcome":"{{draft.Outcome}}"}""");

        var followUp = (await ends.FollowUps.Find(tx, call.FollowUpId))!;
        await Settle(tx, call, followUp, draft, now);
        await Tell(tx, call, hand, draft, now);
        tx.AfterCommit(() => parts.Live.LookAgain(call.Id, call.CustomerId));
        return (await CallTable.Find(tx, callId))!;
    }

    private async Task Settle(Tx tx, Call call, FollowUp followUp, WrapUpDraft draft, DateTimeOffset now)
    {
        if (draft.Outcome == CallOutcome.StopContact) await ends.Consents.NeverAgain(tx, call.CustomerId, "customer", $"call:{call.Id}");
        var (state, reason, retry) = draft.Outcome switch
        {
            CallOutcome.Satisfied or CallOutcome.NeedsMore or CallOutcome.Complaint => (FollowUpState.Finished, (string?)null, (RetryChoice?)null),
            CallOutcome.Rebook => (FollowUpState.Waiting, "rebook", new RetryChoice(draft.RetryAt ?? now.AddHours(2), followUp.Channel, 0)),
            // Another time, bounded: so many tries, and never after the follow-up has lost its point.
            CallOutcome.NoAnswer or CallOutcome.Busy or CallOutcome.LineBroke => await ends.Retries.Next(tx, followUp, draft.Outcome) is { } next
                ? (FollowUpState.Waiting, draft.Outcome.ToString(), next) : (FollowUpState.Dropped, "tries-used-up", null),
            CallOutcome.WrongPerson => (FollowUpState.Dropped, "wrong-person", null),
            CallOutcome.Declined => (FollowUpState.Declined, "declined", null),
            CallOutcome.StopContact => (FollowUpState.Withdrawn, "withdrawn", null),
            CallOutcome.NotVerified => (FollowUpState.Dropped, "not-verified", null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        await ends.FollowUps.Finish(tx, followUp, call.AgentId, draft.Outcome.ToString(), state, reason, retry?.At, retry?.Channel);
    }

    /// <summary>The fact that other rooms react to. It carries values only; who may read the words asks the desk for them.</summary>
    private async Task Tell(Tx tx, Call call, CallInHand hand, WrapUpDraft draft, DateTimeOffset now)
    {
        var answers = hand.Walk.Answers.Where(answer => answer.Value is not null).ToDictionary(answer => answer.QuestionId, answer => answer.Value);
        var facts = new List<Fact>
        {
            parts.Told(call, "call.finished", call.AgentId, new
            {
                outcome = draft.Outcome.ToString(), next = draft.Next.Select(step => step.ToString()), script = call.ScriptKey, version = call.ScriptVersion, answers,
                seconds = call.JoinedAt is { } joined ? (long)((call.EndedAt ?? now) - joined).TotalSeconds : 0, level = (call.Verification?.Reached ?? Level.V0).ToString(), recorded = call.Recording == RecordingConsent.Agreed,
            }),
        };
        foreach (var step in draft.Next) facts.Add(parts.Told(call, "call.next-step", call.AgentId, new { step = step.ToString() }));
        await journal.Append(tx, facts);
    }
}
