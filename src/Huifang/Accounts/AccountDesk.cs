using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;
using Microsoft.AspNetCore.Identity;

namespace Huifang.Accounts;

/// <summary>What a new member of staff is given once, on paper or screen, and never again.</summary>
public sealed record StaffSecrets(string Login, string Password, string TotpSecret);

/// <summary>Who sits at a browser: the person with what she may do, her session, and when she last proved that it is she.</summary>
public sealed record Signed(Staff Staff, string SessionId, DateTimeOffset? ProvedAt);

/// <summary>Lets staff in and out: password and one-time code, a lock after repeated failures, sessions that can be ended.</summary>
public sealed class AccountDesk(JournalDesk journal, Vault vault, RoleDesk roles, Ids ids, TimeProvider time)
{
    private const int FailuresMax = 5;
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SessionTime = TimeSpan.FromHours(12);
    private static readonly PasswordHasher<object> Hasher = new();
    private static readonly object Anybody = new();

    // Checked when the login is unknown, so that the answer takes as long as for a known one.
    private static readonly string Nobody = Hasher.HashPassword(Anybody, "nobody has this password");

    /// <summary>Takes up a new member of staff.</summary>
    public async Task<StaffSecrets> Add(Tx tx, Staff staff, string? password = null)
    {
        Span<byte> random = stackalloc byte[15];
        ids.Random(random);
        password ??= Convert.ToBase64String(random).Replace('+', 'x').Replace('/', 'y');
        var secret = new byte[20];
        ids.Random(secret);
        await StaffTable.Insert(tx, new StaffRow(staff.Id, staff.Login, staff.Name, string.Join(' ', staff.Roles), staff.Language,
            Hasher.HashPassword(Anybody, password), vault.SealForHouse(secret), 0, 0, null, null, staff.Team), time.GetUtcNow());
        await journal.Append(tx, Told("staff.changed", staff.Id, "house", new { staff = staff.Id, roles = staff.Roles.Select(r => r.ToString()) }));
        return new(staff.Login, password, Totp.Base32(secret));
    }

    public async Task<SignIn> SignIn(Tx tx, string login, string password, string code, string device)
    {
        var now = time.GetUtcNow();
        var row = await StaffTable.FindByLogin(tx, login.Trim().ToLowerInvariant());
        var right = Hasher.VerifyHashedPassword(Anybody, row?.PasswordHash ?? Nobody, password) != PasswordVerificationResult.Failed;
        if (row is null) return await Refuse(tx, null, SignInRefusal.UnknownLogin, null);
        if (row.DisabledAt is not null) return await Refuse(tx, row.Id, SignInRefusal.Disabled, null);
        if (row.LockedUntil > now) return await Refuse(tx, row.Id, SignInRefusal.Locked, row.LockedUntil);

        var secret = vault.OpenForHouseBytes(row.TotpSecret) ?? throw new InvalidOperationException($"The one-time secret of staff {row.Id} does not open.");
        var step = right ? Totp.Match(secret, code.Trim(), now, row.TotpUsedStep) : null;
        if (step is null || !await StaffTable.Spend(tx, row.Id, step.Value))
        {
            var locked = await Fail(tx, row, now);
            return await Refuse(tx, row.Id, right ? SignInRefusal.WrongCode : SignInRefusal.WrongPassword, locked);
        }

        var session = NewSession();
        await StaffTable.OpenSession(tx, session, row.Id, now, now + SessionTime, device.Length > 200 ? device[..200] : device);
        await journal.Append(tx, Told("staff.signed-in", row.Id, row.Id, new { staff = row.Id }));
        return new SignIn.In(await roles.WithGrants(tx, row.ToStaff()), session);
    }

    /// <summary>Who is behind an open session, with what she may do now; null once it has ended or run out.</summary>
    public async Task<Signed?> Signed(Tx tx, string sessionId) =>
        await StaffTable.OpenSessionOf(tx, sessionId, time.GetUtcNow()) is { } session && await StaffTable.Find(tx, session.StaffId) is { DisabledAt: null } row
            ? new(await roles.WithGrants(tx, row.ToStaff()), session.Id, session.ProvedAt) : null;

    public async Task<Staff?> StaffOf(Tx tx, string sessionId) => (await Signed(tx, sessionId))?.Staff;

