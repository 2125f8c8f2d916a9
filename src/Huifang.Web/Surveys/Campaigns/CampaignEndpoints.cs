using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.FollowUps;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Surveys;

/// <summary>Campaigns: a survey's list with the form of the next one, and each with its dry run, its leave and its funnel.</summary>
public static class CampaignEndpoints
{
    public static void MapCampaigns(this WebApplication app)
    {
        app.MapGet("/surveys/{id}/campaigns", (string id, HttpContext http, CampaignRoom room) => room.List(http, id, CampaignForm.Blank, [])).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/surveys/{id}/campaigns", Make).RequireAuthorization(Permission.WorkFeedback);
        app.MapGet("/campaigns/{id}", (string id, HttpContext http, CampaignRoom room, string? no) => room.Show(http, id, no)).RequireAuthorization(Permission.SeeFeedback);
        app.MapPost("/campaigns/{id}/approvals", Ask).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/campaigns/{id}/stopping", Stop).RequireAuthorization(Permission.WorkFeedback);
    }

    private static async Task<IResult> Make(string id, HttpContext http, CampaignRoom room)
    {
        var plan = CampaignForm.Read(await http.Form());
        var (made, faults) = await room.Store.Write(tx => room.Desk.Make(tx, id, plan, http.User.Id()), http.RequestAborted);
        return made is null ? await room.List(http, id, plan, faults) : Results.Redirect($"/campaigns/{made}");
    }

    private static async Task<IResult> Ask(string id, HttpContext http, CampaignRoom room, CampaignApproval approval)
    {
        var why = (await http.Form())["why"].ToString();
        var refusal = string.IsNullOrWhiteSpace(why) ? "why" : await room.Store.Write(async tx => await approval.Ask(tx, id, why, await room.Approvals.Party(tx, http.Signed(), Permission.WorkFeedback)), http.RequestAborted);
        return Results.Redirect($"/campaigns/{Uri.EscapeDataString(id)}?no={refusal ?? "asked"}");
    }

    private static async Task<IResult> Stop(string id, HttpContext http, CampaignRoom room)
    {
        await room.Store.Write(tx => room.Desk.Stop(tx, id, "by-hand", http.User.Id()), http.RequestAborted);
        return Results.Redirect($"/campaigns/{Uri.EscapeDataString(id)}");
    }
}

/// <summary>What the pages of campaigns read.</summary>
public sealed class CampaignRoom(Store store, CampaignDesk desk, SurveyDesk surveys, ApprovalDesk approvals, CampaignReads reads)
{
    public Store Store => store;
    public CampaignDesk Desk => desk;
    public ApprovalDesk Approvals => approvals;

    public async Task<IResult> List(HttpContext http, string surveyId, CampaignPlan plan, IReadOnlyList<SurveyFault> faults)
    {
        var (survey, lines, rules) = await store.Read(async tx => (await surveys.Find(tx, surveyId), await desk.OfSurvey(tx, surveyId), await reads.Rules.List(tx)), http.RequestAborted);
        if (survey is not { LiveVersion: not null }) return Results.NotFound();
        return new RazorComponentResult<CampaignsPage>(new
        {
            Survey = survey, Lines = lines, Plan = plan, Faults = faults, Rules = rules.Where(line => line.Live is not null).Select(line => (line.Key, line.Live!.Rule.Name.In(PageLanguage.Current))).ToList(), Works = http.User.May(Permission.WorkFeedback),
        }) { StatusCode = faults.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
    }

    public async Task<IResult> Show(HttpContext http, string id, string? no)
    {
        var (view, staff, waits) = await store.Read(async tx => (await desk.Look(tx, id, reads.Clock.Now.Offset), await reads.Accounts.All(tx),
            (await approvals.Open(tx)).Any(one => one.Kind == CampaignApproval.Begins.Key && one.Payload.Contains(id, StringComparison.Ordinal))), http.RequestAborted);
        if (view is null) return Results.NotFound();
        return new RazorComponentResult<CampaignPage>(new { View = view, Staff = staff.ToDictionary(one => one.Id, one => one.Name, StringComparer.Ordinal), Waits = waits, No = no, Works = http.User.May(Permission.WorkFeedback) });
    }
}

/// <summary>Names for what the pages show.</summary>
public sealed record CampaignReads(TriggerDesk Rules, AccountDesk Accounts, StaffClock Clock);
