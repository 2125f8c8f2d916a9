using Huifang.Storage;

namespace Huifang.Intake;

internal sealed record QuarantineRow(string Id, DateTimeOffset ReceivedAt, string Sender, string ContentType, byte[] Raw, string Reason, string? Field, DateTimeOffset? SettledAt, string? SettledBy, string? SettledHow)
{
    private QuarantineRow() : this("", default, "", "", [], "", null, null, null, null) { }
}

internal static class QuarantineTable
{
    private const string Columns = "id, received_at as receivedat, sender, content_type as contenttype, raw, reason, field, settled_at as settledat, settled_by as settledby, settled_how as settledhow";

    public static Task<int> Insert(Tx tx, string id, DateTimeOffset at, string sender, string contentType, byte[] raw, string reason, string field) => tx.Run(
        "insert into quarantine (id, received_at, sender, content_type, raw, reason, field) values (@id, @at, @sender, @contentType, @raw, @reason, @field)",
        new { id, at, sender, contentType, raw, reason, field });

    public static Task<List<QuarantineRow>> Page(Tx tx, int most, bool settled) => tx.Query<QuarantineRow>(
        $"select {Columns} from quarantine where settled_at is {(settled ? "not null" : "null")} order by received_at desc, id limit {most}");

    public static Task<QuarantineRow?> Find(Tx tx, string id) => tx.One<QuarantineRow>($"select {Columns} from quarantine where id = @id", new { id });

    public static Task<long> Waiting(Tx tx) => tx.One<long>("select count(*) from quarantine where settled_at is null");

    public static async Task<bool> Settle(Tx tx, string id, DateTimeOffset at, string by, string how) => await tx.Run(
        "update quarantine set settled_at = @at, settled_by = @by, settled_how = @how where id = @id and settled_at is null", new { id, at, by, how }) == 1;
}
