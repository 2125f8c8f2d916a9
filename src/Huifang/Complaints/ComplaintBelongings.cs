using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>A complaint belongs to its owner and to the customer who complained.</summary>
public sealed class ComplaintBelongings : IBelongings
{
    public string Of => Thing.Complaint;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) => await ComplaintTable.Find(tx, id) is { } complaint ? new(complaint.OwnerId, complaint.CustomerId) : null;
}
