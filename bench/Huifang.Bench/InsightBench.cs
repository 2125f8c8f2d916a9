using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Huifang.Insights;
using static Huifang.Bench.InsightSets;

namespace Huifang.Bench;

/// <summary>
/// Quality and speed of everything that reads customers' words: <c>bin/bench insight</c>. HUIFANG_DATASETS names the folder of the sets (default <c>../shared/data</c>), HUIFANG_SPLIT the part that is judged
/// (default <c>test</c>; models learn from <c>train</c>). fastText and scikit-learn, where Debian's packages are here, learn from and are judged on the same texts in the same run.
/// </summary>
internal static class InsightBench
{
    /// <summary>Set, field, the accuracy that is wanted, and examples per label (0: all).</summary>
    private static readonly (string Set, string Field, double Goal, int PerLabel)[] Tasks =
    [
        ("banking77", "label", 91, 0),
        ("banking77_wallet_taxonomy", "label1", 97, 0),
        ("banking77_wallet_taxonomy", "label2", 92.5, 0),
        ("banking77", "label", 74, 10),
        ("cfpb_product5", "label", 75, 0),
        ("waimai_10k", "label", 90.5, 0),
        ("chnsenticorp_htl", "label", 90, 0),
        ("online_shopping_10_cats", "category", 91.5, 0),
        ("online_shopping_10_cats", "label", 94, 0),
        ("app_review_types", "label", 92, 0),
        ("bank_app_reviews_dated", "label", 89.5, 0),
        ("neobank_reviews", "label", 90.5, 0),
        ("multidogo_finance", "label", 94, 0),
    ];

    public static Task Run(Report report, BenchOptions options)
    {
        if (!Directory.Exists(InsightSets.Data)) { Console.WriteLine($"There are no sets in {InsightSets.Data}; HUIFANG_DATASETS names their folder."); return Task.CompletedTask; }
        using var scratch = new Scratch();
        var peers = new InsightPeers(scratch.Folder);
        foreach (var (set, field, goal, perLabel) in Tasks) Judge(report, peers, set, field, goal, perLabel);
        Trends(report);
        InsightUnknown.Run(report);
        InsightGold.Run(report);
        InsightExperiments.Run(report);
        foreach (var (set, goal) in (ReadOnlySpan<(string, double)>)[("atec_pairs", 83), ("bq_pairs", 85)]) Pairs(report, set, goal);
        return Task.CompletedTask;
    }

    private static void Judge(Report report, InsightPeers peers, string set, string field, double goal, int perLabel)
    {
        if (Load(set, "train", field, perLabel) is not { } train || Load(set, Split, field) is not { } test) { Console.WriteLine($"{set}: not here"); return; }
        var name = $"{set}.{field}{(perLabel > 0 ? $".{perLabel}-shot" : "")}";
        var watch = Stopwatch.StartNew();
        var model = TextClassifier.Train(train);
        var learned = watch.Elapsed.TotalSeconds;
        using var file = new MemoryStream();
        model.Write(file);
        file.Position = 0;
        // What is judged is what a file holds.
        model = TextClassifier.Read(file);
        var card = Scorecard.Of(model, test, field);
        var fast = perLabel > 0 ? null : peers.FastText(name, train, test, field);
        report.Add($"insight.{name}.accuracy", 100 * card.Accuracy, "%", "goal", goal, test.Count);
        if (fast is { } peer) report.Add($"insight.{name}.accuracy", 100 * card.Accuracy, "%", "fastText", peer.Accuracy, test.Count);
        if (peers.ScikitLearn(name, train, test, field) is { } svc)
        {
            report.Add($"insight.{name}.accuracy", 100 * card.Accuracy, "%", "TF-IDF + LinearSVC", svc.Accuracy, test.Count);
            report.Add($"insight.{name}.speed", Speed(model, test, field) / 1000, "k docs/s", "TF-IDF + LinearSVC", svc.PerSecond / 1000);
        }
        report.Add($"insight.{name}.speed", Speed(model, test, field) / 1000, "k docs/s", fast is null ? null : "fastText", fast?.PerSecond / 1000);
        report.Add($"insight.{name}.macro-F1", 100 * card.MacroF1, "%", runs: test.Count);
        report.Add($"insight.{name}.calibration", 100 * card.Ece, "% ECE", "goal at most", 5, test.Count);
        report.Add($"insight.{name}.size", file.Length / 1e6, "MB", "goal at most", 10);
        report.Add($"insight.{name}.training", learned / train.Count * 10_000, "s/10k docs", "goal at most", 10);
        foreach (var fraud in card.Labels.Where(label => label.Label == "security_fraud"))
        {
            report.Add($"insight.{name}.fraud-recall", 100 * fraud.Recall, "%", "goal", 95, fraud.Texts);
            report.Add($"insight.{name}.fraud-precision", 100 * fraud.Precision, "%", "goal", 70, fraud.Texts);
        }
    }

