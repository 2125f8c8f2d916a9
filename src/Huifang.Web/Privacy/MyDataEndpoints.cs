using Huifang.Accounts;
using Huifang.Consents;
using Huifang.Portal;
using Huifang.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Privacy;

/// <summary>What a customer does about her own data, in the portal.</summary>
public static class MyDataEndpoints
{
    public static void MapMyData(this WebApplication app)
    {
        var me = app.MapGroup("/me/data").RequireAuthorization(StaffSession.PortalScheme);
        me.MapPost("copy", Copy);
        me.MapPost("erase", Erase);
        me.MapPost("keep", Keep);
        me.MapPost("automation", Automation);
    }

    private static async Task<IResult> Copy([FromForm] string? form, HttpContext page, CustomerAtHome atHome, PrivacyDesk desk, AccessExport export)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        if (await atHome.Store.Write(tx => desk.TakeCopy(tx, customer.Id, page.User.EnteredAt()), page.RequestAborted) is { } refusal) return Results.Redirect($"/me/data?no={refusal}");
        if (form == "page") return Results.Redirect("/me/data/copy");
        return PrivacyEndpoints.File(await atHome.Store.Read(tx => export.Of(tx, customer.Id), page.RequestAborted));
    }

    private static async Task<IResult> Erase([FromForm] string? sure, HttpContext page, CustomerAtHome atHome, PrivacyDesk desk)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        if (sure != "yes") return Results.Redirect("/me/data?no=NotSure#erase");
        var (_, refusal) = await atHome.Store.Write(tx => desk.AskErasure(tx, customer.Id, page.User.EnteredAt()), page.RequestAborted);
        return Results.Redirect(refusal is null ? "/me/data?did=asked#erase" : $"/me/data?no={refusal}#erase");
    }

    private static async Task<IResult> Keep(HttpContext page, CustomerAtHome atHome, PrivacyDesk desk)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        await atHome.Store.Write(tx => desk.Withdraw(tx, customer.Id, PrivacyKind.Erasure), page.RequestAborted);
        return Results.Redirect("/me/data?did=kept#erase");
    }

    private static async Task<IResult> Automation([FromForm] string? refuse, HttpContext page, CustomerAtHome atHome, AutomationRefusals refusals)
    {
        if (await atHome.Who(page) is not { } customer) return Results.Redirect("/recognise");
        await atHome.Store.Write(tx => refusals.Set(tx, customer.Id, refuse == "yes", "customer"), page.RequestAborted);
        return Results.Redirect("/me/data?did=saved#automation");
    }
}
