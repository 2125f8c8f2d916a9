using Huifang.Accounts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Huifang.Complaints;

/// <summary>One complaint: its screen and its verbs. Each verb leads back to the screen, which shows what is true now.</summary>
public static class ComplaintEndpoints
{
    internal static void MapComplaint(this WebApplication app)
    {
        var one = app.MapGroup("/complaints/{id}").About(Thing.Complaint);
        one.MapGet("", Show).RequireAuthorization(Permission.SeeComplaints);
        one.MapGet("files/{file}", OpenFile).RequireAuthorization(Permission.SeeComplaints);
        one.MapGet("letter.pdf", Letter).RequireAuthorization(Permission.SeeComplaints);

        var work = app.MapGroup("/complaints/{id}").RequireAuthorization(Permission.WorkComplaints).About(Thing.Complaint);
        work.MapPost("assessment", (string id, [FromForm] Severity severity, [FromForm] string category, [FromForm] string? product, [FromForm] string? amount, [FromForm] string? currency, [FromForm] CaseFact[]? facts, Verbs verbs) =>
            verbs.Do(id, "assessed", (tx, by) => verbs.Desk.Assess(tx, id, new(severity, category.Split('/')[0], category.Split('/').ElementAtOrDefault(1), product, ComplaintForms.Minor(amount, currency), ComplaintForms.Minor(amount, currency) is null ? null : currency, facts ?? []), by)));
        work.MapPost("investigation", (string id, Verbs verbs) => verbs.Do(id, "investigating", (tx, by) => verbs.Desk.Investigate(tx, id, by)));
        work.MapPost("owner", (string id, [FromForm] string owner, Verbs verbs) => verbs.Do(id, "assigned", (tx, by) => verbs.Desk.Assign(tx, id, owner, by)));
        work.MapPost("notes", (string id, [FromForm] string? words, Verbs verbs) => verbs.Do(id, "noted", (tx, by) => verbs.Desk.Note(tx, id, words ?? "", by)));
        work.MapPost("updates", (string id, [FromForm] string? words, Verbs verbs) => verbs.Do(id, "told", (tx, by) => verbs.Desk.Update(tx, id, words ?? "", by)));
        work.MapPost("tasks", (string id, [FromForm] string? what, [FromForm] string? department, [FromForm] string? assignee, [FromForm] int? days, Verbs verbs) =>
            verbs.Do(id, "task", (tx, by) => verbs.Desk.AddTask(tx, id, what ?? "", department ?? "care", assignee, days is > 0 and <= 60 ? verbs.Now.AddDays(days.Value) : null, by)));
        work.MapPost("tasks/{task}", (string id, string task, Verbs verbs) => verbs.Do(id, "done", (tx, by) => verbs.Desk.DoTask(tx, id, task, by)));
        work.MapPost("stop", (string id, [FromForm] string? reason, [FromForm] string? words, Verbs verbs) => verbs.Do(id, "stopped", (tx, by) => verbs.Cases.Clocks.Stop(tx, id, reason ?? "", words ?? "", by)));
        work.MapPost("resume", (string id, Verbs verbs) => verbs.Do(id, "resumed", (tx, by) => verbs.Cases.Clocks.Resume(tx, id, by)));
        work.MapPost("extension", (string id, [FromForm] string? extension, [FromForm] string? words, HttpContext http, Verbs verbs) => verbs.Do(id, "extended", async (tx, _) => await verbs.Approved.Time.Extend(tx, id, extension ?? "", words ?? "", await verbs.Approved.Desk.Party(tx, http.Signed(), Permission.WorkComplaints))));
        work.MapPost("clocks/{clock}", (string id, string clock, [FromForm] string? words, Verbs verbs) => verbs.Do(id, "loosened", (tx, by) => verbs.Cases.Clocks.Loosen(tx, id, clock, words ?? "", by))).RequireAuthorization(Permission.DecideComplaints);
        work.MapPost("redress", (string id, [FromForm] Resolution kind, [FromForm] string? amount, [FromForm] string? currency, [FromForm] string? transaction, [FromForm] string? words, HttpContext http, Verbs verbs) =>
            verbs.Do(id, "redress", async (tx, _) => await verbs.Approved.Money.Propose(tx, id, kind, ComplaintForms.Minor(amount, currency), currency, transaction, words ?? "", await verbs.Approved.Desk.Party(tx, http.Signed(), Permission.WorkComplaints))));
        work.MapPost("transactions", (string id, [FromForm] string? transaction, [FromForm] string? amount, [FromForm] string? currency, Verbs verbs) => verbs.Do(id, "linked", (tx, by) =>
            string.IsNullOrWhiteSpace(transaction) || transaction.Length > 128 ? Task.FromResult<Handled>(ComplaintRefusal.WordsMissing) : verbs.Desk.LinkTransaction(tx, id, new(transaction.Trim(), ComplaintForms.Minor(amount, currency), ComplaintForms.Minor(amount, currency) is null ? null : currency, null, ""), by)));
        work.MapPost("letter", (string id, [FromForm] string? words, Verbs verbs) => verbs.Do(id, "drafted", (tx, by) => verbs.Cases.Letters.Write(tx, id, words ?? "", null, by)));
        work.MapPost("answer", (string id, [FromForm] string? outcome, [FromForm] string? cause, Verbs verbs) => verbs.Do(id, "answered", async (tx, by) =>
            (await verbs.Closing.Answer(tx, id, Enum.TryParse<ComplaintOutcome>(outcome, out var found) ? found : null, Enum.TryParse<RootCause>(cause, out var why) ? why : null, by)).Handled));
        work.MapPost("reopening", (string id, [FromForm] string? words, Verbs verbs) => verbs.Do(id, "reopened", (tx, by) => string.IsNullOrWhiteSpace(words) ? Task.FromResult<Handled>(ComplaintRefusal.ReasonMissing) : verbs.Closing.Reopen(tx, id, words, by, "staff")));
        work.MapPost("closing", (string id, Verbs verbs) => verbs.Do(id, "closed", (tx, by) => verbs.Closing.Close(tx, id, by, "agreed")));
        work.MapPost("merge", (string id, [FromForm] string? other, Verbs verbs) => verbs.Do(id, "merged", async (tx, by) =>
            other is null ? ComplaintRefusal.NoSuchComplaint : await verbs.Cases.Joining.Merge(tx, id, (await verbs.Desk.FindByNumber(tx, other.Trim()))?.Id ?? other.Trim(), by)));
        work.MapPost("split", (string id, [FromForm] string? words, [FromForm] string? category, Verbs verbs) => verbs.Do(id, "split", (tx, by) => verbs.Cases.Joining.Split(tx, id, words ?? "", category?.Split('/')[0], category?.Split('/').ElementAtOrDefault(1), by)));
        work.MapPost("set-aside", (string id, [FromForm] string? words, ComplaintIntake intake, Verbs verbs) => verbs.Do(id, "set-aside", (tx, by) => intake.SetAside(tx, id, words ?? "", by))).RequireAuthorization(Permission.DecideComplaints);
    }

