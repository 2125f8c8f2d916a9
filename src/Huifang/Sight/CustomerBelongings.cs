using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Sight;

/// <summary>A customer belongs to whoever has something in hand with her now; to nobody else, whatever her role.</summary>
public sealed class CustomerBelongings(SightDesk sight) : IBelongings
{
    public string Of => Thing.Customer;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) => await sight.Reason(tx, asking, id) is { } hand ? new(asking, id, hand.Level) : null;
}
