using System.Diagnostics;
using Huifang.Insights;
using static Huifang.Bench.InsightSets;

namespace Huifang.Bench;

/// <summary>Fifteen of the 77 intents are kept from the model; then it is asked which texts are of them, and which of those belong together. Means of five choices of fifteen.</summary>
internal static class InsightUnknown
{
    private const int LeftOut = 15, Choices = 5;

    public static void Run(Report report)
    {
        if (Load("banking77", "train", "label") is not { } train || Load("banking77", Split, "label") is not { } test) return;
        string Of(LabelledText text) => text.Labels["label"][0];
        var intents = train.Select(Of).Distinct().Order(StringComparer.Ordinal).ToArray();
        var (found, sure, together, seconds) = (0.0, 0.0, 0.0, 0.0);
        for (var choice = 0; choice < Choices; choice++)
        {
            var shuffled = intents.ToArray();
            new Random(choice).Shuffle(shuffled);
            var left = shuffled[..LeftOut].ToHashSet();
            var model = TextClassifier.Train(train.Where(text => !left.Contains(Of(text))));
            var into = new double[model.Labels("label").Count];
            var watch = Stopwatch.StartNew();
            var answer = NewIssueFinder.Find([.. test.Select(text => text.Text)], model, "label");
            seconds += watch.Elapsed.TotalSeconds / Choices;
            found += Auc(test.Select((text, i) => (answer.Scores[i], left.Contains(Of(text))))) / Choices;
            sure += Auc(test.Select(text => { model.Probabilities(text.Text, "label", into); return (-into.Max(), left.Contains(Of(text))); })) / Choices;
            together += Alike([.. Enumerable.Range(0, test.Count).Where(i => left.Contains(Of(test[i]))).Select(i => (answer.ClusterOf[i], Of(test[i])))]) / Choices;
        }
        report.Add("insight.unknown.AUC", 100 * found, "%", "goal", 90, test.Count);
        report.Add("insight.unknown.AUC", 100 * found, "%", "how unsure the model is, alone", 100 * sure, test.Count);
        report.Add("insight.unknown.grouping-NMI", 100 * together, "%", "goal", 70, test.Count);
        report.Add("insight.unknown.time", seconds, "s", runs: test.Count);
    }

    /// <summary>Normalised mutual information of groups and labels, by the mean of their entropies.</summary>
    private static double Alike(List<(int Cluster, string Label)> all)
    {
        double n = all.Count;
        var (clusters, labels) = (all.CountBy(one => one.Cluster).ToDictionary(), all.CountBy(one => one.Label).ToDictionary());
        var mutual = all.CountBy(one => one).Sum(both => both.Value / n * Math.Log(both.Value * n / (clusters[both.Key.Cluster] * (double)labels[both.Key.Label])));
        double Entropy(IEnumerable<int> counts) => -counts.Sum(count => count / n * Math.Log(count / n));
        return 2 * mutual / (Entropy(clusters.Values) + Entropy(labels.Values));
    }
}