    private static async Task<IResult> Show(string id, HttpContext http, Store store, ComplaintFile file, ComplaintDesk desk, ComplaintClosing closing, AccountDesk accounts, StaffClock clock, IStringLocalizer<ComplaintText> text, string? said = null, string? no = null, string? tab = null)
    {
        var loaded = await store.Read(async tx =>
        {
            var found = (await desk.FindByNumber(tx, id))?.Id ?? id;
            if (await file.Look(tx, found, forCustomer: false) is not { } view) return null;
            var people = (await accounts.All(tx)).Where(staff => staff.DisabledAt is null && staff.May(Permission.WorkComplaints)).ToList();
            return Tuple.Create(view, people, ComplaintRules.IsWorking(view.Complaint.State) ? await closing.Missing(tx, view.Complaint, ComplaintOutcome.Upheld, RootCause.SystemFault) : []);
        }, http.RequestAborted);
        if (loaded is null) return Results.NotFound();
        return new RazorComponentResult<ComplaintPage>(new { View = loaded.Item1, People = loaded.Item2, Missing = loaded.Item3, Words = new ComplaintWords(text, clock.Now.ToUniversalTime(), clock.Zone), Now = clock.Now.ToUniversalTime(), Me = http.User.Id(), May = http.User.May(Permission.WorkComplaints), Decides = http.User.May(Permission.DecideComplaints), Said = said, No = no, Tab = tab ?? "all" });
    }

    private static async Task<IResult> OpenFile(string id, string file, HttpContext http, Store store, ComplaintFile files) =>
        await store.Read(tx => files.Open(tx, id, file, forCustomer: false), http.RequestAborted) is { } found ? ServeFile(http, found.File, found.Content) : Results.NotFound();

    /// <summary>What somebody sent us is handed out to be saved, never shown by the browser as if it were ours.</summary>
    internal static IResult ServeFile(HttpContext http, CaseFile file, byte[] content)
    {
        http.Response.Headers["Content-Security-Policy"] = "sandbox; default-src 'none'";
        return Results.File(content, "application/octet-stream", file.Name);
    }

    private static async Task<IResult> Letter(string id, HttpContext http, Store store, ComplaintFile file, LetterPaper paper) =>
        await store.Read(tx => file.Look(tx, id, forCustomer: false), http.RequestAborted) is { } view && (view.Sent ?? view.Draft) is { } letter ? Results.File(paper.Print(view, letter), "application/pdf", $"{view.Complaint.Number}.pdf") : Results.NotFound();

    /// <summary>Runs a verb as whoever is signed in and leads back to the complaint.</summary>
    public sealed class Verbs(Store store, ComplaintDesk desk, ComplaintClosing closing, CaseDesks cases, VerbContext context)
    {
        public ComplaintDesk Desk => desk;
        public ComplaintClosing Closing => closing;
        public CaseDesks Cases => cases;
        public ApprovedVerbs Approved => context.Approved;
        public DateTimeOffset Now => context.Time.GetUtcNow();

        public async Task<IResult> Do(string id, string said, Func<Tx, string, Task<Handled>> verb)
        {
            var http = context.Http.HttpContext!;
            var done = await store.Write(tx => verb(tx, http.User.Id()), http.RequestAborted);
            return done switch
            {
                { Refusal: ComplaintRefusal.NoSuchComplaint } => Results.NotFound(),
                { Refusal: { } refusal } => Results.Redirect($"/complaints/{Uri.EscapeDataString(id)}?no={refusal}"),
                { Complaint: { } complaint } => Results.Redirect($"/complaints/{(said is "merged" or "split" ? complaint.Id : Uri.EscapeDataString(id))}?said={said}"),
                _ => Results.NotFound(),
            };
        }
    }

    /// <summary>What verbs take from the request.</summary>
    public sealed record VerbContext(IHttpContextAccessor Http, TimeProvider Time, ApprovedVerbs Approved);

    /// <summary>The verbs that may need a second person.</summary>
    public sealed record ApprovedVerbs(RedressApproval Money, ExtensionApproval Time, Approvals.ApprovalDesk Desk);
}
