namespace Huifang.Planning;

/// <summary>Tries for which about the same chance was said, and how many of them were answered.</summary>
/// <param name="Said">Mean chance that was said, 0 to 1.</param>
/// <param name="Low">Lower end of the 95 % interval of the share that answered (Wilson, 1927).</param>
public sealed record AnswerBin(double Said, double Answered, double Low, double High, int Tries);

/// <summary>Whether the chances that are said come true: learned from the earlier tries, asked about the later ones.</summary>
/// <param name="Error">Expected calibration error: mean distance between said and answered, weighted by tries.</param>
/// <param name="Brier">Mean squared error of the chances; smaller is better.</param>
/// <param name="BrierOfOne">The same when one figure is said for everybody at any time.</param>
public sealed record AnswerTest(IReadOnlyList<AnswerBin> Bins, int Learned, int Asked, double Error, double Brier, double BrierOfOne)
{
    /// <summary>Learns from the first four fifths in the order of time and asks about the rest; null when there are too few tries to say anything.</summary>
    public static AnswerTest? Of(IEnumerable<CallTry> tries, int least = 100)
    {
        var ordered = tries.OrderBy(one => one.At).ToList();
        if (ordered.Count < least) return null;
        var cut = ordered.Count * 4 / 5;
        var known = ordered[..cut];
        var model = AnswerModel.Learn(known);
        var own = known.ToLookup(one => one.CustomerId, StringComparer.Ordinal);
        var base1 = (double)known.Count(one => one.Answered) / cut;
        var said = ordered[cut..].Select(one => (Chance: model.Of(one.Channel, [.. own[one.CustomerId]])[one.Time.Index], one.Answered)).OrderBy(one => one.Chance).ToList();
        // Bins of the same number of tries, so that each point weighs the same; few tries make few bins.
        var bins = said.Chunk((said.Count - 1) / Math.Clamp(said.Count / 50, 3, 10) + 1).Select(bin => Bin([.. bin])).ToList();
        return new(bins, cut, said.Count, bins.Sum(bin => bin.Tries * Math.Abs(bin.Said - bin.Answered)) / said.Count,
            said.Average(one => Math.Pow(one.Chance - (one.Answered ? 1 : 0), 2)), said.Average(one => Math.Pow(base1 - (one.Answered ? 1 : 0), 2)));
    }

    private static AnswerBin Bin((double Chance, bool Answered)[] tries)
    {
        var (low, high) = Wilson(tries.Count(one => one.Answered), tries.Length);
        return new(tries.Average(one => one.Chance), tries.Average(one => one.Answered ? 1.0 : 0), low, high, tries.Length);
    }

    /// <summary>The 95 % interval of a share (Wilson, 1927).</summary>
    public static (double Low, double High) Wilson(int hits, int of)
    {
        const double z = 1.959963984540054;
        if (of == 0) return (0, 1);
        var p = (double)hits / of;
        var (middle, half) = ((p + z * z / (2 * of)) / (1 + z * z / of), z / (1 + z * z / of) * Math.Sqrt(p * (1 - p) / of + z * z / (4.0 * of * of)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
