using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>The rules in force, compiled once and kept until a version changes. Another node's change is seen within a second.</summary>
public sealed class LiveRules(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private volatile Kept? kept;

    public async ValueTask<TriggerSet> Of(Tx tx)
    {
        var now = time.GetTimestamp();
        if (kept is { } known && time.GetElapsedTime(known.ReadAt, now) < Fresh) return known.Rules;
        var stamp = await TriggerTable.Stamp(tx);
        if (kept is { } same && same.Stamp == stamp)
        {
            kept = same with { ReadAt = now };
            return same.Rules;
        }
        var rules = new TriggerSet(InForce(await TriggerTable.All(tx)).Select(version => version.Rule));
        kept = new(rules, stamp, now);
        return rules;
    }

    /// <summary>This node changed a version: the next asking reads again.</summary>
    internal void Forget() => kept = null;

    /// <summary>Live rows, and what ships and was never touched.</summary>
    internal static IEnumerable<TriggerVersion> InForce(IReadOnlyCollection<TriggerVersion> all)
    {
        var touched = all.Where(version => version.State != TriggerState.Draft).Select(version => version.Rule.Key).ToHashSet(StringComparer.Ordinal);
        return all.Where(version => version.State == TriggerState.Live).Concat(TriggerShelf.Shipped.Where(rule => !touched.Contains(rule.Key)).Select(TriggerVersion.Shipped));
    }

    private sealed record Kept(TriggerSet Rules, (long, long) Stamp, long ReadAt);
}
