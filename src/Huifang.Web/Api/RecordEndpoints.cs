using System.Security.Claims;
using System.Text.Json;
using Huifang.Accounts;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Scripts;
using Huifang.Storage;

namespace Huifang.Api;

/// <summary>Customers, consents and follow-ups for the wallet's own systems.</summary>
public static class RecordEndpoints
{
    private const int BatchMax = 1000;

    // She was erased under this id; if she comes back she is a new customer with a new one.
    private static readonly Fault Erased = new("id", "erased");

    public static void MapRecords(this WebApplication app)
    {
        app.MapPut("/v1/customers/{id}", PutCustomer).RequireAuthorization($"api:{Scope.Customers}").WithTags("customers").WithSummary("Makes or changes one customer.")
            .Accepts<JsonElement>("application/json").Produces(StatusCodes.Status204NoContent).ProducesProblem(422);
        app.MapPost("/v1/customers", PostCustomers).RequireAuthorization($"api:{Scope.Customers}").WithTags("customers").WithSummary("Makes or changes up to 1,000 customers; each is answered by itself.")
            .Accepts<JsonElement>("application/json").Produces<ItemReply[]>();
        app.MapPost("/v1/consents", PostConsents).RequireAuthorization($"api:{Scope.Customers}").WithTags("consents").WithSummary("Records consents and withdrawals, up to 1,000; a withdrawal holds from the answer on.")
            .Accepts<JsonElement>("application/json").Produces<ItemReply[]>();
        app.MapPost("/v1/follow-ups", PostFollowUp).RequireAuthorization($"api:{Scope.FollowUps}").WithTags("follow-ups").WithSummary("Asks for a follow-up. The contact guard decides; a refusal is an answer with its reason.")
            .Accepts<FollowUpAsk>("application/json").Produces<FollowUpReply>(StatusCodes.Status201Created).ProducesProblem(422);
        app.MapGet("/v1/follow-ups/{id}", GetFollowUp).RequireAuthorization($"api:{Scope.FollowUps}").WithTags("follow-ups").WithSummary("Where a follow-up stands.")
            .Produces<FollowUpReply>().ProducesProblem(404);
    }

