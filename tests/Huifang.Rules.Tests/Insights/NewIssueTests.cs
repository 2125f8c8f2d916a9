using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class NewIssueTests
{
    private static readonly List<(string Topic, string Text)> Unseen = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Insights", "fixtures", "banking77.tsv")).Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]))];

    [Fact]
    public void What_no_topic_names_is_told_from_what_is_known_and_lies_together()
    {
        var left = Unseen.GroupBy(one => one.Topic).OrderBy(group => group.Key, StringComparer.Ordinal).Where((_, place) => place % 5 == 0).Select(group => group.Key).ToHashSet();
        var model = UnderstandingTrainer.Train(ShippedSentences.All().Where(sentence => sentence.Labels.TryGetValue(Axes.Topic, out var topic) && !left.Contains(topic[0])).Select(sentence => sentence with { Labels = new Dictionary<string, string[]> { [Axes.Topic] = sentence.Labels[Axes.Topic] } }));
        var found = NewIssueFinder.Find([.. Unseen.Select(one => one.Text)], model);

        var (known, unknown) = (Enumerable.Range(0, Unseen.Count).Where(i => !left.Contains(Unseen[i].Topic)).ToList(), Enumerable.Range(0, Unseen.Count).Where(i => left.Contains(Unseen[i].Topic)).ToList());
        Assert.True(unknown.Count > 40, "too few to judge by");
        var area = unknown.Average(i => known.Average(j => found.Scores[i] > found.Scores[j] ? 1 : found.Scores[i] == found.Scores[j] ? 0.5 : 0));
        Assert.True(area > 0.8, $"area under the curve {area:0.000}");
        Assert.All(found.Scores, score => Assert.InRange(score, 0, 1));

        // Two of one new topic lie in one cluster far more often than two of different ones.
        var pairs = (from i in unknown from j in unknown where i < j select (Same: Unseen[i].Topic == Unseen[j].Topic, Together: found.ClusterOf[i] == found.ClusterOf[j])).ToList();
        var (alike, other) = (pairs.Where(pair => pair.Same).Average(pair => pair.Together ? 1 : 0), pairs.Where(pair => !pair.Same).Average(pair => pair.Together ? 1 : 0));
        Assert.True(alike > 0.15 && alike > 5 * other, $"together: {alike:0.000} of the same topic, {other:0.000} of others");
        Assert.Equal(Unseen.Count, found.Clusters.Sum(cluster => cluster.Members.Count));
        Assert.All(found.Clusters.Where(cluster => cluster.IsNew), cluster => Assert.True(cluster.Members.Count >= NewIssueFinder.MembersMin && cluster.Score >= 0.5 && cluster.Label.Length > 3));
    }

    [Fact]
    public void A_new_issue_among_known_ones_is_one_cluster_with_a_label_of_its_own_words()
    {
        var model = TextClassifier.Train(Taught());
        string[] news = ["the tree in the hall plays music at night", "why does the tree in the hall sing", "please switch off the tree in the hall", "the tree in the hall again, all night long", "music from the tree in the hall again"];
        string[] heap = [.. news, .. Taught().Select(text => text.Text)];
        var found = NewIssueFinder.Find(heap, model, "label");
        var cluster = found.Clusters[found.ClusterOf[0]];
        Assert.True(cluster.IsNew && cluster.Members.Count == news.Length && cluster.Members.All(i => i < news.Length), string.Join(',', cluster.Members));
        Assert.Contains("the hall", cluster.Label, StringComparison.Ordinal);
        Assert.DoesNotContain(found.Clusters, other => other != cluster && other.IsNew);
        Assert.Equal(found.Scores, NewIssueFinder.Find(heap, model, "label").Scores);
    }

    [Fact]
    public void Nothing_one_text_and_texts_without_words_are_no_trouble()
    {
        var model = TextClassifier.Train(Taught());
        Assert.Empty(NewIssueFinder.Find([], model, "label").Clusters);
        Assert.False(Assert.Single(NewIssueFinder.Find(["my card has not arrived"], model, "label").Clusters).IsNew);
        Assert.Equal(4, NewIssueFinder.Find(["", "😀😀", "\u200B", new string('好', 1_000_000)], model, "label").Scores.Count);
        Assert.Throws<ArgumentException>(() => NewIssueFinder.Find(["x"], model, "colour"));
    }

    [Fact]
    public void One_thing_in_other_words_is_one_group()
    {
        string[] texts = ["怎么修改绑定的手机号", "花呗怎么还款", "绑定的手机号怎么修改", "如何修改绑定的手机号码", "今天天气不错", "花呗怎么还款呢", "别的事情"];
        var groups = Groups.Paraphrases(texts, 0.35);
        Assert.Equal([0, 2, 3], groups[0].Members.Order());
        Assert.Equal([1, 5], groups[1].Members.Order());
        Assert.Equal(2, groups.Count);
    }

    [Fact]
    public void Chains_of_neighbours_join_as_the_plain_way_does()
    {
        var random = new Random(9);
        for (var round = 0; round < 20; round++)
        {
            var count = random.Next(2, 40);
            var points = Enumerable.Range(0, count).Select(_ => (random.NextDouble(), random.NextDouble())).ToList();
            var alike = points.Select(a => points.Select(b => (float)-Math.Sqrt(Math.Pow(a.Item1 - b.Item1, 2) + Math.Pow(a.Item2 - b.Item2, 2))).ToArray()).ToArray();
            var plain = Plain(alike, -0.3f);
            var found = Linkage.Groups([.. alike.Select(row => row.ToArray())], -0.3f);
            for (var i = 0; i < count; i++) for (var j = 0; j < count; j++) Assert.Equal(plain[i] == plain[j], found[i] == found[j]);
        }
    }

    [Fact]
    public void A_model_file_of_the_first_kind_is_still_read()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Insights", "fixtures", "first.model"));
        var model = TextClassifier.Read(file);
        Assert.Equal(["card", "rate", "withdrawal"], model.Labels("label"));
        var into = new double[3];
        model.Probabilities("where is my card", "label", into);
        Assert.Equal(into.Max(), into[0]);
        // What was usual then is not known; how sure the model is still is.
        Assert.Equal(2, NewIssueFinder.Find(["my card has not arrived", "the tree sings"], model, "label").Scores.Count);
    }

    private static List<LabelledText> Taught() =>
    [
        .. from i in Enumerable.Range(0, 40)
           from pair in new (string, string)[] { ("card", $"my card has not arrived, order {i}"), ("card", $"where is the new card number {i}"), ("rate", $"the exchange rate {i} is wrong"), ("rate", $"which rate do you use for {i} dollars"), ("pin", $"I forgot my pin {i} times"), ("pin", $"how can I change pin {i}") }
           select new LabelledText(pair.Item2, new Dictionary<string, string[]> { ["label"] = [pair.Item1] }),
    ];

    /// <summary>Average linkage as the definition says it.</summary>
    private static int[] Plain(float[][] alike, float from)
    {
        var groups = Enumerable.Range(0, alike.Length).Select(i => new List<int> { i }).ToList();
        while (groups.Count > 1)
        {
            var (a, b) = (from i in Enumerable.Range(0, groups.Count) from j in Enumerable.Range(i + 1, groups.Count - i - 1) select (i, j)).MaxBy(pair => Mean(groups[pair.i], groups[pair.j]));
            if (Mean(groups[a], groups[b]) < from) break;
            groups[a].AddRange(groups[b]);
            groups.RemoveAt(b);
        }
        var of = new int[alike.Length];
        for (var g = 0; g < groups.Count; g++) foreach (var i in groups[g]) of[i] = g;
        return of;
        double Mean(List<int> a, List<int> b) => a.Average(i => b.Average(j => (double)alike[i][j]));
    }
}
