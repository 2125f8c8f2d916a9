using System.Text.Json;
using Huifang.Data;
using Huifang.Languages;

namespace Huifang.Insights;

/// <summary>A topic: "transfer.not_received" is the class "transfer" and, within it, "not_received".</summary>
public sealed record TopicClass(string Id, string Parent, Localized ParentName, Localized Name);

/// <summary>The two-level list of what customers write about. Data: an operator may bring his own.</summary>
public sealed class Taxonomy
{
    private static readonly Lazy<Taxonomy> OfTheHouse = new(() => Parse(ShippedData.Json(ShippedData.Names("insights").Single(name => name.EndsWith("taxonomy.json", StringComparison.Ordinal)))));

    private readonly Dictionary<string, TopicClass> _byId;
    private readonly Dictionary<string, Localized> _parents;

    private Taxonomy(string version, IReadOnlyList<TopicClass> classes)
    {
        (Version, Classes) = (version, classes);
        _byId = classes.ToDictionary(topic => topic.Id, StringComparer.Ordinal);
        _parents = classes.DistinctBy(topic => topic.Parent).ToDictionary(topic => topic.Parent, topic => topic.ParentName, StringComparer.Ordinal);
        Parents = [.. _parents.Keys];
    }

    /// <summary>The one that ships: 18 classes of a digital wallet.</summary>
    public static Taxonomy Shipped => OfTheHouse.Value;

    public string Version { get; }

    /// <summary>Every topic, in the order of the file.</summary>
    public IReadOnlyList<TopicClass> Classes { get; }

    /// <summary>Ids of the upper level, in the order of the file.</summary>
    public IReadOnlyList<string> Parents { get; }

    public TopicClass? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The name of a topic or of an upper class; an id that is not here is its own name, for labels outlive lists.</summary>
    public string NameOf(string id, string language) => Find(id)?.Name.In(language) ?? (_parents.TryGetValue(id, out var parent) ? parent.In(language) : id);

    /// <summary>The upper class of a topic's id.</summary>
    public static string ParentOf(string id) => id.IndexOf('.') is >= 0 and var dot ? id[..dot] : id;

    /// <exception cref="FormatException">Names the path of what is wrong.</exception>
    public static Taxonomy Parse(JsonElement json)
    {
        var file = new DataReader(json, "taxonomy");
        var classes = new List<TopicClass>();
        foreach (var parent in file.List("classes"))
        {
            var name = parent.Localized("name");
            foreach (var topic in parent.List("topics")) classes.Add(new($"{parent.Text("id")}.{topic.Text("id")}", parent.Text("id"), name, topic.Localized("name")));
        }
        if (classes.Count == 0) throw file.Wrong("has no topic");
        if (classes.GroupBy(topic => topic.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice) throw file.Wrong($"has {twice.Key} twice");
        return new(file.Text("version"), classes);
    }
}
