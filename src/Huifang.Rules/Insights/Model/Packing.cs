namespace Huifang.Insights;

/// <summary>Makes a trained model small: bytes for weights, one scale for each n-gram, and the n-grams that say least left out until it fits.</summary>
internal static class Packing
{
    /// <param name="weights">Of feature f and column k at f × width + k; the last row is the bias.</param>
    /// <param name="hidden">Null when the model is a straight line.</param>
    internal static TextModel Pack(Corpus corpus, IReadOnlyList<Axis> axes, float[] weights, int width, int columns, HiddenLayer? hidden, int bytesMax)
    {
        var features = corpus.Features;
        var (most, lanes) = (new float[features], columns + (hidden?.Units ?? 0));
        for (var f = 0; f < features; f++)
            for (var k = 0; k < columns; k++) most[f] = MathF.Max(most[f], MathF.Abs(weights[f * width + k]));
        // A hash takes four bytes; block, idf, scale and how often it was met, six; a weight one.
        var room = (int)Math.Min(features, bytesMax / (10.0 + lanes));
        var kept = Enumerable.Range(0, features).Where(f => most[f] > 1e-6f).OrderByDescending(f => most[f] * corpus.Idf[f]).Take(room).Order().ToArray();
        // What is above nought stays so when it is multiplied: the units' weights are made as large as the columns', for both share a scale, and what they give smaller.
        var alike = hidden is null ? 1 : Size(weights) / MathF.Max(Size(hidden.In), 1e-9f);
        var (hashes, blocks, idf, scale, packed) = (new uint[kept.Length], new byte[kept.Length], new float[kept.Length], new float[kept.Length], new sbyte[(long)kept.Length * lanes]);
        var all = new float[lanes];
        for (var i = 0; i < kept.Length; i++)
        {
            var f = kept[i];
            (hashes[i], blocks[i], idf[i]) = (corpus.Hashes[f], corpus.Blocks[f], corpus.Idf[f]);
            weights.AsSpan(f * width, columns).CopyTo(all);
            for (var u = columns; u < lanes; u++) all[u] = hidden!.In[f * hidden.Units + u - columns] * alike;
            scale[i] = (float)(Half)(all.Max(MathF.Abs) / 127f);
            for (var k = 0; k < lanes; k++) packed[i * lanes + k] = (sbyte)Math.Clamp(MathF.Round(all[k] / MathF.Max(scale[i], 1e-8f)), -127, 127);
        }
        var (bias, units) = (weights.AsSpan(weights.Length - width, columns).ToArray(), new float[columns * (lanes - columns)]);
        if (hidden is not null)
        {
            var padded = hidden.Bias.Length;
            for (var u = 0; u < hidden.Units; u++) for (var k = 0; k < columns; k++) units[u * columns + k] = hidden.Out[u * padded + k] / alike;
            for (var k = 0; k < columns; k++) bias[k] += hidden.Bias[k];
        }
        var met = new Met(corpus.Rows, Array.ConvertAll(kept, f => Met.Packed(corpus.Texts[f])), room >= features);
        return new(corpus.Shape, axes, hashes, blocks, idf, scale, packed, bias, units, met);
    }

    /// <summary>The root of the mean square of what is not nought.</summary>
    private static float Size(float[] weights)
    {
        var (sum, count) = (0.0, 0);
        foreach (var weight in weights) if (weight != 0) (sum, count) = (sum + weight * weight, count + 1);
        return (float)Math.Sqrt(sum / Math.Max(1, count));
    }
}
