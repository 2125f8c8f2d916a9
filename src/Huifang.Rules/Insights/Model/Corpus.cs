namespace Huifang.Insights;

/// <summary>
/// Training texts as sparse rows: for each text its n-grams with tf–idf values (tf damped by a logarithm), each block scaled to length one.
/// N-grams seen in fewer than <c>seenMin</c> texts are left out.
/// </summary>
internal sealed class Corpus
{
    private Corpus(GramShape shape, FeatureIndex index, uint[] hashes, byte[] blocks, float[] idf, int[] texts, int[] start, int[] feature, float[] value, float[] square)
        => (Shape, Index, Hashes, Blocks, Idf, Texts, Start, Feature, Value, Square) = (shape, index, hashes, blocks, idf, texts, start, feature, value, square);

    internal GramShape Shape { get; }
    internal FeatureIndex Index { get; }
    internal uint[] Hashes { get; }
    internal byte[] Blocks { get; }
    internal float[] Idf { get; }

    /// <summary>In how many texts each feature stands.</summary>
    internal int[] Texts { get; }

    /// <summary>Row r is <see cref="Feature"/> and <see cref="Value"/> from Start[r] up to Start[r + 1].</summary>
    internal int[] Start { get; }
    internal int[] Feature { get; }
    internal float[] Value { get; }

    /// <summary>Squared length of each row.</summary>
    internal float[] Square { get; }

    internal int Rows => Start.Length - 1;
    internal int Features => Hashes.Length;

    internal static Corpus Read(IReadOnlyList<string> texts, GramShape shape, int seenMin, CancellationToken stop = default)
    {
        var seen = new FeatureIndex(1 << 16);
        var sink = new Counting(seen);
        var start = new int[texts.Count + 1];
        for (var row = 0; row < texts.Count; row++)
        {
            if ((row & 1023) == 0) stop.ThrowIfCancellationRequested();
            sink.Begin();
            Grams.Read(texts[row], shape, ref sink);
            sink.End();
            start[row + 1] = sink.Raw.Count;
        }
        return Weigh(shape, seen, sink, start, texts.Count < 2 ? 1 : seenMin);
    }

    /// <summary>The same rows with rarity counting less: idf to the power of <paramref name="power"/>, 0 to 1.</summary>
    internal Corpus Reweighed(float power)
    {
        if (power == 1) return this;
        var (idf, values, square) = (new float[Features], new float[Value.Length], new float[Rows]);
        for (var f = 0; f < Features; f++) idf[f] = Rounded(MathF.Pow(Idf[f], power));
        Span<float> lengths = stackalloc float[Grams.Blocks];
        for (var row = 0; row < Rows; row++)
        {
            lengths.Clear();
            for (var i = Start[row]; i < Start[row + 1]; i++)
            {
                var f = Feature[i];
                values[i] = Value[i] * idf[f] / Idf[f];
                lengths[Blocks[f]] += values[i] * values[i];
            }
            for (var i = Start[row]; i < Start[row + 1]; i++)
            {
                values[i] /= MathF.Sqrt(lengths[Blocks[Feature[i]]]);
                square[row] += values[i] * values[i];
            }
        }
        return new(Shape, Index, Hashes, Blocks, idf, Texts, Start, Feature, values, square);
    }

    /// <summary>Rows whose features and values somebody else has made.</summary>
    internal static Corpus Of(IReadOnlyList<List<(uint Hash, float Value)>> rows, int seenMin)
    {
        var seen = new Dictionary<uint, int>();
        foreach (var row in rows) foreach (var (hash, _) in row) seen[hash] = seen.GetValueOrDefault(hash) + 1;
        var index = new FeatureIndex(seen.Count);
        var (hashes, start, features, values, square) = (new List<uint>(), new int[rows.Count + 1], new List<int>(), new List<float>(), new float[rows.Count]);
        for (var r = 0; r < rows.Count; r++)
        {
            foreach (var (hash, value) in rows[r])
            {
                if (seen[hash] < seenMin || hash == 0) continue;
                var f = index.Take(hash);
                if (f == hashes.Count) hashes.Add(hash);
                features.Add(f);
                values.Add(value);
                square[r] += value * value;
            }
            start[r + 1] = features.Count;
        }
        return new(GramShape.Usual, index, [.. hashes], new byte[hashes.Count], new float[hashes.Count], new int[hashes.Count], start, [.. features], [.. values], square);
    }

