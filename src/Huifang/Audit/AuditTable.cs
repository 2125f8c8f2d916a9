using Huifang.Storage;

namespace Huifang.Audit;

/// <summary>A journal row as the log hashes it. <paramref name="Leaf"/> is its place once it has one.</summary>
internal sealed record AuditRow(long Seq, long? Leaf, string? Source, string? Id, string? Kind, string? CustomerId, long? At, long? RecordedAt, string? Actor, string? Data, byte[]? Sealed, byte[]? SealedHash)
{
    private AuditRow() : this(0, null, null, null, null, null, null, null, null, null, null, null) { }

    /// <summary>The line, or null when the fact is gone.</summary>
    public AuditEntry? Entry => Source is null ? null : new(Source, Id!, Kind!, CustomerId, DateTimeOffset.FromUnixTimeMilliseconds(At!.Value), DateTimeOffset.FromUnixTimeMilliseconds(RecordedAt!.Value), Actor!, Data!,
        Sealed is null ? SealedHash : AuditEntry.HashOf(Sealed));
}

internal sealed record CheckpointRow(long Size, DateTimeOffset At, string Note, byte[]? Stamp, DateTimeOffset? AnchoredAt)
{
    private CheckpointRow() : this(0, default, "", null, null) { }
}

internal static class AuditTable
{
    private const string Fact = "j.source, j.id, j.kind, j.customer_id as customerid, j.at, j.recorded_at as recordedat, j.actor, j.data, j.sealed, j.sealed_hash as sealedhash";
    private const string Head = "size, at, note, stamp, anchored_at as anchoredat";

    private static readonly Bulk<(long Leaf, long Seq)> Leaves = new("audit_leaves", "", ("leaf", Column.Number, r => r.Leaf), ("seq", Column.Number, r => r.Seq));

    private static readonly Bulk<(TilePlace Place, byte[] Hashes)> TileRows = new("audit_tiles", "on conflict (id) do update set hashes = excluded.hashes",
        ("id", Column.Number, r => r.Place.Id), ("hashes", Column.Bytes, r => r.Hashes));

    /// <summary>The log's size, with the lock on it: a second node waits here until the first has committed, and then sees what it added.</summary>
    public static Task<long> LockSize(Tx tx) => tx.One<long>("select size from audit_head where id = 1 FOR_UPDATE");

    public static Task<long> Size(Tx tx) => tx.One<long>("select size from audit_head where id = 1");

    public static Task<int> SetSize(Tx tx, long size) => tx.Run("update audit_head set size = @size where id = 1", new { size });

    /// <summary>
    /// Facts that have no place yet, eldest first. A transaction that commits late on PostgreSQL shows up in a later batch with its older number: no cursor passes it by.
    /// </summary>
    public static Task<List<AuditRow>> Waiting(Tx tx, int most) =>
        tx.Query<AuditRow>($"select w.seq as seq, {Fact} from audit_waiting w join journal j on j.seq = w.seq order by w.seq limit {most}");

    public static async Task TakenUp(Tx tx, long firstLeaf, IReadOnlyList<long> seqs)
    {
        await Leaves.Insert(tx, [.. seqs.Select((seq, i) => (firstLeaf + i, seq))], returning: "");
        foreach (var (from, to) in Runs(seqs)) await tx.Run("delete from audit_waiting where seq between @from and @to", new { from, to });
    }

    // Numbers without a gap go together. A gap is left alone: on PostgreSQL it may be a fact whose commit comes later.
    private static IEnumerable<(long From, long To)> Runs(IReadOnlyList<long> seqs)
    {
        for (var (from, i) = (0, 1); i <= seqs.Count; i++)
            if (i == seqs.Count || seqs[i] != seqs[i - 1] + 1) { yield return (seqs[from], seqs[i - 1]); from = i; }
    }

    public static Task<long> WaitingCount(Tx tx) => tx.One<long>("select count(*) from audit_waiting");

    public static async Task<Dictionary<TilePlace, byte[]>> Tiles(Tx tx, IEnumerable<TilePlace> places)
    {
        var found = new Dictionary<TilePlace, byte[]>();
        foreach (var part in places.Select(place => place.Id).Distinct().Chunk(500))
            foreach (var (id, hashes) in await tx.Query<(long, byte[])>("select id, hashes from audit_tiles where id in @part", new { part }))
                found[TilePlace.Of(id)] = hashes;
        return found;
    }

