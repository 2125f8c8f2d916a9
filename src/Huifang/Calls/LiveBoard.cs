using Huifang.Accounts;
using Huifang.Customers;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>A promise that needs a person, most urgent first.</summary>
public sealed record PromiseAtRisk(string FollowUpId, string Shown, string ScriptKey, DateTimeOffset From, DateTimeOffset To, bool Broken, bool Answered, string? AgentId, string Language);

/// <summary>What an agent is doing now.</summary>
public enum AgentState { Talking, Ringing, Reading, WrappingUp, Free }

public sealed record AgentNow(string Id, string Name, AgentState State, DateTimeOffset? Since, string? CallId, string? Shown, Level Level, bool Alarmed, bool AsksForHelp);

/// <summary>Talks that wait, by language and skill.</summary>
public sealed record QueueLane(string Language, string Skill, int Waiting, DateTimeOffset? Oldest);

/// <summary>Promises and free places in one quarter of an hour.</summary>
public sealed record Quarter(DateTimeOffset From, int Promised, int Places);

public sealed record LiveView(
    DateTimeOffset Now, int Kept, int Broken, IReadOnlyList<PromiseAtRisk> Risks, IReadOnlyList<AgentNow> Agents, IReadOnlyList<QueueLane> Lanes, IReadOnlyList<Quarter> Quarters)
{
    public int Talking => Agents.Count(agent => agent.State is AgentState.Talking or AgentState.Ringing);
    public int Unanswered => Risks.Count(risk => risk.Broken && !risk.Answered);
    public int AtRisk => Risks.Count(risk => !risk.Broken);
}

/// <summary>The supervisor's board: promises, queue and agents as they are now.</summary>
public sealed class LiveBoard(CallDesk calls, CustomerDesk customers, AccountDesk accounts, SlotDesk slots, TimeProvider time)
{
    /// <summary>A promise whose time comes this soon stands on the board.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(30);

    private const int RisksMax = 12;

    public async Task<LiveView> Now(Tx tx, DateTimeOffset dayBegan)
    {
        var now = time.GetUtcNow();
        var counts = (await tx.Query<(string Kind, long Count)>("select kind, count(*) as count from journal where kind in ('promise.kept', 'promise.broken') and at >= @dayBegan group by kind", new { dayBegan })).ToDictionary(row => row.Kind, row => (int)row.Count);
        return new LiveView(now, counts.GetValueOrDefault("promise.kept"), counts.GetValueOrDefault("promise.broken"), await Risks(tx, now), await Agents(tx), await Lanes(tx), await Quarters(tx, now));
    }

    private async Task<List<PromiseAtRisk>> Risks(Tx tx, DateTimeOffset now)
    {
        var broken = await tx.Query<BrokenRow>(
            """
            select f.id, f.customer_id as customerid, f.script_key as scriptkey, f.language, f.state, j.at, j.data from journal j
            join follow_ups f on f.customer_id = j.customer_id and f.reason = 'promise-broken'
            where j.kind = 'promise.broken' and j.at > @since and f.state in ('Invited', 'Waiting', 'Booked') order by j.at desc limit 20
            """, new { since = now.AddHours(-12) });
        var soon = await tx.Query<SoonRow>(
            $"""
            select id, customer_id as customerid, script_key as scriptkey, language, promised_from as promisedfrom, promised_to as promisedto, agent_id as agentid from follow_ups
            where state = 'Booked' and due_at <= @soon order by due_at, id limit {RisksMax}
            """, new { soon = now + Soon });
        var names = await customers.Load(tx, broken.Select(row => row.CustomerId).Concat(soon.Select(row => row.CustomerId)).Distinct());
        string Shown(string id) => FieldAccess.Initial(names.GetValueOrDefault(id)?.Name);
        return
        [
            .. broken.DistinctBy(row => row.Id).Select(row => new PromiseAtRisk(row.Id, Shown(row.CustomerId), row.ScriptKey, From(row), To(row), true, row.State != "Invited", null, row.Language)),
            .. soon.Select(row => new PromiseAtRisk(row.Id, Shown(row.CustomerId), row.ScriptKey, row.PromisedFrom, row.PromisedTo, false, false, row.AgentId, row.Language)),
        ];
    }

