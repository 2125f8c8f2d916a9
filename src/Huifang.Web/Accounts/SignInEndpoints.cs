using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Accounts;

/// <summary>Staff in and out; customers in by the link that the wallet's app opens.</summary>
public static class SignInEndpoints
{
    public static void MapAccounts(this WebApplication app)
    {
        app.MapPost("/signin", SignIn).Open("Whoever signs in is not signed in yet.");
        app.MapPost("/signout", SignOut).RequireAuthorization(StaffSession.Scheme);
        app.MapGet("/prove", (HttpContext http, AccountDesk desk, Store store, Settings settings, string? back = null, string? no = null) => ProvePageOf(http, desk, store, settings, back, no)).RequireAuthorization(StaffSession.Scheme);
        app.MapPost("/prove", Prove).RequireAuthorization(StaffSession.Scheme);
        app.MapGet("/me/enter", Enter).Open("The signed link is the proof.");
        app.MapPost("/v1/customers/{id}/portal-links", PortalLink).RequireAuthorization($"api:{Scope.Customers}").WithTags("customers")
            .WithSummary("A link that opens the portal for a customer who is signed in to the wallet's app; valid for two minutes.");
    }

    private static async Task<IResult> SignIn([FromForm] string user, [FromForm] string password, [FromForm] string code, [FromForm] string? returnUrl, HttpContext http, Store store, AccountDesk desk)
    {
        if (user.Length > 100 || password.Length > 200 || code.Length > 40) return Results.Redirect("/signin?no=wrong");
        var tried = (await store.Read(tx => desk.LockOf(tx, user), http.RequestAborted)).Try(password);
        var outcome = await store.Write(tx => desk.SignIn(tx, tried, code, http.Request.Headers.UserAgent.ToString()), http.RequestAborted);
        switch (outcome)
        {
            case SignIn.In(var staff, var session):
                await http.SignInAsync(StaffSession.Scheme, StaffSession.Principal(staff, session));
                PageLanguage.Keep(http, staff.Language);
                return Results.LocalRedirect(Landing(staff, returnUrl));
            case SignIn.Refused { Reason: SignInRefusal.Locked }:
                return Results.Redirect("/signin?no=locked");
            default:
                return Results.Redirect("/signin?no=wrong");
        }
    }

    private static async Task<IResult> SignOut(HttpContext http, Store store, AccountDesk desk)
    {
        await store.Write(tx => desk.SignOut(tx, http.User.Claims.First(c => c.Type == StaffSession.SessionClaim).Value, http.User.Id()));
        await http.SignOutAsync(StaffSession.Scheme);
        PageHeaders.Leave(http);
        return Results.Redirect("/signin");
    }

    private static async Task<IResult> ProvePageOf(HttpContext http, AccountDesk desk, Store store, Settings settings, string? back, string? no) =>
        new RazorComponentResult<ProvePage>(new { Back = back, No = no, DemoCode = settings.IsDemo ? await store.Read(tx => desk.DemoCode(tx, http.Signed().Staff.Login), http.RequestAborted) : null });

    private static async Task<IResult> Prove([FromForm] string? code, [FromForm] string? back, HttpContext http, Store store, AccountDesk desk)
    {
        if (code is not { Length: > 0 and <= 12 }) return Results.Redirect($"/prove?no=wrong&back={Uri.EscapeDataString(back ?? "/")}");
        return await store.Write(tx => desk.Prove(tx, http.Signed(), code), http.RequestAborted) switch
        {
            null => Results.LocalRedirect(IsLocal(back) ? back! : "/"),
            SignInRefusal.Locked => Results.Redirect("/prove?no=locked"),
            _ => Results.Redirect($"/prove?no=wrong&back={Uri.EscapeDataString(back ?? "/")}"),
        };
    }

    private static async Task<IResult> Enter(string? t, string? to, HttpContext http, Links links, TimeProvider time)
    {
        if (links.Read(t ?? "") is not LinkReading.Valid { Kind: LinkKind.Portal, Subject: var customer }) return Results.Redirect("/recognise?no=link");
        await http.SignInAsync(StaffSession.PortalScheme, StaffSession.Customer(customer, time.GetUtcNow()));
        return Results.LocalRedirect(to is not null && to.StartsWith("/me", StringComparison.Ordinal) && IsLocal(to) ? to : "/me");
    }

    private static IResult PortalLink(string id, Links links, TimeProvider time, HttpContext http) =>
        Results.Ok(new { url = $"{http.Request.Scheme}://{http.Request.Host}/me/enter?t={links.Make(LinkKind.Portal, id, time.GetUtcNow().AddMinutes(2))}" });

    private static string Home(Staff staff) => staff.May(Permission.Supervise) ? "/live" : staff.May(Permission.Desk) ? "/desk" : staff.May(Permission.SeeFigures) ? "/dashboard" : "/rules";

    /// <summary>Where she wanted to go if that is ours, else her first room.</summary>
    internal static string Landing(Staff staff, string? back) => IsLocal(back) ? back! : Home(staff);

    /// <summary>A page of ours: an address of another site begins otherwise, and what cannot stand in a header is nobody's.</summary>
    internal static bool IsLocal(string? url) => url is { Length: > 0 and < 500 } && url[0] == '/' && (url.Length == 1 || url[1] is not ('/' or '\\')) && url.All(letter => letter is > ' ' and < (char)127);
}
