using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>What may stand in an agent's calendar, and how many calls it leaves room for.</summary>
public static class AgentHours
{
    /// <summary>Capacity is counted in these.</summary>
    public static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Why these times of one agent cannot stand together, or null. Shifts may not overlap; breaks, meetings and training lie inside one shift and not upon
    /// each other. Time off may lie anywhere: it says that she is away, whatever else was planned.
    /// </summary>
    public static DayRefusal? Check(IReadOnlyCollection<AgentTime> times)
    {
        if (times.Any(time => time.To <= time.From)) return DayRefusal.EndsBeforeItStarts;
        var shifts = times.Where(time => time.Kind == TimeKind.Shift).OrderBy(time => time.From).ToList();
        if (shifts.Any(shift => shift.To - shift.From > AgentDay.LongestShift)) return DayRefusal.TooLong;
        if (Overlap(shifts)) return DayRefusal.OverlappingShifts;
        var within = times.Where(time => time.Kind is TimeKind.Break or TimeKind.Meeting or TimeKind.Training).OrderBy(time => time.From).ToList();
        if (within.Any(time => !shifts.Any(shift => shift.From <= time.From && time.To <= shift.To))) return DayRefusal.BreakOutsideShift;
        return Overlap(within) ? DayRefusal.TwoAtOnce : null;
    }

    /// <summary>
    /// The instants of a local day as it is written by hand. A shift that ends at or before its start runs over midnight, and what is written with an hour before
    /// such a shift's start lies in its second part.
    /// </summary>
    public static IReadOnlyList<AgentTime> OfDay(string agentId, DateOnly date, IReadOnlyList<(TimeKind Kind, TimeOnly From, TimeOnly To)> rows, ZoneClock zone)
    {
        DateTimeOffset At(TimeOnly time, bool next) => zone.FirstAt((next ? date.AddDays(1) : date).ToDateTime(time));
        var night = rows.Where(row => row.Kind == TimeKind.Shift && row.To <= row.From).Select(row => (TimeOnly?)row.From).FirstOrDefault();
        return [.. rows.Select(row => row.Kind == TimeKind.Shift
            ? new AgentTime(agentId, row.Kind, At(row.From, false), At(row.To, row.To <= row.From))
            : new AgentTime(agentId, row.Kind, At(row.From, row.From < night), At(row.To, row.To <= night))).OrderBy(time => time.From).ThenBy(time => time.Kind)];
    }

    /// <summary>Which of <paramref name="count"/> quarters from <paramref name="begin"/> on one agent can give to calls: those that lie in a shift as a whole and touch nothing else.</summary>
    public static bool[] Quarters(IEnumerable<AgentTime> times, DateTimeOffset begin, int count)
    {
        var free = new bool[count];
        var taken = new List<AgentTime>();
        foreach (var time in times)
        {
            if (time.Kind != TimeKind.Shift) { taken.Add(time); continue; }
            var (first, end) = ((time.From - begin).Ticks, (time.To - begin).Ticks);
            // Only whole quarters count, so the beginning is rounded up and the end down.
            for (var quarter = Math.Max(0, -Math.DivRem(-first, Quarter.Ticks).Quotient); quarter < count && (quarter + 1) * Quarter.Ticks <= end; quarter++)
                if (quarter * Quarter.Ticks >= first) free[quarter] = true;
        }
        foreach (var time in taken)
            for (var quarter = Math.Max(0, (time.From - begin).Ticks / Quarter.Ticks); quarter < count && quarter * Quarter.Ticks < (time.To - begin).Ticks; quarter++)
                if ((quarter + 1) * Quarter.Ticks > (time.From - begin).Ticks) free[quarter] = false;
        return free;
    }

    /// <summary>
    /// What a day looks like after more was told about it: told shifts take the place of the day's shifts and of what lay inside those; anything else is added.
    /// </summary>
    public static IReadOnlyList<AgentTime> Merge(IReadOnlyCollection<AgentTime> day, IReadOnlyCollection<AgentTime> told)
    {
        var kept = told.Any(time => time.Kind == TimeKind.Shift) ? day.Where(time => time.Kind == TimeKind.Off) : day;
        return [.. kept.Concat(told).Distinct().OrderBy(time => time.From).ThenBy(time => time.Kind)];
    }

    private static bool Overlap(List<AgentTime> ordered) => ordered.Zip(ordered.Skip(1)).Any(pair => pair.Second.From < pair.First.To);
}
