using System.Security.Cryptography;
using System.Text;

namespace Huifang.Calls;

/// <summary>
/// A key that a customer's device made and cannot give away (P-256, not extractable). Her tap on a number is worth the second level only when such a key
/// signed it: a stolen session, or a page that somebody else opened, has none. Source: step 4 of the call verification protocol in docs/decisions.
/// </summary>
/// <param name="Id">Made from the customer and the key, so that the same key told twice is the same row.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER.</param>
/// <param name="IsFirst">No device stood in her name when this one came.</param>
public sealed record DeviceKey(string Id, string CustomerId, byte[] PublicKey, DateTimeOffset AddedAt, DateTimeOffset? EndedAt, bool IsFirst)
{
    public const int PerCustomerMax = 10;

    /// <summary>A further device proves nothing for this long: who stole a session cannot bring a key of his own at once. Source: MAS, 12 hours after a new token.</summary>
    public static readonly TimeSpan CoolingOff = TimeSpan.FromHours(12);

    /// <summary>The row's id, or null when these bytes are no public key on P-256.</summary>
    public static string? IdOf(string customerId, ReadOnlySpan<byte> publicKey)
    {
        using var key = Read(publicKey);
        return key is null ? null : Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(customerId), 0, .. publicKey]))[..32];
    }

    /// <summary>What the device signs: everything that the tap says, so that no part of it can be exchanged. The nonce is single-use and lives two minutes.</summary>
    public static string Words(Tap tap) => $"{Prefix(tap.CallId, tap.CustomerId, tap.AgentId, tap.Purpose, tap.Nonce, tap.Payload)}{tap.Number}";

    /// <summary>All of <see cref="Words"/> but the number, for the page that asks.</summary>
    public static string Prefix(string callId, string customerId, string agentId, string purpose, string nonce, string? payload) =>
        $"huifang-tap-1\n{callId}\n{customerId}\n{agentId}\n{purpose}\n{nonce}\n{payload}\n";

    /// <summary>Weighs a tap's signature (ECDSA with SHA-256, r and s as 64 bytes).</summary>
    /// <param name="key">The device that she named, when we know it.</param>
    /// <param name="coolingOff">How long a further device proves nothing; <see cref="CoolingOff"/> unless the operator says otherwise.</param>
    public static TapProof Weigh(DeviceKey? key, Tap tap, ReadOnlySpan<byte> signature, TimeSpan coolingOff, DateTimeOffset now)
    {
        if (key is null || key.CustomerId != tap.CustomerId || key.EndedAt is not null || signature.IsEmpty) return TapProof.Unsigned;
        using var known = Read(key.PublicKey);
        if (known is null || !known.VerifyData(Encoding.UTF8.GetBytes(Words(tap)), signature, HashAlgorithmName.SHA256)) return TapProof.Forged;
        return key.IsFirst || now - key.AddedAt >= coolingOff ? TapProof.Signed : TapProof.TooNew;
    }

    private static ECDsa? Read(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length is < 80 or > 120) return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            if (read == publicKey.Length && key.ExportParameters(false).Curve.Oid is { Value: "1.2.840.10045.3.1.7" } or { FriendlyName: "nistP256" }) return key;
        }
        catch (CryptographicException) { }
        key.Dispose();
        return null;
    }
}

/// <summary>What stands behind a tap.</summary>
public enum TapProof
{
    /// <summary>A device of hers signed exactly this.</summary>
    Signed,
    /// <summary>No device signed it: the number may be right, but a session alone is no second proof.</summary>
    Unsigned,
    /// <summary>Signed by a device that was added beside another one a short while ago.</summary>
    TooNew,
    /// <summary>The signature is not of this device, or not of this tap: somebody is at work.</summary>
    Forged,
}
