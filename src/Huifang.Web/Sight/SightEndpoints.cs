using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Sight;

/// <summary>Who saw whom: alarms, glasses to review and the latest looks for reviewers; everything about one customer; and the customer's own page of it.</summary>
public static class SightEndpoints
{
    public static void MapSight(this WebApplication app)
    {
        var sight = app.MapGroup("/sight").RequireAuthorization(Permission.ReviewSight);
        sight.MapGet("", async (HttpContext http, Store store, SightBoard board, StaffClock clock, string? staff = null, string? said = null) =>
            new RazorComponentResult<SightPage>(new { View = await store.Read(tx => board.Look(tx, staff), http.RequestAborted), Board = board, Clock = clock, Staff = staff, Me = http.User.Id(), Said = said }));
        // The id is asked for in a form; it may stand in an address, unlike a number or a name.
        sight.MapGet("customers", (string? id) => string.IsNullOrWhiteSpace(id) || id.Length > 64 ? Results.Redirect("/sight") : Results.Redirect($"/sight/customers/{Uri.EscapeDataString(id.Trim())}"));
        sight.MapGet("customers/{id}", async (string id, HttpContext http, Store store, SightBoard board, StaffClock clock) =>
            new RazorComponentResult<WhoLookedPage>(new { View = await store.Read(tx => board.At(tx, id), http.RequestAborted), Clock = clock }));
        sight.MapPost("alarms/{id}/settle", async (string id, [FromForm] string? words, HttpContext http, Store store, SightBoard board) =>
            Results.Redirect(await store.Write(tx => board.Settle(tx, id, http.User.Id(), words ?? ""), http.RequestAborted) ? "/sight?said=settled" : "/sight?said=not"));
        sight.MapPost("glasses/{id}/review", async (string id, [FromForm] string? words, [FromForm] string? right, HttpContext http, Store store, GlassDesk glasses) =>
            Results.Redirect(await store.Write(tx => glasses.Review(tx, id, http.User.Id(), right == "yes", words ?? ""), http.RequestAborted) ? "/sight?said=reviewed" : "/sight?said=not"));

        app.MapGet("/me/looks", async (HttpContext http, Store store, SightBoard board, Portal.CustomerAtHome home) =>
            await home.Who(http) is { } me ? new RazorComponentResult<MyLooksPage>(new { View = await store.Read(tx => board.At(tx, me.Id), http.RequestAborted), Zone = Portal.CustomerAtHome.ZoneOf(me), home.Now }) : Results.Redirect("/recognise"))
            .RequireAuthorization(StaffSession.PortalScheme);
    }
}
