namespace Huifang.Planning;

/// <summary>
/// Who is called by whoever is free now: a bid price (Talluri and van Ryzin, 2004), not the order of the plan. A call is worth its gain in this half hour, less what it may
/// still hope for later; what has no place may hope for nothing.
/// </summary>
public static class CallNow
{
    /// <summary>She may not be called in this half hour, or nobody is there who could.</summary>
    public const long NotNow = -(1L << 40);

    /// <summary>
    /// How much of what the plan promises for later is believed, in per cent. Until then others come who are worth more, and nobody may answer. All of it loses to plain order of value;
    /// 30 to 50 were equally good (bin/bench month, docs/decisions/planner.md).
    /// </summary>
    public const int BelievedPercent = 50;

    /// <summary>A call that the plan gave to a colleague for now is worth this much less to somebody else: hard talks stay shared out as planned. Ten points of a follow-up's value.</summary>
    public const long OfColleague = 1_000;

    /// <param name="now">The block that has begun.</param>
    /// <param name="hope">What the plan gains by the call where it stands, less the price of its place; 0 when it has none.</param>
    public static long Worth(PlanSheet sheet, int task, int now, long hope) =>
        now < 0 || now >= sheet.Span.Blocks || !sheet.Calls[task].Allows(now) ? NotNow : sheet.Gain(task, now) - Math.Max(0, hope) * BelievedPercent / 100;
}
