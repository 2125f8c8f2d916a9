using System.Collections.Concurrent;

namespace Huifang.Calendars;

/// <summary>
/// A time zone cut into stretches of constant offset, so that "what is the local time" is one addition and "when is it next nine o'clock" is right
/// across gaps, overlaps, half-hour changes (Lord Howe) and skipped days. Everything is in Unix milliseconds. One instance a zone, safe to share.
/// </summary>
public sealed class ZoneClock
{
    public const long DayMs = 86_400_000;
    private const long ProbeMs = DayMs / 2;
    private static readonly ConcurrentDictionary<string, ZoneClock> Known = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<int, Stretch[]> years = new();
    private Stretch last;

    private ZoneClock(TimeZoneInfo zone)
    {
        Zone = zone;
        last = YearOf(0)[0];
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>IANA id, as it is stored.</summary>
    public string Id => Zone.Id;

    public static ZoneClock Of(TimeZoneInfo zone) => Known.GetOrAdd(zone.Id, static (_, zone) => new(zone), zone);

    /// <summary>The clock for an IANA id that this machine knows, or null. Windows names and fixed offsets are refused: they are not what a customer chose.</summary>
    public static ZoneClock? Find(string? ianaId) =>
        ianaId is { Length: > 0 and <= 64 } && (ianaId.Contains('/') || ianaId is "UTC") && TimeZoneInfo.TryFindSystemTimeZoneById(ianaId, out var zone) ? Of(zone) : null;

    /// <summary>Local milliseconds since 1970-01-01 00:00 local, at a Unix instant.</summary>
    public long Local(long unixMs) => unixMs + At(unixMs).OffsetMs;

    /// <summary>Offset from UTC in milliseconds at a Unix instant.</summary>
    public long OffsetMs(long unixMs) => At(unixMs).OffsetMs;

    public DateTime LocalTime(DateTimeOffset at) => DateTime.UnixEpoch.AddMilliseconds(Local(at.ToUnixTimeMilliseconds()));

    public DateOnly LocalDate(DateTimeOffset at) => DateOnly.FromDateTime(LocalTime(at));

    /// <summary>The first instant whose local time is at or after <paramref name="local"/>: in a gap the end of the gap, in an overlap the earlier of the two.</summary>
    public DateTimeOffset FirstAt(DateTime local)
    {
        var wanted = (long)(local - DateTime.UnixEpoch).TotalMilliseconds;
        var at = wanted - DayMs;
        while (true)
        {
            var stretch = At(at);
            var candidate = Math.Max(at, wanted - stretch.OffsetMs);
            if (candidate < stretch.ToMs) return DateTimeOffset.FromUnixTimeMilliseconds(candidate);
            at = stretch.ToMs;
        }
    }

    /// <summary>Whether the local moment is within the hours and its local day is not off.</summary>
    public bool IsIn(long unixMs, WeekHours hours, DaySet off)
    {
        var local = Local(unixMs);
        var day = Day(local);
        return !off.Contains(day) && hours.Contains(WeekMs(local, day));
    }

    /// <summary>The first instant at or after <paramref name="unixMs"/> that is in the hours and not on a day off, or <see cref="long.MaxValue"/> when there is none up to <paramref name="limitMs"/>.</summary>
    public long Next(long unixMs, WeekHours hours, DaySet off, long limitMs)
    {
        var at = unixMs;
        while (at <= limitMs)
        {
            var stretch = At(at);
            var local = at + stretch.OffsetMs;
            var day = Day(local);
            var candidate = at + ((day + 1) * DayMs - local);
            if (!off.Contains(day))
            {
                var now = WeekMs(local, day);
                var next = hours.NextInWeek(now);
                if (next == now) return at;
                if (next >= 0) candidate = Math.Min(candidate, at + (next - now));
            }
            at = Math.Min(candidate, stretch.ToMs);
        }
        return long.MaxValue;
    }

    /// <summary>Number of the local day since 1970-01-01.</summary>
    public static int Day(long localMs) => (int)(localMs >= 0 ? localMs / DayMs : (localMs - DayMs + 1) / DayMs);

    /// <summary>Milliseconds since the Monday of that local week.</summary>
    public static long WeekMs(long localMs, int day) => (((day + 3) % 7 + 7) % 7) * DayMs + (localMs - day * DayMs);

    public static DateOnly Date(int day) => DateOnly.FromDayNumber(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    public static int Day(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private Stretch At(long unixMs)
    {
        var seen = last;
        if (unixMs >= seen.FromMs && unixMs < seen.ToMs) return seen;
        foreach (var stretch in YearOf(unixMs))
            if (unixMs >= stretch.FromMs && unixMs < stretch.ToMs) return last = stretch;
        throw new ArgumentOutOfRangeException(nameof(unixMs), unixMs, "Instants are between the years 1 and 9999.");
    }

    private Stretch[] YearOf(long unixMs) =>
        years.GetOrAdd(DateTime.UnixEpoch.AddMilliseconds(unixMs).Year, static (year, zone) => Cut(zone, year), Zone);

    private static Stretch[] Cut(TimeZoneInfo zone, int year)
    {
        var from = Unix(new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var end = year == 9999 ? Unix(DateTime.MaxValue) : Unix(new DateTime(year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var found = new List<Stretch>();
        var (start, offset) = (from, Offset(zone, from));
        for (var probe = from; probe < end; probe = Math.Min(probe + ProbeMs, end))
        {
            var next = Math.Min(probe + ProbeMs, end - 1);
            if (Offset(zone, next) is var then && then == offset) continue;
            var (before, after) = (probe, next);
            while (after - before > 1)
            {
                var middle = before + (after - before) / 2;
                if (Offset(zone, middle) == offset) before = middle; else after = middle;
            }
            found.Add(new(start, after, offset));
            (start, offset) = (after, then);
        }
        found.Add(new(start, end, offset));
        return [.. found];
    }

    private static long Unix(DateTime utc) => (long)(utc - DateTime.UnixEpoch).TotalMilliseconds;

    private static long Offset(TimeZoneInfo zone, long unixMs) =>
        (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(unixMs)).TotalMilliseconds;

    private sealed record Stretch(long FromMs, long ToMs, long OffsetMs);
}
