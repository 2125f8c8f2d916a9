using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Calls;

/// <summary>The supervisor's board, and its one act: this talk, by that agent, now.</summary>
public static class LiveEndpoints
{
    public static void MapLive(this WebApplication app)
    {
        var live = app.MapGroup("/live").RequireAuthorization(Permission.Supervise).AddEndpointFilter<FormToken>().DisableAntiforgery();
        live.MapGet("", async (HttpContext http, Store store, LiveBoard board, StaffClock clock, IAntiforgery antiforgery) =>
            new RazorComponentResult<LivePage>(new { View = await Look(http, store, board, clock), Clock = clock, Form = antiforgery.GetAndStoreTokens(http).RequestToken }));
        live.MapGet("now", async (HttpContext http, Store store, LiveBoard board, StaffClock clock, IAntiforgery antiforgery) =>
            new RazorComponentResult<LiveNow>(new { View = await Look(http, store, board, clock), Clock = clock, Form = antiforgery.GetAndStoreTokens(http).RequestToken }));
        live.MapPost("follow-ups/{id}/call", Call);
    }

    private static Task<LiveView> Look(HttpContext http, Store store, LiveBoard board, StaffClock clock) =>
        store.Read(tx => board.Now(tx, new DateTimeOffset(clock.Now.Date, clock.Now.Offset)), http.RequestAborted);

    private static async Task<IResult> Call(string id, [FromForm] string agent, HttpContext http, Store store, CallQueue queue)
    {
        var taken = await store.Write(tx => queue.Take(tx, id, agent), http.RequestAborted);
        return Results.Redirect(taken.Ok ? "/live" : $"/live?said={taken.Refusal}");
    }
}
