using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>A message belongs to the customer it was written to.</summary>
public sealed class MessageBelongings : IBelongings
{
    public string Of => Thing.Message;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) => await MessageTable.Find(tx, id) is { } message ? new(null, message.CustomerId) : null;
}
