using Huifang.Storage;

namespace Huifang.Journal;

internal sealed record JournalRow(string Source, string Id, string Kind, string? CustomerId, long At, long RecordedAt, string Actor, string Data, byte[]? Sealed, long BodyHash, string? Considered);

public static class JournalTable
{
    private const string Columns = "seq, source, id, kind, customer_id as customerid, at, actor, data, sealed";

    private static readonly Bulk<JournalRow> Rows = new("journal", "on conflict (source, id) do nothing",
        ("source", Column.Text, r => r.Source), ("id", Column.Text, r => r.Id), ("kind", Column.Text, r => r.Kind),
        ("customer_id", Column.Text, r => r.CustomerId), ("at", Column.Number, r => r.At), ("recorded_at", Column.Number, r => r.RecordedAt),
        ("actor", Column.Text, r => r.Actor), ("data", Column.Text, r => r.Data), ("sealed", Column.Bytes, r => r.Sealed),
        ("body_hash", Column.Number, r => r.BodyHash), ("considered", Column.Text, r => r.Considered));

    private static readonly Bulk<(string Listener, long Seq, long TryAt)> ReactionRows = new("reactions", "on conflict do nothing",
        ("listener", Column.Text, r => r.Listener), ("seq", Column.Number, r => r.Seq), ("try_at", Column.Number, r => r.TryAt));

    private static readonly Bulk<long> ForAudit = new("audit_waiting", "on conflict do nothing", ("seq", Column.Number, seq => seq));

    /// <summary>Writes facts, and with each the row by which the audit log will take it up: the act, its fact and that row are one commit.</summary>
    internal static async Task<long?[]> Insert(Tx tx, IReadOnlyList<JournalRow> rows)
    {
        var seqs = await Rows.Insert(tx, rows);
        await ForAudit.Insert(tx, [.. seqs.OfType<long>()], returning: "");
        return seqs;
    }

    internal static Task InsertReactions(Tx tx, IReadOnlyList<(string Listener, long Seq, long TryAt)> rows) => ReactionRows.Insert(tx, rows, returning: "");

    internal static Task<long?> BodyHash(Tx tx, string source, string id) =>
        tx.One<long?>("select body_hash from journal where source = @source and id = @id", new { source, id });

    /// <summary>
    /// The next facts that wait for a listener. Two nodes: on PostgreSQL each locks its own rows and skips the other's;
    /// on SQLite there is only one writer, so the second sees them gone.
    /// </summary>
    internal static Task<List<FactRow>> Waiting(Tx tx, string listener, DateTimeOffset now, int most) => tx.Query<FactRow>(
        $"""
        select {Columns} from journal where seq in (
          select seq from reactions where listener = @listener and try_at <= @now order by seq limit {most} SKIP_LOCKED)
        order by seq
        """, new { listener, now });

    internal static Task<int> Done(Tx tx, string listener, IReadOnlyList<long> seqs) =>
        tx.Run("delete from reactions where listener = @listener and seq in @seqs", new { listener, seqs });

    internal static Task<int> PutOff(Tx tx, string listener, long seq, string error, DateTimeOffset tryAt) => tx.Run(
        "update reactions set tries = tries + 1, error = @error, try_at = @tryAt where listener = @listener and seq = @seq", new { listener, seq, error, tryAt });

    /// <summary>How often a listener has failed on a fact.</summary>
    internal static Task<long> Tries(Tx tx, string listener, long seq) =>
        tx.One<long>("select tries from reactions where listener = @listener and seq = @seq", new { listener, seq });

    /// <summary>A customer's timeline, newest first. <paramref name="before"/> is the place after which to go on.</summary>
    public static Task<List<FactRow>> Timeline(Tx tx, string customerId, (DateTimeOffset At, long Seq)? before, int most) => tx.Query<FactRow>(
        $"""
        select {Columns} from journal where customer_id = @customerId {(before is null ? "" : "and (at < @at or (at = @at and seq < @seq))")}
        order by at desc, seq desc limit {most}
        """, new { customerId, at = before?.At, seq = before?.Seq });

    /// <summary>What the wallet told, in the order of the journal; our own facts are left out.</summary>
    public static Task<List<FactRow>> Told(Tx tx, long after, int most) =>
        tx.Query<FactRow>($"select {Columns} from journal where seq > @after and source not in @own order by seq limit {most}", new { after, own = new[] { Fact.Care, "by-hand", "api", "asked" } });

    /// <summary>Puts every reaction that failed back to the beginning.</summary>
    public static Task<int> TryAgain(Tx tx, DateTimeOffset now) => tx.Run("update reactions set tries = 0, error = null, try_at = @now where tries > 0", new { now });

    public static Task<FactRow?> Find(Tx tx, long seq) => tx.One<FactRow>($"select {Columns} from journal where seq = @seq", new { seq });

    public static Task<FactRow?> Find(Tx tx, string source, string id) =>
        tx.One<FactRow>($"select {Columns} from journal where source = @source and id = @id", new { source, id });
}

/// <summary>A fact as it stands in the journal; its private part is still sealed.</summary>
public sealed record FactRow(long Seq, string Source, string Id, string Kind, string? CustomerId, DateTimeOffset At, string Actor, string Data, byte[]? Sealed)
{
    public Fact ToFact() => new(Source, Id, Kind, CustomerId, At, Actor, Data) { Seq = Seq };
}
