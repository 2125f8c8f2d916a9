using System.Runtime.InteropServices;

namespace Huifang.Insights;

/// <summary>
/// A place for every n-gram in a space of few dimensions, learned so that texts of one meaning point the same way: what stands for the same in other words lies together.
/// A text is the sum of its n-grams, weighed by rarity; two texts are as near as the cosine says.
/// Learned by stochastic descent on the log loss of that cosine, with n-grams left out by chance (AdaGrad).
/// </summary>
internal sealed class MeaningSpace
{
    internal const int Dimensions = 128;
    private const int Rounds = 8, SeenMin = 3;
    private const float LeftOut = 0.6f, Step = 0.4f;

    private static readonly GramShape Shape = new(2, 3, 4, 3, false, false);

    private readonly FeatureIndex _index;
    private readonly uint[] _hashes;
    private readonly byte[] _blocks;
    private readonly float[] _idf;
    private readonly sbyte[] _places;
    private readonly float[] _scales;

    private MeaningSpace(uint[] hashes, byte[] blocks, float[] idf, sbyte[] places, float[] scales)
    {
        (_hashes, _blocks, _idf, _places, _scales, _index) = (hashes, blocks, idf, places, scales, new FeatureIndex(hashes.Length));
        foreach (var hash in hashes) _index.Take(hash);
    }

    /// <param name="same">Whether texts 2 i and 2 i + 1 mean the same.</param>
    /// <param name="rows">Which pairs to learn from.</param>
    internal static MeaningSpace Learn(Corpus texts, IReadOnlyList<bool> same, int[] rows, CancellationToken stop)
    {
        var chance = new Chance(20260105);
        var places = new float[texts.Features * Dimensions];
        for (var i = 0; i < places.Length; i++) places[i] = ((chance.Next() >> 40) / (float)(1 << 24) * 2 - 1) * MathF.Sqrt(3f / Dimensions);
        var moved = new float[texts.Features];
        var (slope, offset, movedSlope, movedOffset) = (8f, -4f, 1f, 1f);
        var longest = Enumerable.Range(0, texts.Rows).Max(row => texts.Start[row + 1] - texts.Start[row]);
        var (one, other, order) = (new int[longest], new int[longest], rows.ToArray());
        Span<float> a = stackalloc float[Dimensions], b = stackalloc float[Dimensions], forA = stackalloc float[Dimensions], forB = stackalloc float[Dimensions];
        for (var round = 0; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            chance.Shuffle(order);
            var rate = Step * (1 - 0.9f * round / Rounds);
            foreach (var pair in order)
            {
                var (left, right) = (Keep(texts, 2 * pair, one, ref chance), Keep(texts, 2 * pair + 1, other, ref chance));
                if (left == 0 || right == 0) continue;
                Sum(one.AsSpan(0, left), a);
                Sum(other.AsSpan(0, right), b);
                var (lengthA, lengthB) = (MathF.Sqrt(Dot(a, a) + 1e-6f), MathF.Sqrt(Dot(b, b) + 1e-6f));
                var cosine = Dot(a, b) / (lengthA * lengthB);
                var error = 1 / (1 + MathF.Exp(-(slope * cosine + offset))) - (same[pair] ? 1 : 0);
                var asked = error * slope;
                movedSlope += error * error * cosine * cosine;
                movedOffset += error * error;
                slope -= 5 * rate * error * cosine / MathF.Sqrt(movedSlope);
                offset -= 5 * rate * error / MathF.Sqrt(movedOffset);
                for (var d = 0; d < Dimensions; d++)
                {
                    forA[d] = asked * (b[d] / (lengthA * lengthB) - cosine * a[d] / (lengthA * lengthA));
                    forB[d] = asked * (a[d] / (lengthA * lengthB) - cosine * b[d] / (lengthB * lengthB));
                }
                Move(one.AsSpan(0, left), forA, rate);
                Move(other.AsSpan(0, right), forB, rate);
            }
        }
        return Packed(texts, places);

        void Sum(ReadOnlySpan<int> kept, Span<float> into)
        {
            into.Clear();
            foreach (var i in kept) LinearSolver.Add(into, places.AsSpan(texts.Feature[i] * Dimensions, Dimensions), texts.Value[i]);
        }

        void Move(ReadOnlySpan<int> kept, ReadOnlySpan<float> against, float rate)
        {
            var size = Dot(against, against) / Dimensions;
            foreach (var i in kept)
            {
                var (feature, value) = (texts.Feature[i], texts.Value[i]);
                moved[feature] += size * value * value;
                LinearSolver.Add(places.AsSpan(feature * Dimensions, Dimensions), against, -rate * value / MathF.Sqrt(moved[feature] + 1e-4f));
            }
        }
    }

