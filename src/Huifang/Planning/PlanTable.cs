using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>A plan as it was made.</summary>
/// <param name="Moved">Calls that had another half hour in the plan before; no promise is among them.</param>
/// <param name="Promised">Half hours that are promised beside the plan.</param>
public sealed record MadePlan(string Id, DateTimeOffset MadeAt, DateTimeOffset BeginAt, long Calls, long Planned, long Moved, long Promised, long Objective, long Bound, long LoadMs, long SolveMs)
{
    /// <summary>How far it may be from the best there is, as a share.</summary>
    public double Gap => Bound <= 0 ? 0 : Math.Max(0, (double)(Bound - Objective) / Bound);
}

/// <summary>A row of the plan in force.</summary>
public sealed record PlanRow(
    string FollowUpId, DateTimeOffset? BlockAt, DateTimeOffset? At, DateTimeOffset? From, string? AgentType, string? AgentId, long Gain, long Price, long Chance,
    DateTimeOffset? OtherAt, long OtherLoss, string? Why, long Value, long Urgency, DateTimeOffset? WindowFrom, DateTimeOffset? WindowTo, long WindowBlocks, long WorthNow)
{
    public UnplannedReason? Reason => Why is null ? null : Enum.Parse<UnplannedReason>(Why);

    public bool IsPlanned => BlockAt is not null;
}

/// <summary>A cell of the plan in force.</summary>
public sealed record PlacedCell(string AgentType, DateTimeOffset BlockAt, int Capacity, int Used, long Price);

internal static class PlanTable
{
    private const string RowColumns =
        """
        follow_up_id as followupid, block_at as blockat, at, from_at as "from", agent_type as agenttype, agent_id as agentid, gain, price, chance, other_at as otherat, other_loss as otherloss, reason as why,
        value, urgency, window_from as windowfrom, window_to as windowto, window_blocks as windowblocks, worth_now as worthnow
        """;

    private static readonly string[] Names =
        ["plan_id", "block_at", "at", "from_at", "agent_type", "agent_id", "gain", "price", "chance", "other_at", "other_loss", "reason", "value", "urgency", "window_from", "window_to", "window_blocks", "worth_now"];

    private static readonly Bulk<(string PlanId, PlanRow Row)> Rows = new("plan_calls", $"on conflict (follow_up_id) do update set {string.Join(", ", Names.Select(name => $"{name} = excluded.{name}"))}",
        ("follow_up_id", Column.Text, r => r.Row.FollowUpId), ("plan_id", Column.Text, r => r.PlanId), ("block_at", Column.Number, r => Ms(r.Row.BlockAt)), ("at", Column.Number, r => Ms(r.Row.At)), ("from_at", Column.Number, r => Ms(r.Row.From)),
        ("agent_type", Column.Text, r => r.Row.AgentType), ("agent_id", Column.Text, r => r.Row.AgentId), ("gain", Column.Number, r => r.Row.Gain), ("price", Column.Number, r => r.Row.Price), ("chance", Column.Number, r => r.Row.Chance),
        ("other_at", Column.Number, r => Ms(r.Row.OtherAt)), ("other_loss", Column.Number, r => r.Row.OtherLoss), ("reason", Column.Text, r => r.Row.Why), ("value", Column.Number, r => r.Row.Value), ("urgency", Column.Number, r => r.Row.Urgency),
        ("window_from", Column.Number, r => Ms(r.Row.WindowFrom)), ("window_to", Column.Number, r => Ms(r.Row.WindowTo)), ("window_blocks", Column.Number, r => r.Row.WindowBlocks), ("worth_now", Column.Number, r => r.Row.WorthNow));

    private static readonly Bulk<PlacedCell> Cells = new("plan_cells", "on conflict do nothing",
        ("agent_type", Column.Text, r => r.AgentType), ("block_at", Column.Number, r => r.BlockAt.ToUnixTimeMilliseconds()), ("capacity", Column.Number, r => (long)r.Capacity), ("used", Column.Number, r => (long)r.Used), ("price", Column.Number, r => r.Price));

    public static Task Wish(Tx tx) => tx.Run("update plan_wish set rev = rev + 1 where id = 1");

    /// <summary>What is wished for, when nobody is at it. Of two nodes at once the second finds the lease taken and gets nothing.</summary>
    public static Task<long?> Claim(Tx tx, DateTimeOffset now, DateTimeOffset until, DateTimeOffset stale) => tx.One<long?>(
        "update plan_wish set leased_until = @until where id = 1 and leased_until <= @now and (rev > planned_rev or planned_at <= @stale) returning rev", new { now, until, stale });

    /// <summary>Is there anything to do? Asked before the claim, so that a quiet house does not write.</summary>
    public static Task<long> Wanted(Tx tx, DateTimeOffset now, DateTimeOffset stale) =>
        tx.One<long>("select count(*) from plan_wish where leased_until <= @now and (rev > planned_rev or planned_at <= @stale)", new { now, stale });

