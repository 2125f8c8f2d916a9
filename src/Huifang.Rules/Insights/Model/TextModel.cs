using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Huifang.Insights;

/// <summary>
/// A linear model over hashed n-grams, small and quick: a weight is one byte, all columns of a feature lie side by side.
/// Immutable; any number of threads may read at once.
/// </summary>
internal sealed class TextModel
{
    private readonly FeatureIndex _index;
    private readonly byte[] _blocks;
    private readonly float[] _idf, _scale, _bias;
    private readonly sbyte[] _weights;
    private readonly int _width;
    private Scratch? _spare;

    /// <param name="weights">Of feature f and lane k at f × lanes + k; multiplied by the feature's scale. The lanes are the columns, then the hidden units.</param>
    /// <param name="units">What hidden unit u gives to column k at u × columns + k; empty when there are none.</param>
    internal TextModel(GramShape shape, IReadOnlyList<Axis> axes, uint[] hashes, byte[] blocks, float[] idf, float[] scale, sbyte[] weights, float[] bias, float[] units, Met met)
    {
        Met = met;
        (Shape, AllAxes, Hashes, _blocks, _idf, _scale) = (shape, axes, hashes, blocks, idf, scale);
        Columns = bias.Length;
        Units = units;
        Lanes = Columns + units.Length / Columns;
        _width = Lanes == 1 ? 1 : (Lanes + 7) / 8 * 8;
        _bias = new float[_width];
        bias.CopyTo(_bias, 0);
        _index = new FeatureIndex(hashes.Length);
        foreach (var hash in hashes) _index.Take(hash);
        if (_width == Lanes) _weights = weights;
        else
        {
            _weights = new sbyte[(long)hashes.Length * _width];
            for (var f = 0; f < hashes.Length; f++) weights.AsSpan(f * Lanes, Lanes).CopyTo(_weights.AsSpan(f * _width));
        }
    }

    /// <summary>How often the n-grams were met in learning.</summary>
    internal Met Met { get; }

    internal GramShape Shape { get; }
    internal IReadOnlyList<Axis> AllAxes { get; }
    internal uint[] Hashes { get; }
    internal int Columns { get; }

    /// <summary>Columns and hidden units.</summary>
    internal int Lanes { get; }

    /// <summary>What hidden unit u gives to column k at u × columns + k.</summary>
    internal float[] Units { get; }
    internal int Width => _width;
    internal ReadOnlySpan<byte> Blocks => _blocks;
    internal ReadOnlySpan<float> Idf => _idf;
    internal ReadOnlySpan<float> Scale => _scale;
    internal ReadOnlySpan<float> Bias => _bias.AsSpan(0, Columns);
    internal ReadOnlySpan<sbyte> WeightsOf(int feature) => _weights.AsSpan(feature * _width, Lanes);

    /// <summary>What the columns say of a text. The scores are unbounded; an axis makes probabilities of them.</summary>
    /// <param name="scores">At least <see cref="Width"/> long.</param>
    /// <returns>How many different known n-grams the text holds: 0 means that nothing was understood.</returns>
    internal int Score(ReadOnlySpan<char> text, Span<float> scores)
    {
        var scratch = Interlocked.Exchange(ref _spare, null) ?? new Scratch(Hashes.Length);
        var sink = new Counting(_index, scratch);
        Grams.Read(text, Shape, ref sink);
        var known = scratch.Known.AsSpan(0, sink.Count);
        Span<float> lengths = stackalloc float[Grams.Blocks];
        lengths.Clear();
        var values = scratch.Values.AsSpan(0, known.Length);
        for (var i = 0; i < known.Length; i++)
        {
            var f = known[i];
            var value = values[i] = Damped(scratch.Times[f]) * _idf[f];
            scratch.Times[f] = 0;
            lengths[_blocks[f]] += value * value;
        }
        for (var i = 0; i < lengths.Length; i++) lengths[i] = lengths[i] == 0 ? 0 : 1 / MathF.Sqrt(lengths[i]);
        _bias.CopyTo(scores);
        if (_width == 1)
        {
            var sum = scores[0];
            for (var i = 0; i < known.Length; i++) sum += values[i] * lengths[_blocks[known[i]]] * _scale[known[i]] * _weights[known[i]];
            scores[0] = sum;
        }
        else for (var i = 0; i < known.Length; i++) Add(scores, known[i], values[i] * lengths[_blocks[known[i]]] * _scale[known[i]]);
        for (var u = Columns; u < Lanes; u++)
        {
            if (scores[u] <= 0) continue;
            var gives = Units.AsSpan((u - Columns) * Columns, Columns);
            for (var k = 0; k < gives.Length; k++) scores[k] += scores[u] * gives[k];
        }
        _spare = scratch;
        return known.Length;
    }

    /// <summary>In what part of the texts that it learned from this n-gram stood, or null when that is not known: the n-gram may have been left out to make the file small.</summary>
    internal float? MetPart(uint hash)
    {
        if (Met.Texts == 0) return null;
        var feature = _index.Find(hash);
        if (feature >= 0) return Met.Part(feature);
        return Met.Whole ? 0 : null;
    }

    private void Add(Span<float> scores, int feature, float value)
    {
        ref var weight = ref MemoryMarshal.GetReference(_weights.AsSpan(feature * _width, _width));
        ref var score = ref MemoryMarshal.GetReference(scores);
        var by = Vector256.Create(value);
        for (nuint k = 0; k < (nuint)_width; k += 8)
        {
            var eight = Vector128.CreateScalarUnsafe(System.Runtime.CompilerServices.Unsafe.ReadUnaligned<ulong>(ref System.Runtime.CompilerServices.Unsafe.As<sbyte, byte>(ref System.Runtime.CompilerServices.Unsafe.Add(ref weight, k)))).AsSByte();
            var (low, high) = Vector128.Widen(Vector128.WidenLower(eight));
            var wide = Vector256.ConvertToSingle(Vector256.Create(low, high));
            Vector256.StoreUnsafe(Vector256.MultiplyAddEstimate(wide, by, Vector256.LoadUnsafe(ref score, k)), ref score, k);
        }
    }

    private static float Damped(int times) => times < Logs.Length ? Logs[times] : 1f + MathF.Log(times);

    private static readonly float[] Logs = [0, .. Enumerable.Range(1, 63).Select(Corpus.Damped)];

    private sealed class Scratch(int features)
    {
        internal readonly ushort[] Times = new ushort[features];
        internal int[] Known = new int[1024];
        internal float[] Values = new float[1024];
    }

    private struct Counting(FeatureIndex index, Scratch scratch) : IGramSink
    {
        internal int Count = 0;

        public void Take(uint hash, int block)
        {
            var f = index.Find(hash);
            if (f < 0) return;
            if (scratch.Times[f]++ != 0) return;
            if (Count == scratch.Known.Length)
            {
                Array.Resize(ref scratch.Known, Count * 2);
                Array.Resize(ref scratch.Values, Count * 2);
            }
            scratch.Known[Count++] = f;
        }
    }
}
