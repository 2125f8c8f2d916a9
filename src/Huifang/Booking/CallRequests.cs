using System.Text.Json;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Booking;

/// <summary>A customer asks to be called and is given a real half hour of a real agent.</summary>
public sealed class CallRequests(JournalDesk journal, FollowUpDesk followUps, BookingDesk booking, SlotDesk slots, Ids ids)
{
    /// <summary>What she can name as the subject.</summary>
    public static readonly IReadOnlyList<string> Subjects = ["payment", "security", "complaint", "other"];

    private const int Worth = 800;
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(4);

    /// <summary>The free times that she can have.</summary>
    public Task<IReadOnlyList<Slot>> Offer(Tx tx, Customer customer, DateTimeOffset now, int most = BookingBoard.OffersMax) =>
        slots.Offer(tx, BookingBoard.Need(Draft(customer, "", 0, now), customer, now), most);

    /// <returns>The booking, or why not; nothing is left behind then.</returns>
    public async Task<BookingAnswer> Ask(Tx tx, Customer customer, string subject, string slotId, DateTimeOffset now)
    {
        await CustomerLock.Take(tx, [customer.Id]);
        if ((await followUps.OpenOf(tx, [customer.Id])).Any(open => open.RuleKey == "asked")) return new BookingAnswer.Closed(FollowUpState.Booked);
        if (!(await Offer(tx, customer, now, 500)).Any(slot => slot.Id == slotId)) return new BookingAnswer.SlotGone();
        var id = ids.New();
        await journal.Append(tx, new Fact(Fact.Care, id, "call.asked-for", customer.Id, now, "customer", JsonSerializer.Serialize(new { followUp = id, subject })));
        var cause = (await JournalTable.Find(tx, Fact.Care, id))!.Seq;
        await followUps.Arrange(tx, [Draft(customer, id, cause, now)], "customer");
        return await booking.Book(tx, id, slotId, "customer");
    }

    private static FollowUp Draft(Customer customer, string id, long cause, DateTimeOffset now) => new(
        id, customer.Id, "asked", 1, cause, Purpose.Service, Channel.Voice, "standard", Worth, FollowUpState.Arranged, now, now, now + Ahead, now + Ahead + TimeSpan.FromDays(1)) { Language = customer.Language, ByCustomer = true };
}
