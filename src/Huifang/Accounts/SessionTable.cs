using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>A browser in which somebody is, or was, signed in.</summary>
/// <param name="Method">How she came in: passkey, code, recovery, provider, demo.</param>
public sealed record Session(string Id, string StaffId, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset? ProvedAt, DateTimeOffset EndsAt, string Device, string Method)
{
    private Session() : this("", "", default, default, null, default, "", "") { }
}

internal static class SessionTable
{
    private const string Columns = "id, staff_id as staffid, started_at as startedat, seen_at as seenat, proved_at as provedat, ends_at as endsat, device, method";

    public static Task<int> Insert(Tx tx, Session session) => tx.Run(
        "insert into sessions (id, staff_id, started_at, seen_at, proved_at, ends_at, device, method) values (@Id, @StaffId, @StartedAt, @SeenAt, @StartedAt, @EndsAt, @Device, @Method)",
        new { session.Id, session.StaffId, session.StartedAt, session.SeenAt, session.EndsAt, session.Device, session.Method });

    public static Task<Session?> Open(Tx tx, string id, DateTimeOffset now, DateTimeOffset seenSince) =>
        tx.One<Session>($"select {Columns} from sessions where id = @id and ended_at is null and ends_at > @now and seen_at > @seenSince", new { id, now, seenSince });

    public static Task<List<Session>> OpenOf(Tx tx, string staffId, DateTimeOffset now, DateTimeOffset seenSince) =>
        tx.Query<Session>($"select {Columns} from sessions where staff_id = @staffId and ended_at is null and ends_at > @now and seen_at > @seenSince order by seen_at desc limit 100", new { staffId, now, seenSince });

    public static Task<int> Seen(Tx tx, string id, DateTimeOffset now) => tx.Run("update sessions set seen_at = @now where id = @id and seen_at < @now", new { id, now });

    public static Task<int> Proved(Tx tx, string id, DateTimeOffset now) => tx.Run("update sessions set proved_at = @now where id = @id and ended_at is null", new { id, now });

    public static Task<int> End(Tx tx, string id, string staffId, string by, DateTimeOffset now) =>
        tx.Run("update sessions set ended_at = @now, ended_by = @by where id = @id and staff_id = @staffId and ended_at is null", new { id, staffId, by, now });

    public static Task<int> EndAll(Tx tx, string staffId, string? but, string by, DateTimeOffset now) =>
        tx.Run("update sessions set ended_at = @now, ended_by = @by where staff_id = @staffId and id <> @but and ended_at is null", new { staffId, but = but ?? "", by, now });
}
