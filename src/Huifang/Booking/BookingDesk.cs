using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Booking;

/// <summary>What came of an answer. A closed list: switch over it without a default.</summary>
public abstract record BookingAnswer
{
    private BookingAnswer() { }

    public sealed record Booked(Slot Slot) : BookingAnswer;

    /// <summary>Somebody else has that time now, or it is too soon; nothing was changed.</summary>
    public sealed record SlotGone : BookingAnswer;

    public sealed record Declined : BookingAnswer;
    public sealed record InWriting(Channel Channel) : BookingAnswer;
    public sealed record Never : BookingAnswer;

    /// <summary>It can no longer be answered: it took place, ran out, or was answered before.</summary>
    public sealed record Closed(FollowUpState State) : BookingAnswer;
}

/// <summary>
/// The customer's answers, from a link, a reply or the portal: each one transaction in which the slot is claimed or given back together with the promise.
/// </summary>
public sealed class BookingDesk(FollowUpDesk followUps, SlotDesk slots, CustomerDesk customers, ConsentDesk consents, TimeProvider time)
{
    private static readonly Purpose[] Care = [Purpose.Service, Purpose.Survey, Purpose.Marketing];
    // "Don't call me" is meant for her complaints too; those are answered in writing.
    private static readonly Purpose[] Called = [.. Care, Purpose.Complaint];
    private static readonly Channel[] Calls = [Channel.Voice, Channel.Phone];

    /// <summary>That time, or the same time with another agent who fits. A booking that she had is moved; when the new time is gone she keeps the old one.</summary>
    public async Task<BookingAnswer> Book(Tx tx, string followUpId, string slotId, string by)
    {
        if (await Answerable(tx, followUpId) is not ({ } followUp, { } customer)) return await Closed(tx, followUpId);
        if (await slots.Find(tx, slotId) is not { } wanted) return new BookingAnswer.SlotGone();
        if (followUp.SlotId == wanted.Id) return new BookingAnswer.Booked(wanted);
        var need = BookingBoard.Need(followUp, customer, time.GetUtcNow());
        if (!await Permitted(tx, need, wanted)) return new BookingAnswer.SlotGone();

        await slots.Release(tx, followUp.Id);
        var claimed = await slots.Claim(tx, wanted.Id, followUp.Id) ? wanted : await slots.ClaimSameTime(tx, wanted, need, followUp.Id);
        if (claimed is null)
        {
            if (followUp.SlotId is { } before && !await slots.Claim(tx, before, followUp.Id)) throw new InvalidOperationException($"The slot {before} was lost while follow-up {followUp.Id} looked for another.");
            return new BookingAnswer.SlotGone();
        }
        // The state was read in this transaction, but on PostgreSQL another answer may have come in between; then all of this is undone.
        if (!await followUps.Promise(tx, followUp, claimed.Id, claimed.From, claimed.To, claimed.AgentId, by)) throw new InvalidOperationException($"Follow-up {followUp.Id} was answered twice at once.");
        return new BookingAnswer.Booked(claimed);
    }

    /// <summary>Not this time.</summary>
    public async Task<BookingAnswer> Decline(Tx tx, string followUpId, string by)
    {
        if (await Answerable(tx, followUpId) is not ({ } followUp, _) || !await followUps.Decline(tx, followUp, by)) return await Closed(tx, followUpId);
        await slots.Release(tx, followUp.Id);
        return new BookingAnswer.Declined();
    }

    /// <summary>No call: what we wanted to say is written to her on this channel, and the follow-up is over.</summary>
    public async Task<BookingAnswer> InWriting(Tx tx, string followUpId, Channel channel, string by)
    {
        if (await Answerable(tx, followUpId) is not ({ } followUp, _) || !await followUps.OtherChannel(tx, followUp, channel, by)) return await Closed(tx, followUpId);
        await slots.Release(tx, followUp.Id);
        return new BookingAnswer.InWriting(channel);
    }

    /// <summary>No follow-up calls any more: a withdrawal that ends every open one in the same transaction.</summary>
    public async Task<BookingAnswer> Never(Tx tx, string followUpId, string by, string how)
    {
        if (await followUps.Find(tx, followUpId) is not { } followUp) return new BookingAnswer.Closed(FollowUpState.Expired);
        await StopCalls(tx, followUp.CustomerId, by, how);
        return new BookingAnswer.Never();
    }

    /// <summary>Withdraws consent for follow-up calls and gives back what was promised.</summary>
    public async Task StopCalls(Tx tx, string customerId, string by, string how)
    {
        await CustomerLock.Take(tx, [customerId]);
        await consents.Withdraw(tx, customerId, Called.SelectMany(purpose => Calls.Select(channel => (purpose, channel))), by, how);
        foreach (var ended in await followUps.Withdraw(tx, customerId, followUp => followUp.Channel.IsCall() && Called.Contains(followUp.Purpose), by)) await slots.Release(tx, ended.Id);
    }

    /// <summary>Withdraws consent for letters: the one click of RFC 8058.</summary>
    public async Task<BookingAnswer> StopLetters(Tx tx, string followUpId)
    {
        if (await followUps.Find(tx, followUpId) is not { } followUp) return new BookingAnswer.Closed(FollowUpState.Expired);
        await CustomerLock.Take(tx, [followUp.CustomerId]);
        await consents.Withdraw(tx, followUp.CustomerId, Care.Select(purpose => (purpose, Channel.Email)), "customer", "link");
        return new BookingAnswer.Never();
    }

    private async Task<(FollowUp, Customer)?> Answerable(Tx tx, string followUpId)
    {
        if (await followUps.Find(tx, followUpId) is not { } found) return null;
        await CustomerLock.Take(tx, [found.CustomerId]);
        var followUp = await followUps.Find(tx, followUpId);
        return followUp is { State: FollowUpState.Arranged or FollowUpState.Invited or FollowUpState.Waiting or FollowUpState.Booked } && await customers.Find(tx, followUp.CustomerId) is { } customer ? (followUp, customer) : null;
    }

    private async Task<BookingAnswer> Closed(Tx tx, string followUpId) => new BookingAnswer.Closed((await followUps.Find(tx, followUpId))?.State ?? FollowUpState.Expired);

    // A slot's id in a form is only a wish: law, holidays and her own hours are asked again.
    private async Task<bool> Permitted(Tx tx, SlotNeed need, Slot wanted) =>
        (await slots.Offer(tx, need with { NotBefore = wanted.From.AddSeconds(-1), NotAfter = wanted.To }, 50)).Any(slot => slot.From == wanted.From);
}
