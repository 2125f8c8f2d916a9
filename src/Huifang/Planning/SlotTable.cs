using Huifang.Storage;

namespace Huifang.Planning;

internal static class SlotTable
{
    private const string Columns = "s.id, s.agent_id as agentid, s.from_at as fromat, s.to_at as toat, s.follow_up_id as followupid";

    private static readonly Bulk<Slot> Rows = new("slots", "on conflict (agent_id, from_at) do nothing",
        ("id", Column.Text, r => r.Id), ("agent_id", Column.Text, r => r.AgentId), ("from_at", Column.Number, r => r.From.ToUnixTimeMilliseconds()), ("to_at", Column.Number, r => r.To.ToUnixTimeMilliseconds()));

    public static Task Insert(Tx tx, IReadOnlyList<Slot> slots) => Rows.Insert(tx, slots, returning: "");

    /// <summary>Free slots whose agent speaks the language and knows the matter, soonest first.</summary>
    public static async Task<List<Slot>> Free(Tx tx, DateTimeOffset from, DateTimeOffset to, string language, string skill, int most) => Read(await tx.Query<Row>(
        $"""
        select {Columns} from slots s
        join agent_languages l on l.agent_id = s.agent_id and l.language = @language
        join agent_skills k on k.agent_id = s.agent_id and k.skill = @skill
        where s.follow_up_id is null and s.from_at >= @from and s.to_at <= @to
        order by s.from_at, s.agent_id limit {most}
        """, new { from, to, language, skill }));

    /// <summary>
    /// Two customers who pick the same slot: on SQLite the second runs after the first's commit, on PostgreSQL it waits for the row; either way it then finds
    /// it taken and changes nothing. Two picks of one customer: the second waits for the follow-up's row and then sees the slot it holds.
    /// </summary>
    public static async Task<bool> Claim(Tx tx, string id, string followUpId, DateTimeOffset now)
    {
        await tx.One<string>("select id from follow_ups where id = @followUpId FOR_UPDATE", new { followUpId });
        return await tx.Run(
            """
            update slots set follow_up_id = @followUpId, claimed_at = @now
            where id = @id and follow_up_id is null and from_at > @now and not exists (select 1 from slots other where other.follow_up_id = @followUpId)
            """, new { id, followUpId, now }) == 1;
    }

    public static async Task<bool> Release(Tx tx, string followUpId) =>
        await tx.Run("update slots set follow_up_id = null, claimed_at = null where follow_up_id = @followUpId", new { followUpId }) == 1;

    public static async Task<Slot?> Find(Tx tx, string id) => Read(await tx.Query<Row>($"select {Columns} from slots s where s.id = @id", new { id })).FirstOrDefault();

    public static async Task<Slot?> OfFollowUp(Tx tx, string followUpId) => Read(await tx.Query<Row>($"select {Columns} from slots s where s.follow_up_id = @followUpId", new { followUpId })).FirstOrDefault();

    public static async Task<List<Slot>> Between(Tx tx, DateTimeOffset from, DateTimeOffset to, string? agentId = null) => Read(agentId is null
        ? await tx.Query<Row>($"select {Columns} from slots s where s.from_at >= @from and s.from_at < @to order by s.from_at, s.agent_id", new { from, to })
        : await tx.Query<Row>($"select {Columns} from slots s where s.agent_id = @agentId and s.from_at >= @from and s.from_at < @to order by s.from_at", new { from, to, agentId }));

    /// <summary>Free slots that no longer lie in a shift go; a promised one stays, whatever the shift says.</summary>
    public static Task<int> RemoveFree(Tx tx, string[] ids) => tx.Run("delete from slots where id in @ids and follow_up_id is null", new { ids });

    private static List<Slot> Read(IEnumerable<Row> rows) => [.. rows.Select(row => new Slot(row.Id, row.AgentId, row.FromAt, row.ToAt, row.FollowUpId))];

    private sealed record Row(string Id, string AgentId, DateTimeOffset FromAt, DateTimeOffset ToAt, string? FollowUpId);
}
