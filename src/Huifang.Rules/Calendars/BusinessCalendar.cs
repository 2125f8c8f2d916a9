using System.Collections.Immutable;
using Huifang.Languages;

namespace Huifang.Calendars;

/// <summary>How sure we are of a piece of data: primary text read, secondary source, or general knowledge not verified.</summary>
public enum SourceMark { Primary, Secondary, Knowledge }

/// <summary>Where a rule or a date comes from, shown wherever it decides something.</summary>
public sealed record Source(string Title, SourceMark Mark, string? Url = null);

/// <summary>A day on which the institution is closed, with its name.</summary>
public sealed record Holiday(DateOnly Date, Localized Name);

/// <summary>
/// One year of a calendar. When the authority has not <paramref name="IsPublished"/> it yet, the days are those that we expect
/// and everything computed with them is provisional.
/// </summary>
public sealed record CalendarYear(int Year, bool IsPublished, Source Source, ImmutableArray<Holiday> Holidays, ImmutableArray<DateOnly> MakeUpDays);

/// <summary>What kind of day a date is.</summary>
public enum DayKind { Working, Weekend, Holiday, MakeUpDay }

/// <summary>A date and whether it rests on a year that is not published yet (then it may only move later).</summary>
public readonly record struct CalendarDate(DateOnly Date, bool IsProvisional);

/// <summary>Working days, public holidays and make-up working days (weekend days that are worked, as in China) of one place. Data with a source and a version.</summary>
public sealed class BusinessCalendar
{
    private readonly ImmutableDictionary<int, CalendarYear> years;
    private readonly ImmutableDictionary<DateOnly, Holiday> holidays;
    private readonly ImmutableHashSet<DateOnly> makeUpDays;

    public BusinessCalendar(string id, string version, Localized title, ImmutableArray<DayOfWeek> weekend, IEnumerable<CalendarYear> years)
    {
        (Id, Version, Title, Weekend) = (id, version, title, weekend);
        this.years = years.ToImmutableDictionary(year => year.Year);
        holidays = this.years.Values.SelectMany(year => year.Holidays).ToImmutableDictionary(holiday => holiday.Date);
        makeUpDays = [.. this.years.Values.SelectMany(year => year.MakeUpDays)];
        Off = new(holidays.Keys.ToArray());
    }

    public string Id { get; }
    public string Version { get; }
    public Localized Title { get; }
    public ImmutableArray<DayOfWeek> Weekend { get; }
    public IEnumerable<CalendarYear> Years => years.Values.OrderBy(year => year.Year);

    /// <summary>All public holidays as a set; ordinary weekends are not in it.</summary>
    public DaySet Off { get; }

    /// <summary>Whether we have any data for the date's year. Where we have none, callers fail closed.</summary>
    public bool Knows(DateOnly date) => years.ContainsKey(date.Year);

    public bool IsProvisional(DateOnly date) => !years.TryGetValue(date.Year, out var year) || !year.IsPublished;

    public Holiday? HolidayOn(DateOnly date) => holidays.GetValueOrDefault(date);

    public DayKind KindOf(DateOnly date) =>
        makeUpDays.Contains(date) ? DayKind.MakeUpDay
        : holidays.ContainsKey(date) ? DayKind.Holiday
        : Weekend.Contains(date.DayOfWeek) ? DayKind.Weekend
        : DayKind.Working;

    public bool IsWorking(DateOnly date) => KindOf(date) is DayKind.Working or DayKind.MakeUpDay;

    /// <summary>The date <paramref name="days"/> working days after <paramref name="start"/>, which itself is not counted. 0 gives the first working day at or after the start. At most 1,000.</summary>
    public CalendarDate AddWorkingDays(DateOnly start, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, 1000);
        var date = start;
        while (days == 0 && !IsWorking(date)) date = date.AddDays(1);
        for (var left = days; left > 0;)
        {
            date = date.AddDays(1);
            if (IsWorking(date)) left--;
        }
        var provisional = false;
        for (var year = start.Year; year <= date.Year; year++) provisional |= !years.TryGetValue(year, out var known) || !known.IsPublished;
        return new(date, provisional);
    }
}
