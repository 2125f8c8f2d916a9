using System.IO.Compression;
using System.Text;

namespace Huifang.Insights;

/// <summary>How a model lies in a file: a header, then, deflated, hashes in rising order as differences, and columns of small numbers, which pack well.</summary>
internal static class TextModelFile
{
    private const string Magic = "HFTEXT2\n", MagicOfOld = "HFTEXT1\n";

    internal static void Write(TextModel model, Stream stream)
    {
        stream.Write(Encoding.ASCII.GetBytes(Magic));
        using var packed = new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        using var writer = new BinaryWriter(packed, Encoding.UTF8);
        var shape = model.Shape;
        writer.Write([shape.WordMax, shape.CharMin, shape.CharMax, shape.HanMax, (byte)((shape.Skip ? 1 : 0) | (shape.Points ? 2 : 0))]);
        writer.Write(model.Met.Texts);
        writer.Write(model.Met.Whole);
        writer.Write(model.AllAxes.Count);
        foreach (var axis in model.AllAxes)
        {
            writer.Write(axis.Name);
            writer.Write((byte)axis.Kind);
            writer.Write(axis.Labels.Count);
            foreach (var label in axis.Labels) writer.Write(label);
            writer.Write(axis.Slope.Length);
            foreach (var number in axis.Slope) writer.Write(number);
            foreach (var number in axis.Offset) writer.Write(number);
        }
        writer.Write(model.Columns);
        foreach (var bias in model.Bias) writer.Write(bias);
        writer.Write(model.Units.Length);
        foreach (var unit in model.Units) writer.Write(unit);
        writer.Write(model.Hashes.Length);
        var order = Enumerable.Range(0, model.Hashes.Length).ToArray();
        Array.Sort(order, (a, b) => model.Hashes[a].CompareTo(model.Hashes[b]));
        uint last = 0;
        foreach (var f in order) { writer.Write7BitEncodedInt((int)(model.Hashes[f] - last)); last = model.Hashes[f]; }
        foreach (var f in order) writer.Write(model.Blocks[f]);
        if (model.Met.Texts > 0) foreach (var f in order) writer.Write(model.Met.Often[f]);
        foreach (var f in order) writer.Write((Half)model.Idf[f]);
        foreach (var f in order) writer.Write((Half)model.Scale[f]);
        for (var k = 0; k < model.Lanes; k++) foreach (var f in order) writer.Write(model.WeightsOf(f)[k]);
    }

    /// <exception cref="InvalidDataException">This is no such file, or it is cut off.</exception>
    internal static TextModel Read(Stream stream)
    {
        Span<byte> magic = stackalloc byte[Magic.Length];
        if (stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || Encoding.ASCII.GetString(magic) is not { } kind || kind is not (Magic or MagicOfOld)) throw new InvalidDataException("This is no model of ours.");
        using var packed = new BufferedStream(new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true), 1 << 16);
        using var reader = new BinaryReader(packed, Encoding.UTF8);
        try { return ReadBody(reader, kind == MagicOfOld); }
        catch (EndOfStreamException) { throw new InvalidDataException("The model is cut off."); }
        catch (ArgumentException) { throw new InvalidDataException("The model is damaged."); }
    }

    private static TextModel ReadBody(BinaryReader reader, bool old)
    {
        var shape = new GramShape(reader.ReadByte(), reader.ReadByte(), reader.ReadByte(), reader.ReadByte(), false, false);
        var flags = reader.ReadByte();
        shape = shape with { Skip = (flags & 1) != 0, Points = (flags & 2) != 0 };
        var (texts, whole) = old ? (0, false) : (Bounded(reader, int.MaxValue), reader.ReadBoolean());
        var axes = new List<Axis>();
        var column = 0;
        for (var count = Bounded(reader, 64); count > 0; count--)
        {
            var (name, kind) = (reader.ReadString(), (AxisKind)reader.ReadByte());
            var labels = new string[Bounded(reader, 100_000)];
            for (var i = 0; i < labels.Length; i++) labels[i] = reader.ReadString();
            var slopes = Bounded(reader, 100_000);
            axes.Add(new(name, kind, labels, column, Floats(reader, slopes), Floats(reader, slopes)));
            column += axes[^1].Columns;
        }
        var columns = Bounded(reader, 1_000_000);
        if (columns != column) throw new InvalidDataException("The model is damaged.");
        var bias = Floats(reader, columns);
        var units = old ? [] : Floats(reader, Bounded(reader, 100_000_000));
        var lanes = columns + units.Length / Math.Max(1, columns);
        var hashes = new uint[Bounded(reader, 50_000_000)];
        uint last = 0;
        for (var f = 0; f < hashes.Length; f++) hashes[f] = last += (uint)reader.Read7BitEncodedInt();
        var blocks = reader.ReadBytes(hashes.Length);
        var met = texts == 0 ? Met.Unknown : new Met(texts, reader.ReadBytes(hashes.Length), whole);
        var (idf, scale) = (Halves(reader, hashes.Length), Halves(reader, hashes.Length));
        var weights = new sbyte[(long)hashes.Length * lanes];
        var one = new byte[hashes.Length];
        for (var k = 0; k < lanes; k++)
        {
            reader.BaseStream.ReadExactly(one);
            for (var f = 0; f < one.Length; f++) weights[f * lanes + k] = (sbyte)one[f];
        }
        // The commonest n-grams first: their weights then lie together in the cache.
        var order = Enumerable.Range(0, hashes.Length).ToArray();
        Array.Sort((float[])idf.Clone(), order);
        var sorted = new sbyte[weights.LongLength];
        for (var f = 0; f < order.Length; f++) weights.AsSpan(order[f] * lanes, lanes).CopyTo(sorted.AsSpan(f * lanes));
        return new(shape, axes, Sorted(hashes, order), Sorted(blocks, order), Sorted(idf, order), Sorted(scale, order), sorted, bias, units, met.Sorted(order));
    }

    private static T[] Sorted<T>(T[] items, int[] order) => Array.ConvertAll(order, i => items[i]);

    private static int Bounded(BinaryReader reader, int most) => reader.ReadInt32() is >= 0 and var number && number <= most ? number : throw new InvalidDataException("The model is damaged.");

    private static float[] Floats(BinaryReader reader, int count)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++) numbers[i] = reader.ReadSingle();
        return numbers;
    }

    private static float[] Halves(BinaryReader reader, int count)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++) numbers[i] = (float)reader.ReadHalf();
        return numbers;
    }
}
