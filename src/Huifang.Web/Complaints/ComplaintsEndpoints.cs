using Huifang.Accounts;
using Huifang.Customers;
using Huifang.Languages;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Huifang.Complaints;

/// <summary>What the board shows.</summary>
public sealed record BoardView(string Tab, ComplaintFilter Filter, IReadOnlyList<BoardRow> Rows, BoardNumbers Numbers, int Page, bool HasMore, string? Asked, ComplaintWords Words, ComplaintPackShelf Shelf, DateTimeOffset Now)
{
    public ComplaintPack PackOf(BoardRow row) => (row.Clock is { } clock ? Shelf.Find(clock.Pack, clock.PackVersion) : null) ?? Shelf.Find(row.Complaint.Pack)!;

    /// <summary>The address of this board with one thing changed.</summary>
    public string With(string key, string? value)
    {
        var query = new Dictionary<string, string?> { ["tab"] = Tab == "open" ? null : Tab, ["category"] = Filter.Category, ["pack"] = Filter.Pack, ["owner"] = Filter.OwnerId, ["severity"] = Filter.Severity, [key] = value };
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString("/complaints", query.Where(pair => !string.IsNullOrEmpty(pair.Value)).ToDictionary());
    }
}

/// <summary>What somebody types into the board's search: a number, a customer's id, number or address, or words of the complaint.</summary>
public sealed class ComplaintFinder(ComplaintDesk desk, CustomerBoard customers, ComplaintSearch search)
{
    public async Task<IReadOnlyList<Complaint>> Find(Tx tx, string asked, CancellationToken stop)
    {
        if (await desk.FindByNumber(tx, asked) is { } complaint) return [complaint];
        var found = new List<Complaint>();
        foreach (var id in await customers.Find(asked, stop)) found.AddRange(await desk.OfCustomer(tx, id));
        return found.Count > 0 ? [.. found.Take(ComplaintBoard.PageSize)] : await search.Find(tx, asked, ComplaintBoard.PageSize);
    }
}

/// <summary>The board of complaints, and putting one on record for a customer.</summary>
public static class ComplaintsEndpoints
{
    public static void MapComplaints(this WebApplication app)
    {
        app.MapGet("/complaints", Board).RequireAuthorization(Permission.SeeComplaints);
        app.MapGet("/complaints/new", New).RequireAuthorization(Permission.FileComplaints);
        app.MapPost("/complaints", File).RequireAuthorization(Permission.FileComplaints);
        app.MapComplaint();
        app.MapComplaintIntake();
        app.MapComplaintPacks();
        app.MapComplaintFigures();
        app.MapComplaintApi();
        app.MapMyComplaints();
    }

    private static async Task<IResult> Board(HttpContext http, Store store, ComplaintBoard board, ComplaintFinder finder, ComplaintPackShelf shelf, StaffClock clock, IStringLocalizer<ComplaintText> text,
        string tab = "open", string? category = null, string? pack = null, string? owner = null, string? severity = null, string? q = null, int page = 0)
    {
        page = Math.Clamp(page, 0, 1000);
        var me = http.User.Id();
        var filter = new ComplaintFilter { Category = Known(category), Pack = pack is null ? null : shelf.Find(pack)?.Id, OwnerId = tab == "mine" ? me : string.IsNullOrEmpty(owner) ? null : owner, Severity = Enum.TryParse<Severity>(severity, out var bad) ? bad.ToString() : null, State = tab == "answered" ? nameof(ComplaintState.Answered) : null };
        var today = new DateTimeOffset(clock.Now.Date, clock.Now.Offset);
        var (rows, numbers) = await store.Read(async tx =>
        {
            var found = q is { Length: > 0 and <= 100 } ? await board.Of(tx, await finder.Find(tx, q.Trim(), http.RequestAborted)) : tab == "past" ? await board.Past(tx, filter, page) : await board.Open(tx, filter, page);
            return (found, await board.Numbers(tx, today));
        }, http.RequestAborted);
        if (q is not null && rows is [var only]) return Results.Redirect($"/complaints/{only.Complaint.Id}");
        return new RazorComponentResult<ComplaintsPage>(new { View = new BoardView(tab, filter, rows, numbers, page, rows.Count == ComplaintBoard.PageSize, q, new ComplaintWords(text, clock.Now.ToUniversalTime(), clock.Zone), shelf, clock.Now) });
    }

    private static IResult New(string? customer = null, string? call = null, string? no = null) => new RazorComponentResult<NewComplaintPage>(new { CustomerId = customer, Call = call, No = no });

    private static async Task<IResult> File([FromForm] string customer, [FromForm] string words, [FromForm] ComplaintDoor door, [FromForm] string? category, [FromForm] string? wants, [FromForm] string? transaction, [FromForm] string? amount, [FromForm] string? currency,
        HttpContext http, Store store, ComplaintIntake intake, CustomerDesk customers)
    {
        if (string.IsNullOrWhiteSpace(words)) return Results.Redirect($"/complaints/new?customer={Uri.EscapeDataString(customer)}&no=words");
        if (await store.Read(tx => customers.Find(tx, customer.Trim()), http.RequestAborted) is not { } known) return Results.Redirect($"/complaints/new?customer={Uri.EscapeDataString(customer)}&no=customer");
        var (topic, minor) = (category?.Split('/') ?? [], ComplaintForms.Minor(amount, currency));
        var (brought, refusal) = await intake.Bring(new ComplaintDraft(door, words)
        {
            CustomerId = known.Id, Language = known.Language, Category = topic.ElementAtOrDefault(0), Subcategory = topic.ElementAtOrDefault(1), Wants = wants, TransactionId = ComplaintForms.Blank(transaction), Amount = minor, Currency = minor is null ? null : currency,
            Files = await ComplaintForms.Files(http),
        }, http.User.Id(), null, http.RequestAborted);
        return refusal is { } no ? ComplaintForms.Refuse(http, no) : Results.Redirect($"/complaints/{brought!.Complaint!.Id}?said=filed");
    }

    private static string? Known(string? category) => ComplaintTaxonomy.Find(category)?.Key;
}
