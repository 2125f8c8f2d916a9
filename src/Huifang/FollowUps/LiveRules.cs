using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>The rules in force, compiled.</summary>
public sealed class LiveRules
{
    private static readonly TriggerSet Shipped = new(TriggerShelf.Shipped);

    public ValueTask<TriggerSet> Of(Tx tx) => ValueTask.FromResult(Shipped);
}
