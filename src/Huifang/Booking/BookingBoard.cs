using Huifang.Accounts;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Booking;

/// <summary>What a customer sees of one follow-up: who will call, about what, when, and which other times there are.</summary>
/// <param name="Offers">Free slots that law and she permit, soonest first; the first is the one we suggest.</param>
public sealed record BookingView(FollowUp FollowUp, Customer Customer, IReadOnlyList<Slot> Offers, string? AgentName, DateTimeOffset Now)
{
    public TimeZoneInfo Zone { get; } = Customer.TimeZone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The slot that the invitation named, while it is free; else the first that leaves her some time.</summary>
    public Slot? Suggested { get; init; } = Offers.FirstOrDefault(slot => slot.From >= Now + Invitations.Ahead) ?? Offers.FirstOrDefault();

    /// <summary>The promised time that we let pass, when <see cref="IsBroken"/>.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Missed { get; init; }

    public bool IsAnswerable => FollowUp.State is FollowUpState.Arranged or FollowUpState.Invited or FollowUpState.Waiting or FollowUpState.Booked;

    /// <summary>We promised a time and did not keep it; she has not answered since.</summary>
    public bool IsBroken => FollowUp is { Reason: "promise-broken" or "promise-given-up", State: FollowUpState.Invited or FollowUpState.Waiting };

    /// <summary>We told her before its time that we cannot keep it.</summary>
    public bool IsGivenUp => FollowUp.Reason == "promise-given-up";
}

/// <summary>Looks up what booking pages show.</summary>
public sealed class BookingBoard(CustomerDesk customers, FollowUpDesk followUps, SlotDesk slots, AccountDesk accounts, TimeProvider time)
{
    /// <summary>As many times as a page can show without becoming a list to read.</summary>
    public const int OffersMax = 24;

    public async Task<BookingView?> Look(Tx tx, string followUpId, int most = OffersMax)
    {
        if (await followUps.Find(tx, followUpId) is not { } followUp || await customers.Find(tx, followUp.CustomerId) is not { } customer) return null;
        var view = new BookingView(followUp, customer, [], null, time.GetUtcNow());
        var offers = view.IsAnswerable && most > 0 ? await slots.Offer(tx, Need(followUp, customer, view.Now), most) : [];
        return view with { Offers = offers, AgentName = await NameOf(tx, followUp.AgentId ?? offers.FirstOrDefault()?.AgentId) };
    }

    /// <summary>Times for another talk about the same, while this one is still going on.</summary>
    public async Task<IReadOnlyList<Slot>> Again(Tx tx, FollowUp followUp, int most) =>
        await customers.Find(tx, followUp.CustomerId) is { } customer ? await slots.Offer(tx, Need(followUp, customer, time.GetUtcNow()), most) : [];

    public async Task<string?> NameOf(Tx tx, string? agentId) => agentId is null ? null : (await accounts.Find(tx, agentId))?.Name;

    /// <summary>What a slot for this follow-up must be like; the customer picks it herself, so caps don't count it.</summary>
    public static SlotNeed Need(FollowUp followUp, Customer customer, DateTimeOffset now, DateTimeOffset? notBefore = null) => new(
        new ContactWish(customer.Id, followUp.Purpose, followUp.Channel.IsCall() ? followUp.Channel : Channel.Voice)
        {
            Stage = ContactStage.Planned, FollowUpId = followUp.Id, BookedAt = now, NotAfter = followUp.ExpiresAt,
        },
        followUp.Language, followUp.Skill, notBefore ?? now, followUp.AnswerBy > now ? followUp.AnswerBy : followUp.ExpiresAt, customer.TimeZone);
}
