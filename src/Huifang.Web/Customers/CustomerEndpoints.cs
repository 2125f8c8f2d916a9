using Huifang.Accounts;
using Huifang.Calls;
using Huifang.FollowUps;
using Huifang.Scripts;
using Huifang.Shell;
using Huifang.Sight;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Customers;

/// <summary>
/// A customer's page for staff: found by a whole number or address only, by those who have something to do; opened by whoever has something in hand with her,
/// or breaks the glass; masked, each look weighed and on record.
/// </summary>
public static class CustomerEndpoints
{
    public static void MapCustomers(this WebApplication app)
    {
        app.MapGet("/customers", () => new RazorComponentResult<FindCustomerPage>()).RequireAuthorization(Permission.SeeCustomers);
        app.MapPost("/customers", Find).RequireAuthorization(Permission.SeeCustomers);
        app.MapGet("/customers/{id}", Show).RequireAuthorization(Permission.SeeCustomers).About(Thing.Customer);
        app.MapPost("/customers/{id}/unmask", Unmask).RequireAuthorization(Permission.SeeCustomers).About(Thing.Customer, level: Level.V1);
        app.MapPost("/customers/{id}/follow-ups", Arrange).RequireAuthorization(Permission.Supervise);
        app.MapGet("/customers/{id}/glass", (string id) => new RazorComponentResult<GlassPage>(new { Id = id })).RequireAuthorization(Permission.BreakGlass);
        app.MapPost("/customers/{id}/glass", Break).RequireAuthorization(Permission.BreakGlass).NeedsFreshProof();
    }

    // A number or address in a URL would stand in logs, so it is posted.
    private static async Task<IResult> Find([FromForm] string? asked, HttpContext http, CustomerBoard board, SightDesk sight, Store store, CancellationToken stop)
    {
        if (!http.User.May(Permission.BreakGlass) && !await store.Read(tx => sight.HasWork(tx, http.User.Id()), stop)) return new RazorComponentResult<FindCustomerPage>(new { Idle = true });
        var found = await board.Find(asked ?? "", stop);
        return found.Count == 1 ? Results.LocalRedirect($"/customers/{Uri.EscapeDataString(found[0])}") : new RazorComponentResult<FindCustomerPage>(new { Asked = asked, Found = found });
    }

    private static async Task<IResult> Show(string id, HttpContext http, CustomerBoard board, SightDesk sight, CustomerRoom room, CancellationToken stop, long? at = null, long? seq = null, string? said = null, string? detail = null)
    {
        (DateTimeOffset, long)? before = at is { } ms && seq is { } place ? (DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, 0, 253402300799999)), place) : null;
        // The look is weighed and committed before anything of her is read.
        var hand = await room.Store.Write(async tx => await sight.Reason(tx, http.User.Id(), id) is { } reason && (before is not null || await sight.Look(tx, http.User.Id(), id, "record", reason.Because)) ? reason : null, stop);
        if (hand is null) return Refusals.Answer(http, AccessRefusal.OverBudget);
        if (await board.Look(id, before, stop) is not { } view) return Results.NotFound();
        var (titles, whole) = await room.Store.Read(async tx => ((await room.Scripts.All(tx)).Where(s => s.State == ScriptState.Live).Select(s => (s.Script.Key, s.Script.Title.In(PageLanguage.Current))).ToList(), await sight.Unmasked(tx, http.User.Id(), id)), stop);
        (string, string, string?)? told = said switch { "arranged" => ("Arranged", "jade", null), "not" => ("NotArranged", "amber", detail is { Length: <= 60 } ? detail : null), "why" => ("ReasonNeeded", "amber", null), "masked" => ("NotUnmasked", "amber", null), _ => null };
        return new RazorComponentResult<CustomerPage>(new { View = view, Clock = room.Clock, Scripts = titles, SeesAmounts = http.User.May(Permission.SeeCalls), MayArrange = http.User.May(Permission.Supervise), Said = told, Hand = hand, Whole = whole });
    }

    private static async Task<IResult> Unmask(string id, [FromForm] SightField field, HttpContext http, SightDesk sight, Store store, CancellationToken stop) =>
        Results.LocalRedirect($"/customers/{Uri.EscapeDataString(id)}{(await store.Write(tx => sight.Unmask(tx, http.User.Id(), id, field), stop) ? "" : "?said=masked")}");

    private static async Task<IResult> Break(string id, [FromForm] string? reason, HttpContext http, GlassDesk glasses, Store store, CancellationToken stop) =>
        await store.Write(tx => glasses.Break(tx, http.User.Id(), id, reason ?? ""), stop) is null
            ? new RazorComponentResult<GlassPage>(new { Id = id, Reason = reason, TooShort = true }) : Results.LocalRedirect($"/customers/{Uri.EscapeDataString(id)}");

    private static async Task<IResult> Arrange(string id, [FromForm] string? reason, [FromForm] string? script, HttpContext http, HandDesk desk, Store store, CancellationToken stop)
    {
        var page = $"/customers/{Uri.EscapeDataString(id)}";
        if (string.IsNullOrWhiteSpace(reason)) return Results.LocalRedirect($"{page}?said=why");
        var made = await store.Write(tx => desk.Arrange(tx, new HandWish(id, script ?? "standard", reason.Trim(), HandDesk.ByHand), http.User.Id()), stop);
        return Results.LocalRedirect(made is { IsOpen: true } ? $"{page}?said=arranged" : $"{page}?said=not&detail={Uri.EscapeDataString(made?.Reason ?? "unknown-customer")}");
    }
}

/// <summary>What the customer's page needs besides her record.</summary>
public sealed record CustomerRoom(Store Store, ScriptShelf Scripts, StaffClock Clock);
