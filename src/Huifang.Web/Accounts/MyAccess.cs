using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Accounts;

/// <summary>How a member of staff gets in, and where she is in now.</summary>
public sealed record MyAccessView(IReadOnlyList<Passkey> Passkeys, IReadOnlyList<Session> Sessions, int RecoveryLeft, string SessionId)
{
    /// <summary>Codes just made: shown once.</summary>
    public IReadOnlyList<string> NewCodes { get; init; } = [];

    public string? Said { get; init; }
}

/// <summary>A person's own passkeys, recovery codes, sessions and devices. What would let somebody else in asks for a fresh proof.</summary>
public static class MyAccess
{
    public static void MapMyAccess(this WebApplication app)
    {
        var mine = app.MapGroup("/my").RequireAuthorization(StaffSession.Scheme);
        mine.MapGet("sign-in", async (HttpContext http, MyAccessDesks desks, Store store, StaffClock clock, string? said = null) => Page(await Look(http, store, desks) with { Said = said }, clock));
        mine.MapPost("recovery-codes", MakeCodes).NeedsFreshProof();
        mine.MapPost("passkeys/{id}/remove", Remove).NeedsFreshProof();
        mine.MapPost("sessions/{id}/end", End);
        mine.MapPost("sessions/end-others", EndOthers);
    }

    private static async Task<IResult> MakeCodes(HttpContext http, MyAccessDesks desks, Store store, StaffClock clock)
    {
        var codes = await store.Write(tx => desks.Recovery.Make(tx, http.User.Id()), http.RequestAborted);
        return Page(await Look(http, store, desks) with { NewCodes = codes }, clock);
    }

    private static async Task<IResult> Remove(string id, HttpContext http, MyAccessDesks desks, Store store) =>
        Results.Redirect(await store.Write(tx => desks.Passkeys.Remove(tx, http.User.Id(), id), http.RequestAborted) ? "/my/sign-in?said=removed" : "/my/sign-in");

    // The page shows the beginning of a session's fingerprint, never its id: who reads the page must not be able to become her.
    private static async Task<IResult> End(string id, HttpContext http, MyAccessDesks desks, Store store)
    {
        await store.Write(async tx =>
        {
            if ((await desks.Sessions.Of(tx, http.User.Id())).FirstOrDefault(session => Mark(session.Id) == id) is { } session) await desks.Sessions.End(tx, session.Id, http.User.Id(), http.User.Id());
        }, http.RequestAborted);
        return Results.Redirect("/my/sign-in?said=ended");
    }

    private static async Task<IResult> EndOthers(HttpContext http, MyAccessDesks desks, Store store)
    {
        await store.Write(tx => desks.Sessions.EndAll(tx, http.User.Id(), http.Signed().SessionId, http.User.Id()), http.RequestAborted);
        return Results.Redirect("/my/sign-in?said=ended");
    }

    public static string Mark(string sessionId) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(sessionId)).AsSpan(0, 6));

    private static Task<MyAccessView> Look(HttpContext http, Store store, MyAccessDesks desks) => store.Read(async tx =>
        new MyAccessView(await desks.Passkeys.Of(tx, http.User.Id()), await desks.Sessions.Of(tx, http.User.Id()), await desks.Recovery.Left(tx, http.User.Id()), http.Signed().SessionId), http.RequestAborted);

    private static RazorComponentResult Page(MyAccessView view, StaffClock clock) => new RazorComponentResult<MyAccessPage>(new { View = view, Clock = clock });
}

/// <summary>The desks that a person's own access is kept at.</summary>
public sealed record MyAccessDesks(PasskeyDesk Passkeys, SessionDesk Sessions, RecoveryCodes Recovery);
