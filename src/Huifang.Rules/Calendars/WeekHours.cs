using System.Collections.Immutable;

namespace Huifang.Calendars;

/// <summary>A stretch of a week in local time. Minutes count from Monday 00:00; <paramref name="From"/> is in, <paramref name="To"/> is out.</summary>
public readonly record struct WeekStretch(int From, int To);

/// <summary>
/// Hours of a week in somebody's local time: when we may call by law, when the customer wants to be called, when an agent works.
/// Immutable; stretches are sorted, apart from each other, and within one week (0–10 080 minutes).
/// </summary>
public sealed class WeekHours : IEquatable<WeekHours>
{
    public const int DayMinutes = 1440;
    public const int WeekMinutes = 7 * DayMinutes;
    private const long MinuteMs = 60_000;

    /// <summary>Every minute of the week.</summary>
    public static readonly WeekHours Always = new([new(0, WeekMinutes)]);

    /// <summary>No minute of the week.</summary>
    public static readonly WeekHours Never = new([]);

    private WeekHours(ImmutableArray<WeekStretch> stretches)
    {
        Stretches = stretches;
        foreach (var stretch in stretches) Minutes += stretch.To - stretch.From;
    }

    public ImmutableArray<WeekStretch> Stretches { get; }

    /// <summary>How many minutes of the week are in; the smaller, the stricter.</summary>
    public int Minutes { get; }

    public bool IsAlways => Minutes == WeekMinutes;

    /// <summary>The same hours on the named days. A stretch whose end is not after its start runs over midnight into the next day; 00:00–00:00 is the whole day.</summary>
    public static WeekHours On(IEnumerable<DayOfWeek> days, TimeOnly from, TimeOnly to)
    {
        var stretches = new List<WeekStretch>();
        foreach (var day in days)
        {
            var start = DayIndex(day) * DayMinutes + Minute(from);
            var length = Minute(to) - Minute(from);
            if (length <= 0) length += DayMinutes;
            if (start + length <= WeekMinutes) stretches.Add(new(start, start + length));
            else stretches.AddRange([new(start, WeekMinutes), new(0, start + length - WeekMinutes)]);
        }
        return Of(stretches);
    }

    public static WeekHours Daily(TimeOnly from, TimeOnly to) => On(Enum.GetValues<DayOfWeek>(), from, to);

    /// <summary>Any stretches, sorted and joined. Throws when one is empty, turned round or outside the week.</summary>
    public static WeekHours Of(IEnumerable<WeekStretch> stretches)
    {
        var joined = new List<WeekStretch>();
        foreach (var stretch in stretches.OrderBy(stretch => stretch.From))
        {
            if (stretch.From < 0 || stretch.To > WeekMinutes || stretch.From >= stretch.To)
                throw new ArgumentOutOfRangeException(nameof(stretches), stretch, "A stretch lies within one week and ends after it starts.");
            if (joined.Count > 0 && joined[^1].To >= stretch.From) joined[^1] = new(joined[^1].From, Math.Max(joined[^1].To, stretch.To));
            else joined.Add(stretch);
        }
        return new([.. joined]);
    }

    /// <summary>The minutes that are in both.</summary>
    public WeekHours And(WeekHours other)
    {
        if (IsAlways) return other;
        if (other.IsAlways) return this;
        var both = new List<WeekStretch>();
        foreach (var mine in Stretches)
            foreach (var theirs in other.Stretches)
            {
                var (from, to) = (Math.Max(mine.From, theirs.From), Math.Min(mine.To, theirs.To));
                if (from < to) both.Add(new(from, to));
            }
        return Of(both);
    }

    /// <summary>The minutes that are in either.</summary>
    public WeekHours Or(WeekHours other) => Of(Stretches.Concat(other.Stretches));

    /// <summary>Whether a moment of the week, in milliseconds since Monday 00:00 local, is in.</summary>
    public bool Contains(long weekMs)
    {
        foreach (var stretch in Stretches)
        {
            if (weekMs < stretch.From * MinuteMs) return false;
            if (weekMs < stretch.To * MinuteMs) return true;
        }
        return false;
    }

    /// <summary>The first moment of the week at or after <paramref name="weekMs"/> that is in, or -1 when none is left this week.</summary>
    public long NextInWeek(long weekMs)
    {
        foreach (var stretch in Stretches)
            if (weekMs < stretch.To * MinuteMs) return Math.Max(weekMs, stretch.From * MinuteMs);
        return -1;
    }

    /// <summary>What is in on one day, as local times; 24:00 is written 23:59:59.9999999 by <see cref="TimeOnly.MaxValue"/>.</summary>
    public IEnumerable<(TimeOnly From, TimeOnly To)> OnDay(DayOfWeek day)
    {
        var start = DayIndex(day) * DayMinutes;
        foreach (var stretch in Stretches)
        {
            var (from, to) = (Math.Max(stretch.From, start), Math.Min(stretch.To, start + DayMinutes));
            if (from < to) yield return (Time(from - start), to - start == DayMinutes ? TimeOnly.MaxValue : Time(to - start));
        }
    }

    /// <summary>Compact text for storage: <c>540-1200,1980-2640</c>; <c>*</c> for always, empty for never.</summary>
    public override string ToString() => IsAlways ? "*" : string.Join(',', Stretches.Select(stretch => $"{stretch.From}-{stretch.To}"));

    /// <summary>Reads <see cref="ToString"/> back; null when it is not such a text.</summary>
    public static WeekHours? Parse(string? text)
    {
        if (text is null) return null;
        if (text == "*") return Always;
        var stretches = new List<WeekStretch>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-');
            if (dash < 0 || !int.TryParse(part.AsSpan(0, dash), out var from) || !int.TryParse(part.AsSpan(dash + 1), out var to)
                || from < 0 || to > WeekMinutes || from >= to) return null;
            stretches.Add(new(from, to));
        }
        return Of(stretches);
    }

    public bool Equals(WeekHours? other) => other is not null && Stretches.AsSpan().SequenceEqual(other.Stretches.AsSpan());
    public override bool Equals(object? obj) => Equals(obj as WeekHours);
    public override int GetHashCode() => HashCode.Combine(Minutes, Stretches.Length);

    /// <summary>Monday is 0, Sunday is 6.</summary>
    public static int DayIndex(DayOfWeek day) => ((int)day + 6) % 7;

    private static int Minute(TimeOnly time) => time.Hour * 60 + time.Minute;
    private static TimeOnly Time(int minute) => new(minute / 60, minute % 60);
}
