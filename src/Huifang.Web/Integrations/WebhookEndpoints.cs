using System.Security.Claims;
using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Webhooks;

/// <summary>Webhooks for the wallet's own systems: who is told what, rotation of the secret, what arrived and what did not.</summary>
public static class WebhookEndpoints
{
    public static void MapWebhooks(this WebApplication app)
    {
        var hooks = app.MapGroup("/v1/webhooks").RequireAuthorization($"api:{Scope.Webhooks}").WithTags("webhooks");
        hooks.MapGet("", async (Store store, WebhookDesk desk, CancellationToken stop) => (await store.Read(desk.All, stop)).Select(Reply)).WithSummary("All endpoints.").Produces<WebhookReply[]>();
        hooks.MapPost("", Add).WithSummary("Adds an endpoint; its secret is in this answer and nowhere else.").Accepts<WebhookAsk>("application/json").Produces<WebhookReply>(StatusCodes.Status201Created).ProducesProblem(422);
        hooks.MapGet("{id}", async (string id, Store store, WebhookDesk desk, CancellationToken stop) => await store.Read(tx => desk.Find(tx, id), stop) is { } found ? Results.Ok(Reply(found)) : Gone()).WithSummary("One endpoint.").Produces<WebhookReply>().ProducesProblem(404);
        hooks.MapDelete("{id}", async (string id, ClaimsPrincipal who, Store store, WebhookDesk desk, CancellationToken stop) => await store.Write(tx => desk.Remove(tx, id, who.Id()), stop) ? Results.NoContent() : Gone()).WithSummary("Removes an endpoint and what was on its way to it.").Produces(StatusCodes.Status204NoContent).ProducesProblem(404);
        hooks.MapPost("{id}/rotate", async (string id, ClaimsPrincipal who, Store store, WebhookDesk desk, CancellationToken stop) => await store.Write(tx => desk.Rotate(tx, id, who.Id()), stop) is { } secret ? Results.Ok(new SecretReply(secret)) : Gone())
            .WithSummary("A new secret; for 24 hours both sign.").Produces<SecretReply>().ProducesProblem(404);
        hooks.MapGet("{id}/deliveries", async (string id, Store store, WebhookDesk desk, CancellationToken stop) => await store.Read(async tx => await desk.Find(tx, id) is null ? null : await desk.Deliveries(tx, id), stop) is { } found ? Results.Ok(found.Select(Reply)) : Gone())
            .WithSummary("The newest 50 deliveries.").Produces<DeliveryReply[]>().ProducesProblem(404);
        hooks.MapPost("deliveries/{id}/resend", async (string id, ClaimsPrincipal who, Store store, WebhookDesk desk, CancellationToken stop) => await store.Write(tx => desk.Resend(tx, id, who.Id()), stop) ? Results.Accepted() : Gone())
            .WithSummary("Sends one again that arrived or was given up.").Produces(StatusCodes.Status202Accepted).ProducesProblem(404);
        app.MapGet("/v1/webhooks/key", (WebhookKey key) => Results.Text(key.PublicText + "\n")).Open("The public key by which receivers check the v1a signature.").WithTags("webhooks")
            .WithSummary("The public key of the asymmetric signature (v1a).").Produces<string>(contentType: "text/plain");
    }

    private static async Task<IResult> Add(WebhookAsk ask, ClaimsPrincipal who, Store store, WebhookDesk desk, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(ask.Url)) return Wrong(new("url", "missing"));
        if (ask.Kinds is not { Count: > 0 }) return Wrong(new("kinds", "missing"));
        var (made, secret, refusal) = await store.Write(tx => desk.Add(tx, ask.Url, ask.Kinds, who.Id()), stop);
        return refusal is not null ? Wrong(refusal) : Results.Created($"/v1/webhooks/{made!.Id}", Reply(made) with { Secret = secret });
    }

    private static IResult Wrong(WebhookRefusal refusal) => Results.Problem(statusCode: 422, title: $"{refusal.Field}: {refusal.Reason.Replace('-', ' ')}.", detail: "Nothing was changed.",
        extensions: new Dictionary<string, object?> { ["field"] = refusal.Field, ["reason"] = refusal.Reason });

    private static IResult Gone() => Results.Problem(statusCode: 404, title: "There is no such webhook or delivery.");

    private static WebhookReply Reply(Endpoint e) => new(e.Id, e.Url, e.Kinds, e.State.ToString(), e.Reason, null);

    private static DeliveryReply Reply(Delivery d) => new(d.Id, d.Kind, d.State.ToString(), d.Tries, d.Status, d.Error, d.MadeAt, d.DoneAt);

    /// <summary>What is asked for. <paramref name="Kinds"/>: kinds of facts, <c>follow-up.*</c> for all that begin so, or <c>*</c>.</summary>
    public sealed record WebhookAsk(string? Url, IReadOnlyList<string>? Kinds);

    public sealed record WebhookReply(string Id, string Url, IReadOnlyList<string> Kinds, string State, string? Reason, string? Secret);

    public sealed record SecretReply(string Secret);

    public sealed record DeliveryReply(string Id, string Kind, string State, int Tries, int? Status, string? Error, DateTimeOffset MadeAt, DateTimeOffset? DoneAt);
}
