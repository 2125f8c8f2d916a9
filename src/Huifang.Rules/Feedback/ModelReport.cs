using Huifang.Insights;

namespace Huifang.Feedback;

/// <summary>How well one class is recognised among texts that the model never saw.</summary>
/// <param name="Tested">Texts of this class.</param>
/// <param name="Right">Of those, how many were recognised.</param>
/// <param name="Low">95 % interval of Right of Tested (Wilson).</param>
/// <param name="Named">How many texts the model called so, and <paramref name="Right"/> of these rightly.</param>
public sealed record ClassReport(string Label, long Tested, long Right, double Low, double High, long Named)
{
    public double Recall => Tested == 0 ? 0 : (double)Right / Tested;
    public double? Precision => Named == 0 ? null : (double)Right / Named;
}

/// <summary>A model beside the one that is live, both on the same texts that neither was taught.</summary>
/// <param name="Gain">Share right of the new one less that of the live one, with its interval: each text is judged by both.</param>
public sealed record ModelReport(long Tested, long Right, double Low, double High, double LiveShare, double Gain, double GainLow, double GainHigh, double CalibrationError, IReadOnlyList<ClassReport> Classes)
{
    public double Share => Tested == 0 ? 0 : (double)Right / Tested;

    /// <param name="cases">The label that people gave, what the new model said with its probability, and what the live one said.</param>
    public static ModelReport Of(IReadOnlyList<(string Label, Guess Said, string Live)> cases)
    {
        var n = cases.Count;
        var right = cases.Count(one => one.Said.Label == one.Label);
        var (low, high) = Statistics.Wilson(right, n);
        var live = cases.Count(one => one.Live == one.Label);
        var won = cases.Count(one => one.Said.Label == one.Label && one.Live != one.Label);
        var lost = cases.Count(one => one.Said.Label != one.Label && one.Live == one.Label);
        var gain = n == 0 ? 0 : (double)(won - lost) / n;
        // The spread of a difference of paired shares (McNemar's table).
        var half = n == 0 ? 1 : 1.96 * Math.Sqrt(Math.Max(1, won + lost - (double)(won - lost) * (won - lost) / n)) / n;
        var classes = cases.Select(one => one.Label).Distinct().Select(label =>
        {
            var (tested, found) = (cases.Count(one => one.Label == label), cases.Count(one => one.Label == label && one.Said.Label == label));
            var (from, to) = Statistics.Wilson(found, tested);
            return new ClassReport(label, tested, found, from, to, cases.Count(one => one.Said.Label == label));
        }).OrderByDescending(one => one.Tested).ThenBy(one => one.Label, StringComparer.Ordinal).ToList();
        return new(n, right, low, high, n == 0 ? 0 : (double)live / n, gain, Math.Max(-1, gain - half), Math.Min(1, gain + half), Miscalibration(cases), classes);
    }

    // Expected calibration error over ten bins of equal width (Naeini et al., 2015).
    private static double Miscalibration(IReadOnlyList<(string Label, Guess Said, string Live)> cases) => cases.Count == 0 ? 0 : cases.GroupBy(one => Math.Min(9, (int)(one.Said.Probability * 10)))
        .Sum(bin => Math.Abs(bin.Average(one => one.Said.Probability) - bin.Average(one => one.Said.Label == one.Label ? 1.0 : 0.0)) * bin.Count()) / cases.Count;
}
