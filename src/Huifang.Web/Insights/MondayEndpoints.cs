using System.Globalization;
using Huifang.Accounts;
using Huifang.Guard;
using Huifang.Improvements;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Insights;

/// <summary>The page of Monday's meeting, as a table for spreadsheets and as paper; saved views and the weekly letter of whoever reads it.</summary>
public static class MondayEndpoints
{
    internal static void MapMonday(this WebApplication app)
    {
        app.MapGet("/insight/monday", Show).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/insight/monday.csv", Table).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/insight/monday.pdf", async (HttpContext http, Store store, MondayBoard board, MondayPaper paper) => Results.File(paper.Print(await store.Read(board.Look, http.RequestAborted)), "application/pdf", "monday.pdf")).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/insight/views", async ([FromForm] string? name, [FromForm] string? topic, [FromForm] int? weeks, HttpContext http, Store store, SavedViews views) =>
        {
            var query = $"weeks={(InsightsEndpoints.WeekChoices.Contains(weeks ?? 0) ? weeks : 8)}{(Taxonomy.Shipped.Find(topic ?? "") is null ? "" : $"&topic={topic}")}";
            await store.Write(tx => views.Save(tx, http.User.Id(), name ?? "", query), http.RequestAborted);
            return Results.Redirect("/insight/monday#views");
        }).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/insight/views/{id}/removal", async (string id, HttpContext http, Store store, SavedViews views) => { await store.Write(tx => views.Remove(tx, http.User.Id(), id), http.RequestAborted); return Results.Redirect("/insight/monday#views"); }).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/insight/letter", async ([FromForm] string? email, [FromForm] string? act, HttpContext http, Store store, DigestDesk digests) =>
        {
            await store.Write(tx => act == "off" ? digests.Stop(tx, http.User.Id()) : digests.Subscribe(tx, http.User.Id(), email ?? "", PageLanguage.Current), http.RequestAborted);
            return Results.Redirect("/insight/monday#letter");
        }).RequireAuthorization(Permission.SeeFeedback);
    }

    private static async Task<RazorComponentResult> Show(HttpContext http, Store store, MondayBoard board, SavedViews views, DigestDesk digests, ImprovementBoard improvements)
    {
        var (view, lines, saved, email) = await store.Read(async tx => (await board.Look(tx), (await improvements.All(tx)).Take(8).ToList(), await views.Of(tx, http.User.Id()), await digests.AddressOf(tx, http.User.Id())), http.RequestAborted);
        return new RazorComponentResult<MondayPage>(new { View = view, Improvements = (IReadOnlyList<ImprovementLine>)lines, Views = (IReadOnlyList<SavedView>)saved, Email = email, Works = http.User.May(Permission.WorkFeedback) });
    }

    /// <summary>Everything on the page as one table: what, which week or value, numbers.</summary>
    private static async Task<IResult> Table(HttpContext http, Store store, MondayBoard board, InsightWords words)
    {
        var view = await store.Read(board.Look, http.RequestAborted);
        using var text = new StringWriter();
        await using (var csv = Sheet.Writer(text))
        {
            void Line(params string[] cells) { foreach (var cell in cells) csv.WriteField(cell); csv.NextRecord(); }
            static string N(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
            Line("table", "key", "name", "items", "negative", "positive", "severe", "rating", "share", "share_before", "low", "high", "p");
            foreach (var week in view.Weeks) Line("week", InsightDay.Date(week.Monday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "", N(week.Items), N(week.Negative), N(week.Positive), N(week.High), N(week.Rating), "", "", "", "", "");
            foreach (var one in view.Changes) Line("change", one.Heard.Key, words.Topic(one.Heard.Key), N(one.Heard.Lately), "", "", "", "", N(one.Effect.After), N(one.Effect.Before), N(one.Effect.From), N(one.Effect.To), one.Effect.P.ToString("0.##e+0", CultureInfo.InvariantCulture));
            foreach (var one in view.Values) Line(one.Dim, one.Value, words.Value(one.Dim, one.Value), N(one.Items), N(one.Negative * one.Items), "", "", N(one.Rating), N(one.Negative), double.IsNaN(one.Usual) ? "" : N(one.Usual), "", "", "");
            foreach (var alarm in view.Alarms) Line("alarm", alarm.Topic, words.Topic(alarm.Topic), N(alarm.Observed), "", "", "", "", "", N(alarm.Expected), "", "", alarm.P.ToString("0.##e+0", CultureInfo.InvariantCulture));
        }
        return Results.File(System.Text.Encoding.UTF8.GetPreamble().Concat(System.Text.Encoding.UTF8.GetBytes(text.ToString())).ToArray(), "text/csv; charset=utf-8", "monday.csv");
    }
}
