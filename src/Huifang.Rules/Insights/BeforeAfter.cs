namespace Huifang.Insights;

/// <summary>What an improvement changed: a rate before and after it shipped, the difference with its interval, and how likely so much would be by chance.</summary>
/// <param name="Before">Texts about the topic per unit of exposure (per day, per transaction, per text) before.</param>
/// <param name="Difference">After minus before; negative when it got better.</param>
/// <param name="From">Lower end of the interval of the difference, at the confidence asked for.</param>
/// <param name="P">Two-sided.</param>
public sealed record Effect(double Before, double After, double Difference, double From, double To, double P)
{
    /// <summary>The change as a part of what was before, or null where nothing was before.</summary>
    public double? Relative => Before == 0 ? null : Difference / Before;

    /// <summary>True when chance is no good explanation.</summary>
    public bool IsClear => From > 0 || To < 0;
}

/// <summary>Compares before and after.</summary>
public static class BeforeAfter
{
    /// <summary>
    /// Two shares: <paramref name="before"/> of <paramref name="allBefore"/> texts were about the topic, <paramref name="after"/> of <paramref name="allAfter"/>.
    /// Interval by Newcombe's method from two Wilson intervals, which holds for small numbers and shares near nought; P from the pooled z-test.
    /// </summary>
    public static Effect Shares(long before, long allBefore, long after, long allAfter, double confidence = 0.95)
    {
        if (before < 0 || after < 0 || before > allBefore || after > allAfter) throw new ArgumentOutOfRangeException(nameof(before), "a part is at most the whole");
        if (allBefore == 0 || allAfter == 0) return new(allBefore == 0 ? 0 : (double)before / allBefore, allAfter == 0 ? 0 : (double)after / allAfter, 0, -1, 1, 1);
        var (p, q) = ((double)before / allBefore, (double)after / allAfter);
        var (pLow, pHigh) = Statistics.Wilson(before, allBefore, confidence);
        var (qLow, qHigh) = Statistics.Wilson(after, allAfter, confidence);
        var difference = q - p;
        var from = difference - Math.Sqrt((q - qLow) * (q - qLow) + (pHigh - p) * (pHigh - p));
        var to = difference + Math.Sqrt((qHigh - q) * (qHigh - q) + (p - pLow) * (p - pLow));
        var pooled = (double)(before + after) / (allBefore + allAfter);
        var spread = Math.Sqrt(pooled * (1 - pooled) * (1.0 / allBefore + 1.0 / allAfter));
        return new(p, q, difference, from, to, spread == 0 ? 1 : Statistics.TwoSided(difference / spread));
    }

    /// <summary>
    /// Two rates: so many texts over so much exposure (days, thousand transactions). The spread is widened by how much days differ from each other beyond chance
    /// (<paramref name="overdispersion"/>, 1 for pure chance; see <see cref="Statistics.Overdispersion"/>).
    /// </summary>
    public static Effect Rates(double before, double exposureBefore, double after, double exposureAfter, double overdispersion = 1, double confidence = 0.95)
    {
        if (exposureBefore <= 0 || exposureAfter <= 0) throw new ArgumentOutOfRangeException(nameof(exposureBefore), "exposure is more than nought");
        var (p, q) = (before / exposureBefore, after / exposureAfter);
        var wide = Math.Max(1, overdispersion);
        // One is added where nothing was counted, so that an interval has a width.
        var spread = Math.Sqrt(wide * (Math.Max(before, 1) / (exposureBefore * exposureBefore) + Math.Max(after, 1) / (exposureAfter * exposureAfter)));
        var z = Statistics.NormalQuantile(0.5 + confidence / 2);
        var pooled = (before + after) / (exposureBefore + exposureAfter);
        var under = Math.Sqrt(wide * pooled * (1 / exposureBefore + 1 / exposureAfter));
        return new(p, q, q - p, q - p - z * spread, q - p + z * spread, under == 0 ? 1 : Statistics.TwoSided((q - p) / under));
    }
}
