using Huifang.Calendars;
using Huifang.Calls;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>The plan in force, as pages look at it.</summary>
public sealed class PlanBoard(PlanningDesk planning, FollowUpDesk followUps, CustomerDesk customers, AnswerDesk answers, PlanParts parts)
{
    /// <summary>As many rows as a page can show.</summary>
    public const int RowsMax = 2_000;

    private const int OffersLooked = 24;

    public Task<MadePlan?> Latest(Tx tx) => PlanTable.Latest(tx);

    /// <summary>Calls planned in a stretch of time, in the order of time.</summary>
    public Task<List<PlanRow>> Rows(Tx tx, DateTimeOffset from, DateTimeOffset to) => PlanTable.Between(tx, from, to, RowsMax);

    /// <summary>Calls that have no place, the most valuable first.</summary>
    public Task<List<PlanRow>> Left(Tx tx, int most = 200) => PlanTable.Left(tx, most);

    /// <summary>All that the board shows.</summary>
    /// <param name="day">The day of the agents' lines; null: today.</param>
    /// <param name="at">The half hour that is looked into; null: the next one that has calls.</param>
    /// <param name="call">The follow-up whose reasons are shown; null: the first of that half hour.</param>
    /// <param name="named">Customers' initials may be shown.</param>
    public async Task<PlanView> Look(Tx tx, DateOnly? day, DateTimeOffset? at, string? call, bool named)
    {
        var now = parts.Time.GetUtcNow();
        var zone = ZoneClock.Of(parts.Ground.Zone);
        var span = PlanSpan.From(now, zone);
        var plan = await PlanTable.Latest(tx);
        var cells = await PlanTable.CellsOf(tx);
        var slots = await parts.Slots.Between(tx, span.Begin, span.End);
        var left = await PlanTable.Left(tx, RowsMax);
        var agents = await planning.Agents(tx);
        var shown = day ?? zone.LocalDate(now);
        var from = zone.FirstAt(shown.ToDateTime(TimeOnly.MinValue));
        var rows = await PlanTable.Between(tx, from, from + TimeSpan.FromDays(1), RowsMax);
        var chosen = call is null ? null : await PlanTable.Find(tx, call);
        var selectedAt = at ?? chosen?.BlockAt ?? (await PlanTable.Between(tx, now - PlanSpan.Block, span.End, 1)).FirstOrDefault()?.BlockAt;
        var selected = selectedAt is { } half ? await Shown(tx, await PlanTable.InBlock(tx, half, 60), agents, named) : [];
        var leftShown = await Shown(tx, [.. left.Take(30)], agents, named);
        var why = chosen is not null ? (await Shown(tx, [chosen], agents, named)).FirstOrDefault() : selected.FirstOrDefault();
        return new(now, plan, Halves(span, cells, slots, left), await Lines(tx, span, agents, slots, rows, from, now), PlanWorth.OneMoreHour(cells.Select(cell => new PlanCell(cell.AgentType, span.BlockOf(cell.BlockAt), cell.Capacity, cell.Used, cell.Price)), span.BlockFrom(now)),
            selected, selectedAt, leftShown, why is null ? null : await Why(tx, why, agents), Effect(now, agents, cells, slots, zone), span, shown);
    }

    private static List<PlanHalfHour> Halves(PlanSpan span, List<PlacedCell> cells, List<Slot> slots, List<PlanRow> left)
    {
        var (byBlock, promised, lacking) = (cells.ToLookup(cell => span.BlockOf(cell.BlockAt)), slots.Where(slot => !slot.IsFree).ToLookup(slot => span.BlockOf(slot.From)), left.Where(row => row is { Reason: UnplannedReason.Outbid, OtherAt: not null }).ToLookup(row => span.BlockOf(row.OtherAt!.Value)));
        // A promise takes both quarters of its half hour.
        return [.. Enumerable.Range(0, span.Blocks).Select(block => new PlanHalfHour(span.At(block), byBlock[block].Sum(cell => cell.Capacity), byBlock[block].Sum(cell => cell.Used),
            promised[block].Count() * PlanSpan.QuartersPerBlock, lacking[block].Count(), byBlock[block].Select(cell => cell.Price).DefaultIfEmpty().Max()))];
    }

