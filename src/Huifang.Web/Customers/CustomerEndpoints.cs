using Huifang.Accounts;
using Huifang.FollowUps;
using Huifang.Scripts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Customers;

/// <summary>A customer's page for staff: found by a whole number or address only, masked, each look on record.</summary>
public static class CustomerEndpoints
{
    public static void MapCustomers(this WebApplication app)
    {
        app.MapGet("/customers", () => new RazorComponentResult<FindCustomerPage>()).RequireAuthorization(Permission.SeeCustomers);
        app.MapPost("/customers", Find).RequireAuthorization(Permission.SeeCustomers);
        app.MapGet("/customers/{id}", Show).RequireAuthorization(Permission.SeeCustomers);
        app.MapPost("/customers/{id}/follow-ups", Arrange).RequireAuthorization(Permission.Supervise);
    }

    // A number or address in a URL would stand in logs, so it is posted.
    private static async Task<IResult> Find([FromForm] string? asked, CustomerBoard board, CancellationToken stop)
    {
        var found = await board.Find(asked ?? "", stop);
        return found.Count == 1 ? Results.LocalRedirect($"/customers/{Uri.EscapeDataString(found[0])}") : new RazorComponentResult<FindCustomerPage>(new { Asked = asked, Found = found });
    }

    private static async Task<IResult> Show(string id, HttpContext http, CustomerBoard board, ScriptShelf scripts, Store store, StaffClock clock, CancellationToken stop, long? at = null, long? seq = null, string? said = null, string? detail = null)
    {
        (DateTimeOffset, long)? before = at is { } ms && seq is { } place ? (DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, 0, 253402300799999)), place) : null;
        if (await board.Look(id, before, stop) is not { } view) return Results.NotFound();
        if (before is null) await board.Viewed(id, http.User.Id(), stop);
        var titles = (await store.Read(tx => scripts.All(tx), stop)).Where(s => s.State == ScriptState.Live).Select(s => (s.Script.Key, s.Script.Title.In(PageLanguage.Current))).ToList();
        (string, string, string?)? told = said switch { "arranged" => ("Arranged", "jade", null), "not" => ("NotArranged", "amber", detail is { Length: <= 60 } ? detail : null), "why" => ("ReasonNeeded", "amber", null), _ => null };
        return new RazorComponentResult<CustomerPage>(new { View = view, Clock = clock, Scripts = titles, SeesAmounts = http.User.May(Permission.SeeCalls), MayArrange = http.User.May(Permission.Supervise), Said = told });
    }

    private static async Task<IResult> Arrange(string id, [FromForm] string? reason, [FromForm] string? script, HttpContext http, HandDesk desk, Store store, CancellationToken stop)
    {
        var page = $"/customers/{Uri.EscapeDataString(id)}";
        if (string.IsNullOrWhiteSpace(reason)) return Results.LocalRedirect($"{page}?said=why");
        var made = await store.Write(tx => desk.Arrange(tx, new HandWish(id, script ?? "standard", reason.Trim(), HandDesk.ByHand), http.User.Id()), stop);
        return Results.LocalRedirect(made is { IsOpen: true } ? $"{page}?said=arranged" : $"{page}?said=not&detail={Uri.EscapeDataString(made?.Reason ?? "unknown-customer")}");
    }
}
