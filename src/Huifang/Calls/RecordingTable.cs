using Huifang.Storage;

namespace Huifang.Calls;

internal sealed class RecordingRow
{
    public string Id { get; set; } = "";
    public string CallId { get; set; } = "";
    public string CustomerId { get; set; } = "";
    public byte[]? WrappedKey { get; set; }
    public byte[]? HeldKey { get; set; }
    public string Mime { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public long Chunks { get; set; }
    public long Bytes { get; set; }
    public byte[]? Marker { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public DateTimeOffset KeepUntil { get; set; }
    public string? HeldBy { get; set; }
    public DateTimeOffset? ErasedAt { get; set; }
}

internal static class RecordingTable
{
    private const string Columns =
        "id, call_id as callid, customer_id as customerid, wrapped_key as wrappedkey, held_key as heldkey, mime, started_at as startedat, chunks, bytes, marker, closed_at as closedat, keep_until as keepuntil, held_by as heldby, erased_at as erasedat";

    public static Task<int> Insert(Tx tx, RecordingRow row) => tx.Run(
        "insert into recordings (id, call_id, customer_id, wrapped_key, mime, started_at, keep_until) values (@Id, @CallId, @CustomerId, @WrappedKey, @Mime, @StartedAt, @KeepUntil)",
        new { row.Id, row.CallId, row.CustomerId, row.WrappedKey, row.Mime, row.StartedAt, row.KeepUntil });

    public static Task<RecordingRow?> Find(Tx tx, string id) => tx.One<RecordingRow>($"select {Columns} from recordings where id = @id", new { id });

    public static Task<List<RecordingRow>> OfCall(Tx tx, string callId) => tx.Query<RecordingRow>($"select {Columns} from recordings where call_id = @callId order by started_at", new { callId });

    /// <summary>The next piece only, and only while it is open: a piece that comes twice or out of turn changes nothing.</summary>
    public static async Task<bool> Append(Tx tx, string id, long seq, byte[] box, long clearBytes)
    {
        if (await tx.Run("update recordings set chunks = chunks + 1, bytes = bytes + @clearBytes where id = @id and chunks = @seq and closed_at is null and erased_at is null", new { id, seq, clearBytes }) != 1) return false;
        await tx.Run("insert into recording_chunks (recording_id, seq, box) values (@id, @seq, @box)", new { id, seq, box });
        return true;
    }

    public static async Task<bool> Close(Tx tx, string id, byte[] marker, long chunks, DateTimeOffset at) =>
        await tx.Run("update recordings set marker = @marker, closed_at = @at where id = @id and chunks = @chunks and closed_at is null and erased_at is null", new { id, marker, chunks, at }) == 1;

    public static Task<List<byte[]>> Boxes(Tx tx, string id, long from, int most) =>
        tx.Query<byte[]>($"select box from recording_chunks where recording_id = @id and seq >= @from order by seq limit {most}", new { id, from });

    public static async Task<bool> Hold(Tx tx, string id, string? by, byte[]? heldKey) =>
        await tx.Run("update recordings set held_by = @by, held_key = @heldKey where id = @id and erased_at is null", new { id, by, heldKey }) == 1;

    public static async Task<bool> Erase(Tx tx, string id, DateTimeOffset at)
    {
        if (await tx.Run("update recordings set wrapped_key = null, marker = null, erased_at = @at where id = @id and erased_at is null and held_by is null", new { id, at }) != 1) return false;
        await tx.Run("delete from recording_chunks where recording_id = @id", new { id });
        return true;
    }

    public static Task<List<RecordingRow>> Due(Tx tx, DateTimeOffset now, int most = 100) =>
        tx.Query<RecordingRow>($"select {Columns} from recordings where keep_until <= @now and erased_at is null and held_by is null order by keep_until limit {most}", new { now });
}