    private async Task<List<AgentNow>> Agents(Tx tx)
    {
        var open = (await calls.Open(tx)).ToDictionary(call => call.AgentId);
        var names = await customers.Load(tx, open.Values.Select(call => call.CustomerId).Distinct());
        var help = (await tx.Query<string>("select call_id from call_moments m join calls c on c.id = m.call_id where c.finished_at is null and m.kind = 'help-asked'")).ToHashSet();
        var agents = new List<AgentNow>();
        foreach (var staff in (await accounts.All(tx)).Where(staff => staff.Roles.Contains(Role.Agent)))
        {
            if (open.GetValueOrDefault(staff.Id) is not { } call) { agents.Add(new AgentNow(staff.Id, staff.Name, AgentState.Free, null, null, null, Level.V0, false, false)); continue; }
            var (state, since) = call switch
            {
                { EndedAt: { } ended } => (AgentState.WrappingUp, ended),
                { JoinedAt: { } joined } => (AgentState.Talking, joined),
                { ArmedAt: { } armed } => (AgentState.Ringing, armed),
                _ => (AgentState.Reading, call.TakenAt),
            };
            agents.Add(new AgentNow(staff.Id, staff.Name, state, since, call.Id, FieldAccess.Initial(names.GetValueOrDefault(call.CustomerId)?.Name), call.Level, call.Verification?.Stage == VerificationStage.Denied, help.Contains(call.Id)));
        }
        return [.. agents.OrderBy(agent => agent.Alarmed || agent.AsksForHelp ? 0 : 1).ThenBy(agent => agent.State).ThenBy(agent => agent.Since)];
    }

    private static async Task<List<QueueLane>> Lanes(Tx tx) =>
        (await tx.Query<LaneRow>("select language, skill, count(*) as waiting, min(due_at) as oldest from follow_ups where state = 'Waiting' and ready = 1 group by language, skill order by count(*) desc limit 12"))
            .ConvertAll(row => new QueueLane(row.Language, row.Skill, (int)row.Waiting, row.Oldest));

    private async Task<List<Quarter>> Quarters(Tx tx, DateTimeOffset now)
    {
        const long QuarterMs = 15 * 60 * 1000;
        var first = now.ToUnixTimeMilliseconds() / QuarterMs * QuarterMs;
        var until = first + 8 * QuarterMs;
        var promised = await tx.Query<long>("select due_at from follow_ups where state = 'Booked' and due_at >= @first and due_at < @until limit 5000", new { first, until });
        var places = (await slots.Between(tx, DateTimeOffset.FromUnixTimeMilliseconds(first), DateTimeOffset.FromUnixTimeMilliseconds(until))).ConvertAll(slot => slot.From.ToUnixTimeMilliseconds());
        return [.. Enumerable.Range(0, 8).Select(i => first + i * QuarterMs).Select(at =>
            new Quarter(DateTimeOffset.FromUnixTimeMilliseconds(at), promised.Count(due => due >= at && due < at + QuarterMs), places.Count(from => from >= at && from < at + QuarterMs)))];
    }

    private static DateTimeOffset From(BrokenRow row) => Instant(row.Data, "from") ?? row.At;
    private static DateTimeOffset To(BrokenRow row) => Instant(row.Data, "to") ?? row.At;

    private static DateTimeOffset? Instant(string data, string name)
    {
        using var root = System.Text.Json.JsonDocument.Parse(data);
        return root.RootElement.TryGetProperty(name, out var value) && value.TryGetDateTimeOffset(out var at) ? at : null;
    }

    private sealed class BrokenRow
    {
        public string Id { get; set; } = "";
        public string CustomerId { get; set; } = "";
        public string ScriptKey { get; set; } = "";
        public string Language { get; set; } = "";
        public string State { get; set; } = "";
        public DateTimeOffset At { get; set; }
        public string Data { get; set; } = "{}";
    }

    private sealed class SoonRow
    {
        public string Id { get; set; } = "";
        public string CustomerId { get; set; } = "";
        public string ScriptKey { get; set; } = "";
        public string Language { get; set; } = "";
        public DateTimeOffset PromisedFrom { get; set; }
        public DateTimeOffset PromisedTo { get; set; }
        public string? AgentId { get; set; }
    }

    private sealed class LaneRow
    {
        public string Language { get; set; } = "";
        public string Skill { get; set; } = "";
        public long Waiting { get; set; }
        public DateTimeOffset? Oldest { get; set; }
    }
}
