using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>A call belongs to the agent who took it.</summary>
public sealed class CallBelongings : IBelongings
{
    public string Of => Thing.Call;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) =>
        await CallTable.Find(tx, id) is { } call ? new(call.AgentId, call.CustomerId, call.FinishedAt is null ? call.Level : Level.V0) : null;
}

/// <summary>A recording belongs to its call's agent.</summary>
public sealed class RecordingBelongings : IBelongings
{
    public string Of => Thing.Recording;

    public async Task<Belonging?> Find(Tx tx, string id, string asking) =>
        await tx.One<string>("select call_id from recordings where id = @id", new { id }) is { } call && await CallTable.Find(tx, call) is { } of ? new(of.AgentId, of.CustomerId) : null;
}
