using Huifang.Sight;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>A call that is not wrapped up yet is in its agent's hand.</summary>
public sealed class CallInHandOf : IInHand
{
    public async Task<InHand?> With(Tx tx, string staffId, string customerId) =>
        await CallTable.OpenOfAgent(tx, staffId) is { } call && call.CustomerId == customerId ? new(Because.Call(call.Id), call.Level) : null;

    public async Task<bool> Any(Tx tx, string staffId) => await CallTable.OpenOfAgent(tx, staffId) is not null;
}
