using System.Collections.Immutable;
using Huifang.Calendars;

namespace Huifang.Contacts;

/// <summary>When a contact would be allowed: hours, days off and caps in every zone where the customer may be.</summary>
internal readonly struct ContactTimes(ContactCustomer customer, ContactCell cell, ContactCap[] caps, bool isBooked)
{
    private bool KeepsOwnHours => customer.OwnHours is not null && cell.KeepsOwnHours && !isBooked;

    /// <summary>Whether any local time has to be known at all. A warning in the app needs none.</summary>
    public bool NeedsZone => !cell.Hours.IsAlways || (cell.KeepsHolidays && !isBooked) || KeepsOwnHours;

    public long NextInHours(long at) => NextIn(at, cell.Hours, DaySet.Empty);

    public long NextInOwnHours(long at) => NextIn(at, customer.OwnHours!, DaySet.Empty);

    public long NextWorkday(long at) => NextIn(at, WeekHours.Always, cell.Off);

    /// <summary>The first instant at or after <paramref name="at"/> that passes hours, days off, own hours and caps together; or why there is none.</summary>
    public long First(long at, out DropReason? none)
    {
        var hours = KeepsOwnHours ? cell.Hours.And(customer.OwnHours!) : cell.Hours;
        var off = isBooked ? DaySet.Empty : cell.Off;
        var limit = at + (long)ContactRules.Horizon.TotalMilliseconds;
        none = null;
        for (var next = at; next <= limit;)
        {
            var before = next;
            if (!isBooked)
                foreach (var cap in caps)
                    if (CountWithin(customer.Past, cap, next) >= cap.Max) next = FreeAt(customer.Past, cap, next);
            next = NextIn(next, hours, off);
            if (next != before) continue;
            if (off != DaySet.Empty)
                foreach (var zone in customer.Zones)
                    if (Knows(cell.Calendars, ZoneClock.Day(zone.Local(next))) == Finding.Dropped) none = DropReason.UnknownCalendar;
            return next;
        }
        none = DropReason.NoTimeFits;
        return long.MaxValue;
    }

    public static int CountWithin(ImmutableArray<PastContact> past, ContactCap cap, long at)
    {
        var count = 0;
        foreach (var contact in past)
        {
            var then = contact.At.ToUnixTimeMilliseconds();
            if (then > at - cap.WindowMs && then <= at && cap.Counts.Contains(contact.Channel)) count++;
        }
        return count;
    }

    /// <summary>When enough of the contacts now within the window have left it. <see cref="ContactCustomer.Past"/> is newest first. A cap of 0 never frees.</summary>
    public static long FreeAt(ImmutableArray<PastContact> past, ContactCap cap, long at)
    {
        var left = cap.Max;
        if (left <= 0) return long.MaxValue;
        foreach (var contact in past)
        {
            var then = contact.At.ToUnixTimeMilliseconds();
            if (then <= at && cap.Counts.Contains(contact.Channel) && --left == 0) return then + cap.WindowMs;
        }
        return at;
    }

    /// <summary>Passed when every calendar has published the day's year, Provisional when one only expects it, Dropped when one has no data.</summary>
    public static Finding Knows(BusinessCalendar[] calendars, int day)
    {
        var date = ZoneClock.Date(day);
        var finding = Finding.Passed;
        foreach (var calendar in calendars)
        {
            if (!calendar.Knows(date)) return Finding.Dropped;
            if (calendar.IsProvisional(date)) finding = Finding.Provisional;
        }
        return finding;
    }

    private long NextIn(long at, WeekHours hours, DaySet off)
    {
        if (hours.IsAlways && off == DaySet.Empty) return at;
        var limit = at + (long)ContactRules.Horizon.TotalMilliseconds;
        for (var next = at; next <= limit;)
        {
            var before = next;
            foreach (var zone in customer.Zones) next = Math.Max(next, zone.Next(next, hours, off, limit));
            if (next == before) return next;
        }
        return long.MaxValue;
    }
}
