using Huifang.Calendars;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>What came of writing down a day.</summary>
public abstract record DayAnswer
{
    private DayAnswer() { }

    /// <param name="Promised">Promises that now lie outside the shift. They stay; somebody must take them over.</param>
    public sealed record Written(IReadOnlyList<Slot> Promised) : DayAnswer;
    public sealed record Refused(DayRefusal Reason) : DayAnswer;
}

/// <summary>Keeps agents' skills and shifts, and with each change the slots that can be promised.</summary>
public sealed class PlanningDesk(JournalDesk journal, Ids ids, TimeProvider time)
{
    public Task<List<Agent>> Agents(Tx tx) => AgentTable.All(tx);

    public async Task<DayRefusal?> SaveAgent(Tx tx, Agent agent, string by)
    {
        if (ZoneClock.Find(agent.TimeZone) is null) return DayRefusal.UnknownZone;
        await AgentTable.Save(tx, agent, time.GetUtcNow());
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "agent.changed", null, time.GetUtcNow(), by, $$"""{"agent":"{{agent.Id}}"}"""));
        return null;
    }

    /// <summary>Writes down one day of an agent and makes her slots match; <paramref name="day"/> null: she does not work that day.</summary>
    public async Task<DayAnswer> SetDay(Tx tx, string agentId, DateOnly date, AgentDay? day, string by)
    {
        if (ZoneClock.Find(await AgentTable.ZoneOf(tx, agentId)) is not { } zone) return new DayAnswer.Refused(DayRefusal.UnknownAgent);
        IReadOnlyList<AgentTime> times = [];
        if (day is not null)
        {
            var (instants, refusal) = AgentDay.Instants(agentId, day with { Date = date }, zone);
            if (instants is null) return new DayAnswer.Refused(refusal!.Value);
            times = instants;
        }
        return await Write(tx, agentId, date, times, zone, by);
    }

    /// <summary>The same from rows as they are written by hand; no rows: she does not work that day.</summary>
    public async Task<DayAnswer> SetRows(Tx tx, string agentId, DateOnly date, IReadOnlyList<(TimeKind Kind, TimeOnly From, TimeOnly To)> rows, string by) =>
        ZoneClock.Find(await AgentTable.ZoneOf(tx, agentId)) is { } zone ? await SetTimes(tx, agentId, date, AgentHours.OfDay(agentId, date, rows, zone), by) : new DayAnswer.Refused(DayRefusal.UnknownAgent);

    /// <summary>Writes down all that an agent has on one local day, whatever its kinds.</summary>
    public async Task<DayAnswer> SetTimes(Tx tx, string agentId, DateOnly date, IReadOnlyList<AgentTime> times, string by) =>
        ZoneClock.Find(await AgentTable.ZoneOf(tx, agentId)) is not { } zone ? new DayAnswer.Refused(DayRefusal.UnknownAgent)
        : AgentHours.Check(times) is { } refusal ? new DayAnswer.Refused(refusal)
        : await Write(tx, agentId, date, times, zone, by);

    private async Task<DayAnswer> Write(Tx tx, string agentId, DateOnly date, IReadOnlyList<AgentTime> times, ZoneClock zone, string by)
    {
        // A night shift of the day before, or of this day into the next, must not meet another.
        var beside = (await AgentTable.OfDays(tx, date.AddDays(-1), date.AddDays(1))).Where(each => each.AgentId == agentId && each.Kind == TimeKind.Shift && zone.LocalDate(each.From) != date);
        if (AgentHours.Check([.. beside, .. times.Where(each => each.Kind == TimeKind.Shift)]) is { } refusal) return new DayAnswer.Refused(refusal);
        await AgentTable.SetDay(tx, agentId, date, times.Select(each => (ids.New(), each)));
        var promised = await MatchSlots(tx, agentId, date, zone, [.. SlotRules.Starts(times, zone)]);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "shift.changed", null, time.GetUtcNow(), by, $$"""{"agent":"{{agentId}}","day":"{{AgentTable.Text(date)}}"}"""));
        return new DayAnswer.Written(promised);
    }

    /// <summary>Shifts, breaks and days off of everybody.</summary>
    public Task<List<AgentTime>> Times(Tx tx, DateOnly from, DateOnly to) => AgentTable.OfDays(tx, from, to);

    private async Task<IReadOnlyList<Slot>> MatchSlots(Tx tx, string agentId, DateOnly date, ZoneClock zone, HashSet<DateTimeOffset> starts)
    {
        // A night shift's slots lie on the next date too; those of that date's own shift must not be touched.
        var (from, to) = (zone.FirstAt(date.ToDateTime(TimeOnly.MinValue)), zone.FirstAt(date.AddDays(1).ToDateTime(TimeOnly.MinValue)));
        var next = (await AgentTable.OfDays(tx, date.AddDays(-1), date.AddDays(1))).Where(each => each.AgentId == agentId).ToList();
        var all = SlotRules.Starts(next, zone).ToHashSet();
        all.UnionWith(starts);
        var last = starts.Count == 0 ? to : starts.Max() + SlotRules.Length;
        var there = await SlotTable.Between(tx, from, last > to ? last : to, agentId);
        var gone = there.Where(slot => !all.Contains(slot.From)).ToList();
        foreach (var some in gone.Where(slot => slot.IsFree).Select(slot => slot.Id).Chunk(500)) await SlotTable.RemoveFree(tx, some);
        var known = there.Select(slot => slot.From).ToHashSet();
        await SlotTable.Insert(tx, [.. starts.Where(start => !known.Contains(start)).Select(start => new Slot(ids.New(), agentId, start, start + SlotRules.Length, null))]);
        return [.. gone.Where(slot => !slot.IsFree)];
    }
}
