using System.Collections.Immutable;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Complaints;

/// <summary>How a day was treated on the way to a deadline.</summary>
public enum DayTreatment
{
    /// <summary>The day of the event itself, which is never counted.</summary>
    DayZero,
    Counted,
    /// <summary>A weekend day that is worked.</summary>
    CountedMakeUp,
    /// <summary>Its year is not announced yet: expected to be off, but counted, so that the deadline can only move later.</summary>
    CountedUnconfirmed,
    Weekend,
    Holiday,
    /// <summary>The clock stood still at the end of this day.</summary>
    Stopped,
    /// <summary>It came in on a day off or after closing, and the pack counts it from the next working day.</summary>
    LateReceipt,
    /// <summary>The last day would have been this public holiday; the pack moves it.</summary>
    RolledOver,
}

/// <summary>One day on the way. <paramref name="Number"/> is its number when it was counted, else 0.</summary>
public sealed record DeadlineDay(DateOnly Date, DayTreatment Treatment, int Number, Localized? Name = null)
{
    public bool IsCounted => Number > 0;
}

/// <summary>A stretch in which a clock stood still; <paramref name="To"/> null: it still does.</summary>
public sealed record ClockStop(DateTimeOffset From, DateTimeOffset? To, string Reason);

/// <summary>
/// When a clock runs out, and why. <paramref name="DueAt"/> is the last millisecond in time. A provisional one rests on a year that is not announced
/// and can only move later.
/// </summary>
public sealed record Deadline(ClockRule Rule, ComplaintPack Pack, DateTimeOffset From, DateTimeOffset DueAt, DateOnly DueDate, bool IsProvisional, ImmutableArray<DeadlineDay> Days)
{
    public IEnumerable<DeadlineDay> Counted => Days.Where(day => day.IsCounted);

    public IEnumerable<DeadlineDay> Skipped => Days.Where(day => !day.IsCounted);

    /// <summary>Where it stands in its pack: <c>cn@2026.11#final</c>.</summary>
    public string Reference => $"{Pack}#{Rule.Id}";

    /// <summary>The instant at which a share of the time, measured in working hours, is used up. 0 gives the start, 1 the end.</summary>
    public DateTimeOffset WarnAt(double share)
    {
        var total = Pack.Time.Between(From, DueAt);
        // A clock that runs out before the first hour of work has no working time to warn in.
        return total == TimeSpan.Zero ? From + (DueAt - From) * share : Pack.Time.Add(From, total * share);
    }
}
