using System.Globalization;
using Huifang.Accounts;
using Huifang.Insights;
using Huifang.Languages;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Improvements;

/// <summary>Improvements: made from what was said, shipped on a day, measured, published, and told to those who raised it.</summary>
public static class ImprovementEndpoints
{
    public static void MapImprovements(this WebApplication app)
    {
        app.MapGet("/improvements", async (HttpContext http, Store store, ImprovementBoard board) => new RazorComponentResult<ImprovementsPage>(new { Lines = await store.Read(board.All, http.RequestAborted), Works = http.User.May(Permission.WorkFeedback) })).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/improvements/new", async (HttpContext http, ImprovementRoom room, string? alarm = null) => await room.New(http, alarm, null, null)).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/improvements", Make).RequireAuthorization(Permission.WorkFeedback);
        app.MapGet("/improvements/{id}", (string id, HttpContext http, ImprovementRoom room) => room.Show(http, id, null)).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/improvements/{id}", Describe).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/improvements/{id}/shipping", (string id, [FromForm] string? day, HttpContext http, ImprovementRoom room) =>
            room.Do(http, id, tx => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? room.Desk.Ship(tx, id, InsightDay.Of(date), http.User.Id()) : Task.FromResult<ImprovementRefusal?>(ImprovementRefusal.DayOutOfRange))).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/improvements/{id}/publication", (string id, HttpContext http, ImprovementRoom room) => room.Do(http, id, tx => room.Desk.Publish(tx, id, http.User.Id()))).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/improvements/{id}/dropping", (string id, [FromForm] string? reason, HttpContext http, ImprovementRoom room) => room.Do(http, id, tx => room.Desk.Drop(tx, id, reason, http.User.Id()))).RequireAuthorization(Permission.WorkFeedback);
        app.MapGet("/yousaid", async (HttpContext http, Store store, ImprovementBoard board) => new RazorComponentResult<YouSaidPage>(new { Lines = await store.Read(board.Published, http.RequestAborted) })).Open("What customers said and what came of it is for everybody; it points at nobody.");
    }

    private static async Task<IResult> Make([FromForm] string? topic, [FromForm] string? title, [FromForm] string? alarm, [FromForm] string? owner, HttpContext http, ImprovementRoom room)
    {
        var (made, refusal) = await room.Store.Write(tx => room.Desk.Make(tx, topic ?? "", title ?? "", Filled(alarm), Filled(owner), http.User.Id()), http.RequestAborted);
        return made is not null ? Results.Redirect($"/improvements/{made.Id}") : await room.New(http, Filled(alarm), refusal, title);
    }

    private static async Task<IResult> Describe(string id, HttpContext http, ImprovementRoom room)
    {
        var form = await http.Form();
        Localized In(string name) => new(form[$"{name}.zh-Hans"].ToString().Trim(), form[$"{name}.zh-Hant"].ToString().Trim(), form[$"{name}.en"].ToString().Trim());
        return await room.Do(http, id, tx => room.Desk.Describe(tx, id, In("title"), In("said"), In("did"), Filled(form["owner"]), int.TryParse(form["expected"], out var expected) ? expected : null, http.User.Id()));
    }

    private static string? Filled(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

/// <summary>What the pages of improvements work with.</summary>
public sealed class ImprovementRoom(Store store, ImprovementDesk desk, ImprovementBoard board, AlarmDesk alarms, AccountDesk accounts)
{
    public Store Store => store;
    public ImprovementDesk Desk => desk;

    public async Task<IResult> New(HttpContext http, string? alarm, ImprovementRefusal? refusal, string? title)
    {
        var (found, staff) = await store.Read(async tx => (alarm is null ? null : await alarms.Find(tx, alarm), await accounts.Names(tx)), http.RequestAborted);
        return new RazorComponentResult<NewImprovementPage>(new { Alarm = found, Staff = staff, Refusal = refusal, Title = title }) { StatusCode = refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
    }

    public async Task<IResult> Show(HttpContext http, string id, ImprovementRefusal? refusal) =>
        await store.Read(tx => board.Look(tx, id), http.RequestAborted) is { } view
            ? new RazorComponentResult<ImprovementPage>(new { View = view, Today = board.Today, Works = http.User.May(Permission.WorkFeedback), Refusal = refusal }) { StatusCode = refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity } : Results.NotFound();

    /// <summary>Does a verb and shows what is true now, with the reason when it was refused.</summary>
    public async Task<IResult> Do(HttpContext http, string id, Func<Tx, Task<ImprovementRefusal?>> verb) =>
        await store.Write(verb, http.RequestAborted) is { } refusal ? await Show(http, id, refusal) : Results.Redirect($"/improvements/{Uri.EscapeDataString(id)}");
}
