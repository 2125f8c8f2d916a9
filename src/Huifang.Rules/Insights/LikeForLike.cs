namespace Huifang.Insights;

/// <summary>One place that words come from (a source), before and after: how many were about the topic, of how many.</summary>
public readonly record struct HeardPart(string Name, long Before, long AllBefore, long After, long AllAfter);

/// <summary>Whether what was heard after came from the same places as before.</summary>
/// <param name="ChiSquare">Pearson's statistic of the places' sizes, with one degree of freedom less than there are places.</param>
/// <param name="P">How likely so large a one is by chance.</param>
/// <param name="Moved">By how much the share of one place changed at most, 0–1, and <paramref name="Where"/> that was.</param>
public sealed record MixCheck(double ChiSquare, double P, double Moved, string Where)
{
    /// <summary>Chance is no explanation and the change is large enough to carry a topic with it: then only like is compared with like. With many thousand texts any mix differs by the test alone.</summary>
    public bool IsUnlike => P < 0.001 && Moved >= 0.02;
}

/// <summary>
/// Guards a before/after comparison against a changed mix: a file of complaints that is imported after an improvement shipped raises its topic's share, though nobody is less content.
/// The check is the sample-ratio check of experiments (<see cref="Allocation.SampleRatio"/>), place by place; the remedy is to compare within each place and to add up by fixed weights.
/// </summary>
public static class LikeForLike
{
    /// <summary>Compares the places' sizes. Null where fewer than two places were heard from, or one of the periods is empty.</summary>
    public static MixCheck? Mix(IReadOnlyList<HeardPart> parts)
    {
        var (before, after) = (parts.Sum(part => part.AllBefore), parts.Sum(part => part.AllAfter));
        var heard = parts.Where(part => part.AllBefore + part.AllAfter > 0).ToList();
        if (heard.Count < 2 || before == 0 || after == 0) return null;
        // The sum of what each place's two sizes are off the periods' sizes is Pearson's statistic of the whole table.
        var sum = heard.Sum(part => Allocation.SampleRatio([part.AllBefore, part.AllAfter], [before, after]).ChiSquare);
        var (where, moved) = heard.Select(part => (part.Name, Math.Abs((double)part.AllAfter / after - (double)part.AllBefore / before))).MaxBy(one => one.Item2);
        return new(sum, ChiSquare.AtLeast(sum, heard.Count - 1), moved, where);
    }

    /// <summary>
    /// The change of a share within places, weighted by how much was heard there in both periods together. Places that were heard from in one period only are left out: there is nothing to compare them with.
    /// The interval is put together from the places' own (MOVER; Zou and Donner, Statistics in Medicine 2008), so it holds for small numbers as Newcombe's does.
    /// </summary>
    /// <returns>Null when no place was heard from in both periods.</returns>
    public static Effect? Shares(IReadOnlyList<HeardPart> parts, double confidence = 0.95)
    {
        var both = parts.Where(part => part is { AllBefore: > 0, AllAfter: > 0 }).ToList();
        if (both.Count == 0) return null;
        var all = both.Sum(part => (double)(part.AllBefore + part.AllAfter));
        var (p, q, below, above, spread) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var part in both)
        {
            var weight = (part.AllBefore + part.AllAfter) / all;
            var own = BeforeAfter.Shares(part.Before, part.AllBefore, part.After, part.AllAfter, confidence);
            var pooled = (double)(part.Before + part.After) / (part.AllBefore + part.AllAfter);
            p += weight * own.Before;
            q += weight * own.After;
            below += Math.Pow(weight * (own.Difference - own.From), 2);
            above += Math.Pow(weight * (own.To - own.Difference), 2);
            spread += weight * weight * pooled * (1 - pooled) * (1.0 / part.AllBefore + 1.0 / part.AllAfter);
        }
        return new(p, q, q - p, q - p - Math.Sqrt(below), q - p + Math.Sqrt(above), spread == 0 ? 1 : Statistics.TwoSided((q - p) / Math.Sqrt(spread)));
    }
}
