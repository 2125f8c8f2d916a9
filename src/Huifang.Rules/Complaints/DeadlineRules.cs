using System.Collections.Immutable;
using Huifang.Calendars;

namespace Huifang.Complaints;

/// <summary>Computes deadlines. Days are local days of the pack's zone, the day of the event is not counted, and every day on the way keeps its reason.</summary>
public static class DeadlineRules
{
    // Three years of days: no clock of any law is longer, and a stop that never ends must not either.
    private const int DaysMax = 4000;

    /// <summary>When a clock that began at <paramref name="from"/> runs out. Stops count only where the rule allows them; one without an end stands still until <paramref name="now"/>.</summary>
    public static Deadline Compute(ComplaintPack pack, ClockRule rule, DateTimeOffset from, IReadOnlyList<ClockStop>? stops = null, DateTimeOffset? now = null)
    {
        var held = rule.CanStop && stops is { Count: > 0 } ? Joined(stops, from, now ?? from) : [];
        return rule.Unit switch
        {
            ClockUnit.Minutes => Exact(pack, rule, from, from + TimeSpan.FromMinutes(rule.Amount), held),
            ClockUnit.Hours => Exact(pack, rule, from, from + TimeSpan.FromHours(rule.Amount), held),
            ClockUnit.WorkingHours => WorkingHours(pack, rule, from, held),
            ClockUnit.WorkingDays => ByDays(pack, rule, from, rule.Amount, true, held),
            ClockUnit.Days => ByDays(pack, rule, from, rule.Amount, false, held),
            ClockUnit.Weeks => ByDays(pack, rule, from, rule.Amount * 7, false, held),
            ClockUnit.Months => Months(pack, rule, from, held),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The clocks that run from one event in a matter, in the order of the pack. An extended final response is not among them until a person extends it.</summary>
    public static ImmutableArray<Deadline> Begin(ComplaintPack pack, ClockStart start, DateTimeOffset at, IReadOnlyCollection<CaseFact> facts) =>
        [.. pack.Clocks.Where(clock => clock.From == start && clock.Extends.Length == 0 && clock.AppliesTo(facts)).Select(clock => Compute(pack, clock, at))];

    /// <summary>The extensions that a clock may have in a matter, nearest first.</summary>
    public static IEnumerable<ClockRule> ExtensionsOf(ComplaintPack pack, string clockId, IReadOnlyCollection<CaseFact> facts) =>
        pack.Clocks.Where(clock => clock.Extends.Contains(clockId) && clock.AppliesTo(facts));

    private static Deadline Exact(ComplaintPack pack, ClockRule rule, DateTimeOffset from, DateTimeOffset due, ImmutableArray<ClockStop> held)
    {
        foreach (var stop in held.Where(stop => stop.From < due)) due += stop.To!.Value - stop.From;
        return new(rule, pack, from, due, pack.Time.Zone.LocalDate(due), false, []);
    }

    private static Deadline WorkingHours(ComplaintPack pack, ClockRule rule, DateTimeOffset from, ImmutableArray<ClockStop> held)
    {
        var due = pack.Time.Add(from, TimeSpan.FromHours(rule.Amount));
        foreach (var stop in held.Where(stop => stop.From < due)) due = pack.Time.Add(due, pack.Time.Between(stop.From, stop.To!.Value));
        var days = Days(pack, pack.Time.Zone.LocalDate(from), pack.Time.Zone.LocalDate(due));
        return new(rule, pack, from, due, pack.Time.Zone.LocalDate(due), days.Any(day => pack.Time.Calendar.IsProvisional(day.Date)), days);
    }

    private static ImmutableArray<DeadlineDay> Days(ComplaintPack pack, DateOnly first, DateOnly last)
    {
        var days = ImmutableArray.CreateBuilder<DeadlineDay>();
        for (var date = first; date <= last && days.Count < DaysMax; date = date.AddDays(1))
            if (pack.Time.Calendar.IsSurelyOff(date)) days.Add(Off(pack.Time.Calendar, date));
        return days.ToImmutable();
    }

    private static Deadline ByDays(ComplaintPack pack, ClockRule rule, DateTimeOffset from, int amount, bool working, ImmutableArray<ClockStop> held)
    {
        var (time, calendar) = (pack.Time, pack.Time.Calendar);
        var days = ImmutableArray.CreateBuilder<DeadlineDay>();
        var (date, provisional) = (time.Zone.LocalDate(from), false);
        if (pack.LateReceiptCountsNextDay && rule.From == ClockStart.Received) date = NextWorkingDay(pack, from, date, days);
        days.Add(new(date, DayTreatment.DayZero, 0));
        for (var counted = 0; counted < amount;)
        {
            if (days.Count > DaysMax) throw new ArgumentOutOfRangeException(nameof(held), days.Count, "A clock cannot stand still for ten years.");
            date = date.AddDays(1);
            provisional |= working && calendar.IsProvisional(date);
            var day = Stood(held, time.EndOf(date)) ? new(date, DayTreatment.Stopped, 0)
                : working && calendar.IsSurelyOff(date) ? Off(calendar, date)
                : new DeadlineDay(date, working ? Worked(calendar, date) : DayTreatment.Counted, counted + 1, calendar.HolidayOn(date)?.Name);
            if (day.IsCounted) counted++;
            days.Add(day);
        }
        var due = Roll(rule, calendar, date, days, ref provisional);
        return new(rule, pack, from, rule.End == ClockEnd.CloseOfBusiness ? time.CloseOf(due) : time.EndOf(due), due, provisional, days.ToImmutable());
    }

    private static Deadline Months(ComplaintPack pack, ClockRule rule, DateTimeOffset from, ImmutableArray<ClockStop> held)
    {
        var first = pack.Time.Zone.LocalDate(from);
        // A month that lacks the day ends on its last one: from 31 August, one month is 30 September.
        var due = first.AddMonths(rule.Amount);
        var stood = 0;
        for (var date = first.AddDays(1); date <= due && stood < DaysMax; date = date.AddDays(1))
            if (Stood(held, pack.Time.EndOf(date))) { stood++; due = due.AddDays(1); }
        return new(rule, pack, from, pack.Time.EndOf(due), due, false, [new(first, DayTreatment.DayZero, 0)]);
    }

    private static DateOnly Roll(ClockRule rule, BusinessCalendar calendar, DateOnly date, ImmutableArray<DeadlineDay>.Builder days, ref bool provisional)
    {
        if (!rule.RollsOverHolidays) return date;
        provisional |= calendar.IsProvisional(date);
        // In a year that is not announced only what the law itself fixes moves a deadline.
        while (calendar.HolidayOn(date) is { } holiday && (holiday.IsCertain || !calendar.IsProvisional(date)))
        {
            days[^1] = days[^1] with { Treatment = DayTreatment.RolledOver, Name = holiday.Name };
            date = date.AddDays(1);
            days.Add(new(date, DayTreatment.Counted, days[^1].Number));
            days[^2] = days[^2] with { Number = 0 };
            provisional |= calendar.IsProvisional(date);
        }
        return date;
    }

    private static DateOnly NextWorkingDay(ComplaintPack pack, DateTimeOffset from, DateOnly date, ImmutableArray<DeadlineDay>.Builder days)
    {
        if (!pack.Time.Calendar.IsSurelyOff(date) && from < pack.Time.CloseOf(date)) return date;
        do
        {
            days.Add(new(date, DayTreatment.LateReceipt, 0, pack.Time.Calendar.HolidayOn(date)?.Name));
            date = date.AddDays(1);
        }
        while (pack.Time.Calendar.IsSurelyOff(date));
        return date;
    }

    private static DayTreatment Worked(BusinessCalendar calendar, DateOnly date) =>
        !calendar.IsProvisional(date) ? calendar.KindOf(date) == DayKind.MakeUpDay ? DayTreatment.CountedMakeUp : DayTreatment.Counted
        : calendar.KindOf(date) == DayKind.Working ? DayTreatment.Counted : DayTreatment.CountedUnconfirmed;

    private static DeadlineDay Off(BusinessCalendar calendar, DateOnly date) =>
        calendar.HolidayOn(date) is { } holiday ? new(date, DayTreatment.Holiday, 0, holiday.Name) : new(date, DayTreatment.Weekend, 0);

    private static bool Stood(ImmutableArray<ClockStop> held, DateTimeOffset at)
    {
        foreach (var stop in held)
            if (stop.From <= at && at < stop.To) return true;
        return false;
    }

    /// <summary>Stops in order, apart from each other, none before the clock began.</summary>
    private static ImmutableArray<ClockStop> Joined(IReadOnlyList<ClockStop> stops, DateTimeOffset from, DateTimeOffset now)
    {
        var joined = new List<ClockStop>();
        foreach (var stop in stops.Select(stop => stop with { From = stop.From > from ? stop.From : from, To = stop.To ?? now }).Where(stop => stop.To > stop.From).OrderBy(stop => stop.From))
            if (joined.Count > 0 && joined[^1].To >= stop.From) joined[^1] = joined[^1] with { To = joined[^1].To > stop.To ? joined[^1].To : stop.To };
            else joined.Add(stop);
        return [.. joined];
    }
}
