namespace Huifang.Insights;

/// <summary>Makes a trained model small: bytes for weights, one scale for each n-gram, and the n-grams that say least left out until it fits.</summary>
internal static class Packing
{
    internal static TextModel Pack(Corpus corpus, IReadOnlyList<Axis> axes, float[] weights, int width, int columns, int bytesMax)
    {
        var features = corpus.Features;
        var most = new float[features];
        for (var f = 0; f < features; f++)
            for (var k = 0; k < columns; k++) most[f] = MathF.Max(most[f], MathF.Abs(weights[f * width + k]));
        // A hash takes four bytes, block, idf and scale five, a weight one.
        var room = (int)Math.Min(features, bytesMax / (9.0 + columns));
        var kept = Enumerable.Range(0, features).Where(f => most[f] > 1e-6f).OrderByDescending(f => most[f] * corpus.Idf[f]).Take(room).Order().ToArray();
        var (hashes, blocks, idf, scale, packed) = (new uint[kept.Length], new byte[kept.Length], new float[kept.Length], new float[kept.Length], new sbyte[(long)kept.Length * columns]);
        for (var i = 0; i < kept.Length; i++)
        {
            var f = kept[i];
            (hashes[i], blocks[i], idf[i]) = (corpus.Hashes[f], corpus.Blocks[f], corpus.Idf[f]);
            scale[i] = (float)(Half)(most[f] / 127f);
            for (var k = 0; k < columns; k++) packed[i * columns + k] = (sbyte)Math.Clamp(MathF.Round(weights[f * width + k] / MathF.Max(scale[i], 1e-8f)), -127, 127);
        }
        var met = new Met(corpus.Rows, Array.ConvertAll(kept, f => Met.Packed(corpus.Texts[f])), room >= features);
        return new(corpus.Shape, axes, hashes, blocks, idf, scale, packed, weights.AsSpan(weights.Length - width, columns).ToArray(), met);
    }
}
