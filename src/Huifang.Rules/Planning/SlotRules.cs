using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>Which half hours can be promised, and which of them to offer first.</summary>
public static class SlotRules
{
    /// <summary>A slot holds one talk with its wrap-up.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The slots of one agent: whole half hours on the clock of her zone that lie in a shift and touch nothing else. Across a change of the clock
    /// they stay half an hour long and on the wall clock's half hours.
    /// </summary>
    public static IEnumerable<DateTimeOffset> Starts(IEnumerable<AgentTime> times, ZoneClock zone)
    {
        var all = times.ToList();
        var taken = all.Where(time => time.Kind != TimeKind.Shift).ToList();
        foreach (var shift in all.Where(time => time.Kind == TimeKind.Shift).OrderBy(time => time.From))
            for (var start = AlignUp(shift.From, zone); start + Length <= shift.To; start = AlignUp(start + Length, zone))
                if (!taken.Any(other => other.From < start + Length && start < other.To)) yield return start;
    }

    /// <summary>
    /// At most <paramref name="most"/> of the free starts, in the order of time: from each half day the one that costs the plan least, the soonest half days first, then
    /// the cheapest that are left. A customer sees different kinds of times, not eight in a row, and whatever she picks keeps the plan good.
    /// </summary>
    /// <param name="price">What a promise at that start takes from the plan; null: nothing anywhere, and then the soonest of each half day is offered.</param>
    public static IReadOnlyList<DateTimeOffset> Pick(IEnumerable<DateTimeOffset> free, int most, ZoneClock customerZone, Func<DateTimeOffset, long>? price = null)
    {
        price ??= _ => 0;
        var starts = free.Distinct().Order().ToList();
        var picked = starts.GroupBy(start => (customerZone.LocalDate(start), customerZone.LocalTime(start).Hour < 13)).Select(half => half.MinBy(price)).Take(most).ToList();
        picked.AddRange(starts.Except(picked).OrderBy(price).ThenBy(start => start).Take(most - picked.Count));
        return [.. picked.Order()];
    }

    private static DateTimeOffset AlignUp(DateTimeOffset at, ZoneClock zone)
    {
        var step = (long)Length.TotalMilliseconds;
        var rest = zone.Local(at.ToUnixTimeMilliseconds()) % step;
        return rest == 0 ? at : at.AddMilliseconds(step - rest);
    }
}
