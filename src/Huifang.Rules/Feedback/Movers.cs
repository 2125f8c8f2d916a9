using Huifang.Insights;

namespace Huifang.Feedback;

/// <summary>How much one thing was spoken of before and lately: so many of so many texts.</summary>
public sealed record Heard(string Key, long Before, long AllBefore, long Lately, long AllLately);

/// <summary>A thing that is spoken of more or less than before, with the reason to believe it.</summary>
/// <param name="Effect">Shares before and after with the interval of their difference.</param>
/// <param name="Sure">True when the change stands although many things were looked at together.</param>
public sealed record Mover(Heard Heard, Effect Effect, bool Sure);

/// <summary>Finds what changed among many things.</summary>
public static class Movers
{
    /// <summary>
    /// Every thing that was said at least <paramref name="least"/> times in one of the two times, the surest change first. Of those called sure at most <paramref name="falseShare"/>
    /// are expected to be chance (Benjamini and Hochberg, 1995), however many things were looked at.
    /// </summary>
    public static IReadOnlyList<Mover> Of(IReadOnlyList<Heard> things, long least = 5, double falseShare = 0.05)
    {
        var looked = things.Where(one => Math.Max(one.Before, one.Lately) >= least && one is { AllBefore: > 0, AllLately: > 0 })
            .Select(one => (Heard: one, Effect: BeforeAfter.Shares(one.Before, one.AllBefore, one.Lately, one.AllLately))).OrderBy(one => one.Effect.P).ToList();
        var sure = 0;
        for (var i = 0; i < looked.Count; i++) if (looked[i].Effect.P <= falseShare * (i + 1) / looked.Count) sure = i + 1;
        return [.. looked.Select((one, i) => new Mover(one.Heard, one.Effect, i < sure))];
    }
}
