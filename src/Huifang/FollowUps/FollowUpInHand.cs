using Huifang.Calls;
using Huifang.Sight;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>A follow-up that an agent has promised or taken is in her hand until it ends.</summary>
public sealed class FollowUpInHand : IInHand
{
    public async Task<InHand?> With(Tx tx, string staffId, string customerId) =>
        await tx.One<string>("select id from follow_ups where agent_id = @staffId and customer_id = @customerId and state in ('Booked', 'Calling') order by due_at limit 1", new { staffId, customerId }) is { } id ? new(new("follow-up", id), Level.V0) : null;

    public async Task<bool> Any(Tx tx, string staffId) =>
        await tx.One<long>("select count(*) from follow_ups where agent_id = @staffId and state in ('Booked', 'Calling')", new { staffId }) > 0;
}
