using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Audit;

/// <summary>What the audit page shows.</summary>
public sealed record AuditView(AuditFilter Filter, int Days, AuditHead Head, IReadOnlyList<AuditLine> Lines, bool HasMore, AuditEntryView? Chosen, IReadOnlyDictionary<string, string> Names, string KeyName);

/// <summary>The audit log: a page for staff, and heads and proofs for whoever checks us. Heads and the key are public: that is what makes them worth something.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this WebApplication app)
    {
        app.MapGet("/audit", Show).RequireAuthorization(Permission.SeeAudit);
        app.MapGet("/audit/standard", (string? show, string? chapter) => new RazorComponentResult<StandardPage>(new { Show = show, Chapter = chapter })).RequireAuthorization(Permission.SeeAudit);
        app.MapGet("/audit/standard.json", () => Results.Stream(Standard.File(), "application/json", "asvs.json")).RequireAuthorization(Permission.SeeAudit);
        app.MapGet("/audit/proofs/{leaf:long}", ProofFile).RequireAuthorization(Permission.SeeAudit);
        app.MapGet("/v1/audit/checkpoint", Checkpoint).Open("The signed head of the audit log is public, so that a log that was rewritten contradicts what others have.").WithTags("audit")
            .WithSummary("The newest signed head of the audit log, a C2SP checkpoint; ?size= for an earlier one.").Produces<string>(contentType: "text/plain").ProducesProblem(404);
        app.MapGet("/v1/audit/key", (AuditKey key) => Results.Text(key.Text + "\n")).Open("The public key by which signed heads are checked.").WithTags("audit")
            .WithSummary("The audit log's public key.").Produces<string>(contentType: "text/plain");
        app.MapGet("/v1/audit/consistency", Consistency).Open("That the log only grew can be checked by anybody; the hashes tell nothing about anybody.").WithTags("audit")
            .WithSummary("What shows that an earlier head's log is the beginning of a later one's.").Produces<ConsistencyReply>().ProducesProblem(404);
        app.MapGet("/v1/audit/entries/{leaf:long}", Entry).RequireAuthorization($"api:{Scope.Audit}").WithTags("audit")
            .WithSummary("An entry with the proof that it stands in the log unchanged.").Produces<object>().ProducesProblem(404);
    }

    private static async Task<IResult> Show(HttpContext http, Store store, AuditBoard board, AccountDesk accounts, AuditKey key, StaffClock clock, string? customer = null, string? who = null, AuditWhat what = AuditWhat.All, int days = 30, long? before = null, long? leaf = null)
    {
        days = days is 1 or 7 or 30 or 365 ? days : 30;
        var filter = new AuditFilter(Blank(customer), Blank(who), what, clock.Now.AddDays(-days), before);
        // First the line that says that we look, then the look.
        await store.Write(tx => board.Viewed(tx, http.User.Id(), filter, leaf), http.RequestAborted);
        var view = await store.Read(async tx =>
        {
            var lines = await board.Page(tx, filter, AuditBoard.PageSize + 1);
            return new AuditView(filter, days, await AuditLog.Head(tx), [.. lines.Take(AuditBoard.PageSize)], lines.Count > AuditBoard.PageSize, leaf is { } chosen ? await board.Entry(tx, chosen) : null, await accounts.Names(tx), key.Name);
        }, http.RequestAborted);
        return new RazorComponentResult<AuditPage>(new { View = view, Clock = clock });
    }

    private static async Task<IResult> ProofFile(long leaf, HttpContext http, Store store) =>
        await store.Read(tx => AuditLog.Prove(tx, leaf), http.RequestAborted) is { } proof
            ? Results.File(System.Text.Encoding.UTF8.GetBytes(AuditProofText.Write(proof)), "application/json", $"audit-proof-{leaf}.json") : Results.NotFound();

    private static async Task<IResult> Checkpoint(Store store, CancellationToken stop, long? size = null) =>
        await store.Read(tx => AuditLog.Note(tx, size), stop) is { } note ? Results.Text(note) : Results.Problem(statusCode: 404, title: "No head of this size was signed.");

    private static async Task<IResult> Consistency(long older, Store store, CancellationToken stop, long? newer = null) =>
        await store.Read(tx => AuditLog.ProveGrowth(tx, older, newer), stop) is { } proof
            ? Results.Ok(new ConsistencyReply(proof.Older, proof.Newer, proof.OlderNote, proof.NewerNote, [.. proof.Path.Select(Convert.ToHexStringLower)]))
            : Results.Problem(statusCode: 404, title: "No heads of these sizes were signed, or the older one is larger.");

    private static async Task<IResult> Entry(long leaf, Store store, CancellationToken stop) =>
        await store.Read(tx => AuditLog.Prove(tx, leaf), stop) is { } proof ? Results.Text(AuditProofText.Write(proof), "application/json")
            : Results.Problem(statusCode: 404, title: "There is no such entry, or no signed head covers it yet.", detail: "A head is signed each minute.");

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > 100 ? null : text.Trim();

    public sealed record ConsistencyReply(long Older, long Newer, string OlderCheckpoint, string NewerCheckpoint, IReadOnlyList<string> Path);
}
