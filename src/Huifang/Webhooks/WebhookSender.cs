using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Webhooks;

/// <summary>Facts that somebody outside wants become deliveries, in the transaction that ends their reaction: none is lost, none is made twice.</summary>
public sealed class WebhookReactions(Ids ids, TimeProvider time) : IReaction
{
    public const string Name = "webhooks";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Listener => Name;

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        var endpoints = (await WebhookTable.Live(tx)).ConvertAll(row => row.ToEndpoint());
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await WebhookTable.Add(tx, [.. facts.SelectMany(fact => endpoints.Where(endpoint => WebhookRules.Wants(endpoint.Kinds, fact.Kind)).Select(endpoint => new NewDelivery(ids.New(), endpoint.Id, fact.Seq, fact.Kind, Body(fact), now)))]);
    }

    internal static string Body(Fact fact) => JsonSerializer.Serialize(new { type = fact.Kind, timestamp = fact.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), data = new { customer = fact.CustomerId, fact = fact.Id, details = JsonSerializer.Deserialize<JsonElement>(fact.Data) } }, Plain);
}

/// <summary>Brings deliveries: lease, post outside any transaction, record. The delivery's id is the webhook-id, the same at every try, so that a receiver can tell a repeat.</summary>
public sealed class WebhookSender(Store store, Vault vault, WebhookKey key, IWebhookLine line, TimeProvider time) : IWork
{
    private const int BatchMax = 50;
    private const int AtOnce = 8;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public string Name => "webhooks";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        if (!await store.Read(tx => WebhookTable.AnyDue(tx, time.GetUtcNow()), stop)) return false;
        var now = time.GetUtcNow();
        var (batch, endpoints) = await store.Write(async tx =>
        {
            await WebhookTable.Forget(tx, now - KeptFor, BatchMax);
            return (await WebhookTable.Lease(tx, now, now + Lease, BatchMax), (await WebhookTable.All(tx)).ToDictionary(row => row.Id));
        }, stop);
        var answers = new WebhookAnswer[batch.Count];
        await Parallel.ForAsync(0, batch.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (i, cancel) => answers[i] = await Bring(batch[i], endpoints.GetValueOrDefault(batch[i].EndpointId), cancel));
        await store.Write(async tx => { for (var i = 0; i < answers.Length; i++) await Record(tx, batch[i], answers[i]); }, stop);
        return batch.Count == BatchMax;
    }

    private async Task<WebhookAnswer> Bring(Delivery delivery, EndpointRow? endpoint, CancellationToken stop)
    {
        if (endpoint is null || endpoint.State != nameof(EndpointState.Live)) return new(null, "endpoint-not-live");
        var now = time.GetUtcNow();
        var signatures = new List<string> { WebhookRules.SignV1(vault.OpenForHouseBytes(endpoint.Secret), delivery.Id, now, delivery.Body) };
        if (endpoint.OldSecret is { } old && endpoint.OldUntil > now) signatures.Add(WebhookRules.SignV1(vault.OpenForHouseBytes(old), delivery.Id, now, delivery.Body));
        signatures.Add(key.Sign(delivery.Id, now, delivery.Body));
        return await line.Post(new Uri(endpoint.Url), delivery.Body, new Dictionary<string, string>
        {
            ["webhook-id"] = delivery.Id, ["webhook-timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["webhook-signature"] = string.Join(' ', signatures),
        }, stop);
    }

    private async Task Record(Tx tx, Delivery delivery, WebhookAnswer answer)
    {
        var now = time.GetUtcNow();
        if (answer.Error is null) { await WebhookTable.Record(tx, delivery.Id, DeliveryState.Sent, now, answer, now); return; }
        // 410: it says itself that it wants nothing more.
        if (answer.Status == 410) await WebhookTable.SetState(tx, delivery.EndpointId, EndpointState.Gone, "answered-410", now);
        var wait = answer.Status == 410 ? null : WebhookRules.Wait(delivery.Tries, delivery.Id);
        await WebhookTable.Record(tx, delivery.Id, wait is null ? DeliveryState.Dead : DeliveryState.Queued, now + (wait ?? TimeSpan.Zero), answer, wait is null ? now : null);
    }
}
