using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>What was decided about one fact, final; <paramref name="Reasons"/> is JSON, one entry per rule that listened.</summary>
public sealed record Consideration(long Seq, string? CustomerId, DateTimeOffset At, string Verdict, string Reasons);

internal static class ConsiderationTable
{
    private static readonly Bulk<Consideration> Rows = new("considerations", "on conflict (seq) do nothing",
        ("seq", Column.Number, r => r.Seq), ("customer_id", Column.Text, r => r.CustomerId), ("at", Column.Number, r => r.At.ToUnixTimeMilliseconds()),
        ("verdict", Column.Text, r => r.Verdict), ("reasons", Column.Text, r => r.Reasons));

    public static Task Insert(Tx tx, IReadOnlyList<Consideration> rows) => Rows.Insert(tx, rows, returning: "");

    public static Task<Consideration?> Find(Tx tx, long seq) =>
        tx.One<Consideration>("select seq, customer_id as customerid, at, verdict, reasons from considerations where seq = @seq", new { seq });
}
