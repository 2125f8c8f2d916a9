using Huifang.Storage;

namespace Huifang.Planning;

internal static class TimeRowTable
{
    private static readonly Bulk<(KeptRow Row, string By)> Rows = new("time_rows_bad", "on conflict (id) do nothing",
        ("id", Column.Text, r => r.Row.Id), ("file", Column.Text, r => r.Row.File), ("line", Column.Number, r => (long)r.Row.Line), ("words", Column.Text, r => r.Row.Words),
        ("reason", Column.Text, r => r.Row.Reason.ToString()), ("at", Column.Number, r => r.Row.At.ToUnixTimeMilliseconds()), ("told_by", Column.Text, r => r.By));

    public static Task Keep(Tx tx, IReadOnlyList<KeptRow> rows, string by) => Rows.Insert(tx, [.. rows.Select(row => (row, by))], returning: "");

    public static async Task<List<KeptRow>> Open(Tx tx) =>
        [.. (await tx.Query<(string Id, string File, long Line, string Words, string Reason, DateTimeOffset At)>("select id, file, line, words, reason, at from time_rows_bad where settled_at is null order by at desc, line limit 200"))
            .Select(row => new KeptRow(row.Id, row.File, (int)row.Line, row.Words, Enum.Parse<DayRefusal>(row.Reason), row.At))];

    public static async Task<bool> Settle(Tx tx, string id, string by, DateTimeOffset now) =>
        await tx.Run("update time_rows_bad set settled_at = @now, settled_by = @by where id = @id and settled_at is null", new { id, by, now }) == 1;
}
