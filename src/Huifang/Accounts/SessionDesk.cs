using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>Who sits at a browser: the person with what she may do, her session, and when she last proved that it is she.</summary>
public sealed record Signed(Staff Staff, string SessionId, DateTimeOffset? ProvedAt)
{
    public DateTimeOffset SeenAt { get; init; }
}

/// <summary>Sessions of staff: opened by a proof, over after twelve hours or two idle ones, listed for their owner and ended at once.</summary>
public sealed class SessionDesk(JournalDesk journal, RoleDesk roles, Ids ids, TimeProvider time)
{
    /// <summary>The longest a session lasts, used or not. Source: OWASP ASVS 5.0 V7.3.2.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>The longest a session may lie idle. Source: OWASP ASVS 5.0 V7.3.1.</summary>
    public static readonly TimeSpan IdleLife = TimeSpan.FromHours(2);

    /// <summary>How exactly "last seen" is kept, so that not every request is a write.</summary>
    public static readonly TimeSpan SeenGrain = TimeSpan.FromMinutes(1);

    private const int DeviceMax = 200;

    /// <summary>Opens a session for somebody who has just proved who she is.</summary>
    public async Task<SignIn.In> Open(Tx tx, Staff staff, string device, string method)
    {
        var now = time.GetUtcNow();
        var session = new Session(NewId(), staff.Id, now, now, now, now + Life, device.Length > DeviceMax ? device[..DeviceMax] : device, method);
        await SessionTable.Insert(tx, session);
        await Tell(tx, "staff.signed-in", staff.Id, new { staff = staff.Id, method });
        return new SignIn.In(await roles.WithGrants(tx, staff), session.Id);
    }

    /// <summary>Who is behind an open session, with what she may do now; null once it has ended, run out or lain idle.</summary>
    public async Task<Signed?> Signed(Tx tx, string sessionId)
    {
        var now = time.GetUtcNow();
        return await SessionTable.Open(tx, sessionId, now, now - IdleLife) is { } session && await StaffTable.Find(tx, session.StaffId) is { DisabledAt: null } row
            ? new(await roles.WithGrants(tx, row.ToStaff()), session.Id, session.ProvedAt) { SeenAt = session.SeenAt } : null;
    }

    public Task Seen(Tx tx, string sessionId) => SessionTable.Seen(tx, sessionId, time.GetUtcNow());

    /// <summary>The person has proved again that it is she: sensitive acts are open to this session for five minutes.</summary>
    public async Task Proved(Tx tx, string sessionId, string staffId, string by)
    {
        await SessionTable.Proved(tx, sessionId, time.GetUtcNow());
        await Tell(tx, "staff.proved", staffId, new { staff = staffId, by });
    }

    /// <summary>The open sessions of a person, the latest used first.</summary>
    public Task<List<Session>> Of(Tx tx, string staffId) => SessionTable.OpenOf(tx, staffId, time.GetUtcNow(), time.GetUtcNow() - IdleLife);

    /// <summary>Ends one session of this person's. Its next request is refused.</summary>
    public async Task<bool> End(Tx tx, string sessionId, string staffId, string by)
    {
        if (await SessionTable.End(tx, sessionId, staffId, by, time.GetUtcNow()) == 0) return false;
        await Tell(tx, "staff.signed-out", by, new { staff = staffId });
        return true;
    }

    /// <summary>Ends every session of this person's, but the one she sits at when she asks herself.</summary>
    public async Task<int> EndAll(Tx tx, string staffId, string? but, string by)
    {
        var ended = await SessionTable.EndAll(tx, staffId, but, by, time.GetUtcNow());
        if (ended > 0) await Tell(tx, "staff.signed-out", by, new { staff = staffId, sessions = ended });
        return ended;
    }

    private string NewId()
    {
        Span<byte> random = stackalloc byte[24];
        ids.Random(random);
        return Convert.ToHexStringLower(random);
    }

    private Task Tell(Tx tx, string kind, string by, object data) => journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, null, time.GetUtcNow(), by, JsonSerializer.Serialize(data)));
}
