using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>
/// The stretch of time that a plan covers, cut into half-hour blocks from a local midnight on. Blocks are counted in elapsed time, so after a change of the
/// clock a block's day may begin an hour beside midnight; what a day costs is then an hour off, and nothing else.
/// </summary>
/// <param name="Begin">The instant of block 0: midnight where the staff sit.</param>
public sealed record PlanSpan(DateTimeOffset Begin, int Days)
{
    public const int BlocksPerDay = 48;
    public const int QuartersPerBlock = 2;

    /// <summary>How far ahead is planned.</summary>
    public const int DaysAhead = 14;

    public static readonly TimeSpan Block = TimeSpan.FromMinutes(30);

    public int Blocks => Days * BlocksPerDay;
    public int Quarters => Blocks * QuartersPerBlock;
    public DateTimeOffset End => Begin + Blocks * Block;

    public static PlanSpan From(DateTimeOffset now, ZoneClock zone) => new(zone.FirstAt(zone.LocalDate(now).ToDateTime(TimeOnly.MinValue)), DaysAhead);

    public DateTimeOffset At(int block) => Begin + block * Block;

    public DateTimeOffset QuarterAt(int quarter) => Begin + quarter * AgentHours.Quarter;

    /// <summary>The block that an instant lies in; it may lie outside the plan.</summary>
    public int BlockOf(DateTimeOffset at) => (int)Math.Floor((at - Begin) / Block);

    /// <summary>The first block that begins at or after an instant.</summary>
    public int BlockFrom(DateTimeOffset at) => (int)Math.Ceiling((at - Begin) / Block);

    public int DayOf(int block) => block / BlocksPerDay;
}
