using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Feedback;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Insights;

/// <summary>What the labelling page shows.</summary>
/// <param name="Waiting">The next texts, the one on top first.</param>
/// <param name="Guesses">Topics to choose from by a digit, likeliest first.</param>
public sealed record LabelView(IReadOnlyList<(FeedbackItem Item, Insight Reading)> Waiting, IReadOnlyList<Guess> Guesses, long Unsure, long Today, LabelAgreement Agreement, IReadOnlyList<SaidLine> Apart, ModelLine? Live, ModelReport? Report, string? Source);

/// <summary>Labelling by keyboard, and models that learn from it.</summary>
public static class LabelsEndpoints
{
    private const int QueueMax = 12, ChoicesMax = 9;

    public static void MapLabels(this WebApplication app)
    {
        app.MapGet("/labels", Show).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/labels/{id}", Label).RequireAuthorization(Permission.WorkFeedback);
        app.MapGet("/models", Models).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/models/trainings", async (HttpContext http, Store store, ModelDesk models) => Results.Redirect(await store.Write(tx => models.AskTraining(tx, http.User.Id()), http.RequestAborted) ? "/models" : "/models?no=running")).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/models/{version}/approvals", Ask).RequireAuthorization(Permission.WorkFeedback);
    }

    private static async Task<RazorComponentResult> Show(HttpContext http, Store store, LabelRoom room, StaffClock clock, string? source = null, string? skip = null)
    {
        source = FeedbackSource.All.Contains(source) ? source : null;
        var midnight = new DateTimeOffset(clock.Now.Date, clock.Now.Offset);
        var view = await store.Read(tx => room.Look(tx, http.User.Id(), source, skip, midnight, QueueMax, ChoicesMax), http.RequestAborted);
        return new RazorComponentResult<LabelsPage>(new { View = view });
    }

    private static async Task<IResult> Label(string id, [FromForm] string? topic, [FromForm] string? other, [FromForm] string? sentiment, [FromForm] string? intent, [FromForm] string? severity, [FromForm] string? source, [FromForm] string? act, HttpContext http, Store store, LabelDesk labels)
    {
        var back = source is null ? "/labels" : $"/labels?source={Uri.EscapeDataString(source)}";
        if (act == "skip") return Results.Redirect($"/labels?skip={Uri.EscapeDataString(id)}{(source is null ? "" : $"&source={Uri.EscapeDataString(source)}")}");
        static string? Filled(string? value) => string.IsNullOrEmpty(value) ? null : value;
        var wrong = await store.Write(tx => labels.Label(tx, id, new InsightLabel(Filled(other) ?? topic ?? "", Filled(sentiment), Filled(intent), Filled(severity), severity == "high" ? "yes" : null), http.User.Id()), http.RequestAborted);
        return Results.Redirect(wrong is null ? back : $"{back}{(source is null ? "?" : "&")}no={wrong}");
    }

    private static async Task<RazorComponentResult> Models(HttpContext http, Store store, ModelDesk models, string? no = null)
    {
        var (all, training) = await store.Read(async tx => (await models.All(tx), await models.LastTraining(tx)), http.RequestAborted);
        return new RazorComponentResult<ModelsPage>(new { All = (IReadOnlyList<ModelLine>)all, Training = training, Works = http.User.May(Permission.WorkFeedback), No = no });
    }

    private static async Task<IResult> Ask(string version, [FromForm] string? why, HttpContext http, Store store, ModelApproval approval, ApprovalDesk approvals)
    {
        var refusal = await store.Write(async tx => await approval.Ask(tx, version, why ?? "", await approvals.Party(tx, http.Signed(), Permission.WorkFeedback)), http.RequestAborted);
        return Results.Redirect(refusal is null ? "/models?no=asked" : $"/models?no={refusal}");
    }
}

/// <summary>What the labelling page reads.</summary>
public sealed class LabelRoom(LabelDesk labels, InsightBoard board, ModelDesk models)
{
    public async Task<LabelView> Look(Tx tx, string staff, string? source, string? skip, DateTimeOffset midnight, int queue, int choices)
    {
        // What was skipped goes to the end for now; nobody has judged it.
        var waiting = (await labels.Next(tx, staff, source, queue)).OrderBy(one => one.Item.Id == skip).ToList();
        var live = (await models.All(tx)).FirstOrDefault(model => model.State == ModelLine.Live);
        List<Guess> guesses = waiting.Count == 0 ? [] : [.. waiting[0].Reading.Topics.Where(guess => Taxonomy.Shipped.Find(guess.Label) is not null)];
        // Beside the model's guesses, what people most often say.
        foreach (var topic in live is null ? [] : ModelDesk.ReportOf(live).Classes.Select(one => one.Label).Concat(Taxonomy.Shipped.Classes.Select(one => one.Id)).Distinct())
            if (guesses.Count < choices && guesses.All(guess => guess.Label != topic)) guesses.Add(new(topic, 0));
        foreach (var topic in Taxonomy.Shipped.Classes) if (guesses.Count < choices && guesses.All(guess => guess.Label != topic.Id)) guesses.Add(new(topic.Id, 0));
        return new(waiting, guesses, await labels.CountUnsure(tx), await labels.CountToday(tx, staff, midnight), await labels.Agreement(tx), await board.Of(tx, await labels.Apart(tx, 5)), live, live is null ? null : ModelDesk.ReportOf(live), source);
    }
}
