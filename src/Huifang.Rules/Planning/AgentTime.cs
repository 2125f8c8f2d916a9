using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>What an agent does in a stretch of time. Everything but a shift takes time away from shifts.</summary>
public enum TimeKind { Shift, Break, Meeting, Training, Off }

/// <summary>A stretch of an agent's time; <paramref name="To"/> is exclusive.</summary>
public sealed record AgentTime(string AgentId, TimeKind Kind, DateTimeOffset From, DateTimeOffset To);

/// <summary>An agent as far as planning is concerned.</summary>
/// <param name="TimeZone">IANA id; her shifts are written in it.</param>
/// <param name="Languages">What she can hold a talk in.</param>
/// <param name="Skills">What she knows; <c>general</c> is one of them.</param>
public sealed record Agent(string Id, string Name, string TimeZone, IReadOnlyList<string> Languages, IReadOnlyList<string> Skills);

/// <summary>Half an hour of one agent that can be promised to one customer.</summary>
public sealed record Slot(string Id, string AgentId, DateTimeOffset From, DateTimeOffset To, string? FollowUpId)
{
    public bool IsFree => FollowUpId is null;
}

/// <summary>Why a day cannot be written down like that.</summary>
public enum DayRefusal { EndsBeforeItStarts, TooLong, BreakOutsideShift, UnknownZone, UnknownAgent, OverlappingShifts, TwoAtOnce, UnknownKind, NotATime, CannotRepeat }

/// <summary>One local day of an agent: a shift with breaks and meetings, or none.</summary>
public sealed record AgentDay(DateOnly Date, TimeOnly From, TimeOnly To, IReadOnlyList<(TimeKind Kind, TimeOnly From, TimeOnly To)> Within)
{
    /// <summary>A working day of more than this is a typing mistake.</summary>
    public static readonly TimeSpan LongestShift = TimeSpan.FromHours(14);

    /// <summary>The instants of a day in the agent's zone, or why it is refused. A shift that ends at or before its start runs over midnight.</summary>
    public static (IReadOnlyList<AgentTime>? Times, DayRefusal? Refusal) Instants(string agentId, AgentDay day, ZoneClock zone)
    {
        var times = AgentHours.OfDay(agentId, day.Date, [(TimeKind.Shift, day.From, day.To), .. day.Within.Where(each => each.Kind != TimeKind.Shift)], zone);
        return AgentHours.Check(times) is { } refusal ? (null, refusal) : (times, null);
    }
}
