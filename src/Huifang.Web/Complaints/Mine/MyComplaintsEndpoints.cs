using Huifang.Accounts;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Languages;
using Huifang.Portal;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Complaints;

/// <summary>The customer's side: complain with or without an account, follow every step, add, take back, object, say whether it was solved.</summary>
public static class MyComplaintsEndpoints
{
    private const long FormBytesMax = 45L * 1024 * 1024;

    internal static void MapMyComplaints(this WebApplication app)
    {
        app.MapGet("/complain", (HttpContext http, string? no) => Page(http, null, no)).Open("Anybody may complain, also without an account.");
        app.MapPost("/complain", Complain).Open("Anybody may complain, also without an account.").WithMetadata(new RequestSizeLimitAttribute(FormBytesMax));

        var mine = app.MapGroup("/me/complaints").RequireAuthorization(StaffSession.PortalScheme);
        mine.MapGet("", List);
        mine.MapGet("new", async (HttpContext http, CustomerAtHome atHome, string? no) => Page(http, await atHome.Who(http), no));
        mine.MapPost("", ComplainAsMyself).WithMetadata(new RequestSizeLimitAttribute(FormBytesMax));
        Verbs(app.MapGroup("/me/complaints/{id}").RequireAuthorization(StaffSession.PortalScheme).About(Thing.Complaint), "");
        Verbs(app.MapGroup("/c/{token}").Open("The signed link is the proof."), "token");
    }

    private static void Verbs(RouteGroupBuilder one, string kind)
    {
        one.MapGet("", (HttpContext http, MyComplaint mine, string? did, string? no) => mine.Show(http, did, no));
        one.MapGet("letter.pdf", (HttpContext http, MyComplaint mine, LetterPaper paper) => mine.Letter(http, paper));
        one.MapPost("words", async ([FromForm] string? words, HttpContext http, MyComplaint mine) => await mine.Do(http, "words", async (tx, id) => await mine.Desk.Say(tx, id, words ?? "", await ComplaintForms.Files(http), ComplaintParts.Customer))).WithMetadata(new RequestSizeLimitAttribute(FormBytesMax));
        one.MapPost("withdrawal", ([FromForm] string? words, HttpContext http, MyComplaint mine) => mine.Do(http, "withdrawn", (tx, id) => mine.Closing.Withdraw(tx, id, ComplaintForms.Blank(words), ComplaintParts.Customer)));
        one.MapPost("appeal", ([FromForm] string? words, HttpContext http, MyComplaint mine) => mine.Do(http, "appealed", (tx, id) => mine.Closing.Appeal(tx, id, ComplaintForms.Blank(words), ComplaintParts.Customer)));
        one.MapPost("solved", ([FromForm] string? solved, [FromForm] string? words, HttpContext http, MyComplaint mine) => mine.Do(http, solved == "yes" ? "solved" : "reopened", (tx, id) => solved switch
        {
            "yes" => mine.Closing.Close(tx, id, ComplaintParts.Customer, "satisfied"),
            "no" => mine.Closing.Reopen(tx, id, ComplaintForms.Blank(words), ComplaintParts.Customer, "survey:no"),
            _ => Task.FromResult<Handled>(ComplaintRefusal.WordsMissing),
        }));
    }

    private static RazorComponentResult Page(HttpContext http, Customer? who, string? no) => new RazorComponentResult<ComplainPage>(new { Who = who, No = no, Transaction = http.Request.Query["transaction"].ToString() });

    private static async Task<IResult> List(HttpContext http, CustomerAtHome atHome, ComplaintDesk desk, ComplaintFile file)
    {
        if (await atHome.Who(http) is not { } customer) return Results.Redirect("/recognise");
        var views = await atHome.Store.Read(async tx =>
        {
            var found = new List<ComplaintView>();
            foreach (var complaint in (await desk.OfCustomer(tx, customer.Id)).Take(20)) if (await file.Look(tx, complaint.Id, forCustomer: true) is { } view) found.Add(view);
            return found;
        }, http.RequestAborted);
        return new RazorComponentResult<MyComplaintsPage>(new { Views = (IReadOnlyList<ComplaintView>)views, Now = atHome.Now, Zone = CustomerAtHome.ZoneOf(customer) });
    }

    private static async Task<IResult> ComplainAsMyself([FromForm] ComplainForm? form, HttpContext http, CustomerAtHome atHome, ComplaintIntake intake)
    {
        if (await atHome.Who(http) is not { } customer) return Results.Redirect("/recognise");
        // No field of ours came at all.
        if (form is null or { IsEmpty: true }) return Results.Redirect("/me/complaints/new?no=words");
        var (brought, refusal) = await intake.Bring(form.Draft(ComplaintDoor.App, PageLanguage.Current) with { CustomerId = customer.Id, Language = customer.Language, Files = await ComplaintForms.Files(http) }, "portal", ComplaintForms.Blank(form.Once), http.RequestAborted);
        return refusal is { } no ? ComplaintForms.Refuse(http, no) : Results.Redirect($"/me/complaints/{brought!.Complaint!.Id}?did=filed");
    }

