namespace Huifang.Webhooks;

/// <summary>Whether an endpoint is told.</summary>
public enum EndpointState { Live, Paused, Gone }

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState { Queued, Leased, Sent, Dead }

/// <summary>Somebody outside who is told what happens.</summary>
/// <param name="Reason">Why it is not told any more: it answered 410, or a person paused it.</param>
/// <param name="OldUntil">Until when the secret before also signs.</param>
public sealed record Endpoint(string Id, string Url, IReadOnlyList<string> Kinds, EndpointState State, string? Reason, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? OldUntil);

/// <summary>One fact on its way to one endpoint.</summary>
/// <param name="Status">What the endpoint answered last, as HTTP status.</param>
public sealed record Delivery(string Id, string EndpointId, string Kind, string Body, DeliveryState State, int Tries, DateTimeOffset TryAt, int? Status, string? Error, DateTimeOffset MadeAt, DateTimeOffset? DoneAt)
{
    private Delivery() : this("", "", "", "", default, 0, default, null, null, default, null) { }
}

/// <summary>What came of one try.</summary>
/// <param name="Status">The HTTP status, or null when there was no answer.</param>
/// <param name="Error">A word for why not; null when it was taken.</param>
public sealed record WebhookAnswer(int? Status, string? Error);

/// <summary>Brings a signed body to an address on the internet. One call is one try.</summary>
public interface IWebhookLine
{
    /// <param name="headers">The signature headers.</param>
    /// <returns>Never throws for what the other side or the network does: that is an answer with an error.</returns>
    Task<WebhookAnswer> Post(Uri address, string body, IReadOnlyDictionary<string, string> headers, CancellationToken stop);

    /// <summary>Hosts with ports that are reachable although they are not public, because the operator said so.</summary>
    IReadOnlyCollection<string> Allowed { get; }
}
