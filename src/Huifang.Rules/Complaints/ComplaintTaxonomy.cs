using System.Collections.Frozen;
using System.Collections.Immutable;
using Huifang.Data;
using Huifang.Languages;

namespace Huifang.Complaints;

/// <summary>A class of complaints and its topics.</summary>
public sealed record ComplaintClass(string Key, Localized Name, ImmutableArray<(string Key, Localized Name)> Topics);

/// <summary>What complaints can be about: the wallet taxonomy in two levels, shipped as data.</summary>
public static class ComplaintTaxonomy
{
    public static readonly ImmutableArray<ComplaintClass> Classes = [.. new DataReader(ShippedData.Json(ShippedData.Names("complaints").Single(name => name.EndsWith(".taxonomy.json", StringComparison.Ordinal))), "$")
        .List("classes").Select(one => new ComplaintClass(one.Text("key"), one.Localized("name"), [.. one.List("topics").Select(topic => (topic.Text("key"), topic.Localized("name")))]))];

    private static readonly FrozenDictionary<string, ComplaintClass> ByKey = Classes.ToFrozenDictionary(one => one.Key, StringComparer.Ordinal);

    public static ComplaintClass? Find(string? key) => key is null ? null : ByKey.GetValueOrDefault(key);

    /// <summary>Whether these two name a class and one of its topics, or a class alone.</summary>
    public static bool Knows(string? category, string? topic) =>
        Find(category) is { } found && (string.IsNullOrEmpty(topic) || found.Topics.Any(one => one.Key == topic));

    /// <summary>The name in a language; the key itself for what is not in the taxonomy any more.</summary>
    public static string Name(string? category, string language) => category is null ? "—" : Find(category)?.Name.In(language) ?? category;

    public static string Topic(string? category, string? topic, string language) =>
        topic is null ? Name(category, language) : Find(category)?.Topics.FirstOrDefault(one => one.Key == topic) is { Key: not null } found ? found.Name.In(language) : topic;
}
