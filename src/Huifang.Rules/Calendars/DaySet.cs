namespace Huifang.Calendars;

/// <summary>A set of days as bits, asked once a contact. Days are numbered from 1970-01-01; outside of what was put in, nothing is contained.</summary>
public sealed class DaySet
{
    public static readonly DaySet Empty = new([]);

    private readonly int first;
    private readonly ulong[] bits;

    public DaySet(IReadOnlyCollection<DateOnly> days)
    {
        if (days.Count == 0) { bits = []; return; }
        first = ZoneClock.Day(days.Min());
        bits = new ulong[(ZoneClock.Day(days.Max()) - first) / 64 + 1];
        foreach (var date in days) bits[(ZoneClock.Day(date) - first) / 64] |= 1UL << ((ZoneClock.Day(date) - first) % 64);
    }

    public bool Contains(int day)
    {
        var index = day - first;
        return index >= 0 && index / 64 < bits.Length && (bits[index / 64] >> (index % 64) & 1) == 1;
    }

    public bool Contains(DateOnly date) => Contains(ZoneClock.Day(date));
}
