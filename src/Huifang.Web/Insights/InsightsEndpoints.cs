using Huifang.Accounts;
using Huifang.Improvements;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Huifang.Insights;

/// <summary>What customers speak of: topics, rises with their evidence, the words behind every number, and corrections.</summary>
public static class InsightsEndpoints
{
    public static readonly int[] WeekChoices = [4, 8, 26];

    private const int WordsMax = 200;

    public static void MapInsights(this WebApplication app)
    {
        app.MapGet("/insight", Show).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/insight/words", Words).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/insight/alarms/{id}", OfAlarm).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/insight/groups/{id}", OfGroup).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/insight/alarms/{id}/closing", async (string id, [FromForm] string? why, HttpContext http, Store store, AlarmDesk alarms) =>
            await store.Write(tx => alarms.Close(tx, id, why ?? "", http.User.Id()), http.RequestAborted) ? Results.Redirect($"/insight/alarms/{Uri.EscapeDataString(id)}") : Results.Redirect($"/insight/alarms/{Uri.EscapeDataString(id)}?no=why")).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/insight/readings/{id}", Correct).RequireAuthorization(Permission.WorkFeedback);
        app.MapMonday();
    }

    private static async Task<RazorComponentResult> Show(HttpContext http, Store store, InsightBoard board, ImprovementBoard improvements, string? topic = null, string? by = null, int weeks = 8, string? order = null, string? show = null)
    {
        var (dim, value) = DimOf(by);
        var question = new InsightQuestion(WeekChoices.Contains(weeks) ? weeks : 8, dim, value, Known(topic)) { Surest = order != "new" };
        var (view, lines) = await store.Read(async tx => { var look = await board.Look(tx, question); return (look, await improvements.OfTopic(tx, look.Topic)); }, http.RequestAborted);
        return new RazorComponentResult<InsightPage>(new { View = view, Improvements = lines, Works = http.User.May(Permission.WorkFeedback), Count = show == "count" });
    }

    private static async Task<RazorComponentResult> Words(HttpContext http, Store store, InsightBoard board, InsightWords words, string? topic = null, string? by = null, long? from = null, long? to = null, string? sentiment = null, string? severity = null)
    {
        var (dim, value) = DimOf(by);
        var last = Math.Clamp(to ?? board.Today, 0, 4_000_000);
        var filter = new InsightFilter(Known(topic) ?? "", dim, value, Math.Clamp(from ?? last - 6, 0, 4_000_000), last) { Sentiment = Axes.Labels(Axes.Sentiment).Contains(sentiment) ? sentiment : null, Severity = Axes.Labels(Axes.Severity).Contains(severity) ? severity : null };
        var lines = await store.Read(tx => board.Words(tx, filter, WordsMax), http.RequestAborted);
        var heading = filter.Topic.Length > 0 ? words.Topic(filter.Topic) : dim == Dims.All ? words["AllRecords"] : words.Value(dim, value);
        return new RazorComponentResult<WordsPage>(new { Heading = heading, Note = words["FromTo", words.Date(filter.From), words.Date(filter.To)], Lines = lines, Works = http.User.May(Permission.WorkFeedback), Back = $"{http.Request.Path}{http.Request.QueryString}" });
    }

    private static async Task<IResult> OfAlarm(string id, HttpContext http, Store store, InsightBoard board, AlarmDesk alarms, InsightWords words)
    {
        var (alarm, evidence) = await store.Read(async tx => await alarms.Find(tx, id) is { } found ? (found, await board.Of(tx, found.Evidence)) : (null, []), http.RequestAborted);
        return alarm is null ? Results.NotFound() : new RazorComponentResult<WordsPage>(new { Heading = words.Topic(alarm.Topic), Note = words["EvidenceNote", words.Date(alarm.Since), words.Date(alarm.Day)], Lines = evidence, Alarm = alarm, Works = http.User.May(Permission.WorkFeedback), Back = $"/insight/alarms/{id}" });
    }

    private static async Task<IResult> OfGroup(string id, HttpContext http, Store store, InsightBoard board, GroupFinder groups, InsightWords words)
    {
        var (group, lines) = await store.Read(async tx => (await groups.All(tx)).FirstOrDefault(one => one.Id == id) is { } found ? (found, await board.Of(tx, found.Members)) : (null, []), http.RequestAborted);
        return group is null ? Results.NotFound() : new RazorComponentResult<WordsPage>(new { Heading = $"「{group.Label}」", Note = words[group.Kind switch { InsightGroup.Copy => "CopyNote", InsightGroup.Same => "SameNote", _ => "NewNote" }, group.Items, group.People], Lines = lines, Works = http.User.May(Permission.WorkFeedback), Back = $"/insight/groups/{id}" });
    }

    private static async Task<IResult> Correct(string id, [FromForm] string? topic, [FromForm] string? sentiment, [FromForm] string? intent, [FromForm] string? severity, [FromForm] string? back, HttpContext http, Store store, LabelDesk labels, IStringLocalizer<InsightText> text)
    {
        static string? Filled(string? value) => string.IsNullOrEmpty(value) ? null : value;
        var wrong = await store.Write(tx => labels.Correct(tx, id, new InsightLabel(topic ?? "", Filled(sentiment), Filled(intent), Filled(severity)), http.User.Id()), http.RequestAborted);
        if (wrong is not null) return Results.Problem(statusCode: 422, title: text["No.label"], extensions: new Dictionary<string, object?> { ["field"] = wrong, ["reason"] = "unknown" });
        return Results.Redirect(SignInEndpoints.IsLocal(back) ? back! : "/insight");
    }

    /// <summary>A topic, an upper class or "unsure"; null for anything else.</summary>
    private static string? Known(string? topic) => topic is { Length: > 0 } && (topic is Insight.Unsure or Insight.NoWords || Taxonomy.Shipped.Find(topic) is not null || Taxonomy.Shipped.Parents.Contains(topic)) ? topic : null;

    internal static (string Dim, string Value) DimOf(string? by) => by is { Length: > 0 and < 100 } && by.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && Dims.Named.Contains(by[..colon]) ? (by[..colon], by[(colon + 1)..]) : (Dims.All, "");
}
