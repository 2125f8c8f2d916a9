using System.Numerics;
using System.Runtime.InteropServices;

namespace Huifang.Insights;

/// <summary>
/// L2-regularised squared-hinge machines, one for each column, solved together by dual coordinate descent
/// (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008). The weights of a feature for all columns lie side by side,
/// so that one visit of a text moves every column at vector speed.
/// </summary>
internal static class LinearSolver
{
    /// <param name="rows">Rows of the corpus to learn from.</param>
    /// <param name="says">For row r and column k at r × width + k: 1 holds, -1 does not, 0 was not judged.</param>
    /// <param name="width">Columns, padded to a multiple of the vector, or 1.</param>
    /// <param name="cost">The weight of an error; larger follows the examples closer.</param>
    /// <param name="positive">For each column how much more an example for it counts.</param>
    /// <returns>Weights of feature f and column k at f × width + k; the last row is the bias.</returns>
    internal static float[] Solve(Corpus corpus, int[] rows, sbyte[] says, int width, float cost, float[] positive, int rounds, CancellationToken stop = default)
    {
        var weights = new float[(corpus.Features + 1L) * width];
        var alpha = new float[(long)rows.Length * width];
        var order = (int[])Enumerable.Range(0, rows.Length).ToArray();
        var chance = new Chance(20260101);
        var quiet = new byte[rows.Length];
        Span<float> step = stackalloc float[width];
        for (var round = 0; round < rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            chance.Shuffle(order);
            var most = 0f;
            foreach (var at in order)
            {
                // A text that moved nothing twice in a row is looked at again only every fourth round.
                if (quiet[at] >= 2 && (round + at) % 4 != 0 && round < rounds - 1) continue;
                var row = rows[at];
                var moved = width == 1
                    ? VisitOne(corpus, row, says[row], weights, ref alpha[at], cost, positive[0])
                    : Visit(corpus, row, says.AsSpan(row * width, width), weights, alpha.AsSpan(at * width, width), cost, positive, step);
                quiet[at] = moved > 1e-3f ? (byte)0 : (byte)Math.Min(quiet[at] + 1, 9);
                most = Math.Max(most, moved);
            }
            if (most < 0.02f) break;
        }
        return weights;
    }

    private static float VisitOne(Corpus corpus, int row, sbyte says, float[] weights, ref float alpha, float cost, float positive)
    {
        if (says == 0) return 0;
        var (from, to) = (corpus.Start[row], corpus.Start[row + 1]);
        var margin = weights[^1];
        for (var i = from; i < to; i++) margin += weights[corpus.Feature[i]] * corpus.Value[i];
        var diagonal = 0.5f / (says > 0 ? cost * positive : cost);
        var slope = says * margin - 1 + alpha * diagonal;
        var next = MathF.Max(alpha - slope / (corpus.Square[row] + 1 + diagonal), 0);
        var step = (next - alpha) * says;
        if (step == 0) return 0;
        alpha = next;
        for (var i = from; i < to; i++) weights[corpus.Feature[i]] += step * corpus.Value[i];
        weights[^1] += step;
        return MathF.Abs(step);
    }

    private static float Visit(Corpus corpus, int row, ReadOnlySpan<sbyte> says, float[] weights, Span<float> alpha, float cost, float[] positive, Span<float> step)
    {
        var width = step.Length;
        var (from, to) = (corpus.Start[row], corpus.Start[row + 1]);
        weights.AsSpan(weights.Length - width).CopyTo(step);
        for (var i = from; i < to; i++) Add(step, weights.AsSpan(corpus.Feature[i] * width, width), corpus.Value[i]);
        var (most, square) = (0f, corpus.Square[row] + 1);
        for (var k = 0; k < width; k++)
        {
            float y = says[k];
            if (y == 0) { step[k] = 0; continue; }
            var diagonal = 0.5f / (y > 0 ? cost * positive[k] : cost);
            var slope = y * step[k] - 1 + alpha[k] * diagonal;
            var next = MathF.Max(alpha[k] - slope / (square + diagonal), 0);
            step[k] = (next - alpha[k]) * y;
            alpha[k] = next;
            most = MathF.Max(most, MathF.Abs(step[k]));
        }
        if (most == 0) return 0;
        for (var i = from; i < to; i++) Add(weights.AsSpan(corpus.Feature[i] * width, width), step, corpus.Value[i]);
        Add(weights.AsSpan(weights.Length - width), step, 1);
        return most;
    }

    /// <summary>to += from × times.</summary>
    internal static void Add(Span<float> to, ReadOnlySpan<float> from, float times)
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(to);
        var b = MemoryMarshal.Cast<float, Vector<float>>(from);
        var by = new Vector<float>(times);
        for (var i = 0; i < a.Length; i++) a[i] = Vector.FusedMultiplyAdd(b[i], by, a[i]);
    }

    /// <summary>Both of the same length, a multiple of the vector.</summary>
    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < x.Length; i++) sum = Vector.FusedMultiplyAdd(x[i], y[i], sum);
        return Vector.Sum(sum);
    }

    /// <summary>What the weights say of a row, added to <paramref name="scores"/>.</summary>
    internal static void Score(Corpus corpus, int row, float[] weights, Span<float> scores)
    {
        var width = scores.Length;
        weights.AsSpan(weights.Length - width).CopyTo(scores);
        for (var i = corpus.Start[row]; i < corpus.Start[row + 1]; i++)
        {
            if (width == 1) scores[0] += weights[corpus.Feature[i]] * corpus.Value[i];
            else Add(scores, weights.AsSpan(corpus.Feature[i] * width, width), corpus.Value[i]);
        }
    }
}

/// <summary>A stream of numbers from a seed (SplitMix64): training gives the same model from the same texts.</summary>
internal struct Chance(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal int Below(int end) => (int)(Next() % (ulong)end);

    internal void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
