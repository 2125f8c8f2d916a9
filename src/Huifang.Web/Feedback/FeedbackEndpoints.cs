using System.Text.Json;
using Huifang.Accounts;
using Huifang.Guard;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Feedback;

/// <summary>What the import page shows.</summary>
/// <param name="Said">What came of the last act: a text's key, its tone, and the numbers or word that go into it.</param>
public sealed record ImportsView(IReadOnlyList<FeedbackMapping> Mappings, IReadOnlyList<FeedbackImport> Latest, IReadOnlyList<BadRow> Bad, long BadCount, IReadOnlyList<FeedbackFeed> Feeds, (string Key, string Tone, object[] Values)? Said);

/// <summary>What customers said, newest first, and the ways in for files and feeds.</summary>
public static class FeedbackEndpoints
{
    public const int PageSize = 50;

    public static void MapFeedback(this WebApplication app)
    {
        app.MapGet("/feedback", Show).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/feedback/{id}/picture", Picture).RequireAuthorization(Permission.SeeFeedback);
        app.MapGet("/feedback/imports", (HttpContext http, ImportRoom room) => room.Show(http, null)).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/feedback/imports", Import).RequireAuthorization(Permission.WorkFeedback).WithMetadata(new RequestSizeLimitAttribute(Limits.LargeBytesMax));
        app.MapPost("/feedback/mappings", SaveMapping).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/feedback/rows/{id}", async (string id, HttpContext http, ImportRoom room) => { await room.Store.Write(tx => room.Imports.Settle(tx, id, http.User.Id()), http.RequestAborted); return Results.Redirect("/feedback/imports#bad"); }).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/feedback/feeds", AddFeed).RequireAuthorization(Permission.WorkFeedback);
        app.MapPost("/feedback/feeds/{id}", async (string id, [FromForm] string act, HttpContext http, ImportRoom room) => { await room.Store.Write(tx => room.Feeds.SetLive(tx, id, act == "live", http.User.Id()), http.RequestAborted); return Results.Redirect("/feedback/imports#feeds"); }).RequireAuthorization(Permission.WorkFeedback);
        app.MapFeedbackApi();
    }

    private static async Task<RazorComponentResult> Show(HttpContext http, Store store, FeedbackDesk desk, StaffClock clock, string? source = null, int low = 0, long? before = null)
    {
        DateTimeOffset? earlier = before is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, 0, 253402300799999)) : null;
        var filter = new FeedbackFilter(source is { Length: > 0 and <= 60 } && FeedbackSource.IsKnown(source) ? source : null, null, low == 1 ? 2 : null, null, earlier);
        var (items, pictures) = await store.Read(async tx => { var page = await desk.Page(tx, filter, PageSize); return (page, await desk.WithPictures(tx, [.. page.Select(item => item.Id)])); }, http.RequestAborted);
        return new RazorComponentResult<FeedbackPage>(new { Filter = filter, Items = items, Pictures = pictures, Clock = clock });
    }

    private static async Task<IResult> Picture(string id, HttpContext http, Store store, FeedbackDesk desk)
    {
        if (await store.Read(async tx => await desk.Picture(tx, id), http.RequestAborted) is not { } picture) return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(picture.Content, picture.MediaType);
    }

    private static async Task<IResult> Import([FromForm] string? mapping, HttpContext http, ImportRoom room)
    {
        var file = (await http.Form()).Files.FirstOrDefault(one => one.Length > 0);
        if (file is null) return await room.Show(http, ("No.file", "amber", []));
        if (await room.Mapping(mapping, http.RequestAborted) is not { } known) return await room.Show(http, ("No.mapping", "amber", []));
        await using var stream = file.OpenReadStream();
        var done = await room.Imports.Bring(known, Path.GetFileName(file.FileName), ExportRows.Read(stream, file.FileName), http.User.Id(), http.RequestAborted);
        return await room.Show(http, ("Did", done.Bad == 0 ? "jade" : "amber", [done.RowsRead, done.Kept, done.Known, done.Bad]));
    }

    private static async Task<IResult> SaveMapping(HttpContext http, ImportRoom room)
    {
        var form = await http.Form();
        try
        {
            var fields = FeedbackMapping.Known.Where(field => form[$"f.{field}"].ToString().Length > 0).ToDictionary(field => field, field => FeedbackMapping.Columns(form[$"f.{field}"].ToString()));
            using var json = JsonDocument.Parse(JsonSerializer.Serialize(new { id = form["id"].ToString(), name = form["name"].ToString(), source = form["source"].ToString(), fields, ratingMax = int.TryParse(form["ratingMax"], out var most) ? most : 5 }));
            var mapping = FeedbackMapping.Read(json.RootElement);
            await room.Store.Write(tx => room.Imports.Save(tx, mapping, http.User.Id()), http.RequestAborted);
            return await room.Show(http, ("Saved", "jade", [mapping.Name]));
        }
        catch (FormatException wrong) { return await room.Show(http, ("No.field", "amber", [wrong.Message.Split(':')[0]])); }
    }

    private static async Task<IResult> AddFeed([FromForm] string? name, [FromForm] string? url, [FromForm] string? mapping, [FromForm] string? items, [FromForm] int? every, HttpContext http, ImportRoom room)
    {
        var wrong = await room.Store.Write(tx => room.Feeds.Add(tx, name ?? "", url ?? "", mapping ?? "", items ?? "", every ?? 0, http.User.Id()), http.RequestAborted);
        return await room.Show(http, wrong is null ? ("FeedAdded", "jade", [name!]) : ("No.feed", "amber", [wrong.Field, wrong.Reason]));
    }
}

/// <summary>What the import page works with.</summary>
public sealed class ImportRoom(Store store, FeedbackImports imports, FeedDesk feeds, StaffClock clock)
{
    public Store Store => store;
    public FeedbackImports Imports => imports;
    public FeedDesk Feeds => feeds;

    public async Task<FeedbackMapping?> Mapping(string? id, CancellationToken stop) => (await store.Read(imports.Mappings, stop)).FirstOrDefault(one => one.Id == id);

    public async Task<IResult> Show(HttpContext http, (string Key, string Tone, object[] Values)? said)
    {
        var view = await store.Read(async tx => new ImportsView(await imports.Mappings(tx), await imports.Latest(tx), await imports.Open(tx), await imports.CountOpen(tx), await feeds.All(tx), said), http.RequestAborted);
        return new RazorComponentResult<ImportsPage>(new { View = view, Clock = clock }) { StatusCode = said is { Tone: "amber", Key: not "Did" } ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
    }
}
