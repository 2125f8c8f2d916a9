using System.Text.Json;
using Huifang.Calendars;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>A row of a calendar file that waits for a person.</summary>
public sealed record KeptRow(string Id, string File, int Line, string Words, DayRefusal Reason, DateTimeOffset At);

/// <summary>How an import went.</summary>
/// <param name="Days">Days of agents that were written.</param>
/// <param name="Promised">Promises that now lie outside a shift.</param>
public sealed record TimeImport(int Days, int Rows, IReadOnlyList<BadRow> Bad, IReadOnlyList<Slot> Promised);

/// <summary>Takes calendars from files: what can be written is written, what cannot is kept with its reason.</summary>
public sealed class TimeImports(PlanningDesk planning, JournalDesk journal, Ids ids, TimeProvider time)
{
    /// <summary>Writes what was told, a day of an agent at a time: a day that would not fit together stays as it was, and its rows are kept.</summary>
    public async Task<TimeImport> Take(Tx tx, string file, ToldTimes told, string by)
    {
        var zones = (await planning.Agents(tx)).ToDictionary(agent => agent.Id, agent => ZoneClock.Find(agent.TimeZone) ?? ZoneClock.Of(TimeZoneInfo.Utc), StringComparer.Ordinal);
        var (bad, promised, days) = (told.Bad.ToList(), new List<Slot>(), 0);
        foreach (var day in told.Times.GroupBy(row => (row.Time.AgentId, Day: DayOf(row.Time, told, zones[row.Time.AgentId]))).OrderBy(day => day.Key.AgentId, StringComparer.Ordinal).ThenBy(day => day.Key.Day))
        {
            var now = (await planning.Times(tx, day.Key.Day, day.Key.Day)).Where(each => each.AgentId == day.Key.AgentId).ToList();
            switch (await planning.SetTimes(tx, day.Key.AgentId, day.Key.Day, AgentHours.Merge(now, [.. day.Select(row => row.Time)]), by))
            {
                case DayAnswer.Written written: days++; promised.AddRange(written.Promised); break;
                case DayAnswer.Refused refused: bad.AddRange(day.Select(row => new BadRow(row.Line, row.Text, refused.Reason))); break;
            }
        }
        var kept = bad.DistinctBy(row => (row.Line, row.Text)).OrderBy(row => row.Line).Take(KeptMax).ToList();
        await TimeRowTable.Keep(tx, [.. kept.Select(row => new KeptRow(ids.New(), file, row.Line, row.Text, row.Reason, time.GetUtcNow()))], by);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "shift.imported", null, time.GetUtcNow(), by, JsonSerializer.Serialize(new { file, days, rows = told.Times.Count, bad = kept.Count })));
        return new(days, told.Times.Count, kept, promised);
    }

    /// <summary>Rows that nobody has looked at.</summary>
    public Task<List<KeptRow>> Kept(Tx tx) => TimeRowTable.Open(tx);

    /// <summary>Somebody has seen to it; false when it was settled before.</summary>
    public Task<bool> Settle(Tx tx, string id, string by) => TimeRowTable.Settle(tx, id, by, time.GetUtcNow());

    private const int KeptMax = 500;

    // What lies in a told shift belongs to that shift's day, also after midnight.
    private static DateOnly DayOf(AgentTime of, ToldTimes told, ZoneClock zone) => zone.LocalDate(
        of.Kind is TimeKind.Shift or TimeKind.Off ? of.From : told.Times.Select(row => row.Time).FirstOrDefault(shift => shift.Kind == TimeKind.Shift && shift.AgentId == of.AgentId && shift.From <= of.From && of.To <= shift.To)?.From ?? of.From);
}
