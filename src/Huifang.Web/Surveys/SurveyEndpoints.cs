using Huifang.Accounts;
using Huifang.Portal;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Surveys;

/// <summary>Surveys: built and published by analysts, answered by customers in the portal or by a signed link, counted with intervals.</summary>
public static class SurveyEndpoints
{
    public static void MapSurveys(this WebApplication app)
    {
        app.MapGet("/surveys", async (HttpContext http, Store store, SurveyDesk desk) => new RazorComponentResult<SurveysPage>(new { Lines = await store.Read(desk.All, http.RequestAborted), Works = http.User.May(Permission.WorkFeedback) })).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/surveys", async (HttpContext http, Store store, SurveyDesk desk) => Results.Redirect($"/surveys/{await store.Write(tx => desk.Make(tx, http.User.Id()), http.RequestAborted)}")).RequireAuthorization(Permission.WorkFeedback);
        app.MapGet("/surveys/{id}", (string id, HttpContext http, SurveyRoom room) => room.Show(http, id, null, [])).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/surveys/{id}", Build).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/surveys/{id}/ending", async (string id, HttpContext http, SurveyRoom room) => { await room.Store.Write(tx => room.Desk.End(tx, id, http.User.Id()), http.RequestAborted); return Results.Redirect($"/surveys/{Uri.EscapeDataString(id)}/results"); }).RequireAuthorization(Permission.WorkFeedback);
        app.MapGet("/surveys/{id}/results", async (string id, HttpContext http, Store store, SurveyBoard board, SurveyDesk desk, StaffClock clock) =>
            await store.Read(tx => board.Look(tx, id), http.RequestAborted) is { } results ? new RazorComponentResult<SurveyResultsPage>(new { Results = results, Link = $"/q/{desk.Asking.OpenLink(id)}", Works = http.User.May(Permission.WorkFeedback) }) : Results.NotFound()).RequireAuthorization(Permission.SeeFeedback);

        app.MapGet("/me/survey", Portal).RequireAuthorization(StaffSession.PortalScheme);
        app.MapGet("/q/{token}", (string token, HttpContext http, AnswerRoom room, string? did) => room.Show(http, token, did, [], null)).Open("The signed link is the proof.");
        app.MapPost("/q/{token}", (string token, HttpContext http, AnswerRoom room) => room.Take(http, token)).Open("The signed link is the proof.");
    }

    private static async Task<IResult> Build(string id, HttpContext http, SurveyRoom room)
    {
        var form = await http.Form();
        var act = form["act"].ToString();
        var definition = SurveyForm.Act(SurveyForm.Read(form), act);
        if (!await room.Store.Write(tx => room.Desk.SaveDraft(tx, id, definition), http.RequestAborted)) return Results.NotFound();
        if (act != "publish") return await room.Show(http, id, definition, act == "save" ? null : []);
        var faults = await room.Store.Write(tx => room.Desk.Publish(tx, id, http.User.Id()), http.RequestAborted);
        return faults.Count == 0 ? Results.Redirect($"/surveys/{Uri.EscapeDataString(id)}/results") : await room.Show(http, id, definition, faults);
    }

    /// <summary>From the portal's card to the questions, which are hers from then on.</summary>
    private static async Task<IResult> Portal(HttpContext http, CustomerAtHome atHome, SurveyDesk desk)
    {
        if (await atHome.Who(http) is not { } customer) return Results.Redirect("/recognise");
        return await atHome.Store.Write(tx => desk.Asking.InPortal(tx, customer.Id), http.RequestAborted) is { } ask ? Results.Redirect($"/q/{desk.Asking.LinkTo(ask.Id)}") : Results.Redirect("/me");
    }
}

/// <summary>What the builder page works with.</summary>
public sealed class SurveyRoom(Store store, SurveyDesk desk)
{
    public Store Store => store;
    public SurveyDesk Desk => desk;

