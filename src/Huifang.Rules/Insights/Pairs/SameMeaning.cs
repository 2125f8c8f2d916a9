using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Huifang.Insights;

/// <summary>
/// Says how probable it is that two texts ask the same: a linear model over how much they share, weighed by how telling it is, and over what the one has and the other has not.
/// Learned from an operator's own pairs; what ships knows only how much they share. Immutable; any number of threads may read.
/// </summary>
public sealed class SameMeaning
{
    private const string Magic = "HFPAIR2\n";
    private static readonly float[] Shares = [0, 0.1f, 0.2f, 0.35f, 0.5f, 0.65f];

    private readonly Dictionary<uint, float> _weights, _idf;
    private readonly float _bias, _slope, _offset, _near;
    private readonly MeaningSpace? _space;

    /// <param name="numbers">The line, its calibration, and what a cosine of 1 in the space is worth.</param>
    private SameMeaning(Dictionary<uint, float> weights, Dictionary<uint, float> idf, MeaningSpace? space, (float Bias, float Slope, float Offset, float Near) numbers)
    {
        (_weights, _idf, _space) = (weights, idf, space);
        (_bias, _slope, _offset, _near) = numbers;
    }

    /// <summary>Set by hand, from nobody's data.</summary>
    public static SameMeaning Shipped { get; } = new(new() { [PairFeatures.Cosine] = 2f, [PairFeatures.Shared] = 1.5f, [PairFeatures.InOrder] = 1.5f, [PairFeatures.Within] = 1f }, [], null, (-3.2f, 2f, 0f, 0f));

    /// <returns>0 to 1.</returns>
    public double Of(string a, string b)
    {
        var score = _bias;
        foreach (var (hash, value) in PairFeatures.Read(a, b, _idf)) if (_weights.TryGetValue(hash, out var weight)) score += weight * value;
        if (_space is not null) score += _near * LinearSolver.Dot(_space.PlaceOf(a), _space.PlaceOf(b));
        return Axis.Sigmoid(score * _slope + _offset);
    }

    /// <summary>Where a text lies among others of its meaning; empty when no pairs were learned from.</summary>
    internal float[] PlaceOf(string text) => _space?.PlaceOf(text) ?? [];

    /// <summary>Learns from pairs of which somebody said whether they mean the same. The same pairs give the same model.</summary>
    /// <exception cref="ArgumentException">There are not both kinds of pairs.</exception>
    public static SameMeaning Learn(IReadOnlyList<(string A, string B, bool Same)> pairs, CancellationToken stop = default, float cost = 0.05f)
    {
        if (pairs.All(pair => pair.Same) || !pairs.Any(pair => pair.Same)) throw new ArgumentException("pairs that mean the same and pairs that do not are needed", nameof(pairs));
        var order = Enumerable.Range(0, pairs.Count).ToArray();
        new Chance(20260103).Shuffle(order);
        var idf = PairFeatures.Idf([.. pairs.SelectMany(pair => (string[])[pair.A, pair.B]).Distinct()]);
        var rows = order.Select(i => PairFeatures.Read(pairs[i].A, pairs[i].B, idf)).ToList();
        stop.ThrowIfCancellationRequested();
        var corpus = Corpus.Of(rows, seenMin: 2);
        var says = order.Select(i => (sbyte)(pairs[i].Same ? 1 : -1)).ToArray();
        List<(string A, string B, bool Same)> shuffled = [.. order.Select(i => pairs[i])];
        var (texts, same) = (MeaningSpace.Read(shuffled, stop), shuffled.ConvertAll(pair => pair.Same));
        var (left, near) = (new float[says.Length], new float[says.Length]);
        for (var fold = 0; fold < 3; fold++)
        {
            int[] others = [.. Enumerable.Range(0, says.Length).Where(i => i % 3 != fold)];
            var learned = LinearSolver.Solve(corpus, others, says, 1, cost, [1f], 15, stop);
            var apart = MeaningSpace.Learn(texts, same, others, stop);
            for (var row = fold; row < says.Length; row += 3)
            {
                LinearSolver.Score(corpus, row, learned, left.AsSpan(row, 1));
                near[row] = LinearSolver.Dot(apart.PlaceOf(shuffled[row].A), apart.PlaceOf(shuffled[row].B));
            }
        }
        // How much the space counts: what ranks best the pairs that were left out.
        var even = Deviation(left) / MathF.Max(Deviation(near), 1e-6f);
        var worth = Shares.Select(share => share / (1 - share) * even).MaxBy(worth => Ranked(left.Zip(near, (line, cosine) => line + worth * cosine), same));
        for (var row = 0; row < left.Length; row++) left[row] += worth * near[row];
        var pair = Calibration.Fit(new Axis("same", AxisKind.One, ["no", "yes"], 0, [1], [0]), says, left, 1);
        int[] all = [.. Enumerable.Range(0, says.Length)];
        var weights = LinearSolver.Solve(corpus, all, says, 1, cost, [1f], 20, stop);
        var kept = new Dictionary<uint, float>(corpus.Features);
        for (var f = 0; f < corpus.Features; f++) if (MathF.Abs(weights[f]) > 1e-4f) kept[corpus.Hashes[f]] = weights[f];
        return new(kept, idf, MeaningSpace.Learn(texts, same, all, stop), (weights[^1], pair.Slope[0], pair.Offset[0], worth));
    }

