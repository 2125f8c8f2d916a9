using System.Globalization;
using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>One row of a file about agents' time, as it was written.</summary>
/// <param name="Line">Where it stands in the file, from 1.</param>
/// <param name="Text">The row itself, for whoever mends it.</param>
public sealed record ToldRow(int Line, string Text, string Agent, string Kind, string From, string To);

/// <summary>A row that cannot be taken, and why.</summary>
public sealed record BadRow(int Line, string Text, DayRefusal Reason);

/// <summary>What a file says about agents' time: what can be taken, and the rows that a person must look at.</summary>
public sealed record ToldTimes(IReadOnlyList<(int Line, string Text, AgentTime Time)> Times, IReadOnlyList<BadRow> Bad);

/// <summary>Reads rows of "agent, kind, from, to". Local times are in the agent's zone; times with an offset are instants.</summary>
public static class ToldTimeRules
{
    private static readonly Dictionary<string, TimeKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["shift"] = TimeKind.Shift, ["work"] = TimeKind.Shift, ["班次"] = TimeKind.Shift, ["上班"] = TimeKind.Shift, ["当班"] = TimeKind.Shift, ["當班"] = TimeKind.Shift,
        ["break"] = TimeKind.Break, ["lunch"] = TimeKind.Break, ["休息"] = TimeKind.Break, ["午休"] = TimeKind.Break,
        ["meeting"] = TimeKind.Meeting, ["会议"] = TimeKind.Meeting, ["會議"] = TimeKind.Meeting, ["training"] = TimeKind.Training, ["培训"] = TimeKind.Training, ["培訓"] = TimeKind.Training,
        ["off"] = TimeKind.Off, ["leave"] = TimeKind.Off, ["holiday"] = TimeKind.Off, ["vacation"] = TimeKind.Off, ["sick"] = TimeKind.Off, ["请假"] = TimeKind.Off, ["請假"] = TimeKind.Off, ["休假"] = TimeKind.Off, ["病假"] = TimeKind.Off,
    };

    private static readonly string[] Local = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy/M/d H:mm"];
    private static readonly string[] Instant = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd HH:mmzzz"];

    /// <summary>The kind of a word in one of our languages, or null.</summary>
    public static TimeKind? Kind(string word) => Kinds.TryGetValue(word.Trim(), out var kind) ? kind : null;

    /// <param name="agents">By id and by login, to the agent.</param>
    public static ToldTimes Read(IEnumerable<ToldRow> rows, IReadOnlyDictionary<string, Agent> agents)
    {
        var (times, bad) = (new List<(int, string, AgentTime)>(), new List<BadRow>());
        foreach (var row in rows)
        {
            var (time, refusal) = Read(row, agents);
            if (time is not null) times.Add((row.Line, row.Text, time));
            else bad.Add(new(row.Line, row.Text, refusal!.Value));
        }
        return new(times, bad);
    }

    private static (AgentTime?, DayRefusal?) Read(ToldRow row, IReadOnlyDictionary<string, Agent> agents)
    {
        if (!agents.TryGetValue(row.Agent.Trim(), out var agent)) return (null, DayRefusal.UnknownAgent);
        if (Kind(row.Kind) is not { } kind) return (null, DayRefusal.UnknownKind);
        if (ZoneClock.Find(agent.TimeZone) is not { } zone) return (null, DayRefusal.UnknownZone);
        if (At(row.From, zone) is not { } from || At(row.To, zone) is not { } to) return (null, DayRefusal.NotATime);
        return to <= from ? (null, DayRefusal.EndsBeforeItStarts) : (new(agent.Id, kind, from, to), null);
    }

    private static DateTimeOffset? At(string text, ZoneClock zone) =>
        DateTime.TryParseExact(text.Trim(), Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? zone.FirstAt(local)
        : DateTimeOffset.TryParseExact(text.Trim().Replace("Z", "+00:00", StringComparison.Ordinal), Instant, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at.ToUniversalTime() : null;
}