    /// <param name="faults">What keeps it from being published; null after saving: then everything that would.</param>
    public async Task<IResult> Show(HttpContext http, string id, SurveyDefinition? definition, IReadOnlyList<SurveyFault>? faults)
    {
        var (line, draft) = await store.Read(async tx => (await desk.Find(tx, id), await desk.Draft(tx, id)), http.RequestAborted);
        if (line is null || draft is null) return Results.NotFound();
        var shown = definition ?? draft.Definition;
        return new RazorComponentResult<SurveyPage>(new { Line = line, Version = draft.Version, Survey = shown, Faults = faults ?? SurveyRules.Check(shown), Saved = faults is null }) { StatusCode = faults is { Count: > 0 } ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
    }
}

/// <summary>The customer's side of a link: her own, or one that anybody may follow.</summary>
public sealed class AnswerRoom(Store store, SurveyDesk desk, Links links)
{
    public async Task<IResult> Show(HttpContext http, string token, string? did, IReadOnlyList<SurveyFault> faults, IReadOnlyList<SurveyAnswer>? given)
    {
        switch (links.Read(token))
        {
            case LinkReading.Valid { Kind: LinkKind.OpenSurvey, Subject: var surveyId }:
                var survey = await store.Read(tx => desk.Find(tx, surveyId), http.RequestAborted);
                return survey is { State: SurveyState.Running } ? new RazorComponentResult<BeginPage>(new { Name = await Title(surveyId, survey.LiveVersion!.Value, http), Token = token }) : Closed(http, SurveyTaken.Ended);
            case LinkReading.Valid { Kind: LinkKind.Ask, Subject: var askId }:
                var (ask, line) = await store.Read(async tx => await desk.FindAsk(tx, askId) is { } found ? (found, await desk.Find(tx, found.SurveyId)) : (null, null), http.RequestAborted);
                if (ask is null || line is null) return Closed(http, SurveyTaken.Unknown);
                if (did is not null || ask.AnsweredAt is not null) return Closed(http, did == "kept" ? SurveyTaken.Kept : SurveyTaken.Twice);
                if (line.State == SurveyState.Ended) return Closed(http, SurveyTaken.Ended);
                var version = await store.Write(tx => desk.Show(tx, ask), http.RequestAborted);
                return new RazorComponentResult<AnswerPage>(new { Survey = version!.Definition, Token = token, Faults = faults, Given = given ?? [] }) { StatusCode = faults.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
            case LinkReading.Expired: return Closed(http, SurveyTaken.Ended);
            default: return Closed(http, SurveyTaken.Unknown);
        }
    }

    public async Task<IResult> Take(HttpContext http, string token)
    {
        if (links.Read(token) is LinkReading.Valid { Kind: LinkKind.OpenSurvey, Subject: var surveyId })
            return await store.Write(tx => desk.Asking.ByLink(tx, surveyId), http.RequestAborted) is { } begun ? Results.Redirect($"/q/{desk.Asking.LinkTo(begun.Id)}") : Closed(http, SurveyTaken.Ended);
        if (links.Read(token) is not LinkReading.Valid { Kind: LinkKind.Ask, Subject: var askId }) return await Show(http, token, null, [], null);
        var form = await http.Form();
        var version = await store.Read(async tx => await desk.FindAsk(tx, askId) is { } ask ? await desk.Version(tx, ask.SurveyId, ask.Version) : null, http.RequestAborted);
        if (version is null) return Closed(http, SurveyTaken.Unknown);
        var sent = SurveyForm.Answers(version.Definition, form);
        var (taken, faults) = await store.Write(tx => desk.Answer(tx, askId, sent), http.RequestAborted);
        return taken switch
        {
            SurveyTaken.Kept => Results.Redirect($"/q/{Uri.EscapeDataString(token)}?did=kept"),
            SurveyTaken.Faulty => await Show(http, token, null, faults, sent),
            SurveyTaken.Twice or SurveyTaken.Ended or SurveyTaken.Unknown => Closed(http, taken),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<string> Title(string surveyId, long version, HttpContext http) => (await store.Read(tx => desk.Version(tx, surveyId, version), http.RequestAborted))!.Definition.Title.In(PageLanguage.Current);

    private static RazorComponentResult Closed(HttpContext http, SurveyTaken taken) => new RazorComponentResult<ClosedPage>(new { Taken = taken }) { StatusCode = taken is SurveyTaken.Ended or SurveyTaken.Unknown ? StatusCodes.Status410Gone : StatusCodes.Status200OK };
}
