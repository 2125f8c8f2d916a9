using System.Globalization;
using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Planning;

/// <summary>The planning board: how good the plan is, who calls when, why this one, and what one more hour would bring.</summary>
public static class PlanEndpoints
{
    public static void MapPlan(this WebApplication app)
    {
        app.MapGet("/plan", async (HttpContext http, Store store, PlanBoard board, StaffClock clock, string? day = null, long? at = null, string? call = null) =>
            new RazorComponentResult<PlanPage>(new { View = await Look(http, store, board, day, at, call), Clock = clock, Query = http.Request.QueryString.Value ?? "" })).RequireAuthorization(Permission.SeePlan);
        app.MapGet("/plan/now", async (HttpContext http, Store store, PlanBoard board, StaffClock clock, string? day = null, long? at = null, string? call = null) =>
            new RazorComponentResult<PlanNow>(new { View = await Look(http, store, board, day, at, call), Clock = clock, Query = http.Request.QueryString.Value ?? "" })).RequireAuthorization(Permission.SeePlan);
        app.MapPost("/plan", async (HttpContext http, Store store, PlanDesk desk) =>
        {
            await store.Write(desk.Wish, http.RequestAborted);
            return Results.Redirect("/plan");
        }).RequireAuthorization(Permission.EditPlan);
        app.MapGet("/plan/forecast", async (HttpContext http, ForecastDesk desk, int? agents = null, string? type = null, int? calls = null, string? day = null) =>
            new RazorComponentResult<ForecastPage>(new { View = await desk.Look(new WhatIf(Math.Clamp(agents ?? 0, 0, 50), type, Math.Clamp(calls ?? 0, 0, 20_000), Date(day)), http.RequestAborted) })).RequireAuthorization(Permission.SeePlan);
        app.MapGet("/plan/answers", async (HttpContext http, Store store, AnswerDesk answers) =>
        {
            var (model, test) = await store.Read(answers.Tested, http.RequestAborted);
            return new RazorComponentResult<AnswersPage>(new { Model = model, Test = test });
        }).RequireAuthorization(Permission.SeePlan);
    }

    /// <summary>Whoever supervises talks reads the customers' initials; others see that there is somebody.</summary>
    private static Task<PlanView> Look(HttpContext http, Store store, PlanBoard board, string? day, long? at, string? call) => store.Read(tx => board.Look(tx,
        Date(day),
        at is { } ms and > 0 and < 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, call is { Length: > 0 and <= 64 } ? call : null, http.User.May(Permission.Supervise)), http.RequestAborted);

    private static DateOnly? Date(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 2000 and < 2200 ? date : null;
}
