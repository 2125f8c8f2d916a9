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
    /// At most <paramref name="most"/> of the free starts, in the order of time: the soonest, then one from each half day that has not been shown yet, then
    /// the soonest that are left. A customer sees different kinds of times, not eight in a row.
    /// </summary>
    public static IReadOnlyList<DateTimeOffset> Pick(IEnumerable<DateTimeOffset> free, int most, ZoneClock customerZone)
    {
        var starts = free.Distinct().Order().ToList();
        var halves = new HashSet<(DateOnly, bool)>();
        var picked = starts.Where(start => halves.Add((customerZone.LocalDate(start), customerZone.LocalTime(start).Hour < 13))).Take(most).ToList();
        picked.AddRange(starts.Except(picked).Take(most - picked.Count));
        return [.. picked.Order()];
    }

    private static DateTimeOffset AlignUp(DateTimeOffset at, ZoneClock zone)
    {
        var step = (long)Length.TotalMilliseconds;
        var rest = zone.Local(at.ToUnixTimeMilliseconds()) % step;
        return rest == 0 ? at : at.AddMilliseconds(step - rest);
    }
}
