using System.Text;
using System.Text.Json;
using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Privacy;

/// <summary>What the staff's privacy page shows.</summary>
public sealed record PrivacyView(string Tab, IReadOnlyList<PrivacyRequest> Requests, IReadOnlyList<LegalHold> Holds, IReadOnlyList<RetentionPreview> Preview, IReadOnlyList<RetentionRun> Runs, DateTimeOffset NextRun, IReadOnlyDictionary<string, string> Names);

/// <summary>Privacy for staff: requests of customers, times of keeping with what will go on Sunday, legal holds. What touches a person's data waits for a second person.</summary>
public static class PrivacyEndpoints
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapPrivacy(this WebApplication app)
    {
        app.MapGet("/privacy", Show).RequireAuthorization(Permission.Privacy);
        app.MapPost("/privacy/requests", Ask).RequireAuthorization(Permission.Privacy);
        app.MapPost("/privacy/retention/{class}", Change).RequireAuthorization(Permission.Privacy);
        app.MapPost("/privacy/holds", Place).RequireAuthorization(Permission.Privacy).NeedsFreshProof();
        app.MapPost("/privacy/holds/{id}/lift", Lift).RequireAuthorization(Permission.Privacy).NeedsFreshProof();
        app.MapGet("/privacy/copies/{approval}", Copy).RequireAuthorization(Permission.Privacy).NeedsFreshProof();
    }

    /// <summary>A copy as a file.</summary>
    public static IResult File(System.Text.Json.Nodes.JsonObject copy) => Results.File(Encoding.UTF8.GetBytes(copy.ToJsonString(Readable)), "application/json", $"{copy["customer"]}-{copy["made_at"]!.ToString()[..10]}.json");

    private static async Task<IResult> Show(HttpContext http, Store store, PrivacyDesk desk, LegalHoldDesk holds, RetentionDesk retention, AccountDesk accounts, StaffClock clock, string tab = "requests", string? said = null)
    {
        tab = tab is "retention" or "holds" ? tab : "requests";
        var next = RetentionClass.NextRun(clock.Now, clock.Zone);
        var view = await store.Read(async tx => new PrivacyView(tab, tab == "requests" ? await desk.Recent(tx) : [], tab == "holds" ? await holds.Recent(tx) : [],
            tab == "retention" ? await retention.Preview(tx, next) : [], tab == "retention" ? await retention.Runs(tx) : [], next, await accounts.Names(tx)), http.RequestAborted);
        return new RazorComponentResult<PrivacyPage>(new { View = view, Clock = clock, Said = said });
    }

    private static async Task<IResult> Ask([FromForm] string? customer, [FromForm] PrivacyKind kind, [FromForm] string? why, HttpContext http, Store store, PrivacyDesk desk, ApprovalDesk approvals, ErasureDesk erasure)
    {
        if (string.IsNullOrWhiteSpace(customer) || customer.Length > 64 || string.IsNullOrWhiteSpace(why) || why.Length > 1000) return Results.Redirect("/privacy?said=Missing");
        var (refusal, asked) = await store.Write(async tx =>
        {
            if (await erasure.MayNot(tx, customer.Trim()) is PrivacyRefusal.NoSuchCustomer or PrivacyRefusal.ErasedAlready) return ((string?)"NoSuchCustomer", default(ApprovalAnswer));
            return (null, await desk.AskForStaff(tx, kind, customer.Trim(), why, await approvals.Party(tx, http.Signed(), Permission.Privacy)));
        }, http.RequestAborted);
        return Results.Redirect(refusal is not null ? $"/privacy?said={refusal}" : asked.Ok ? $"/approvals/{asked.Approval!.Id}" : $"/privacy?said={asked.Refusal}");
    }

    private static async Task<IResult> Change(string @class, [FromForm] int days, [FromForm] string? why, HttpContext http, Store store, RetentionDesk desk, ApprovalDesk approvals)
    {
        if (string.IsNullOrWhiteSpace(why) || why.Length > 1000) return Results.Redirect("/privacy?tab=retention&said=Missing");
        var asked = await store.Write(async tx => await desk.AskChange(tx, @class, days, why, await approvals.Party(tx, http.Signed(), Permission.Privacy)), http.RequestAborted);
        return Results.Redirect(asked is not { } answer ? "/privacy?tab=retention&said=NotAllowed" : answer.Ok ? $"/approvals/{answer.Approval!.Id}" : $"/privacy?tab=retention&said={answer.Refusal}");
    }

    private static async Task<IResult> Place([FromForm] string? customer, [FromForm] string? matter, [FromForm] string? why, HttpContext http, Store store, LegalHoldDesk holds)
    {
        if (string.IsNullOrWhiteSpace(customer) || customer.Length > 64 || string.IsNullOrWhiteSpace(matter) || matter.Length > 80 || string.IsNullOrWhiteSpace(why) || why.Length > 1000) return Results.Redirect("/privacy?tab=holds&said=Missing");
        var id = await store.Write(tx => holds.Place(tx, customer.Trim(), matter.Trim(), why.Trim(), http.User.Id()), http.RequestAborted);
        return Results.Redirect(id is null ? "/privacy?tab=holds&said=NoSuchCustomer" : "/privacy?tab=holds&said=Placed");
    }

    private static async Task<IResult> Lift(string id, HttpContext http, Store store, LegalHoldDesk holds) =>
        Results.Redirect(await store.Write(tx => holds.Lift(tx, id, http.User.Id()), http.RequestAborted) ? "/privacy?tab=holds&said=Lifted" : "/privacy?tab=holds&said=Gone");

    // Whoever asked takes the copy that somebody else gave, within a day of it.
    private static async Task<IResult> Copy(string approval, HttpContext http, Store store, ApprovalDesk approvals, AccessExport export, TimeProvider time)
    {
        var copy = await store.Read(async tx => await approvals.Find(tx, approval) is { State: ApprovalState.Done, DoneAt: { } at, CustomerId: { } customer } given && given.Kind == PrivacyDesk.StaffExport.Key && given.AskedBy.Id == http.User.Id() && time.GetUtcNow() - at < TimeSpan.FromDays(1)
            ? await export.Of(tx, customer) : null, http.RequestAborted);
        return copy is null ? Results.NotFound() : File(copy);
    }
}