    public static Task SaveTiles(Tx tx, IReadOnlyList<(TilePlace Place, byte[] Hashes)> tiles) => TileRows.Insert(tx, tiles, returning: "");

    public static Task<long> TileCount(Tx tx) => tx.One<long>("select count(*) from audit_tiles");

    public static Task<List<AuditRow>> Page(Tx tx, long fromLeaf, int most) => tx.Query<AuditRow>(
        $"select l.seq as seq, l.leaf as leaf, {Fact} from audit_leaves l left join journal j on j.seq = l.seq where l.leaf >= @fromLeaf order by l.leaf limit {most}", new { fromLeaf });

    public static Task<AuditRow?> Find(Tx tx, long leaf) =>
        tx.One<AuditRow>($"select l.seq as seq, l.leaf as leaf, {Fact} from audit_leaves l left join journal j on j.seq = l.seq where l.leaf = @leaf", new { leaf });

    public static Task<long?> LeafOf(Tx tx, long seq) => tx.One<long?>("select leaf from audit_leaves where seq = @seq", new { seq });

    /// <summary>Facts that stand in the journal but neither in the log nor in its queue: written past the house.</summary>
    public static Task<List<long>> Strangers(Tx tx, int most) => tx.Query<long>(
        $"select j.seq from journal j where not exists (select 1 from audit_leaves l where l.seq = j.seq) and not exists (select 1 from audit_waiting w where w.seq = j.seq) order by j.seq limit {most}");

    /// <summary>Facts that have waited since before this moment.</summary>
    public static Task<List<long>> HeldBack(Tx tx, DateTimeOffset since, int most) =>
        tx.Query<long>($"select w.seq from audit_waiting w join journal j on j.seq = w.seq where j.recorded_at < @since order by w.seq limit {most}", new { since });

    /// <summary>One head a size: two nodes that sign at the same moment leave one row.</summary>
    public static Task<int> AddCheckpoint(Tx tx, long size, DateTimeOffset at, string note) =>
        tx.Run("insert into audit_checkpoints (size, at, note) values (@size, @at, @note) on conflict do nothing", new { size, at, note });

    public static Task<CheckpointRow?> LastCheckpoint(Tx tx) => tx.One<CheckpointRow>($"select {Head} from audit_checkpoints order by size desc limit 1");

    /// <summary>The first signed head that covers a leaf.</summary>
    public static Task<CheckpointRow?> CheckpointOver(Tx tx, long leaf) => tx.One<CheckpointRow>($"select {Head} from audit_checkpoints where size > @leaf order by size limit 1", new { leaf });

    public static Task<CheckpointRow?> Checkpoint(Tx tx, long size) => tx.One<CheckpointRow>($"select {Head} from audit_checkpoints where size = @size", new { size });

    public static Task<List<CheckpointRow>> Checkpoints(Tx tx, long afterSize, int most) =>
        tx.Query<CheckpointRow>($"select {Head} from audit_checkpoints where size > @afterSize order by size limit {most}", new { afterSize });

    /// <summary>
    /// Leases the oldest head that is not yet outside. Two nodes: the second finds the row leased, its update changes nothing and it waits;
    /// the order in the file stays that of the log, because nobody gets a later head while an earlier one is open.
    /// </summary>
    public static Task<CheckpointRow?> LeaseOldest(Tx tx, DateTimeOffset now, DateTimeOffset until) => tx.One<CheckpointRow>(
        $"""
        update audit_checkpoints set leased_until = @until
        where size = (select size from audit_checkpoints where anchored_at is null order by size limit 1) and (leased_until is null or leased_until < @now)
        returning {Head}
        """, new { now, until });

    public static Task<int> Stamped(Tx tx, long size, byte[] stamp) => tx.Run("update audit_checkpoints set stamp = @stamp where size = @size", new { size, stamp });

    public static Task<int> Anchored(Tx tx, long size, DateTimeOffset now) =>
        tx.Run("update audit_checkpoints set anchored_at = @now, leased_until = null where size = @size and anchored_at is null", new { size, now });
}
