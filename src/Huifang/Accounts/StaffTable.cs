using Huifang.Storage;

namespace Huifang.Accounts;

internal sealed record StaffRow(string Id, string Login, string Name, string Roles, string Language, string PasswordHash, byte[] TotpSecret, long TotpUsedStep, int Failures, DateTimeOffset? LockedUntil, DateTimeOffset? DisabledAt, string Team = Staff.FirstTeam)
{
    public Staff ToStaff() => new(Id, Login, Name, [.. Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)], Language) { Team = Team, DisabledAt = DisabledAt };

    private StaffRow() : this("", "", "", "", "", "", [], 0, 0, null, null) { }
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

    /// <summary>Changes nothing, and makes whoever else tries to be this person wait until it is known how this try ended: many guesses at once are counted like one after another.</summary>
    public static Task<int> Hold(Tx tx, string login) => tx.Run("update staff set failures = failures where login = @login", new { login });

    public static Task<int> Failed(Tx tx, string id, int failures, DateTimeOffset? lockedUntil) =>
        tx.Run("update staff set failures = @failures, locked_until = @lockedUntil where id = @id", new { id, failures, lockedUntil = lockedUntil?.ToUnixTimeMilliseconds() });

    /// <summary>Spends the code's step. Two sign-ins with one code: the second finds the step spent and changes nothing.</summary>
    public static async Task<bool> Spend(Tx tx, string id, long step) =>
        await tx.Run("update staff set totp_used_step = @step, failures = 0, locked_until = null where id = @id and totp_used_step < @step", new { id, step }) == 1;

    public static Task<int> SetLanguage(Tx tx, string id, string language) => tx.Run("update staff set language = @language where id = @id", new { id, language });

    public static Task<int> ClearFailures(Tx tx, string id) => tx.Run("update staff set failures = 0, locked_until = null where id = @id", new { id });

    public static Task<int> Change(Tx tx, string id, string roles, string team, DateTimeOffset? disabledAt) =>
        tx.Run("update staff set roles = @roles, team = @team, disabled_at = @disabledAt where id = @id", new { id, roles, team, disabledAt = disabledAt?.ToUnixTimeMilliseconds() });
}