    private static Corpus Weigh(GramShape shape, FeatureIndex seen, Counting sink, int[] rawStart, int seenMin)
    {
        // Features are numbered anew by how many texts hold them, the commonest first: their weights then lie together in the cache.
        var order = Enumerable.Range(0, seen.Count).Where(id => sink.Texts[id] >= seenMin).OrderByDescending(id => sink.Texts[id]).ToArray();
        var renumbered = new int[seen.Count];
        Array.Fill(renumbered, -1);
        var index = new FeatureIndex(order.Length);
        var (hashes, blocks, idf) = (new uint[order.Length], new byte[order.Length], new float[order.Length]);
        var rows = rawStart.Length - 1;
        for (var id = 0; id < order.Length; id++)
        {
            renumbered[order[id]] = index.Take(sink.Hashes[order[id]]);
            (hashes[id], blocks[id]) = (sink.Hashes[order[id]], sink.Block[order[id]]);
            idf[id] = Rounded(MathF.Log((1f + rows) / (1f + sink.Texts[order[id]])) + 1f);
        }
        var (start, features, values, square) = (new int[rows + 1], new List<int>(sink.Raw.Count), new List<float>(sink.Raw.Count), new float[rows]);
        Span<float> lengths = stackalloc float[Grams.Blocks];
        for (var row = 0; row < rows; row++)
        {
            lengths.Clear();
            for (var i = rawStart[row]; i < rawStart[row + 1]; i++)
            {
                var id = renumbered[sink.Raw[i]];
                if (id < 0) continue;
                var value = Damped(sink.Times[i]) * idf[id];
                lengths[blocks[id]] += value * value;
                features.Add(id);
                values.Add(value);
            }
            for (var i = start[row]; i < features.Count; i++)
            {
                var scaled = values[i] / MathF.Sqrt(lengths[blocks[features[i]]]);
                values[i] = scaled;
                square[row] += scaled * scaled;
            }
            start[row + 1] = features.Count;
        }
        return new(shape, index, hashes, blocks, idf, [.. order.Select(id => sink.Texts[id])], start, [.. features], [.. values], square);
    }

    /// <summary>The value in training is the one that the model file keeps.</summary>
    private static float Rounded(float idf) => (float)(Half)idf;

    internal static float Damped(int times) => times == 1 ? 1f : 1f + MathF.Log(times);

    /// <summary>Counts n-grams of one text after another.</summary>
    private struct Counting(FeatureIndex seen) : IGramSink
    {
        internal readonly List<uint> Hashes = [];
        internal readonly List<byte> Block = [];
        internal readonly List<int> Texts = [];
        internal readonly List<int> Raw = [];
        internal readonly List<int> Times = [];
        private readonly List<int> _here = [];
        private int _from = 0;

        internal void Begin() => _from = Raw.Count;

        public void Take(uint hash, int block)
        {
            var id = seen.Take(hash);
            if (id == Hashes.Count)
            {
                Hashes.Add(hash);
                Block.Add((byte)block);
                Texts.Add(0);
                _here.Add(-1);
            }
            if (_here[id] >= _from) { Times[_here[id]]++; return; }
            _here[id] = Raw.Count;
            Raw.Add(id);
            Times.Add(1);
        }

        internal void End()
        {
            for (var i = _from; i < Raw.Count; i++) Texts[Raw[i]]++;
        }
    }
}
