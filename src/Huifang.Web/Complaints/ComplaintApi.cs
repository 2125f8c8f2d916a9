using System.Security.Claims;
using System.Text.Json;
using Huifang.Api;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>The answer to a complaint that was brought by API.</summary>
/// <param name="Fate">Case, Joined, or Waiting when it is stored and not read yet.</param>
public sealed record ComplaintReply(string Arrival, string Fate, string? Number, string? State, string? Outcome, DateTimeOffset? AnswerBy, string? Link);

/// <summary>Complaints for the operator's own systems: brought raw, acknowledged after they are durable, found by number.</summary>
public static class ComplaintApi
{
    internal static void MapComplaintApi(this WebApplication app)
    {
        app.MapPost("/v1/complaints", Bring).RequireAuthorization($"api:{Accounts.Scope.Complaints}").WithTags("complaints")
            .WithSummary("Brings a complaint. What cannot be read is kept raw and becomes a case for a person. Idempotency-Key makes a repeat the same.")
            .Accepts<JsonElement>("application/json").Produces<ComplaintReply>(StatusCodes.Status201Created).ProducesProblem(413).ProducesProblem(507);
        app.MapGet("/v1/complaints/{number}", Find).RequireAuthorization($"api:{Accounts.Scope.Complaints}").WithTags("complaints").WithSummary("Where a complaint stands.").Produces<ComplaintReply>().ProducesProblem(404);
    }

    private static async Task<IResult> Bring(HttpContext http, ClaimsPrincipal who, ComplaintIntake intake)
    {
        using var raw = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0 && raw.Length <= ComplaintIntake.RawBytesMax) raw.Write(buffer, 0, read);
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 200) return Results.Problem(statusCode: 422, title: "An idempotency key has at most 200 characters.", extensions: new Dictionary<string, object?> { ["field"] = "Idempotency-Key", ["reason"] = "too-long" });
        var (brought, refusal) = await intake.Bring(ComplaintDoor.Api, Accounts.StaffSession.Id(who), key.Length == 0 ? null : key, http.Request.ContentType ?? "application/octet-stream", raw.ToArray(), http.RequestAborted);
        return refusal is { } no ? ComplaintForms.Refuse(http, no) : Results.Json(Reply(brought!.ArrivalId, brought.Fate.ToString(), brought.Complaint, brought.Link), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Find(string number, Store store, ComplaintDesk desk, CancellationToken stop) =>
        await store.Read(tx => desk.FindByNumber(tx, number), stop) is { } complaint ? Results.Ok(Reply("", nameof(IntakeFate.Case), complaint, null))
            : Results.Problem(statusCode: 404, title: "There is no complaint of this number.", extensions: new Dictionary<string, object?> { ["field"] = "number", ["reason"] = "unknown" });

    private static ComplaintReply Reply(string arrival, string fate, Complaint? complaint, string? link) =>
        new(arrival, fate, complaint?.Number, complaint?.State.ToString(), complaint?.Outcome?.ToString(), complaint?.DueAt, link);
}
