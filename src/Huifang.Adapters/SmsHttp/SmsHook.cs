using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Messages;

namespace Huifang.SmsHttp;

/// <summary>What a gateway told us, or why we do not believe it.</summary>
public abstract record HookCall
{
    private HookCall() { }

    public sealed record Receipt(LineReceipt What) : HookCall;
    public sealed record Arrival(LineArrival What) : HookCall;
    public sealed record Refused(string Reason) : HookCall;
}

/// <summary>
/// Reads what an SMS gateway calls us with, signed as Standard Webhooks want it: webhook-id, webhook-timestamp and webhook-signature
/// (v1, HMAC-SHA256 over id.timestamp.body; several signatures while a secret is changed), at most five minutes old.
/// </summary>
public sealed class SmsHook(byte[] secret, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public HookCall Read(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        if (id is null || signature is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return new HookCall.Refused("unsigned");
        if ((time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253402300799))).Duration() > Tolerance) return new HookCall.Refused("too-old");
        var expected = HMACSHA256.HashData(secret, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]);
        if (!signature.Split(' ').Any(one => one.StartsWith("v1,", StringComparison.Ordinal) && Matches(one[3..], expected))) return new HookCall.Refused("wrong-signature");
        try
        {
            var reader = new Utf8JsonReader(body);
            return Read(id, JsonElement.ParseValue(ref reader));
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException) { return new HookCall.Refused("unreadable"); }
    }

    private HookCall Read(string id, JsonElement body)
    {
        var data = body.GetProperty("data");
        return body.GetProperty("type").GetString() switch
        {
            "sms.delivered" => new HookCall.Receipt(new(Text(data, "id"), true, null, false, time.GetUtcNow())),
            "sms.failed" => new HookCall.Receipt(new(Text(data, "id"), false, Text(data, "reason"), data.TryGetProperty("permanent", out var permanent) && permanent.GetBoolean(), time.GetUtcNow())),
            "sms.received" => new HookCall.Arrival(new(id, Text(data, "from"), Text(data, "text"), time.GetUtcNow())),
            _ => new HookCall.Refused("unknown-type"),
        };
    }

    private static string Text(JsonElement data, string name) => data.GetProperty(name).GetString() ?? throw new FormatException($"{name} is missing");

    private static bool Matches(string signature, byte[] expected)
    {
        Span<byte> given = stackalloc byte[48];
        return Convert.TryFromBase64String(signature, given, out var length) && CryptographicOperations.FixedTimeEquals(given[..length], expected);
    }
}
