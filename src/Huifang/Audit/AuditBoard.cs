using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Audit;

/// <summary>What kinds of acts the audit page shows.</summary>
public enum AuditWhat { All, Seen, Staff, Money, Keys }

/// <summary>Which lines of the log are asked for.</summary>
/// <param name="Before">Go on before this fact.</param>
public sealed record AuditFilter(string? CustomerId = null, string? Actor = null, AuditWhat What = AuditWhat.All, DateTimeOffset? Since = null, long? Before = null);

/// <summary>One line of the log as a person reads it.</summary>
/// <param name="Leaf">Its place in the log; null for the first second.</param>
/// <param name="SealedAt">When the head was signed that covers it.</param>
public sealed record AuditLine(long Seq, string Kind, string? CustomerId, DateTimeOffset At, string Source, string Actor, string Data, long? Leaf, DateTimeOffset? SealedAt)
{
    private AuditLine() : this(0, "", null, default, "", "", "{}", null, null) { }
}

/// <summary>An entry with its proof, for the panel beside the list.</summary>
/// <param name="Holds">Whether the path leads to the signed root; null while no head covers it.</param>
public sealed record AuditEntryView(AuditLine Line, AuditProof? Proof, byte[]? LeafHash, byte[]? Before, Checkpoint? Head, bool? Holds, DateTimeOffset? AnchoredAt, bool IsStamped);

/// <summary>Reads the audit log for people. Looking is an act too, and stands in it.</summary>
public sealed class AuditBoard(JournalDesk journal, AuditKey key, Ids ids, TimeProvider time)
{
    public const int PageSize = 50;

    private static readonly string[] Seen = ["record.viewed", "recording.played", "audit.viewed", "hold.opened", "privacy.done", "sight.shown", "sight.refused", "sight.glass-broken"];
    private static readonly string[] Staff = ["staff.signed-in", "staff.refused", "staff.signed-out", "staff.changed", "role.changed", "approval.asked", "approval.given", "approval.refused", "approval.done", "rule.live", "rule.stopped"];
    private static readonly string[] Money = ["complaint.redress-proposed", "complaint.redress-given", "complaint.redress-refused", "approval.given", "approval.refused"];
    private static readonly string[] Keys = ["key.made", "key.rotated", "key.destroyed", "api-key.made", "api-key.rotated", "api-key.ended", "webhook.added", "webhook.changed", "webhook.removed", "retention.changed", "retention.done", "customer.erased", "hold.placed", "hold.lifted"];

    public Task<List<AuditLine>> Page(Tx tx, AuditFilter filter, int most = PageSize)
    {
        var kinds = filter.What switch { AuditWhat.Seen => Seen, AuditWhat.Staff => Staff, AuditWhat.Money => Money, AuditWhat.Keys => Keys, _ => [] };
        var where = new List<string>();
        if (filter.CustomerId is not null) where.Add("j.customer_id = @CustomerId");
        if (filter.Actor is not null) where.Add("j.actor = @Actor and j.source = 'care'");
        if (kinds.Length > 0) where.Add("j.kind in @kinds and j.source = 'care'");
        if (filter.Since is not null) where.Add("j.at >= @since");
        if (filter.Before is not null) where.Add("j.seq < @Before");
        return tx.Query<AuditLine>(
            $"""
            select j.seq, j.kind, j.customer_id as customerid, j.at, j.source, j.actor, j.data, l.leaf,
              (select c.at from audit_checkpoints c where c.size > l.leaf order by c.size limit 1) as sealedat
            from journal j left join audit_leaves l on l.seq = j.seq {(where.Count == 0 ? "" : $"where {string.Join(" and ", where)}")}
            order by j.seq desc limit {most}
            """, new { filter.CustomerId, filter.Actor, kinds, since = filter.Since?.ToUnixTimeMilliseconds(), filter.Before });
    }

    public async Task<AuditEntryView?> Entry(Tx tx, long leaf)
    {
        var line = await tx.One<AuditLine>(
            """
            select j.seq, j.kind, j.customer_id as customerid, j.at, j.source, j.actor, j.data, l.leaf, (select c.at from audit_checkpoints c where c.size > l.leaf order by c.size limit 1) as sealedat
            from audit_leaves l join journal j on j.seq = l.seq where l.leaf = @leaf
            """, new { leaf });
        if (line is null) return null;
        var proof = await AuditLog.Prove(tx, leaf);
        var hash = (await AuditTable.Find(tx, leaf))?.Entry?.LeafHash();
        var before = leaf == 0 ? null : (await AuditTable.Find(tx, leaf - 1))?.Entry?.LeafHash();
        if (proof is null) return new(line, null, hash, before, null, null, null, false);
        var head = AuditKey.Open(proof.Note, key.Name, key.PublicKey);
        var row = await AuditTable.Checkpoint(tx, proof.Size);
        return new(line, proof, hash, before, head, head is not null && MerkleTree.Includes(leaf, head.Size, proof.Entry.LeafHash(), proof.Path, head.Root), row?.AnchoredAt, row?.Stamp is not null);
    }

    /// <summary>Somebody looked at the log.</summary>
    public Task Viewed(Tx tx, string by, AuditFilter filter, long? leaf) => journal.Append(tx, new Fact(Fact.Care, ids.New(), "audit.viewed", filter.CustomerId, time.GetUtcNow(), by,
        JsonSerializer.Serialize(new { who = filter.Actor, what = filter.What.ToString(), leaf })));
}