    public static Task<int> Done(Tx tx, long rev, DateTimeOffset now) => tx.Run("update plan_wish set planned_rev = @rev, planned_at = @now, leased_until = 0 where id = 1", new { rev, now });

    public static Task<List<PlanRow>> All(Tx tx) => tx.Query<PlanRow>($"select {RowColumns} from plan_calls");

    public static Task<PlanRow?> Find(Tx tx, string followUpId) => tx.One<PlanRow>($"select {RowColumns} from plan_calls where follow_up_id = @followUpId", new { followUpId });

    public static Task<List<PlanRow>> InBlock(Tx tx, DateTimeOffset at, int most) => tx.Query<PlanRow>($"select {RowColumns} from plan_calls where block_at = @at order by at, agent_id, follow_up_id limit {most}", new { at });

    public static Task<List<PlanRow>> Left(Tx tx, int most) => tx.Query<PlanRow>($"select {RowColumns} from plan_calls where block_at is null order by value desc, follow_up_id limit {most}");

    public static Task<List<PlanRow>> Between(Tx tx, DateTimeOffset from, DateTimeOffset to, int most) =>
        tx.Query<PlanRow>($"select {RowColumns} from plan_calls where block_at >= @from and block_at < @to order by at, agent_id, follow_up_id limit {most}", new { from, to });

    public static Task<MadePlan?> Latest(Tx tx) => tx.One<MadePlan>(
        "select id, made_at as madeat, begin_at as beginat, calls, planned, moved, promised, objective, bound, load_ms as loadms, solve_ms as solvems from plans order by made_at desc, id desc limit 1");

    public static async Task<List<PlacedCell>> CellsOf(Tx tx) => [.. (await tx.Query<(string Type, DateTimeOffset At, long Capacity, long Used, long Price)>("select agent_type, block_at, capacity, used, price from plan_cells order by block_at, agent_type"))
        .Select(row => new PlacedCell(row.Type, row.At, (int)row.Capacity, (int)row.Used, row.Price))];

    /// <summary>What one more place would be worth, by agent and half hour; without a plan nothing is.</summary>
    public static async Task<Dictionary<(string AgentId, DateTimeOffset At), long>> PricesOf(Tx tx, IEnumerable<string> agentIds, DateTimeOffset from, DateTimeOffset to)
    {
        var cells = (await tx.Query<(string Type, DateTimeOffset At, long Price)>("select agent_type, block_at, price from plan_cells where block_at >= @from and block_at <= @to and price > 0", new { from, to })).ToLookup(cell => cell.Type);
        var found = new Dictionary<(string, DateTimeOffset), long>();
        if (cells.Count == 0) return found;
        var wanted = agentIds.ToHashSet(StringComparer.Ordinal);
        foreach (var agent in await AgentTable.All(tx))
            if (wanted.Contains(agent.Id))
                foreach (var cell in cells[new PlanPerson(agent.Id, agent.Languages, agent.Skills, []).Type]) found[(agent.Id, cell.At)] = cell.Price;
        return found;
    }

    /// <summary>Writes what has changed, and lets the queue follow: rows of the queue are touched only where the plan says something new about them.</summary>
    public static async Task Save(Tx tx, MadePlan plan, IReadOnlyList<PlanRow> changed, IReadOnlyList<string> gone, IReadOnlyList<PlacedCell> cells)
    {
        await tx.Run(
            """
            insert into plans (id, made_at, begin_at, calls, planned, moved, promised, objective, bound, load_ms, solve_ms)
            values (@Id, @MadeAt, @BeginAt, @Calls, @Planned, @Moved, @Promised, @Objective, @Bound, @LoadMs, @SolveMs)
            """, plan);
        await tx.Run("delete from plans where id not in (select id from plans order by made_at desc, id desc limit 200)");
        foreach (var some in gone.Chunk(500)) await tx.Run("delete from plan_calls where follow_up_id in @ids", new { ids = some });
        await Rows.Insert(tx, [.. changed.Select(row => (plan.Id, row))], returning: "");
        await tx.Run("delete from plan_cells");
        await Cells.Insert(tx, cells, returning: "");
        await tx.Run(
            $"""
            update follow_ups set
              planned_at = coalesce((select p.at from plan_calls p where p.follow_up_id = follow_ups.id), {long.MaxValue}),
              worth_now = coalesce((select p.worth_now from plan_calls p where p.follow_up_id = follow_ups.id), 0),
              planned_agent = (select p.agent_id from plan_calls p where p.follow_up_id = follow_ups.id)
            where state in ('Arranged', 'Invited', 'Waiting') and id in (select follow_up_id from plan_calls where plan_id = @id)
            """, new { id = plan.Id });
    }

    /// <summary>The desk goes back to the order of value.</summary>
    public static async Task Drop(Tx tx)
    {
        await tx.Run($"update follow_ups set planned_at = {long.MaxValue}, worth_now = 0, planned_agent = null where state in ('Arranged', 'Invited', 'Waiting') and (planned_at < {long.MaxValue} or worth_now <> 0)");
        await tx.Run("delete from plan_calls");
        await tx.Run("delete from plan_cells");
    }

    private static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();
}