    private static double Speed(TextClassifier model, List<LabelledText> texts, string field)
    {
        var into = new double[model.Labels(field).Count];
        var best = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var (watch, done) = (Stopwatch.StartNew(), 0);
            while (watch.ElapsedMilliseconds < 150) foreach (var text in texts) { model.Probabilities(text.Text, field, into); done++; }
            best = Math.Min(best, watch.Elapsed.TotalSeconds / done);
        }
        return 1 / best;
    }

    /// <summary>The streams' protocol: an alarm for the topic between the first day of a burst and the day after its last is a hit, the fortnight after it is neutral, others are false once in seven days.</summary>
    private static void Trends(Report report)
    {
        var files = Directory.Exists(Path.Combine(InsightSets.Data, "burst_streams")) ? Directory.GetFiles(Path.Combine(InsightSets.Data, "burst_streams"), "stream_*.jsonl.gz").Order().ToArray() : [];
        if (files.Length == 0 || Load("banking77", "train", "label") is not { } train) return;
        var model = TextClassifier.Train(train);
        var labels = model.Labels("label");
        var into = new double[labels.Count];
        foreach (var predicted in (bool[])[false, true])
        {
            var (recall, precision, f1, delay, wrong) = (0.0, 0.0, 0.0, 0.0, 0.0);
            foreach (var file in files)
            {
                var (days, first) = (new Dictionary<string, double[]>(), new DateOnly(2026, 1, 5));
                foreach (var row in Rows(file))
                {
                    var day = DateOnly.Parse(row.GetProperty("date").GetString()!, CultureInfo.InvariantCulture).DayNumber - first.DayNumber;
                    if (!predicted) { Add(row.GetProperty("label").GetString()!, day, 1); continue; }
                    model.Probabilities(row.GetProperty("text").GetString(), "label", into);
                    for (var k = 0; k < into.Length; k++) if (into[k] > 0.001) Add(labels[k], day, into[k]);
                }
                void Add(string topic, int day, double weight) { if (!days.TryGetValue(topic, out var own)) days[topic] = own = new double[182]; own[day] += weight; }
                using var truth = JsonDocument.Parse(File.ReadAllText(file.Replace("stream_", "truth_", StringComparison.Ordinal).Replace(".jsonl.gz", ".json", StringComparison.Ordinal)));
                var bursts = truth.RootElement.EnumerateArray().Select(one => (Label: one.GetProperty("label").GetString()!, Start: DateOnly.Parse(one.GetProperty("start").GetString()!, CultureInfo.InvariantCulture).DayNumber - first.DayNumber, Days: one.GetProperty("days").GetInt32())).ToList();
                var (hits, falseOnes, last) = (new Dictionary<int, int>(), 0, new Dictionary<string, int>());
                foreach (var alarm in TrendAlarms.Find([.. days.Select(one => new TopicDays(one.Key, one.Value))], new(first)))
                {
                    var day = alarm.Day.DayNumber - first.DayNumber;
                    var met = Enumerable.Range(0, bursts.Count).Where(i => bursts[i].Label == alarm.Topic && day >= bursts[i].Start && day < bursts[i].Start + bursts[i].Days + 2).ToList();
                    foreach (var i in met) hits.TryAdd(i, day);
                    if (met.Count > 0 || bursts.Any(one => one.Label == alarm.Topic && day >= one.Start + one.Days && day < one.Start + one.Days + 14) || day - last.GetValueOrDefault(alarm.Topic, -99) <= 7) continue;
                    falseOnes++;
                    last[alarm.Topic] = day;
                }
                var (found, right) = ((double)hits.Count / bursts.Count, (double)hits.Count / Math.Max(1, hits.Count + falseOnes));
                (recall, precision, f1) = (recall + found / files.Length, precision + right / files.Length, f1 + 2 * found * right / Math.Max(1e-9, found + right) / files.Length);
                (delay, wrong) = (delay + hits.Average(hit => (double)hit.Value - bursts[hit.Key].Start) / files.Length, wrong + falseOnes / 20.0 / files.Length);
            }
            var name = $"insight.bursts.{(predicted ? "predicted" : "gold")}";
            report.Add($"{name}.F1", 100 * f1, "%", "Kleinberg (recorded)", predicted ? 85.0 : 89.3, files.Length);
            report.Add($"{name}.delay", delay, "days", "goal at most", 1.5, files.Length);
            report.Add($"{name}.false", wrong, "a week", "goal at most", 0.15, files.Length);
        }
    }

    private static void Pairs(Report report, string set, double goal)
    {
        List<(string A, string B, bool Same)>? Read(string split) => File.Exists(PathOf(set, split))
            ? [.. Rows(PathOf(set, split)).Select(row => (row.GetProperty("a").GetString()!, row.GetProperty("b").GetString()!, row.GetProperty("label").GetInt32() == 1))] : null;
        if (Read("train") is not { } train || Read(Split) is not { } test) return;
        var watch = Stopwatch.StartNew();
        var learned = SameMeaning.Learn(train);
        report.Add($"insight.{set}.training", watch.Elapsed.TotalSeconds, "s", runs: train.Count);
        report.Add($"insight.{set}.AUC.learned", 100 * Auc(test.Select(pair => (learned.Of(pair.A, pair.B), pair.Same))), "%", "goal", goal, test.Count);
        Recall(report, set, test, learned);
        report.Add($"insight.{set}.AUC.shipped", 100 * Auc(test.Select(pair => (SameMeaning.Shipped.Of(pair.A, pair.B), pair.Same))), "%", runs: test.Count);
    }

    /// <summary>How often the other question of a pair of one meaning is among the ten nearest of all questions of the part.</summary>
    private static void Recall(Report report, string set, List<(string A, string B, bool Same)> pairs, SameMeaning model)
    {
        List<string> texts = [.. pairs.SelectMany(pair => (string[])[pair.A, pair.B]).Distinct(StringComparer.Ordinal)];
        var place = texts.Select((text, i) => (text, i)).ToDictionary(one => one.text, one => one.i, StringComparer.Ordinal);
        var asked = pairs.Where(pair => pair.Same && pair.A != pair.B).ToList();
        double Found(SameMeaning by)
        {
            var index = new MeaningIndex(texts, by);
            return 100.0 * asked.Count(pair => index.Nearest(place[pair.A], 10).Any(one => one.Text == place[pair.B])) / asked.Count;
        }
        var learned = Found(model);
        report.Add($"insight.{set}.recall-at-10", learned, "%", "goal", 45, asked.Count);
        report.Add($"insight.{set}.recall-at-10", learned, "%", "without learning", Found(SameMeaning.Shipped), asked.Count);
    }
}
