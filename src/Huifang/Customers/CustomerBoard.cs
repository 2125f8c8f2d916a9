using Huifang.Consents;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Customers;

/// <summary>A customer at a glance: who she is as far as may be seen, what she allowed, what happened.</summary>
public sealed record CustomerView(Customer Customer, IReadOnlyList<Consent> Consents, IReadOnlyList<Suppression> Suppressions, IReadOnlyList<FollowUp> FollowUps, IReadOnlyList<FactRow> Timeline, (DateTimeOffset At, long Seq)? Next);

/// <summary>Looks up customers for staff. Whether she may look is weighed before, by <c>SightDesk</c>.</summary>
public sealed class CustomerBoard(CustomerDesk customers, ConsentDesk consents, FollowUpDesk followUps, Store store)
{
    public const int TimelinePage = 40;

    public Task<CustomerView?> Look(string customerId, (DateTimeOffset At, long Seq)? before, CancellationToken stop = default) => store.Read<CustomerView?>(async tx =>
    {
        if (await customers.Find(tx, customerId) is not { } customer) return null;
        var timeline = await JournalTable.Timeline(tx, customerId, before, TimelinePage + 1);
        return new CustomerView(customer, [.. (await consents.Of(tx, [customerId]))[customerId]], [.. (await consents.SuppressionsOf(tx, [customerId]))[customerId]], await followUps.OfCustomer(tx, customerId),
            [.. timeline.Take(TimelinePage)], timeline.Count > TimelinePage ? (timeline[TimelinePage - 1].At, timeline[TimelinePage - 1].Seq) : null);
    }, stop);

    /// <summary>By her id, her number or her address, exactly; there is no list of everybody.</summary>
    public Task<IReadOnlyList<string>> Find(string asked, CancellationToken stop = default) => store.Read<IReadOnlyList<string>>(async tx =>
    {
        asked = asked.Trim();
        if (asked.Length is 0 or > 254) return [];
        if (await customers.Find(tx, asked) is { } customer) return [customer.Id];
        if (asked.Contains('@', StringComparison.Ordinal)) return await customers.WhoHas(tx, PointKind.Email, asked);
        return Phones.PhoneRules.Find(asked, "CN") is { } phone ? await customers.WhoHas(tx, PointKind.Phone, phone.E164) : [];
    }, stop);
}
