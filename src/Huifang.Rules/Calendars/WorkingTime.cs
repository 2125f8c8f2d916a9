namespace Huifang.Calendars;

/// <summary>
/// Time in which somebody works: the hours between opening and closing, local, on working days of a calendar. Warnings and "how long is left" are measured in it,
/// so that nothing escalates at midnight and a weekend uses nothing up.
/// </summary>
public sealed class WorkingTime(BusinessCalendar calendar, ZoneClock zone, TimeOnly opens, TimeOnly closes)
{
    private const int DaysMax = 5000;

    public BusinessCalendar Calendar => calendar;
    public ZoneClock Zone => zone;
    public TimeOnly Opens => opens;
    public TimeOnly Closes => closes;

    /// <summary>The last millisecond of a local day.</summary>
    public DateTimeOffset EndOf(DateOnly date) => zone.FirstAt(date.AddDays(1).ToDateTime(TimeOnly.MinValue)).AddMilliseconds(-1);

    /// <summary>When work ends on a local day.</summary>
    public DateTimeOffset CloseOf(DateOnly date) => zone.FirstAt(date.ToDateTime(closes));

    /// <summary>Working time from one instant to another; zero when the second is not after the first.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from) return TimeSpan.Zero;
        var sum = TimeSpan.Zero;
        var (date, last) = (zone.LocalDate(from), zone.LocalDate(to));
        for (var i = 0; date <= last && i < DaysMax; date = date.AddDays(1), i++)
        {
            if (calendar.IsSurelyOff(date)) continue;
            var (start, end) = Day(date);
            if (start < from) start = from;
            if (end > to) end = to;
            if (end > start) sum += end - start;
        }
        return sum;
    }

    /// <summary>The instant at which so much working time has passed.</summary>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var date = zone.LocalDate(from);
        for (var i = 0; i < DaysMax; date = date.AddDays(1), i++)
        {
            if (calendar.IsSurelyOff(date)) continue;
            var (start, end) = Day(date);
            if (start < from) start = from;
            if (end <= start) continue;
            if (end - start >= time) return start + time;
            time -= end - start;
        }
        throw new ArgumentOutOfRangeException(nameof(time), time, "More working time than a calendar can hold.");
    }

    private (DateTimeOffset Start, DateTimeOffset End) Day(DateOnly date) => (zone.FirstAt(date.ToDateTime(opens)), zone.FirstAt(date.ToDateTime(closes)));
}
