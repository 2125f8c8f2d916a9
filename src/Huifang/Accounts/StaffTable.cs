using Huifang.Storage;

namespace Huifang.Accounts;

internal sealed record StaffRow(string Id, string Login, string Name, string Roles, string Language, string PasswordHash, byte[] TotpSecret, long TotpUsedStep, int Failures, DateTimeOffset? LockedUntil, DateTimeOffset? DisabledAt, string Team = Staff.FirstTeam)
{
    public Staff ToStaff() => new(Id, Login, Name, [.. Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)], Language) { Team = Team, DisabledAt = DisabledAt };

    private StaffRow() : this("", "", "", "", "", "", [], 0, 0, null, null) { }
}

internal sealed record SessionRow(string Id, string StaffId, DateTimeOffset? ProvedAt)
{
    private SessionRow() : this("", "", null) { }
}

internal static class StaffTable
{
    private const string Columns =
        "id, login, name, roles, language, password_hash as passwordhash, totp_secret as totpsecret, totp_used_step as totpusedstep, failures, locked_until as lockeduntil, disabled_at as disabledat, team";

    public static Task<int> Insert(Tx tx, StaffRow row, DateTimeOffset at) => tx.Run(
        """
        insert into staff (id, login, name, roles, language, password_hash, totp_secret, team, made_at)
        values (@Id, @Login, @Name, @Roles, @Language, @PasswordHash, @TotpSecret, @Team, @at)
        """, new { row.Id, row.Login, row.Name, row.Roles, row.Language, row.PasswordHash, row.TotpSecret, row.Team, at });

    public static Task<StaffRow?> FindByLogin(Tx tx, string login) => tx.One<StaffRow>($"select {Columns} from staff where login = @login", new { login });

    public static Task<StaffRow?> Find(Tx tx, string id) => tx.One<StaffRow>($"select {Columns} from staff where id = @id", new { id });

    /// <summary>Null when nobody of that id works here.</summary>
    public static Task<string?> TeamOf(Tx tx, string id) => tx.One<string>("select team from staff where id = @id", new { id });

    public static Task<List<StaffRow>> All(Tx tx) => tx.Query<StaffRow>($"select {Columns} from staff order by login limit 1000");

    public static Task<int> Failed(Tx tx, string id, int failures, DateTimeOffset? lockedUntil) =>
        tx.Run("update staff set failures = @failures, locked_until = @lockedUntil where id = @id", new { id, failures, lockedUntil = lockedUntil?.ToUnixTimeMilliseconds() });

    /// <summary>Spends the code's step. Two sign-ins with one code: the second finds the step spent and changes nothing.</summary>
    public static async Task<bool> Spend(Tx tx, string id, long step) =>
        await tx.Run("update staff set totp_used_step = @step, failures = 0, locked_until = null where id = @id and totp_used_step < @step", new { id, step }) == 1;

    public static Task<int> SetLanguage(Tx tx, string id, string language) => tx.Run("update staff set language = @language where id = @id", new { id, language });

    public static Task<int> OpenSession(Tx tx, string id, string staffId, DateTimeOffset now, DateTimeOffset endsAt, string device) => tx.Run(
        "insert into sessions (id, staff_id, started_at, seen_at, proved_at, ends_at, device) values (@id, @staffId, @now, @now, @now, @endsAt, @device)", new { id, staffId, now, endsAt, device });

    public static Task<SessionRow?> OpenSessionOf(Tx tx, string sessionId, DateTimeOffset now) =>
        tx.One<SessionRow>("select id, staff_id as staffid, proved_at as provedat from sessions where id = @sessionId and ended_at is null and ends_at > @now", new { sessionId, now });

    public static Task<int> Proved(Tx tx, string sessionId, DateTimeOffset now) => tx.Run("update sessions set proved_at = @now where id = @sessionId and ended_at is null", new { sessionId, now });

    public static Task<int> EndSession(Tx tx, string sessionId, DateTimeOffset now) =>
        tx.Run("update sessions set ended_at = @now where id = @sessionId and ended_at is null", new { sessionId, now });
}