    private static async Task<IResult> PutCustomer(string id, JsonElement body, ClaimsPrincipal who, Store store, CustomerDesk desk, CancellationToken stop)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("id", out var inBody) && inBody.GetString() != id) return Wrong(new Fault("id", "differs-from-the-address"));
        var (draft, fault) = CustomerReader.Read(body.ValueKind == JsonValueKind.Object && !body.TryGetProperty("id", out _) ? WithId(body, id) : body);
        if (draft is null) return Wrong(fault!);
        return (await store.Write(tx => desk.Save(tx, [draft], who.Id()), stop)).Count == 0 ? Results.NoContent() : Wrong(Erased);
    }

    private static async Task<IResult> PostCustomers(JsonElement body, ClaimsPrincipal who, Store store, CustomerDesk desk, CancellationToken stop)
    {
        if (Batch(body) is not { } items) return NotABatch();
        var read = items.ConvertAll(CustomerReader.Read);
        var erased = await store.Write(tx => desk.Save(tx, [.. read.Where(r => r.Draft is not null).Select(r => r.Draft!)], who.Id()), stop);
        read = read.ConvertAll(r => r.Draft is not null && erased.Contains(r.Draft.Id) ? (null, Erased) : r);
        return Results.Ok(read.Select(r => new ItemReply(r.Draft is not null ? "accepted" : "refused", r.Fault?.Field, r.Fault?.Reason)));
    }

    private static async Task<IResult> PostConsents(JsonElement body, ClaimsPrincipal who, Store store, ConsentDesk desk, TimeProvider time, CancellationToken stop)
    {
        if (Batch(body) is not { } items) return NotABatch();
        var read = items.ConvertAll(item => CustomerReader.ReadConsent(item, who.Id(), time.GetUtcNow()));
        await store.Write(tx => desk.Import(tx, [.. read.Where(r => r.Consent is not null).Select(r => r.Consent!)]), stop);
        return Results.Ok(read.Select(r => new ItemReply(r.Consent is not null ? "accepted" : "refused", r.Fault?.Field, r.Fault?.Reason)));
    }

    private static async Task<IResult> PostFollowUp(FollowUpAsk ask, HttpContext http, Store store, HandDesk desk, ScriptShelf scripts, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(ask.Customer)) return Wrong(new Fault("customer", "missing"));
        if (string.IsNullOrWhiteSpace(ask.Reason) || ask.Reason.Length > 200) return Wrong(new Fault("reason", "missing-or-longer-than-200"));
        if (!Enum.TryParse<Purpose>(ask.Purpose ?? nameof(Purpose.Service), true, out var purpose)) return Wrong(new Fault("purpose", "unknown-name"));
        var script = ask.Script ?? "standard";
        if ((await store.Read(tx => scripts.All(tx), stop)).All(s => s.Script.Key != script)) return Wrong(new Fault("script", "unknown-script"));
        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
        if (key is { Length: > 128 }) return Wrong(new Fault("Idempotency-Key", "too-long"));
        var made = await store.Write(tx => desk.Arrange(tx, new HandWish(ask.Customer, script, ask.Reason, HandDesk.ByApi) { Purpose = purpose, Value = Math.Clamp(ask.Value ?? 500, 0, 1000), Key = key }, http.User.Id()), stop);
        return made is null ? Wrong(new Fault("customer", "unknown-customer")) : Results.Created($"/v1/follow-ups/{made.Id}", Reply(made));
    }

    private static async Task<IResult> GetFollowUp(string id, Store store, FollowUpDesk desk, CancellationToken stop) =>
        await store.Read(tx => desk.Find(tx, id), stop) is { } found ? Results.Ok(Reply(found)) : Results.Problem(statusCode: 404, title: "There is no such follow-up.");

    private static FollowUpReply Reply(FollowUp f) => new(f.Id, f.CustomerId, f.State.ToString(), f.Reason, f.Purpose.ToString(), f.Channel.ToString(), f.PromisedFrom, f.PromisedTo, f.Attempts, f.Outcome);

    private static List<JsonElement>? Batch(JsonElement body) => body.ValueKind == JsonValueKind.Array && body.GetArrayLength() is > 0 and <= BatchMax ? [.. body.EnumerateArray()] : null;

    private static IResult NotABatch() => Results.Problem(statusCode: 422, title: $"Send a JSON array of 1 to {BatchMax} objects.", extensions: new Dictionary<string, object?> { ["field"] = "", ["reason"] = "not-a-batch" });

    private static IResult Wrong(Fault fault) => Results.Problem(statusCode: 422, title: $"{(fault.Field.Length == 0 ? "The body" : fault.Field)}: {fault.Reason.Replace('-', ' ')}.", detail: "Nothing was changed.",
        extensions: new Dictionary<string, object?> { ["field"] = fault.Field, ["reason"] = fault.Reason });

    private static JsonElement WithId(JsonElement body, string id)
    {
        var node = System.Text.Json.Nodes.JsonObject.Create(body)!;
        node["id"] = id;
        return JsonSerializer.SerializeToElement(node);
    }

    /// <summary>What is asked for. <paramref name="Value"/>: 0–1000, what the talk is worth.</summary>
    public sealed record FollowUpAsk(string? Customer, string? Reason, string? Script, string? Purpose, int? Value);

    public sealed record FollowUpReply(string Id, string Customer, string State, string? Reason, string Purpose, string Channel, DateTimeOffset? PromisedFrom, DateTimeOffset? PromisedTo, int Attempts, string? Outcome);

    public sealed record ItemReply(string Status, string? Field, string? Reason);
}
