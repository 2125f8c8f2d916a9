using Huifang.Insights;

namespace Huifang.Feedback;

/// <summary>Whether two people label alike.</summary>
/// <param name="Pairs">Texts that two people judged.</param>
/// <param name="Kappa">Agreement beyond chance, Cohen (1960): 0 for chance alone, 1 for always; null where it says nothing.</param>
/// <param name="Low">Lower end of the 95 % interval of the share of agreement (Wilson).</param>
/// <param name="Confused">The two labels that were mixed up most, with how often.</param>
public sealed record LabelAgreement(long Pairs, long Alike, double? Kappa, double? KappaLow, double? KappaHigh, double Low, double High, IReadOnlyList<(string One, string Other, int Count)> Confused)
{
    public long Apart => Pairs - Alike;
    public double Share => Pairs == 0 ? 0 : (double)Alike / Pairs;
}

/// <summary>Compares two people's labels of the same texts.</summary>
public static class Agreements
{
    public static LabelAgreement Of(IReadOnlyList<(string First, string Second)> pairs)
    {
        var n = pairs.Count;
        var alike = pairs.Count(pair => pair.First == pair.Second);
        var (low, high) = Statistics.Wilson(alike, n);
        double? kappa = null, kappaLow = null, kappaHigh = null;
        if (n > 1)
        {
            var observed = (double)alike / n;
            var chance = pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Sum(label => (double)pairs.Count(pair => pair.First == label) * pairs.Count(pair => pair.Second == label)) / ((double)n * n);
            if (chance < 1)
            {
                kappa = (observed - chance) / (1 - chance);
                // The large-sample spread of kappa (Fleiss, Cohen and Everitt, 1969, in its short form).
                var half = 1.96 * Math.Sqrt(observed * (1 - observed) / n) / (1 - chance);
                (kappaLow, kappaHigh) = (Math.Max(-1, kappa.Value - half), Math.Min(1, kappa.Value + half));
            }
        }
        var confused = pairs.Where(pair => pair.First != pair.Second).GroupBy(pair => string.CompareOrdinal(pair.First, pair.Second) < 0 ? (pair.First, pair.Second) : (pair.Second, pair.First))
            .Select(group => (group.Key.Item1, group.Key.Item2, group.Count())).OrderByDescending(one => one.Item3).ThenBy(one => one.Item1, StringComparer.Ordinal).Take(8).ToList();
        return new(n, alike, kappa, kappaLow, kappaHigh, low, high, confused);
    }
}