    /// <summary>The texts of pairs as rows, two for each pair.</summary>
    internal static Corpus Read(IReadOnlyList<(string A, string B, bool Same)> pairs, CancellationToken stop) => Corpus.Read([.. pairs.SelectMany(pair => (string[])[pair.A, pair.B])], Shape, SeenMin, stop);

    /// <summary>Where a text lies, of length one; all nought when nothing of it is known.</summary>
    internal float[] PlaceOf(string text)
    {
        var sink = new Counting(_index, []);
        Grams.Read(text, Shape, ref sink);
        var place = new float[Dimensions];
        // Each block weighs as much as the other, as in learning.
        Span<float> squares = stackalloc float[Grams.Blocks];
        foreach (var (feature, times) in sink.Times) squares[_blocks[feature]] += MathF.Pow(Corpus.Damped(times) * _idf[feature], 2);
        foreach (var (feature, times) in sink.Times)
        {
            var by = Corpus.Damped(times) * _idf[feature] / MathF.Sqrt(squares[_blocks[feature]]) * _scales[feature];
            var own = _places.AsSpan(feature * Dimensions, Dimensions);
            for (var d = 0; d < Dimensions; d++) place[d] += own[d] * by;
        }
        var length = MathF.Sqrt(Dot(place, place) + 1e-9f);
        for (var d = 0; d < Dimensions; d++) place[d] /= length;
        return place;
    }

    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => LinearSolver.Dot(a, b);

    private static int Keep(Corpus texts, int row, int[] kept, ref Chance chance)
    {
        var count = 0;
        for (var i = texts.Start[row]; i < texts.Start[row + 1]; i++) if ((chance.Next() & 0xFFFF) >= LeftOut * 65536) kept[count++] = i;
        return count;
    }

    private static MeaningSpace Packed(Corpus texts, float[] places)
    {
        var (packed, scales) = (new sbyte[places.Length], new float[texts.Features]);
        for (var f = 0; f < texts.Features; f++)
        {
            var own = places.AsSpan(f * Dimensions, Dimensions);
            foreach (var number in own) scales[f] = MathF.Max(scales[f], MathF.Abs(number) / 127);
            for (var d = 0; d < Dimensions; d++) packed[f * Dimensions + d] = (sbyte)MathF.Round(own[d] / MathF.Max(scales[f], 1e-9f));
        }
        return new(texts.Hashes, texts.Blocks, texts.Idf, packed, scales);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_hashes.Length);
        for (var f = 0; f < _hashes.Length; f++)
        {
            writer.Write(_hashes[f]);
            writer.Write(_blocks[f]);
            writer.Write(_idf[f]);
            writer.Write(_scales[f]);
            writer.Write(MemoryMarshal.AsBytes(_places.AsSpan(f * Dimensions, Dimensions)));
        }
    }

    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    internal static MeaningSpace Read(BinaryReader reader)
    {
        if (reader.ReadInt32() is not (>= 0 and < 10_000_000 and var count)) throw new InvalidDataException("The weights are damaged.");
        var (hashes, blocks, idf, scales, places) = (new uint[count], new byte[count], new float[count], new float[count], new sbyte[count * Dimensions]);
        for (var f = 0; f < count; f++)
        {
            (hashes[f], blocks[f], idf[f], scales[f]) = (reader.ReadUInt32(), reader.ReadByte(), reader.ReadSingle(), reader.ReadSingle());
            if (blocks[f] >= Grams.Blocks) throw new InvalidDataException("The weights are damaged.");
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(places.AsSpan(f * Dimensions, Dimensions)));
        }
        return new(hashes, blocks, idf, places, scales);
    }

    private readonly struct Counting(FeatureIndex index, Dictionary<int, int> times) : IGramSink
    {
        internal Dictionary<int, int> Times => times;

        public void Take(uint hash, int block)
        {
            if (index.Find(hash) is >= 0 and var feature) times[feature] = times.GetValueOrDefault(feature) + 1;
        }
    }
}
