using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>What a new member of staff is given once, on paper or screen, and never again.</summary>
public sealed record StaffSecrets(string Login, string Password, string TotpSecret);

/// <summary>What the desk of accounts takes ids, time and seals from.</summary>
public sealed record AccountParts(Vault Vault, Ids Ids, TimeProvider Time);

/// <summary>Who works here, and the way in for a machine without a passkey: password and one-time code, or a recovery code, with a lock after repeated failures.</summary>
public sealed class AccountDesk(JournalDesk journal, SessionDesk sessions, RecoveryCodes recovery, AccountParts parts)
{
    private const int FailuresMax = 5;
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);

    private Vault Vault => parts.Vault;

    /// <summary>Takes up a new member of staff.</summary>
    public async Task<StaffSecrets> Add(Tx tx, Staff staff, string? password = null)
    {
        Span<byte> random = stackalloc byte[15];
        parts.Ids.Random(random);
        password ??= Convert.ToBase64String(random).Replace('+', 'x').Replace('/', 'y');
        var secret = new byte[20];
        parts.Ids.Random(secret);
        await StaffTable.Insert(tx, new StaffRow(staff.Id, staff.Login, staff.Name, string.Join(' ', staff.Roles), staff.Language,
            PasswordLock.Make(password), Vault.SealForHouse(secret), 0, 0, null, null, staff.Team), parts.Time.GetUtcNow());
        await Tell(tx, "staff.changed", "house", new { staff = staff.Id, roles = staff.Roles.Select(r => r.ToString()), team = staff.Team });
        return new(staff.Login, password, Totp.Base32(secret));
    }

    /// <summary>Read before a sign-in, so that its password is tried where nobody waits for it.</summary>
    public async Task<PasswordLock> LockOf(Tx tx, string login)
    {
        login = Normal(login);
        return new(login, (await StaffTable.FindByLogin(tx, login))?.PasswordHash);
    }

    /// <param name="code">The six digits of the authenticator, or a recovery code.</param>
    public async Task<SignIn> SignIn(Tx tx, TriedPassword tried, string code, string device)
    {
        var now = parts.Time.GetUtcNow();
        await StaffTable.Hold(tx, tried.Login);
        var row = await StaffTable.FindByLogin(tx, tried.Login);
        if (row is null) return await Refuse(tx, null, SignInRefusal.UnknownLogin, null);
        if (row.DisabledAt is not null) return await Refuse(tx, row.Id, SignInRefusal.Disabled, null);
        if (row.LockedUntil > now) return await Refuse(tx, row.Id, SignInRefusal.Locked, row.LockedUntil);
        var right = tried.Opens(row);
        if (!right || !await IsHers(tx, row, code)) return await Refuse(tx, row.Id, right ? SignInRefusal.WrongCode : SignInRefusal.WrongPassword, await Fail(tx, row, now));
        return await sessions.Open(tx, row.ToStaff(), device, RecoveryCodes.IsOne(code) ? "recovery" : "code");
    }

    /// <summary>The person proves by a code that it is still she; sensitive acts are open to this session for five minutes. Failures count towards the lock.</summary>
    public async Task<SignInRefusal?> Prove(Tx tx, Signed signed, string code)
    {
        var now = parts.Time.GetUtcNow();
        await StaffTable.Hold(tx, signed.Staff.Login);
        if (await StaffTable.Find(tx, signed.Staff.Id) is not { DisabledAt: null } row) return SignInRefusal.Disabled;
        if (row.LockedUntil > now) return SignInRefusal.Locked;
        if (RecoveryCodes.IsOne(code) || !await IsHers(tx, row, code))
        {
            await Refuse(tx, row.Id, SignInRefusal.WrongCode, await Fail(tx, row, now));
            return SignInRefusal.WrongCode;
        }
        await sessions.Proved(tx, signed.SessionId, row.Id, "code");
        return null;
    }

    public Task SignOut(Tx tx, string sessionId, string staffId) => sessions.End(tx, sessionId, staffId, staffId);

    public async Task<IReadOnlyList<Staff>> All(Tx tx) => (await StaffTable.All(tx)).ConvertAll(row => row.ToStaff());

    /// <summary>How people who work or worked here are called, by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Names(Tx tx) => (await StaffTable.All(tx)).ToDictionary(row => row.Id, row => row.Name, StringComparer.Ordinal);

    public async Task<Staff?> Find(Tx tx, string staffId) => (await StaffTable.Find(tx, staffId))?.ToStaff();

    public async Task<Staff?> FindByLogin(Tx tx, string login) => (await StaffTable.FindByLogin(tx, Normal(login)))?.ToStaff();

    public Task SetLanguage(Tx tx, string staffId, string language) => StaffTable.SetLanguage(tx, staffId, Languages.Language.For(language) ?? Languages.Language.English);

    /// <summary>Changes what a person does here. Only <c>StaffApproval</c> asks, after a second person has given it.</summary>
    internal async Task Change(Tx tx, string staffId, IReadOnlyList<Role> roles, string team, bool disabled, string by)
    {
        await StaffTable.Change(tx, staffId, string.Join(' ', roles), team, disabled ? parts.Time.GetUtcNow() : null);
        if (disabled) await sessions.EndAll(tx, staffId, null, by);
        await Tell(tx, "staff.changed", by, new { staff = staffId, roles = roles.Select(r => r.ToString()), team, disabled });
    }

    /// <summary>The operator's identity provider answered, and nobody was let in.</summary>
    public Task ProviderRefused(Tx tx, string? staffId, string reason) => Tell(tx, "staff.refused", staffId ?? "unknown", new { staff = staffId, reason, by = "provider" });

    /// <summary>The code that this person's authenticator shows now. Only the demo may ask.</summary>
    public async Task<string?> DemoCode(Tx tx, string login) =>
        await StaffTable.FindByLogin(tx, login) is { } row && Vault.OpenForHouseBytes(row.TotpSecret) is { } secret
            ? Totp.CodeAt(secret, Math.Max(Totp.StepAt(parts.Time.GetUtcNow()), row.TotpUsedStep + 1)) : null;

    /// <summary>Opens a session without proof. Only the demo, which this machine alone can reach, may ask.</summary>
    public async Task<SignIn.In?> DemoSignIn(Tx tx, string staffId, string device) =>
        await StaffTable.Find(tx, staffId) is { DisabledAt: null } row ? await sessions.Open(tx, row.ToStaff(), device, "demo") : null;

    private static string Normal(string login) => login.Trim().ToLowerInvariant();

    private async Task<bool> IsHers(Tx tx, StaffRow row, string code)
    {
        if (RecoveryCodes.IsOne(code)) return await recovery.Spend(tx, row.Id, code) && await StaffTable.ClearFailures(tx, row.Id) >= 0;
        var secret = Vault.OpenForHouseBytes(row.TotpSecret) ?? throw new InvalidOperationException($"The one-time secret of staff {row.Id} does not open.");
        return Totp.Match(secret, code.Trim().Replace(" ", "", StringComparison.Ordinal), parts.Time.GetUtcNow(), row.TotpUsedStep) is { } step && await StaffTable.Spend(tx, row.Id, step);
    }

    // Failures since the last success; the fifth locks, and a lock that has passed begins the count anew.
    private static async Task<DateTimeOffset?> Fail(Tx tx, StaffRow row, DateTimeOffset now)
    {
        var failures = (row.LockedUntil is null ? row.Failures : 0) + 1;
        DateTimeOffset? locked = failures >= FailuresMax ? now + LockTime : null;
        await StaffTable.Failed(tx, row.Id, failures, locked);
        return locked;
    }

    private async Task<SignIn> Refuse(Tx tx, string? staffId, SignInRefusal reason, DateTimeOffset? lockedUntil)
    {
        await Tell(tx, "staff.refused", staffId ?? "unknown", new { staff = staffId, reason = reason.ToString() });
        return new SignIn.Refused(reason, lockedUntil);
    }

    private Task Tell(Tx tx, string kind, string actor, object data) => journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), kind, null, parts.Time.GetUtcNow(), actor, JsonSerializer.Serialize(data)));
}
