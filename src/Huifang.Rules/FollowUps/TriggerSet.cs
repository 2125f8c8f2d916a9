using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Huifang.FollowUps;

/// <summary>The live rules, indexed by the type of event: an event that no rule wants costs one look-up.</summary>
public sealed class TriggerSet
{
    private readonly FrozenDictionary<string, ImmutableArray<TriggerRule>> byType;

    public TriggerSet(IEnumerable<TriggerRule> rules)
    {
        Rules = [.. rules.OrderBy(rule => rule.Key, StringComparer.Ordinal)];
        byType = Rules.SelectMany(rule => rule.On.Select(type => (type, rule))).GroupBy(pair => pair.type, pair => pair.rule)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        Periodic = [.. Rules.Where(rule => rule.Every is not null)];
    }

    public ImmutableArray<TriggerRule> Rules { get; }

    /// <summary>Rules that no event wakes.</summary>
    public ImmutableArray<TriggerRule> Periodic { get; }

    public IEnumerable<string> Types => byType.Keys;

    public bool Wants(string type) => byType.ContainsKey(type);

    public ImmutableArray<TriggerRule> For(string type) => byType.GetValueOrDefault(type, []);

    /// <summary>How much of a customer's past the rules of this type need: null for none, <see cref="TimeSpan.MaxValue"/> for all of it.</summary>
    public TimeSpan? Reach(string type)
    {
        TimeSpan? reach = null;
        foreach (var rule in For(type))
        {
            if (rule.First) return TimeSpan.MaxValue;
            if (rule.Count is { } count && (reach is null || count.Within > reach)) reach = count.Within;
        }
        return reach;
    }
}