    /// <summary>The person proves by a code that it is still she; sensitive acts are open to this session for five minutes. Failures count towards the lock.</summary>
    public async Task<SignInRefusal?> Prove(Tx tx, Signed signed, string code)
    {
        var now = time.GetUtcNow();
        if (await StaffTable.Find(tx, signed.Staff.Id) is not { DisabledAt: null } row) return SignInRefusal.Disabled;
        if (row.LockedUntil > now) return SignInRefusal.Locked;
        var secret = vault.OpenForHouseBytes(row.TotpSecret) ?? throw new InvalidOperationException($"The one-time secret of staff {row.Id} does not open.");
        if (Totp.Match(secret, code.Trim(), now, row.TotpUsedStep) is not { } step || !await StaffTable.Spend(tx, row.Id, step))
        {
            await Fail(tx, row, now);
            await Refuse(tx, row.Id, SignInRefusal.WrongCode, null);
            return SignInRefusal.WrongCode;
        }
        await Proved(tx, signed.SessionId, row.Id, "code");
        return null;
    }

    private async Task Proved(Tx tx, string sessionId, string staffId, string by)
    {
        await StaffTable.Proved(tx, sessionId, time.GetUtcNow());
        await journal.Append(tx, Told("staff.proved", staffId, staffId, new { staff = staffId, by }));
    }

    // Failures since the last success; the fifth locks, and a lock that has passed begins the count anew.
    private static async Task<DateTimeOffset?> Fail(Tx tx, StaffRow row, DateTimeOffset now)
    {
        var failures = (row.LockedUntil is null ? row.Failures : 0) + 1;
        DateTimeOffset? locked = failures >= FailuresMax ? now + LockTime : null;
        await StaffTable.Failed(tx, row.Id, failures, locked);
        return locked;
    }

    public async Task SignOut(Tx tx, string sessionId, string staffId)
    {
        if (await StaffTable.EndSession(tx, sessionId, time.GetUtcNow()) == 1) await journal.Append(tx, Told("staff.signed-out", staffId, staffId, new { staff = staffId }));
    }

    public async Task<IReadOnlyList<Staff>> All(Tx tx) => (await StaffTable.All(tx)).ConvertAll(row => row.ToStaff());

    /// <summary>How people who work or worked here are called, by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Names(Tx tx) => (await StaffTable.All(tx)).ToDictionary(row => row.Id, row => row.Name, StringComparer.Ordinal);

    public async Task<Staff?> Find(Tx tx, string staffId) => (await StaffTable.Find(tx, staffId))?.ToStaff();

    public Task SetLanguage(Tx tx, string staffId, string language) => StaffTable.SetLanguage(tx, staffId, Languages.Language.For(language) ?? Languages.Language.English);

    /// <summary>The code that this person's authenticator shows now. Only the demo may ask.</summary>
    public async Task<string?> DemoCode(Tx tx, string login) =>
        await StaffTable.FindByLogin(tx, login) is { } row && vault.OpenForHouseBytes(row.TotpSecret) is { } secret
            ? Totp.CodeAt(secret, Math.Max(Totp.StepAt(time.GetUtcNow()), row.TotpUsedStep + 1)) : null;

    /// <summary>Opens a session without proof. Only the demo, which this machine alone can reach, may ask.</summary>
    public async Task<SignIn.In?> DemoSignIn(Tx tx, string staffId, string device)
    {
        if (await StaffTable.Find(tx, staffId) is not { DisabledAt: null } row) return null;
        var session = NewSession();
        await StaffTable.OpenSession(tx, session, row.Id, time.GetUtcNow(), time.GetUtcNow() + SessionTime, device.Length > 200 ? device[..200] : device);
        await journal.Append(tx, Told("staff.signed-in", row.Id, row.Id, new { staff = row.Id, demo = true }));
        return new(await roles.WithGrants(tx, row.ToStaff()), session);
    }

    private string NewSession()
    {
        Span<byte> random = stackalloc byte[24];
        ids.Random(random);
        return Convert.ToHexStringLower(random);
    }

    private async Task<SignIn> Refuse(Tx tx, string? staffId, SignInRefusal reason, DateTimeOffset? lockedUntil)
    {
        await journal.Append(tx, Told("staff.refused", staffId, staffId ?? "unknown", new { staff = staffId, reason = reason.ToString() }));
        return new SignIn.Refused(reason, lockedUntil);
    }

    private Fact Told(string kind, string? staffId, string actor, object data) => new(Fact.Care, ids.New(), kind, null, time.GetUtcNow(), actor, JsonSerializer.Serialize(data));
}
