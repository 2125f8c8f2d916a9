using Huifang.Accounts;
using Huifang.Calls;
using Huifang.Sight;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>A complaint belongs to its owner and to the customer who complained.</summary>
public sealed class ComplaintBelongings : IBelongings
{
    public string Of => Thing.Complaint;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) => await ComplaintTable.Find(tx, id) is { } complaint ? new(complaint.OwnerId, complaint.CustomerId) : null;
}

/// <summary>An open complaint is in its owner's hand until nothing is left to do.</summary>
public sealed class ComplaintInHand : IInHand
{
    private const string Open = "state in ('Received', 'Assessed', 'Investigating', 'Answered')";

    public async Task<InHand?> With(Tx tx, string staffId, string customerId) =>
        await tx.One<string>($"select id from complaints where owner_id = @staffId and customer_id = @customerId and {Open} order by received_at limit 1", new { staffId, customerId }) is { } id ? new(new("complaint", id), Level.V1) : null;

    public async Task<bool> Any(Tx tx, string staffId) => await tx.One<string>($"select id from complaints where owner_id = @staffId and {Open} limit 1", new { staffId }) is not null;
}
