using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Approvals;

/// <summary>A request with the names of those who took part, and why the reader may not decide it (null when she may).</summary>
public sealed record ApprovalView(Approval Approval, string AskedBy, string? DecidedBy, ApprovalRefusal? MayNot);

/// <summary>The second pair of eyes: what waits, what exactly would happen, and the two answers. The desk decides who may; deciding asks for a fresh proof.</summary>
public static class ApprovalEndpoints
{
    public static void MapApprovals(this WebApplication app)
    {
        app.MapGet("/approvals", List).RequireAuthorization(StaffSession.Scheme);
        app.MapGet("/approvals/{id}", Show).RequireAuthorization(StaffSession.Scheme);
        app.MapPost("/approvals/{id}/give", Give).RequireAuthorization(StaffSession.Scheme).NeedsFreshProof();
        app.MapPost("/approvals/{id}/refuse", Refuse).RequireAuthorization(StaffSession.Scheme).NeedsFreshProof();
        app.MapPost("/approvals/{id}/withdraw", Withdraw).RequireAuthorization(StaffSession.Scheme);
    }

    private static async Task<IResult> List(HttpContext http, Store store, ApprovalDesk desk, AccountDesk accounts, StaffClock clock)
    {
        var signed = http.Signed();
        var (open, past) = await store.Read(async tx =>
        {
            var names = await accounts.Names(tx);
            var waiting = new List<ApprovalView>();
            foreach (var approval in await desk.Open(tx)) waiting.Add(await View(tx, desk, names, approval, signed));
            return (waiting, (await desk.Recent(tx)).Where(one => !one.IsOpen(clock.Now)).Select(one => new ApprovalView(one, Name(names, one.AskedBy)!, Name(names, one.DecidedBy), null)).ToList());
        }, http.RequestAborted);
        return new RazorComponentResult<ApprovalsPage>(new { Open = (IReadOnlyList<ApprovalView>)open, Past = (IReadOnlyList<ApprovalView>)past, Me = signed.Staff.Id, Clock = clock });
    }

    private static async Task<IResult> Show(string id, HttpContext http, Store store, ApprovalDesk desk, AccountDesk accounts, StaffClock clock, string? said = null) =>
        await store.Read(async tx => await desk.Find(tx, id) is { } approval ? await View(tx, desk, await accounts.Names(tx), approval, http.Signed()) : null, http.RequestAborted) is { } view
            ? new RazorComponentResult<ApprovalPage>(new { View = view, Me = http.User.Id(), Clock = clock, Said = said }) : Results.NotFound();

    private static async Task<IResult> Give(string id, [FromForm] string? seen, HttpContext http, Store store, ApprovalDesk desk) =>
        Told(id, await store.Write(tx => desk.Give(tx, id, http.Signed(), seen ?? ""), http.RequestAborted), "given");

    private static async Task<IResult> Refuse(string id, [FromForm] string? seen, [FromForm] string? why, HttpContext http, Store store, ApprovalDesk desk) =>
        Told(id, await store.Write(tx => desk.Refuse(tx, id, http.Signed(), seen ?? "", why ?? ""), http.RequestAborted), "refused");

    private static async Task<IResult> Withdraw(string id, HttpContext http, Store store, ApprovalDesk desk)
    {
        await store.Write(tx => desk.Withdraw(tx, id, http.User.Id()), http.RequestAborted);
        return Results.Redirect($"/approvals/{Uri.EscapeDataString(id)}");
    }

    private static IResult Told(string id, ApprovalAnswer answer, string done) => answer.Refusal switch
    {
        ApprovalRefusal.NoSuchApproval => Results.NotFound(),
        { } refusal => Results.Redirect($"/approvals/{Uri.EscapeDataString(id)}?said={refusal}"),
        null => Results.Redirect($"/approvals/{Uri.EscapeDataString(id)}?said={done}"),
    };

    private static async Task<ApprovalView> View(Tx tx, ApprovalDesk desk, IReadOnlyDictionary<string, string> names, Approval approval, Signed signed) =>
        new(approval, Name(names, approval.AskedBy)!, Name(names, approval.DecidedBy), await desk.MayDecide(tx, approval, signed));

    private static string? Name(IReadOnlyDictionary<string, string> names, ApprovalParty? party) => party is null ? null : names.GetValueOrDefault(party.Id, party.Id);
}
