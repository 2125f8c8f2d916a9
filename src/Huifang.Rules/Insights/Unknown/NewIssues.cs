namespace Huifang.Insights;

/// <summary>Texts that belong together, whether a topic names them or not.</summary>
/// <param name="Members">Indexes into the list that was given, the most typical first.</param>
/// <param name="Label">What they have in common, in their own words.</param>
/// <param name="Score">How new they are on average, 0 to 1.</param>
/// <param name="IsNew">True when no topic of the model names them.</param>
public sealed record IssueCluster(IReadOnlyList<int> Members, string Label, double Score, bool IsNew);

/// <summary>What is new in a heap of texts.</summary>
/// <param name="Scores">For each text 0 (a known topic) to 1 (nothing that the model was taught).</param>
/// <param name="ClusterOf">For each text the place of its cluster in <paramref name="Clusters"/>, or -1: it was so clearly of a known topic that it was not compared.</param>
/// <param name="Clusters">The new ones first, the larger before the smaller.</param>
public sealed record NewIssues(IReadOnlyList<double> Scores, IReadOnlyList<int> ClusterOf, IReadOnlyList<IssueCluster> Clusters);

/// <summary>
/// Finds what no topic names yet. A text is new when the model cannot decide on it (entropy of its topics), when its n-grams are commoner in this heap than among the texts that the model learned from,
/// and when the texts most like it are new as well; a single odd text is no issue. Then all are grouped by what they share.
/// </summary>
public static class NewIssueFinder
{
    /// <summary>So many texts, the newest-looking, are compared with each other: the square of their number has to fit in memory.</summary>
    public const int ComparedMax = 4000;

    /// <summary>A cluster of fewer is no issue.</summary>
    public const int MembersMin = 4;

    private const int Neighbours = 10;
    private const float TopicShare = 2, Own = 0.4f;
    private const double JoinFrom = 0.25, NewFrom = 0.5;

    /// <exception cref="ArgumentException">The model does not know this axis.</exception>
    public static NewIssues Find(IReadOnlyList<string> texts, TextClassifier model, string axis) => Find(texts, model.Model, model.Model.AllAxes.FirstOrDefault(one => one.Name == axis) ?? throw new ArgumentException("the model does not know this axis", nameof(axis)));

    /// <summary>By the topics of the house.</summary>
    public static NewIssues Find(IReadOnlyList<string> texts, Understanding model) => Find(texts, model.Model, model.Model.AllAxes.First(axis => axis.Name == Axes.Topic));

    private static NewIssues Find(IReadOnlyList<string> texts, TextModel model, Axis axis)
    {
        if (texts.Count == 0) return new([], [], []);
        var topics = Topics(texts, model, axis);
        // As the model read what it learned from, or its n-grams could not be found again.
        var (unsure, unusual) = (Standard([.. topics.Select(Entropy)]), Standard(Unusual(Corpus.Read(texts, model.Shape, 1), model)));
        var raw = unsure.Zip(unusual, (a, b) => a + b).ToArray();
        int[] compared = [.. Enumerable.Range(0, texts.Count)];
        if (texts.Count > ComparedMax) compared = [.. compared.OrderByDescending(i => raw[i]).Take(ComparedMax).Order()];
        var alike = Likeness.Of(Corpus.Read([.. compared.Select(i => texts[i])], GramShape.Plain, 1), [.. compared.Select(i => topics[i])], TopicShare);
        var scores = raw.Select(Squashed).ToArray();
        for (var place = 0; place < compared.Length; place++) scores[compared[place]] = Squashed(Own * raw[compared[place]] + (1 - Own) * OfNeighbours(place, alike, compared, raw));
        var central = alike.Select(row => row.Sum()).ToArray();
        var groups = Linkage.Groups(alike, JoinFrom);
        var clusters = Enumerable.Range(0, compared.Length).GroupBy(place => groups[place]).Select(group =>
        {
            var members = group.OrderByDescending(place => central[place]).Select(place => compared[place]).ToList();
            var score = members.Average(i => scores[i]);
            return new IssueCluster(members, "", score, members.Count >= MembersMin && score >= NewFrom);
        }).OrderByDescending(cluster => cluster.IsNew).ThenByDescending(cluster => cluster.Members.Count).ThenBy(cluster => cluster.Members.Min()).ToList();
        var clusterOf = new int[texts.Count];
        Array.Fill(clusterOf, -1);
        for (var k = 0; k < clusters.Count; k++) foreach (var i in clusters[k].Members) clusterOf[i] = k;
        var phrases = new Phrases(texts);
        return new(scores, clusterOf, [.. clusters.Select(cluster => cluster with { Label = phrases.Of(cluster.Members) })]);
    }

    /// <summary>The roots of the probabilities of a text's topics.</summary>
    private static float[][] Topics(IReadOnlyList<string> texts, TextModel model, Axis axis)
    {
        var (scores, probabilities) = (new float[model.Width], new double[axis.Labels.Count]);
        return [.. texts.Select(text =>
        {
            model.Score(text, scores);
            axis.Probabilities(scores, probabilities);
            return Array.ConvertAll(probabilities, p => MathF.Sqrt((float)p));
        })];
    }

    private static double Entropy(float[] roots)
    {
        var entropy = 0.0;
        foreach (var root in roots) if (root > 1e-6f) entropy -= root * root * Math.Log(root * root);
        return entropy;
    }

    /// <summary>How much commoner a text's n-grams are in this heap than they were in learning: the mean of the logarithm, each weighed by what it weighs in the text.</summary>
    private static double[] Unusual(Corpus corpus, TextModel model)
    {
        var here = new int[corpus.Features];
        foreach (var f in corpus.Feature) here[f]++;
        var more = new float[corpus.Features];
        for (var f = 0; f < more.Length; f++) if (model.MetPart(corpus.Hashes[f]) is { } part) more[f] = MathF.Log((here[f] + 1f) / (part * corpus.Rows + 1f));
        var unusual = new double[corpus.Rows];
        for (var row = 0; row < corpus.Rows; row++)
        {
            for (var i = corpus.Start[row]; i < corpus.Start[row + 1]; i++) unusual[row] += corpus.Value[i] * corpus.Value[i] * more[corpus.Feature[i]];
            unusual[row] /= Math.Max(1e-9, corpus.Square[row]);
        }
        return unusual;
    }

    private static double OfNeighbours(int place, float[][] alike, int[] compared, double[] raw)
    {
        Span<int> nearest = stackalloc int[Neighbours];
        var (count, row) = (0, alike[place]);
        for (var other = 0; other < row.Length; other++)
        {
            if (other == place || row[other] <= 0 || (count == Neighbours && row[other] <= row[nearest[count - 1]])) continue;
            var at = count < Neighbours ? count++ : count - 1;
            for (; at > 0 && row[nearest[at - 1]] < row[other]; at--) nearest[at] = nearest[at - 1];
            nearest[at] = other;
        }
        var (sum, weights) = (0.0, 0.0);
        foreach (var other in nearest[..count])
        {
            var weight = (double)row[other] * row[other];
            (sum, weights) = (sum + weight * raw[compared[other]], weights + weight);
        }
        return weights > 0 ? sum / weights : raw[compared[place]];
    }

    /// <summary>By how many standard deviations from the mean of the heap.</summary>
    private static double[] Standard(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return Array.ConvertAll(values, value => (value - mean) / Math.Max(deviation, 1e-6));
    }

    private static double Squashed(double score) => Axis.Sigmoid(score - 1);
}
