using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Contacts;

/// <summary>A decision of the guard belongs to the customer it was about; it is named by its own id or by its follow-up's.</summary>
public sealed class DecisionBelongings : IBelongings
{
    public string Of => Thing.Decision;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) =>
        (await ContactTable.Find(tx, id) ?? (await ContactTable.OfFollowUp(tx, id, 1)).FirstOrDefault()) is { } decision ? new(null, decision.CustomerId) : null;
}
