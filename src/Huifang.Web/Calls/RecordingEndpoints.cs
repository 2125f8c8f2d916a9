using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Calls;

/// <summary>Recordings in, second by second from the agent's browser, and out to those who may listen; and the page of one call.</summary>
public static class RecordingEndpoints
{
    public static void MapRecordings(this WebApplication app)
    {
        var desk = app.MapGroup("/desk").RequireAuthorization(Permission.Desk).AddEndpointFilter<FormToken>().DisableAntiforgery();
        desk.MapPost("calls/{id}/recordings", Begin).About(Thing.Call);
        desk.MapPut("recordings/{id}/{place:long}", Append).About(Thing.Recording);
        desk.MapPost("recordings/{id}/end", Close).About(Thing.Recording);

        app.MapGet("/calls", List).RequireAuthorization(Permission.SeeCalls);
        app.MapGet("/calls/{id}", Show).RequireAuthorization(Permission.SeeCalls).About(Thing.Call);
        app.MapGet("/calls/{id}/recordings/{recording}", Sound).RequireAuthorization(Permission.PlayRecordings).About(Thing.Recording, "recording");
        app.MapPost("/calls/{id}/recordings/{recording}/hold", Hold).RequireAuthorization(Permission.PlayRecordings).About(Thing.Recording, "recording");
        app.MapPost("/calls/{id}/recordings/{recording}/erase", Erase).RequireAuthorization(Permission.PlayRecordings).About(Thing.Recording, "recording");
    }

    private static async Task<IResult> Begin(string id, HttpContext http, Store store, Recordings recordings) =>
        Answer(await store.Write(tx => recordings.Begin(tx, id, http.User.Id(), http.Request.Headers["X-HF-Mime"].ToString()), http.RequestAborted), recording => Results.Json(new { recording }));

    private static async Task<IResult> Append(string id, long place, HttpContext http, Store store, Recordings recordings)
    {
        if (http.Request.ContentLength is null or > Recordings.PieceBytesMax) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var sound = new byte[http.Request.ContentLength.Value];
        await http.Request.Body.ReadExactlyAsync(sound, http.RequestAborted);
        return Answer(await store.Write(tx => recordings.Append(tx, id, http.User.Id(), place, sound), http.RequestAborted), _ => Results.NoContent());
    }

    private static async Task<IResult> Close(string id, [FromForm] long pieces, HttpContext http, Store store, Recordings recordings) =>
        Answer(await store.Write(tx => recordings.Close(tx, id, http.User.Id(), pieces), http.RequestAborted), _ => Results.NoContent());

    private static IResult Answer<T>(Done<T> done, Func<T, IResult> ok) => done.Ok ? ok(done.Value!) : Results.Conflict(new { refusal = done.Refusal.ToString() });

    /// <summary>The sound as one file. The audit entry is committed before the first byte leaves.</summary>
    private static async Task<IResult> Sound(string id, string recording, HttpContext http, Store store, Recordings recordings)
    {
        var (state, mime, sound) = await store.Write(tx => recordings.Play(tx, recording, http.User.Id()), http.RequestAborted);
        if (state == Wholeness.NotShown) return Refusals.Answer(http, AccessRefusal.OverBudget);
        if (state == Wholeness.Erased) return Results.NotFound();
        http.Response.Headers["X-HF-Wholeness"] = state.ToString();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(sound, mime.Split(';')[0], enableRangeProcessing: true);
    }

    private static async Task<IResult> List(HttpContext http, Store store, CallDesk calls, AccountDesk accounts, StaffClock clock, long? before = null)
    {
        DateTimeOffset? until = before is > 0 and < 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(before.Value) : null;
        var (recent, names) = await store.Read(async tx => (await calls.Recent(tx, until), (await accounts.All(tx)).ToDictionary(staff => staff.Id, staff => staff.Name)), http.RequestAborted);
        return new RazorComponentResult<CallsPage>(new { Calls = (IReadOnlyList<Call>)recent, Names = (IReadOnlyDictionary<string, string>)names, Clock = clock });
    }

    private static async Task<IResult> Show(string id, HttpContext http, Store store, CallDesk calls, Recordings recordings, DeskBoard board, StaffClock clock)
    {
        var viewer = http.User.Id();
        var mayPlay = http.User.May(Permission.PlayRecordings);
        // Reading somebody's call is an entry in the audit, so this is a write.
        var view = await store.Write(async tx =>
        {
            if (await calls.Find(tx, id) is not { } call) return null;
            if (!await calls.Viewed(tx, call, viewer)) return null;
            // Whoever reads a call afterwards was not verified with: the page shows what the first level does.
            var card = await board.Card(tx, call with { Verification = call.Verification is null ? null : call.Verification with { Level = Level.V1 } }, viewer);
            return new PastCallView(await calls.InHand(tx, call), await calls.Moments(tx, id), await recordings.OfCall(tx, id), card, (await board.AgentOf(tx, call))?.Name ?? call.AgentId, mayPlay);
        }, http.RequestAborted);
        if (view is null && await store.Read(tx => calls.Find(tx, id), http.RequestAborted) is not null) return Refusals.Answer(http, AccessRefusal.OverBudget);
        return view is null ? Results.NotFound() : new RazorComponentResult<PastCallPage>(new { View = view, Clock = clock });
    }

    private static async Task<IResult> Hold(string id, string recording, [FromForm] string? hold, HttpContext http, Store store, Recordings recordings)
    {
        await store.Write(tx => recordings.Hold(tx, recording, string.IsNullOrWhiteSpace(hold) ? null : hold.Trim()[..Math.Min(200, hold.Trim().Length)], http.User.Id()), http.RequestAborted);
        return Results.Redirect($"/calls/{Uri.EscapeDataString(id)}");
    }

    private static async Task<IResult> Erase(string id, string recording, HttpContext http, Store store, Recordings recordings)
    {
        await store.Write(tx => recordings.Erase(tx, recording, http.User.Id()), http.RequestAborted);
        return Results.Redirect($"/calls/{Uri.EscapeDataString(id)}");
    }
}

/// <summary>A call as it is read afterwards.</summary>
public sealed record PastCallView(CallInHand Hand, IReadOnlyList<CallMoment> Moments, IReadOnlyList<Recording> Recordings, CustomerCard Card, string AgentName, bool MayPlay);
