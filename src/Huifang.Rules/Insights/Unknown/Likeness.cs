namespace Huifang.Insights;

/// <summary>How alike texts are: the cosine of their n-grams, weighed by rarity among these texts, the more so when a model takes them for the same mix of topics.</summary>
internal static class Likeness
{
    /// <summary>An n-gram that more than this part of the texts hold tells nothing apart.</summary>
    private const double CommonMax = 0.25;

    /// <param name="topics">For each text the roots of its topics' probabilities, so that a product of two is at most 1.</param>
    /// <param name="topicShare">By how much the same topics lift what the words share. Topics without words in common are no likeness.</param>
    internal static float[][] Of(Corpus corpus, IReadOnlyList<float[]> topics, float topicShare)
    {
        var count = corpus.Rows;
        var alike = new float[count][];
        for (var i = 0; i < count; i++) alike[i] = new float[count];
        var holders = new List<(int Row, float Value)>?[corpus.Features];
        for (var row = 0; row < count; row++)
        {
            var length = MathF.Sqrt(MathF.Max(corpus.Square[row], 1e-9f));
            for (var i = corpus.Start[row]; i < corpus.Start[row + 1]; i++) (holders[corpus.Feature[i]] ??= []).Add((row, corpus.Value[i] / length));
        }
        foreach (var same in holders)
        {
            if (same is null || same.Count < 2 || (same.Count > 20 && same.Count > count * CommonMax)) continue;
            for (var i = 0; i < same.Count; i++)
            {
                var (row, value) = same[i];
                var into = alike[row];
                // Rows rise within a list: only the half below the diagonal is summed here.
                for (var j = 0; j < i; j++) into[same[j].Row] += value * same[j].Value;
            }
        }
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var dot = 0f;
                for (var k = 0; k < topics[i].Length; k++) dot += topics[i][k] * topics[j][k];
                alike[j][i] = alike[i][j] *= 1 + topicShare * dot;
            }
            alike[i][i] = 1 + topicShare;
        }
        return alike;
    }
}