    private static float Deviation(float[] values)
    {
        var mean = values.Average();
        return MathF.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>The chance that a pair of one meaning stands above one of two.</summary>
    private static double Ranked(IEnumerable<float> scores, List<bool> same)
    {
        var (ranks, count, place) = (0.0, 0L, 0);
        foreach (var (_, isSame) in scores.Zip(same).OrderBy(pair => pair.First))
        {
            place++;
            if (isSame) (ranks, count) = (ranks + place, count + 1);
        }
        return (ranks - count * (count + 1) / 2.0) / Math.Max(1.0, count * (double)(same.Count - count));
    }

    public void Write(Stream stream)
    {
        stream.Write(Encoding.ASCII.GetBytes(Magic));
        using var packed = new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        using var writer = new BinaryWriter(packed);
        foreach (var number in (float[])[_bias, _slope, _offset, _near]) writer.Write(number);
        foreach (var table in (Dictionary<uint, float>[])[_weights, _idf])
        {
            writer.Write(table.Count);
            foreach (var (hash, number) in table.OrderBy(pair => pair.Key)) { writer.Write(hash); writer.Write(number); }
        }
        writer.Write(_space is not null);
        _space?.Write(writer);
    }

    /// <exception cref="InvalidDataException">These are no such weights, or they are cut off.</exception>
    public static SameMeaning Read(Stream stream)
    {
        Span<byte> magic = stackalloc byte[Magic.Length];
        if (stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual(Encoding.ASCII.GetBytes(Magic))) throw new InvalidDataException("These are no weights for pairs.");
        using var reader = new BinaryReader(new BufferedStream(new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true)));
        try
        {
            var numbers = (reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
            var (weights, idf) = (Table(reader), Table(reader));
            return new(weights, idf, reader.ReadBoolean() ? MeaningSpace.Read(reader) : null, numbers);
        }
        catch (EndOfStreamException) { throw new InvalidDataException("The weights are cut off."); }
    }

    private static Dictionary<uint, float> Table(BinaryReader reader)
    {
        if (reader.ReadInt32() is not (>= 0 and < 50_000_000 and var count)) throw new InvalidDataException("The weights are damaged.");
        var table = new Dictionary<uint, float>(Math.Min(count, 1 << 20));
        for (var i = 0; i < count; i++) { var hash = reader.ReadUInt32(); CollectionsMarshal.GetValueRefOrAddDefault(table, hash, out _) = reader.ReadSingle(); }
        return table;
    }
}