    private static async Task<IResult> Complain([FromForm] ComplainForm? form, HttpContext http, ComplaintIntake intake)
    {
        // A field that people do not see and machines fill in.
        if (form is null or { IsEmpty: true } || !string.IsNullOrEmpty(form.Website)) return Results.Redirect("/complain?no=words");
        var (brought, refusal) = await intake.Bring(form.Draft(ComplaintDoor.Web, PageLanguage.Current) with { Name = form.Name, Email = form.Email, Phone = form.Phone, Country = form.Country, Files = await ComplaintForms.Files(http) }, "web", ComplaintForms.Blank(form.Once), http.RequestAborted);
        return refusal is { } no ? ComplaintForms.Refuse(http, no) : Results.Redirect($"{brought!.Link}?did=filed");
    }
}

/// <summary>The form with which customers complain.</summary>
public sealed record ComplainForm
{
    public string? Kind { get; init; }
    public string? Words { get; init; }
    public string[]? Want { get; init; }
    public string? Transaction { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Country { get; init; }
    /// <summary>Names this form as it was shown: sent twice, it is one complaint.</summary>
    public string? Once { get; init; }
    public string? Website { get; init; }

    /// <summary>The kinds that a customer picks from, and what they are in the taxonomy.</summary>
    public static readonly IReadOnlyList<(string Key, string Icon, string Category, string? Topic)> Kinds =
    [
        ("refund", "receipt-refund", "refund_dispute", "refund_not_received"), ("wrong", "alert-triangle", "payment", "charged_twice_or_wrong_amount"), ("notme", "user-x", "security_fraud", "unrecognised_transaction"),
        ("cash", "building-bank", "withdrawal", "failed_or_declined"), ("access", "lock", "account_access", "locked_or_frozen"), ("service", "headset", "customer_service", "unresponsive"), ("other", "dots", "other", null),
    ];

    public bool IsEmpty => string.IsNullOrWhiteSpace(Words) && Kinds.All(kind => kind.Key != Kind);

    internal ComplaintDraft Draft(ComplaintDoor door, string language)
    {
        var kind = Kinds.FirstOrDefault(one => one.Key == Kind);
        return new(door, string.IsNullOrWhiteSpace(Words) ? ComplaintTaxonomy.Topic(kind.Category, kind.Topic, language) : Words)
        {
            Category = kind.Category, Subcategory = kind.Topic, Language = language, TransactionId = ComplaintForms.Blank(Transaction),
            Wants = Want is { Length: > 0 } ? string.Join(' ', Want.Where(one => Enum.TryParse<Resolution>(one, out _)).Take(6)) : null,
            Facts = Kind == "notme" ? [CaseFact.UnauthorisedTransaction] : [],
        };
    }
}

/// <summary>Opens a complaint for the customer: by her session, or by a signed link.</summary>
public sealed class MyComplaint(Store store, ComplaintFile file, ComplaintDesk desk, ComplaintClosing closing, Links links)
{
    public ComplaintDesk Desk => desk;
    public ComplaintClosing Closing => closing;

    /// <summary>Which complaint this request is about; null when the link is not ours or over. A session's own is checked before the route.</summary>
    private string? Id(HttpContext http) => http.GetRouteValue("token") is string token
        ? links.Read(token) is LinkReading.Valid { Kind: LinkKind.Complaint, Subject: var id } ? id : null
        : http.GetRouteValue("id") as string;

    private static string Base(HttpContext http) => http.GetRouteValue("token") is string token ? $"/c/{Uri.EscapeDataString(token)}" : $"/me/complaints/{Uri.EscapeDataString($"{http.GetRouteValue("id")}")}";

    public async Task<IResult> Show(HttpContext http, string? did, string? no)
    {
        if (Id(http) is not { } id || await store.Read(tx => file.Look(tx, id, forCustomer: true), http.RequestAborted) is not { } view) return Gone(http);
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var zone = view.Customer?.TimeZone is { } known && TimeZoneInfo.TryFindSystemTimeZoneById(known, out var hers) ? hers : view.Pack.Time.Zone.Zone;
        // Behind a link of a message may be anybody who holds the phone: what it is about is shown to her session only, or to a guest, who has no other way.
        var full = http.GetRouteValue("token") is null || !view.Complaint.Verified;
        return new RazorComponentResult<MyComplaintPage>(new { View = view, Base = Base(http), Full = full, Now = now, Zone = zone, Did = did, No = no });
    }

    public async Task<IResult> Letter(HttpContext http, LetterPaper paper) =>
        Id(http) is { } id && await store.Read(tx => file.Look(tx, id, forCustomer: true), http.RequestAborted) is { Sent: { } letter } view && (http.GetRouteValue("token") is null || !view.Complaint.Verified)
            ? Results.File(paper.Print(view, letter), "application/pdf", $"{view.Complaint.Number}.pdf") : Results.NotFound();

    public async Task<IResult> Do(HttpContext http, string did, Func<Tx, string, Task<Handled>> verb)
    {
        if (Id(http) is not { } id) return Gone(http);
        var done = await store.Write(tx => verb(tx, id), http.RequestAborted);
        return Results.Redirect(done.Refusal is { } no ? $"{Base(http)}?no={no}" : $"{Base(http)}?did={did}");
    }

    private static IResult Gone(HttpContext http) => http.GetRouteValue("token") is null ? Results.NotFound() : new RazorComponentResult<Booking.DeadLink>(new { Expired = true }) { StatusCode = StatusCodes.Status410Gone };
}
