using Huifang.Storage;

namespace Huifang.Privacy;

/// <summary>How one class of data is counted and deleted. A person under a legal hold keeps hers.</summary>
/// <param name="Table">Where it stands.</param>
/// <param name="Key">The table's key, by which a batch is chosen.</param>
/// <param name="Old">When a row is too old: compared with <c>@cutOff</c>, a row that has nothing left does not count.</param>
/// <param name="Remove">What deletes a chosen batch; <c>@keys</c> are the rows.</param>
/// <param name="Person">The column of the person, for the hold; null when it belongs to nobody.</param>
internal sealed record RetentionSql(string Class, string Table, string Key, string Old, string Remove, string? Person)
{
    public static readonly IReadOnlyList<RetentionSql> All =
    [
        new("messages", "messages", "id", "queued_at < @cutOff and length(draft) > 0 and state not in ('Queued', 'Leased')", "update messages set draft = @none, body = null where id in @keys", "customer_id"),
        new("replies", "replies", "id", "received_at < @cutOff and length(body) > 0 and settled_at is not null", "update replies set body = @none, blind = '' where id in @keys", "customer_id"),
        new("call-words", "calls", "id", "finished_at < @cutOff and (exists (select 1 from call_notes n where n.call_id = t.id) or exists (select 1 from call_answers a where a.call_id = t.id and a.words is not null))",
            "update call_answers set words = null where call_id in @keys; delete from call_notes where call_id in @keys", "customer_id"),
        new("recordings", "recordings", "id", "started_at < @cutOff and erased_at is null and held_by is null and closed_at is not null", "update recordings set wrapped_key = null, marker = null, erased_at = @now where id in @keys; delete from recording_chunks where recording_id in @keys", "customer_id"),
        new("feedback", "feedback", "id", "at < @cutOff and length(words) > 0", "update feedback set words = @none where id in @keys", "customer_id"),
        // The hash of what goes stays, so that the audit log's line still verifies.
        new("event-details", "journal", "seq", "at < @cutOff and sealed is not null and not (kind like 'top-up.%' or kind like 'withdrawal.%' or kind like 'payment.%' or kind like 'transfer.%' or kind like 'refund.%')", "", "customer_id"),
        new("transaction-details", "journal", "seq", "at < @cutOff and sealed is not null and (kind like 'top-up.%' or kind like 'withdrawal.%' or kind like 'payment.%' or kind like 'transfer.%' or kind like 'refund.%')", "", "customer_id"),
        new("contact-decisions", "contact_decisions", "id", "decided_at < @cutOff", "delete from contact_decisions where id in @keys", "customer_id"),
        new("quarantine", "quarantine", "id", "settled_at < @cutOff and length(raw) > 0", "update quarantine set raw = @none where id in @keys", null),
        new("sessions", "sessions", "id", "ends_at < @cutOff", "delete from sessions where id in @keys", null),
    ];

    private string IsHeld => Person is null ? "false" : $"exists (select 1 from legal_holds h where h.customer_id = t.{Person} and h.lifted_at is null)";

    public Task<long> Count(Tx tx, DateTimeOffset cutOff, bool held) => tx.One<long>($"select count(*) from {Table} t where {Old} and {(held ? "" : "not ")}{IsHeld}", new { cutOff });

    public Task<long?> Oldest(Tx tx, DateTimeOffset cutOff) => tx.One<long?>($"select min({Old[..Old.IndexOf(' ', StringComparison.Ordinal)]}) from {Table} t where {Old} and not {IsHeld}", new { cutOff });

    /// <summary>Deletes one batch.</summary>
    /// <returns>How many rows; fewer than asked when there are no more.</returns>
    public async Task<int> RemoveBatch(Tx tx, DateTimeOffset cutOff, DateTimeOffset now, int most)
    {
        if (Table == "journal") return await RemoveSealed(tx, cutOff, most);
        var keys = await tx.Query<string>($"select {Key} from {Table} t where {Old} and not {IsHeld} limit {most}", new { cutOff });
        if (keys.Count > 0) await tx.Run(Remove, new { keys, now, none = Array.Empty<byte>() });
        return keys.Count;
    }

    private async Task<int> RemoveSealed(Tx tx, DateTimeOffset cutOff, int most)
    {
        var boxes = await tx.Query<(long Seq, byte[] Sealed)>($"select seq, sealed from journal t where {Old} and not {IsHeld} order by at limit {most}", new { cutOff });
        foreach (var (seq, box) in boxes) await tx.Run("update journal set sealed_hash = @hash, sealed = null where seq = @seq and sealed is not null", new { seq, hash = Audit.AuditEntry.HashOf(box) });
        return boxes.Count;
    }
}

internal sealed record PolicyRow(string Class, long Days, DateTimeOffset ChangedAt, string ChangedBy)
{
    private PolicyRow() : this("", 0, default, "") { }
}

internal static class RetentionTable
{
    public static async Task<Dictionary<string, PolicyRow>> Policies(Tx tx) =>
        (await tx.Query<PolicyRow>("select class, days, changed_at as changedat, changed_by as changedby from retention_policies")).ToDictionary(row => row.Class);

    public static Task<int> SetPolicy(Tx tx, string @class, int days, string by, DateTimeOffset now) => tx.Run(
        """
        insert into retention_policies (class, days, changed_at, changed_by) values (@class, @days, @now, @by)
        on conflict (class) do update set days = excluded.days, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """, new { @class, days, now, by });

    public static Task<int> AddRun(Tx tx, RetentionRun run) => tx.Run(
        "insert into retention_runs (id, class, days, cut_off, removed, held, at, fact) values (@Id, @Class, @Days, @CutOff, @Removed, @Held, @At, @Fact)", run);

    public static async Task<DateTimeOffset?> LastRun(Tx tx) => await tx.One<long?>("select max(at) from retention_runs") is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public static Task<List<RetentionRun>> Runs(Tx tx, int most) =>
        tx.Query<RetentionRun>($"select r.id, r.class, r.days, r.cut_off as cutoff, r.removed, r.held, r.at, r.fact, (select l.leaf from journal j join audit_leaves l on l.seq = j.seq where j.source = 'care' and j.id = r.fact) as leaf from retention_runs r order by r.at desc, r.class limit {most}");
}
