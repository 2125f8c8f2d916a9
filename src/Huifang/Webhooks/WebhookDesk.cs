using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Webhooks;

/// <summary>What was refused about an endpoint: the field and a word for the reason.</summary>
public sealed record WebhookRefusal(string Field, string Reason);

/// <summary>The key by which receivers check the asymmetric signature (v1a). It lies beside the master keys.</summary>
public sealed class WebhookKey(Ground ground, IKeyGuard guard)
{
    private readonly Lazy<SigningKey> _key = new(() => new SigningKey(new KeyFiles(ground.KeyFolder, guard).Open("webhook-signing")));

    public string PublicText => $"{WebhookRules.PublicKeyPrefix}{Convert.ToBase64String(_key.Value.PublicKey)}";

    public string Sign(string id, DateTimeOffset at, string body) => $"v1a,{Convert.ToBase64String(_key.Value.Sign(WebhookRules.Signed(id, at, body)))}";
}

/// <summary>Keeps who is told what, and lets people see and send again what did not arrive.</summary>
public sealed class WebhookDesk(JournalDesk journal, Vault vault, IWebhookLine line, Ids ids, TimeProvider time)
{
    private const int SecretBytes = 32;

    /// <returns>The endpoint and its secret, which is shown this once; or what was refused.</returns>
    public async Task<(Endpoint? Endpoint, string? Secret, WebhookRefusal? Refusal)> Add(Tx tx, string url, IReadOnlyCollection<string> kinds, string by)
    {
        if (PublicAddress.Refuse(url, line.Allowed) is { } wrong) return (null, null, new("url", wrong));
        if (!WebhookRules.AreOffered(kinds)) return (null, null, new("kinds", "unknown-kind"));
        var secret = NewSecret();
        var row = new EndpointRow(ids.New(), url, string.Join(' ', kinds.Distinct()), vault.SealForHouse(secret), null, null, nameof(EndpointState.Live), null, time.GetUtcNow(), by);
        await WebhookTable.Insert(tx, row);
        await Tell(tx, "webhook.added", by, new { webhook = row.Id, host = new Uri(url).Host, kinds });
        return (row.ToEndpoint(), Shown(secret), null);
    }

    /// <summary>A new secret; the old one signs too for <see cref="WebhookRules.Overlap"/>.</summary>
    public async Task<string?> Rotate(Tx tx, string id, string by)
    {
        var (secret, now) = (NewSecret(), time.GetUtcNow());
        if (await WebhookTable.Rotate(tx, id, vault.SealForHouse(secret), now + WebhookRules.Overlap, now) != 1) return null;
        await Tell(tx, "webhook.changed", by, new { webhook = id, what = "secret" });
        return Shown(secret);
    }

    /// <summary>Stops telling it, or tells it again from now on.</summary>
    public async Task<bool> SetLive(Tx tx, string id, bool live, string by)
    {
        if (await WebhookTable.SetState(tx, id, live ? EndpointState.Live : EndpointState.Paused, live ? null : "paused", time.GetUtcNow()) != 1) return false;
        await Tell(tx, "webhook.changed", by, new { webhook = id, what = live ? "live" : "paused" });
        return true;
    }

    public async Task<bool> Remove(Tx tx, string id, string by)
    {
        if (await WebhookTable.Remove(tx, id) != 1) return false;
        await Tell(tx, "webhook.removed", by, new { webhook = id });
        return true;
    }

    public async Task<IReadOnlyList<Endpoint>> All(Tx tx) => (await WebhookTable.All(tx)).ConvertAll(row => row.ToEndpoint());
    public async Task<Endpoint?> Find(Tx tx, string id) => (await WebhookTable.Find(tx, id))?.ToEndpoint();
    public Task<List<Delivery>> Deliveries(Tx tx, string endpointId, int most = 50) => WebhookTable.OfEndpoint(tx, endpointId, most);
    public Task<List<Delivery>> Dead(Tx tx) => WebhookTable.Dead(tx, 100);
    public Task<List<(string EndpointId, string State, long Count)>> Counts(Tx tx) => WebhookTable.Counts(tx);

    /// <summary>A person sends one again.</summary>
    public async Task<bool> Resend(Tx tx, string deliveryId, string by)
    {
        if (await WebhookTable.Resend(tx, deliveryId, time.GetUtcNow()) != 1) return false;
        await Tell(tx, "webhook.resent", by, new { delivery = deliveryId });
        return true;
    }

    /// <summary>A person sends all again that never arrived there.</summary>
    public async Task<int> ResendDead(Tx tx, string endpointId, string by)
    {
        var many = await WebhookTable.ResendDead(tx, endpointId, time.GetUtcNow());
        if (many > 0) await Tell(tx, "webhook.resent", by, new { webhook = endpointId, deliveries = many });
        return many;
    }

    private Task Tell(Tx tx, string kind, string by, object data) => journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, null, time.GetUtcNow(), by, JsonSerializer.Serialize(data)));

    private byte[] NewSecret()
    {
        var secret = new byte[SecretBytes];
        ids.Random(secret);
        return secret;
    }

    private static string Shown(byte[] secret) => $"{WebhookRules.SecretPrefix}{Convert.ToBase64String(secret)}";
}
