using System.Collections.Immutable;
using Huifang.Languages;

namespace Huifang.Calendars;

/// <summary>How sure we are of a piece of data: primary text read, secondary source, or general knowledge not verified.</summary>
public enum SourceMark { Primary, Secondary, Knowledge }

/// <summary>Where a rule or a date comes from, shown wherever it decides something.</summary>
public sealed record Source(string Title, SourceMark Mark, string? Url = null);

/// <summary>A day on which the institution is closed, with its name. In a year that is not published, <paramref name="IsCertain"/> marks the days that the law itself fixes.</summary>
public sealed record Holiday(DateOnly Date, Localized Name, bool IsCertain = false);

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

    public BusinessCalendar(string id, string version, Localized title, ImmutableArray<DayOfWeek> weekend, IEnumerable<CalendarYear> years, bool makesUp = false)
    {
        (Id, Version, Title, Weekend, MakesUp) = (id, version, title, weekend, makesUp);
        this.years = years.ToImmutableDictionary(year => year.Year);
        holidays = this.years.Values.SelectMany(year => year.Holidays).ToImmutableDictionary(holiday => holiday.Date);
        makeUpDays = [.. this.years.Values.SelectMany(year => year.MakeUpDays)];
        Off = new(holidays.Keys.ToArray());
    }

    public string Id { get; }
    public string Version { get; }
    public Localized Title { get; }
    public ImmutableArray<DayOfWeek> Weekend { get; }

    /// <summary>Weekend days around holidays may be declared working days here, as in mainland China.</summary>
    public bool MakesUp { get; }

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

    /// <summary>
    /// Whether nobody can be working on the date, whatever the authority will still announce. In a published year that is every holiday and weekend; in one that
    /// is not, only what the law fixes, and weekends that cannot become make-up days. Deadlines count every other day, so that they can only move later.
    /// </summary>
    public bool IsSurelyOff(DateOnly date)
    {
        if (!IsProvisional(date)) return !IsWorking(date);
        if (HolidayOn(date) is { } holiday) return holiday.IsCertain || (!MakesUp && Weekend.Contains(date.DayOfWeek));
        return Weekend.Contains(date.DayOfWeek) && !MayBeMadeUp(date);
    }

    /// <summary>Whether a weekend day of an unpublished year may still become a make-up day: within eleven days of a holiday block, as all of 2024 to 2026 were; anywhere in a year of which nothing is known.</summary>
    private bool MayBeMadeUp(DateOnly date) =>
        MakesUp && (!Knows(date) || Enumerable.Range(-MakeUpReachDays, 2 * MakeUpReachDays + 1).Any(shift => holidays.ContainsKey(date.AddDays(shift)) || !Knows(date.AddDays(shift))));

    private const int MakeUpReachDays = 11;

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
