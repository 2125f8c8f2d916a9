using System.Collections.Frozen;
using System.Collections.Immutable;
using Huifang.Data;
using Huifang.Languages;

namespace Huifang.FollowUps;

/// <summary>The rules that ship, and the names of the events that they speak of.</summary>
public static class TriggerShelf
{
    private static readonly Lazy<ImmutableArray<TriggerRule>> Rules = new(() =>
        [.. new DataReader(ShippedData.Json(ShippedData.Names("triggers").Single(name => name.EndsWith("rules.json", StringComparison.Ordinal))), "$").Items().Select(Rule)]);

    private static readonly Lazy<FrozenDictionary<string, Localized>> Events = new(() =>
        new DataReader(ShippedData.Json(ShippedData.Names("triggers").Single(name => name.EndsWith("events.json", StringComparison.Ordinal))), "$").Items()
            .ToFrozenDictionary(item => item.Text("type"), item => item.Localized("name"), StringComparer.Ordinal));

    /// <summary>The rules for a wallet that go live with an empty database.</summary>
    public static ImmutableArray<TriggerRule> Shipped => Rules.Value;

    /// <summary>Types of events that we have words for, in the order of the file's names.</summary>
    public static IEnumerable<string> KnownTypes => Events.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>An event type in words: 「提现失败」; the type itself when we have no words for it.</summary>
    public static string EventName(string type, string language) => Events.Value.TryGetValue(type, out var name) ? name.In(language) : type;

    private static TriggerRule Rule(DataReader item) => TriggerReader.Read(item.Element) switch
    {
        ({ } rule, _) => rule,
        (null, var problems) => throw item.Wrong($"is not a rule: {string.Join("; ", problems)}"),
    };
}
