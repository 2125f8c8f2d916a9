using System.IO.Compression;
using System.Text.Json;
using Huifang.Insights;

namespace Huifang.Bench;

/// <summary>The sets that insight is measured on: HUIFANG_DATASETS names their folder (default <c>../shared/data</c>), HUIFANG_SPLIT the part that is judged (default <c>test</c>).</summary>
internal static class InsightSets
{
    internal static readonly string Data = Environment.GetEnvironmentVariable("HUIFANG_DATASETS") ?? "../shared/data";
    internal static readonly string Split = Environment.GetEnvironmentVariable("HUIFANG_SPLIT") ?? "test";

    /// <summary>The chance that one of those that are the case scores above one that is not.</summary>
    internal static double Auc(IEnumerable<(double Score, bool Same)> all)
    {
        var scored = all.OrderBy(pair => pair.Score).ToList();
        var (ranks, same) = (0.0, 0L);
        for (var i = 0; i < scored.Count;)
        {
            var to = i;
            while (to < scored.Count && scored[to].Score == scored[i].Score) to++;
            for (var k = i; k < to; k++) if (scored[k].Same) (ranks, same) = (ranks + (i + to + 1) / 2.0, same + 1);
            i = to;
        }
        return (ranks - same * (same + 1) / 2.0) / (same * (double)(scored.Count - same));
    }

    internal static List<LabelledText>? Load(string set, string split, string field, int perLabel = 0)
    {
        if (!File.Exists(PathOf(set, split))) return null;
        var (texts, taken) = (new List<LabelledText>(), new Dictionary<string, int>());
        foreach (var row in Rows(PathOf(set, split)))
        {
            if (row.GetProperty(field).GetString() is not { Length: > 0 } label) continue;
            var before = taken.GetValueOrDefault(label);
            if (perLabel > 0 && before >= perLabel) continue;
            taken[label] = before + 1;
            texts.Add(new(row.GetProperty("text").GetString()!, new Dictionary<string, string[]> { [field] = [label] }));
        }
        return texts;
    }

    internal static string PathOf(string set, string split) => Path.Combine(Data, set, $"{split}.jsonl.gz");

    internal static IEnumerable<JsonElement> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return JsonElement.Parse(line);
    }
}
