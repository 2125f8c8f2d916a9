using Huifang.Accounts;
using Huifang.Guard;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Huifang.Complaints;

/// <summary>What came in through which door and what became of it; zero difference, or something was lost.</summary>
public sealed record ComplaintIntakeView(int Days, string Fate, IReadOnlyList<DoorTally> Doors, IReadOnlyList<Arrival> Items, ComplaintWords Words)
{
    public IReadOnlyList<ImportMapping> Mappings { get; init; } = [];

    /// <summary>What the last import came to: rows, cases, joined, known, unreadable.</summary>
    public string[]? Did { get; init; }
    public string? No { get; init; }

    public long Sum(Func<DoorTally, long> of) => Doors.Sum(of);
}

/// <summary>The reconciliation of complaints, and the raw bytes of each arrival.</summary>
public static class ComplaintIntakeEndpoints
{
    internal static void MapComplaintIntake(this WebApplication app)
    {
        app.MapGet("/complaints/intake", Show).RequireAuthorization(Permission.SeeComplaints);
        app.MapGet("/complaints/intake/{arrival}/raw", Raw).RequireAuthorization(Permission.DecideComplaints);
        app.MapPost("/complaints/imports", Import).RequireAuthorization(Permission.DecideComplaints).WithMetadata(new RequestSizeLimitAttribute(64L * 1024 * 1024));
        app.MapPost("/complaints/mappings", SaveMapping).RequireAuthorization(Permission.DecideComplaints);
    }

    private static async Task<IResult> Show(HttpContext http, Store store, ComplaintIntake intake, ComplaintImports imports, StaffClock clock, IStringLocalizer<ComplaintText> text, int days = 7, string fate = "all", string? did = null, string? no = null)
    {
        days = days is 1 or 30 or 365 ? days : 7;
        var since = new DateTimeOffset(clock.Now.Date, clock.Now.Offset).AddDays(1 - days);
        var (doors, items, mappings) = await store.Read(async tx => (await intake.Tally(tx, since), await intake.Page(tx, Enum.TryParse<IntakeFate>(fate, out var one) ? one : null, since), await imports.Mappings(tx)), http.RequestAborted);
        return new RazorComponentResult<ComplaintIntakePage>(new { View = new ComplaintIntakeView(days, fate, doors, items, new(text, clock.Now.ToUniversalTime(), clock.Zone)) { Mappings = mappings, Did = did?.Split(',') is { Length: 5 } counts ? counts : null, No = no }, Decides = http.User.May(Permission.DecideComplaints) });
    }

    private static async Task<IResult> Import([FromForm] string mapping, HttpContext http, Store store, ComplaintImports imports)
    {
        var file = (await http.Form()).Files.FirstOrDefault(one => one.Length > 0);
        if (file is null || (await store.Read(imports.Mappings, http.RequestAborted)).FirstOrDefault(one => one.Id == mapping) is not { } known) return Results.Redirect("/complaints/intake?no=file");
        try
        {
            await using var stream = file.OpenReadStream();
            var done = await imports.Bring(known, ExportRows.Read(stream, file.FileName), http.RequestAborted);
            return Results.Redirect($"/complaints/intake?did={done.Rows},{done.Cases},{done.Joined},{done.Known},{done.Unreadable}");
        }
        catch (Exception wrong) when (wrong is FormatException or System.Text.Json.JsonException or CsvHelper.CsvHelperException) { return Results.Redirect("/complaints/intake?no=format"); }
    }

    private static async Task<IResult> SaveMapping([FromForm] string json, HttpContext http, Store store, ComplaintImports imports)
    {
        try
        {
            using var mapping = System.Text.Json.JsonDocument.Parse(json);
            await store.Write(async tx => { await imports.Save(tx, mapping.RootElement, http.User.Id()); return true; }, http.RequestAborted);
            return Results.Redirect("/complaints/intake?no=saved");
        }
        catch (Exception wrong) when (wrong is FormatException or System.Text.Json.JsonException) { return Results.Problem(statusCode: 422, title: wrong.Message, extensions: new Dictionary<string, object?> { ["field"] = "json", ["reason"] = "not-a-mapping" }); }
    }

    private static async Task<IResult> Raw(string arrival, HttpContext http, Store store, ComplaintIntake intake) =>
        await store.Read(async tx => await intake.Find(tx, arrival) is { } found && await intake.Raw(tx, arrival) is { } raw ? Tuple.Create(found, raw) : null, http.RequestAborted) is { } kept
            ? ComplaintEndpoints.ServeFile(http, new(arrival, $"{arrival}.raw", kept.Item1.ContentType, kept.Item2.Length, kept.Item1.ReceivedAt, false), kept.Item2) : Results.NotFound();
}
