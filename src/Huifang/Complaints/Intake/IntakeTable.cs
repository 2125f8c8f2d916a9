using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Something that arrived, without its raw bytes.</summary>
public sealed record Arrival(string Id, ComplaintDoor Door, string Sender, string? ExternalId, DateTimeOffset ReceivedAt, string ContentType, long Bytes, IntakeFate Fate)
{
    private Arrival() : this("", default, "", null, default, "", 0, default) { }

    public string? ComplaintId { get; init; }
    public string? Reason { get; init; }
    public string? TextHash { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public string? SettledBy { get; init; }
}

/// <summary>One door's figures: what came in is a case, joined, spam with a reason, or still waits. Nothing else.</summary>
public sealed record DoorTally(string Door, long Received, long Cases, long Joined, long Spam, long Waiting, DateTimeOffset LastAt)
{
    private DoorTally() : this("", 0, 0, 0, 0, 0, default) { }

    public long Difference => Received - Cases - Joined - Spam - Waiting;
}

internal static class IntakeTable
{
    private const string Columns = "id, door, sender, external_id as externalid, received_at as receivedat, content_type as contenttype, bytes, fate, complaint_id as complaintid, reason, text_hash as texthash, tries, settled_at as settledat, settled_by as settledby";

    /// <summary>False when this item of this sender stands there already.</summary>
    public static async Task<bool> Keep(Tx tx, Arrival a, byte[] raw, DateTimeOffset tryAt) => await tx.Run(
        """
        insert into complaint_intake (id, door, sender, external_id, received_at, content_type, bytes, raw, fate, try_at)
        values (@Id, @door, @Sender, @ExternalId, @ReceivedAt, @ContentType, @Bytes, @raw, 'Waiting', @tryAt) on conflict do nothing
        """, new { a.Id, door = a.Door.ToString(), a.Sender, a.ExternalId, a.ReceivedAt, a.ContentType, a.Bytes, raw, tryAt }) == 1;

    public static Task<Arrival?> Find(Tx tx, string id) => tx.One<Arrival>($"select {Columns} from complaint_intake where id = @id", new { id });

    public static Task<Arrival?> Find(Tx tx, string sender, string externalId) =>
        tx.One<Arrival>($"select {Columns} from complaint_intake where sender = @sender and external_id = @externalId", new { sender, externalId });

    /// <summary>The raw bytes under another key: until we know whose they are they lie under the house's.</summary>
    public static Task<int> Reseal(Tx tx, string id, byte[] raw) => tx.Run("update complaint_intake set raw = @raw where id = @id", new { id, raw });

    public static Task<byte[]?> Raw(Tx tx, string id) => tx.One<byte[]>("select raw from complaint_intake where id = @id", new { id });

    /// <summary>What arrived and was not read: the process died in between, or the reading failed. Two workers: the second skips or sees it settled.</summary>
    public static Task<List<Arrival>> Waiting(Tx tx, DateTimeOffset now, int most) =>
        tx.Query<Arrival>($"select {Columns} from complaint_intake where fate = 'Waiting' and try_at <= @now order by received_at limit {most} SKIP_LOCKED", new { now });

    /// <summary>Whether it still waits, held until the end of this transaction: of two who read the same, the second waits here on PostgreSQL and runs later on SQLite, and finds it read.</summary>
    public static async Task<bool> Hold(Tx tx, string id) => await tx.One<string>("select fate from complaint_intake where id = @id FOR_UPDATE", new { id }) == nameof(IntakeFate.Waiting);

    /// <summary>Only what waits gets a fate, so nothing becomes two complaints.</summary>
    public static async Task<bool> Settle(Tx tx, string id, IntakeFate fate, string? complaintId, string? reason, string? textHash, string by, DateTimeOffset now) => await tx.Run(
        "update complaint_intake set fate = @fate, complaint_id = @complaintId, reason = @reason, text_hash = @textHash, settled_at = @now, settled_by = @by where id = @id and fate = 'Waiting'",
        new { id, fate = fate.ToString(), complaintId, reason, textHash, by, now }) == 1;

    public static Task<int> PutOff(Tx tx, string id, string reason, DateTimeOffset tryAt) =>
        tx.Run("update complaint_intake set tries = tries + 1, reason = @reason, try_at = @tryAt where id = @id and fate = 'Waiting'", new { id, reason, tryAt });

    /// <summary>It turned out to be the same matter as another complaint, or no complaint at all.</summary>
    public static Task<int> Follow(Tx tx, string complaintId, IntakeFate fate, string? into, string? reason, string by, DateTimeOffset now) => tx.Run(
        "update complaint_intake set fate = @fate, complaint_id = coalesce(@into, complaint_id), reason = @reason, settled_at = @now, settled_by = @by where complaint_id = @complaintId and fate = 'Case'",
        new { complaintId, fate = fate.ToString(), into, reason, by, now });

    public static Task<List<Arrival>> Page(Tx tx, IntakeFate? fate, DateTimeOffset since, int most) => tx.Query<Arrival>(
        $"select {Columns} from complaint_intake where received_at >= @since {(fate is null ? "" : "and fate = @fate")} order by received_at desc, id limit {most}", new { since, fate = fate?.ToString() });

    public static Task<List<Arrival>> OfComplaint(Tx tx, string complaintId) =>
        tx.Query<Arrival>($"select {Columns} from complaint_intake where complaint_id = @complaintId order by received_at", new { complaintId });

    public static Task<List<DoorTally>> Tally(Tx tx, DateTimeOffset since) => tx.Query<DoorTally>(
        """
        select door, count(*) as received, cast(sum(case when fate = 'Case' then 1 else 0 end) as bigint) as cases, cast(sum(case when fate = 'Joined' then 1 else 0 end) as bigint) as joined,
          cast(sum(case when fate = 'Spam' then 1 else 0 end) as bigint) as spam, cast(sum(case when fate = 'Waiting' then 1 else 0 end) as bigint) as waiting, max(received_at) as lastat
        from complaint_intake where received_at >= @since group by door order by count(*) desc
        """, new { since });

    /// <summary>Earlier arrivals with word for word the same text, and the complaint that each became.</summary>
    public static Task<List<(string ComplaintId, string? GroupId, string CustomerId)>> Copies(Tx tx, string textHash, DateTimeOffset since) => tx.Query<(string, string?, string)>(
        "select c.id, c.group_id, c.customer_id from complaint_intake i join complaints c on c.id = i.complaint_id where i.text_hash = @textHash and i.received_at >= @since order by i.received_at limit 200", new { textHash, since });
}
