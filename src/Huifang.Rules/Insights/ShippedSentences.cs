using Huifang.Data;

namespace Huifang.Insights;

/// <summary>
/// What ships to begin with: sentences that we wrote for every topic in the three languages, and sentences from sets that may be passed on (NOTICE names them).
/// An operator's own labels are added to them and soon outweigh them.
/// </summary>
public static class ShippedSentences
{
    /// <summary>Lines of topic, sentiment, intent, severity, needs contact, text, with a tab between; "-" where nobody judged. '#' begins a remark.</summary>
    public static IReadOnlyList<LabelledText> All()
    {
        var sentences = new List<LabelledText>();
        foreach (var topic in Taxonomy.Shipped.Classes)
            foreach (var name in (string[])[topic.Name.ZhHans, topic.Name.ZhHant, topic.Name.En])
                sentences.Add(new(name, new Dictionary<string, string[]> { [Axes.Topic] = [topic.Id] }));
        foreach (var file in ShippedData.Names("insights").Where(name => name.EndsWith(".tsv", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(ShippedData.Open(file));
            for (var number = 1; reader.ReadLine() is { } line; number++)
                if (line.Length > 0 && line[0] != '#') sentences.Add(Parse(line, $"{file}:{number}"));
        }
        return sentences;
    }

    private static LabelledText Parse(string line, string where)
    {
        var parts = line.Split('\t');
        if (parts.Length != 6) throw new FormatException($"{where} has {parts.Length} columns, not 6.");
        var labels = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var i = 0; i < 5; i++) if (parts[i] != "-") labels[Axes.All[i]] = [parts[i]];
        return new(parts[5], labels);
    }
}
