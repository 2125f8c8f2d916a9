using System.Collections.Concurrent;
using System.Collections.Immutable;
using Huifang.Data;

namespace Huifang.Contacts;

/// <summary>All versions of all rule packs, and the combination that binds a customer. Old versions stay, so that an old decision can be explained.</summary>
public sealed class PackShelf(ImmutableArray<RulePack> packs)
{
    /// <summary>The jurisdiction tag of our own defaults, which always apply and only make things stricter.</summary>
    public const string House = "house";

    private static readonly Lazy<PackShelf> FromAssembly = new(() => new([.. ShippedData.Names("packs").Select(name => PackReader.Read(ShippedData.Json(name)))]));

    private readonly ConcurrentDictionary<(string, DateOnly), ContactPack?> combined = new();
    private readonly ImmutableDictionary<RuleRef, PackRule> rules = packs
        .SelectMany(pack => pack.Rules.Select(rule => KeyValuePair.Create(new RuleRef(pack.Id, pack.Version, rule.Id), rule))).ToImmutableDictionary();

    /// <summary>The packs that ship with the product.</summary>
    public static PackShelf Shipped => FromAssembly.Value;

    public ImmutableArray<RulePack> Packs => packs;

    /// <summary>
    /// The rules that bind on a date: the house's and those of every jurisdiction that may apply, the strictest of each.
    /// Null when no jurisdiction is named or one of them has no pack in force: then nobody may be contacted, because we do not know the law.
    /// </summary>
    public ContactPack? For(IReadOnlyList<string> jurisdictions, DateOnly on)
    {
        if (jurisdictions.Count == 0) return null;
        var key = jurisdictions.Count == 1 ? jurisdictions[0] : string.Join('+', jurisdictions);
        if (combined.TryGetValue((key, on), out var known)) return known;
        if (combined.Count > 10_000) combined.Clear();
        return combined.GetOrAdd((key, on), Combine(jurisdictions, on));
    }

    /// <summary>Our own defaults alone: what an unknown jurisdiction is explained with.</summary>
    public ContactPack HouseOnly(DateOnly on) =>
        combined.GetOrAdd((House, on), _ => new ContactPack([InForce(House, on) ?? throw new InvalidOperationException("The house pack is missing.")]))!;

    /// <summary>Every word that some pack says ends messages. A reply counts wherever she lives: a withdrawal is never lost to a border.</summary>
    public ImmutableArray<string> OptOutWords { get; } = [.. packs.SelectMany(pack => pack.Rules).Where(rule => rule.Kind == PackRuleKind.Keywords).SelectMany(rule => rule.Words).Distinct(StringComparer.OrdinalIgnoreCase)];

    public PackRule? Find(RuleRef rule) => rules.GetValueOrDefault(rule);

    public RulePack? InForce(string jurisdiction, DateOnly on) =>
        packs.Where(pack => pack.Covers(jurisdiction) && pack.IsInForce(on)).MaxBy(pack => pack.InForceFrom);

    private ContactPack? Combine(IReadOnlyList<string> jurisdictions, DateOnly on)
    {
        var found = new List<RulePack>();
        foreach (var jurisdiction in jurisdictions)
        {
            if (jurisdiction == House || InForce(jurisdiction, on) is not { } pack) return null;
            if (!found.Contains(pack)) found.Add(pack);
        }
        return InForce(House, on) is { } house ? new([.. found, house]) : null;
    }
}