    private async Task<List<AgentLine>> Lines(Tx tx, PlanSpan span, List<Agent> agents, List<Slot> slots, List<PlanRow> rows, DateTimeOffset from, DateTimeOffset now)
    {
        var zone = ZoneClock.Of(parts.Ground.Zone);
        var times = (await planning.Times(tx, zone.LocalDate(from).AddDays(-1), zone.LocalDate(from))).ToLookup(each => each.AgentId, StringComparer.Ordinal);
        var planned = rows.ToLookup(row => row.AgentId, StringComparer.Ordinal);
        var promised = slots.Where(slot => !slot.IsFree).ToLookup(slot => slot.AgentId, StringComparer.Ordinal);
        var lines = new List<AgentLine>();
        foreach (var agent in agents)
        {
            var quarters = AgentHours.Quarters(times[agent.Id], from, PlanSpan.BlocksPerDay * PlanSpan.QuartersPerBlock);
            var shifts = AgentHours.Quarters(times[agent.Id].Where(time => time.Kind == TimeKind.Shift), from, quarters.Length);
            var (mine, kept) = (planned[agent.Id].Select(row => row.BlockAt).ToHashSet(), promised[agent.Id].Where(slot => slot.From >= from && slot.From < from.AddDays(1)).ToList());
            lines.Add(new(agent, [.. Enumerable.Range(0, PlanSpan.BlocksPerDay).Select(block => Half(from + block * PlanSpan.Block, quarters[2 * block] || quarters[2 * block + 1], shifts[2 * block] || shifts[2 * block + 1], mine, kept, now))],
                planned[agent.Id].Count(), kept.Count, planned[agent.Id].Count(row => row.Urgency >= 3)));
        }
        return lines;
    }

    private static AgentHalf Half(DateTimeOffset at, bool free, bool shift, HashSet<DateTimeOffset?> planned, List<Slot> promised, DateTimeOffset now) =>
        promised.Any(slot => slot.From < at + PlanSpan.Block && at < slot.To) ? AgentHalf.Promised
        : !shift ? AgentHalf.Off
        : !free ? AgentHalf.Break
        : planned.Contains(at) ? AgentHalf.Planned
        : at + PlanSpan.Block <= now ? AgentHalf.Past : AgentHalf.Free;

    private async Task<List<CallInPlan>> Shown(Tx tx, List<PlanRow> rows, List<Agent> agents, bool named)
    {
        var found = await followUps.Load(tx, rows.Select(row => row.FollowUpId));
        var people = named ? await customers.Load(tx, found.Values.Select(followUp => followUp.CustomerId).Distinct()) : new Dictionary<string, Customer>();
        var names = agents.ToDictionary(agent => agent.Id, agent => agent.Name, StringComparer.Ordinal);
        return
        [
            .. rows.Where(row => found.ContainsKey(row.FollowUpId)).Select(row => (row, FollowUp: found[row.FollowUpId]))
                .Select(each => new CallInPlan(each.row, each.FollowUp, named ? FieldAccess.Initial(people.GetValueOrDefault(each.FollowUp.CustomerId)?.Name) : "", each.row.AgentId is { } id ? names.GetValueOrDefault(id) : null)),
        ];
    }

    private async Task<CallWhy> Why(Tx tx, CallInPlan call, List<Agent> agents)
    {
        var tries = (await answers.TriesOf(tx, [call.FollowUp.CustomerId]))[call.FollowUp.CustomerId].ToList();
        var chances = (await answers.Model(tx)).Of(call.FollowUp.Channel, tries);
        var best = Enumerable.Range(0, AnswerTime.Count).Where(i => AnswerTime.Of(i) is { Part: not DayPart.Night, IsWeekend: false }).MaxBy(i => chances[i]);
        return new(call, agents.Count(agent => agent.Languages.Contains(call.FollowUp.Language) && agent.Skills.Contains(call.FollowUp.Skill)), AnswerTime.Of(best), chances, tries.Count);
    }

    /// <summary>Offers as they are made now, and the same in the mere order of time, for each type of agent.</summary>
    private static OfferEffect Effect(DateTimeOffset now, List<Agent> agents, List<PlacedCell> cells, List<Slot> slots, ZoneClock zone)
    {
        var (offered, soonest, count) = (0L, 0L, 0);
        foreach (var type in agents.GroupBy(agent => new PlanPerson(agent.Id, agent.Languages, agent.Skills, []).Type, StringComparer.Ordinal))
        {
            var ids = type.Select(agent => agent.Id).ToHashSet(StringComparer.Ordinal);
            var prices = cells.Where(cell => cell.AgentType == type.Key).ToDictionary(cell => cell.BlockAt, cell => PlanSpan.QuartersPerBlock * cell.Price);
            var free = slots.Where(slot => slot.IsFree && ids.Contains(slot.AgentId) && slot.From > now + SlotDesk.Soonest && slot.From < now.AddDays(3)).Select(slot => slot.From).Distinct().ToList();
            var ours = SlotRules.Pick(free, OffersLooked, zone, start => prices.GetValueOrDefault(start));
            offered += ours.Sum(start => prices.GetValueOrDefault(start));
            soonest += SlotRules.Pick(free, OffersLooked, zone).Sum(start => prices.GetValueOrDefault(start));
            count += ours.Count;
        }
        return count == 0 ? new(0, 0, 0) : new(offered / count, soonest / count, count);
    }
}
