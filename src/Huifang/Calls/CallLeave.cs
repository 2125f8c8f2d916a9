using System.Globalization;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>
/// The guard's leave for a call. It is asked for when an agent takes the call, so that she prepares for nothing in vain, and again in the transaction that lets it ring:
/// in between the customer may have withdrawn, moved, or been forgotten for the night in a closed browser.
/// </summary>
public sealed class CallLeave(FollowUpDesk followUps, ContactDesk contacts, CallParts parts)
{
    /// <summary>Leave for the follow-up that an agent holds; null when the guard says no, and it has gone where the verdict sends it.</summary>
    public async Task<Clearance?> Ask(Tx tx, FollowUp followUp)
    {
        var answer = await contacts.Clear(tx, new ContactWish(followUp.CustomerId, followUp.Purpose, followUp.Channel.IsCall() ? followUp.Channel : Channel.Voice)
        {
            FollowUpId = followUp.Id,
            Cause = followUp.CauseSeq.ToString(CultureInfo.InvariantCulture),
            BookedAt = followUp.ByCustomer ? followUp.ArrangedAt : null,
            NotAfter = followUp.ExpiresAt,
        });
        if (answer.Clearance is null) await Redirect(tx, followUp, answer.Verdict, parts.Time.GetUtcNow());
        return answer.Clearance;
    }

    /// <summary>Asks anew for a call that is about to ring. Without leave it ends unrung.</summary>
    public async Task<bool> AskAgain(Tx tx, Call call)
    {
        // The leave of the taking is not a contact: nothing has rung yet.
        await TakeBack(tx, call.DecisionId, "asked-again");
        if (await followUps.Find(tx, call.FollowUpId) is { State: FollowUpState.Calling } followUp && await Ask(tx, followUp) is { } clearance)
            return await CallTable.Cleared(tx, call.Id, clearance.DecisionId);
        await CallTable.Finish(tx, call.Id, call.AgentId, CallOutcome.NoAnswer, parts.Time.GetUtcNow());
        return false;
    }

    /// <summary>It was not used.</summary>
    public Task<bool> TakeBack(Tx tx, string decisionId, string why) => contacts.Undo(tx, decisionId, why);

    private async Task Redirect(Tx tx, FollowUp followUp, ContactVerdict verdict, DateTimeOffset now)
    {
        switch (verdict)
        {
            case ContactVerdict.Hold hold:
                await Later(tx, followUp, hold.Until > now ? hold.Until : now + TimeSpan.FromMinutes(5));
                break;
            case ContactVerdict.Reroute or ContactVerdict.Merge:
                await Later(tx, followUp, now + TimeSpan.FromMinutes(30));
                break;
            case ContactVerdict.Drop drop:
                await followUps.Drop(tx, followUp, drop.Reason.ToString());
                break;
            case ContactVerdict.Allow:
                throw new System.Diagnostics.UnreachableException("allowed, and yet no clearance");
        }
    }

    // A promise that the guard does not let us keep now is one that we break: she is told so, and chooses anew.
    private async Task Later(Tx tx, FollowUp followUp, DateTimeOffset at)
    {
        if (followUp.PromisedTo is not null && followUp.SlotId is not null) await followUps.GiveUpPromise(tx, followUp, "guard");
        else await followUps.GiveBack(tx, followUp, at, "held");
    }
}
