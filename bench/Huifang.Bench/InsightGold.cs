using Huifang.Feedback;
using Huifang.Insights;
using static Huifang.Bench.InsightSets;

namespace Huifang.Bench;

/// <summary>
/// What ships, on Chinese questions that it has nothing in common with: 600 of a wallet's credit line, labelled twice (<c>bench/gold/atec-gold.tsv</c> says how). The sentences are where HUIFANG_DATASETS says, the labels are here.
/// </summary>
internal static class InsightGold
{
    public static void Run(Report report)
    {
        var file = Path.Combine("bench", "gold", "atec-gold.tsv");
        if (!File.Exists(file) || !Directory.Exists(Path.Combine(InsightSets.Data, "atec_pairs"))) return;
        var sentences = Directory.GetFiles(Path.Combine(InsightSets.Data, "atec_pairs"), "*.jsonl.gz").SelectMany(Rows)
            .SelectMany(row => (string[])["a", "b"], (row, side) => (Id: $"{row.GetProperty("id").GetString()}:{side}", Text: row.GetProperty(side).GetString()!)).DistinctBy(row => row.Id).ToDictionary(row => row.Id, row => row.Text);
        var gold = File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t')).Where(parts => sentences.ContainsKey(parts[0])).ToList();
        if (gold.Count == 0) return;
        var alike = Agreements.Of([.. gold.Select(parts => (parts[1], parts[2]))]);
        report.Add("insight.gold.kappa", 100 * (alike.Kappa ?? 0), "%", runs: gold.Count);
        var model = UnderstandingTrainer.Train(ShippedSentences.All());
        var read = gold.Select(parts => (Topic: parts[3], Reading: model.Of(sentences[parts[0]]))).ToList();
        var (right, upper, answered) = (read.Count(one => one.Reading.Topics[0].Label == one.Topic), read.Count(one => Taxonomy.ParentOf(one.Reading.Topics[0].Label) == Taxonomy.ParentOf(one.Topic)), read.Where(one => !one.Reading.Abstained).ToList());
        void Share(string name, int part, int whole)
        {
            var (low, high) = Statistics.Wilson(part, whole);
            report.Add($"insight.gold.{name}", 100.0 * part / Math.Max(1, whole), "%", runs: whole);
            report.Add($"insight.gold.{name}.from", 100 * low, "%", runs: whole);
            report.Add($"insight.gold.{name}.to", 100 * high, "%", runs: whole);
        }
        Share("accuracy", right, read.Count);
        Share("accuracy-upper-level", upper, read.Count);
        Share("answered", answered.Count, read.Count);
        Share("accuracy-of-answered", answered.Count(one => one.Reading.Topics[0].Label == one.Topic), answered.Count);
    }
}
