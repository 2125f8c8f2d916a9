using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Huifang.Webhooks;

/// <summary>What is told, how it is signed, and when it is told again. Source: Standard Webhooks (standardwebhooks.com), versions v1 and v1a.</summary>
public static class WebhookRules
{
    /// <summary>Kinds of facts that are told outside; their clear data names nobody but the customer's id.</summary>
    public static readonly ImmutableArray<string> Offered =
    [
        "follow-up.arranged", "follow-up.booked", "follow-up.moved", "follow-up.declined", "follow-up.finished", "follow-up.dropped", "follow-up.expired", "promise.kept", "promise.broken",
        "call.finished", "consent.given", "consent.withdrawn", "suppression.added", "suppression.lifted", "feedback.received", "message.failed", "customer.erased",
        "complaint.filed", "complaint.resolved", "complaint.closed", "complaint.reopened", "complaint.withdrawn",
    ];

    /// <summary>How long after each failure it is tried again; with jitter by the delivery's id, so that a receiver that comes back is not hit by all at once.</summary>
    public static readonly ImmutableArray<TimeSpan> Waits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24)];

    /// <summary>How long both secrets sign after a rotation.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public const string SecretPrefix = "whsec_";
    public const string PublicKeyPrefix = "whpk_";

    /// <summary>When to try again after so many failures; null when it has been tried enough and waits for a person.</summary>
    public static TimeSpan? Wait(int failures, string deliveryId) =>
        failures > Waits.Length ? null : Waits[failures - 1] * (1 + Jitter(deliveryId) % 100 / 1000.0);

    private static uint Jitter(string id) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>The bytes that are signed.</summary>
    public static byte[] Signed(string id, DateTimeOffset at, string body) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"));

    /// <summary>A symmetric signature.</summary>
    /// <param name="secret">24 to 64 random bytes.</param>
    public static string SignV1(ReadOnlySpan<byte> secret, string id, DateTimeOffset at, string body) => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Signed(id, at, body)))}";

    /// <summary>Whether an endpoint that wants these kinds wants this one; <c>follow-up.*</c> is every kind that begins so.</summary>
    public static bool Wants(IEnumerable<string> wanted, string kind) =>
        Offered.Contains(kind) && wanted.Any(one => one == kind || one == "*" || (one.EndsWith(".*", StringComparison.Ordinal) && kind.StartsWith(one[..^1], StringComparison.Ordinal)));

    /// <summary>Whether these are kinds that can be wanted.</summary>
    public static bool AreOffered(IReadOnlyCollection<string> wanted) => wanted.Count is > 0 and <= 40 && wanted.All(one => one == "*" || Offered.Contains(one) || (one.EndsWith(".*", StringComparison.Ordinal) && Offered.Any(kind => kind.StartsWith(one[..^1], StringComparison.Ordinal))));
}
