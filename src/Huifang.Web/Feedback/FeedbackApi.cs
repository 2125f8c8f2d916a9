using System.Security.Claims;
using System.Text.Json;
using Huifang.Accounts;
using Huifang.Guard;
using Microsoft.AspNetCore.Mvc;

namespace Huifang.Feedback;

/// <summary>The answer to records that were brought by API: rows = kept + known + bad. A bad row is kept for a person, with its place in what was sent.</summary>
public sealed record FeedbackReply(string Import, long Rows, long Kept, long Known, long Bad);

/// <summary>What customers say elsewhere, from the operator's own systems: chats, interviews, reviews, posts.</summary>
public static class FeedbackApi
{
    private const int RowsMax = 5000;

    internal static void MapFeedbackApi(this WebApplication app) =>
        app.MapPost("/v1/feedback", Bring).RequireAuthorization($"api:{Scope.Feedback}").WithTags("feedback").WithMetadata(new RequestSizeLimitAttribute(Limits.LargeBytesMax))
            .WithSummary("Brings up to 5,000 records as a JSON array of flat objects; `mapping` names how fields are read. Secrets are taken out before anything is stored. The same source and id is the same record.")
            .Accepts<JsonElement>("application/json").Produces<FeedbackReply>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);

    private static async Task<IResult> Bring(HttpContext http, ClaimsPrincipal who, ImportRoom room, string mapping = "api")
    {
        var known = mapping == Own.Id ? Own : await room.Mapping(mapping, http.RequestAborted);
        if (known is null) return Results.Problem(statusCode: 404, title: "There is no mapping of this name.", extensions: Field("mapping", "unknown"));
        try
        {
            using var json = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = 16 }, http.RequestAborted);
            if (json.RootElement.ValueKind != JsonValueKind.Array) return Results.Problem(statusCode: 400, title: "An array of objects is expected.", extensions: Field("$", "not-an-array"));
            if (json.RootElement.GetArrayLength() > RowsMax) return Results.Problem(statusCode: 413, title: "At most 5,000 records at once.", extensions: Field("$", "too-many"));
            var done = await room.Imports.Bring(known, "api", json.RootElement.EnumerateArray().Select(FeedRows.Flatten), who.Id(), http.RequestAborted);
            return Results.Ok(new FeedbackReply(done.Id, done.RowsRead, done.Kept, done.Known, done.Bad));
        }
        catch (JsonException wrong) { return Results.Problem(statusCode: 400, title: $"This is not JSON: line {wrong.LineNumber + 1}.", extensions: Field("$", "not-json")); }
    }

    /// <summary>The fields by their own names; the source is the chat unless a mapping says otherwise.</summary>
    private static readonly FeedbackMapping Own = new("api", "API", FeedbackSource.Chat, FeedbackMapping.Known.ToDictionary(field => field, field => (IReadOnlyList<string>)[field]));

    private static Dictionary<string, object?> Field(string field, string reason) => new() { ["field"] = field, ["reason"] = reason };
}
