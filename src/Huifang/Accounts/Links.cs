using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Huifang.Security;

namespace Huifang.Accounts;

/// <summary>What a signed link opens.</summary>
public enum LinkKind : byte { Booking = 1, Portal = 2, Survey = 3, Complaint = 4, Ask = 5, OpenSurvey = 6 }

/// <summary>What a link turned out to be.</summary>
public abstract record LinkReading
{
    private LinkReading() { }

    public sealed record Valid(LinkKind Kind, string Subject, DateTimeOffset ExpiresAt) : LinkReading;

    public sealed record Expired(LinkKind Kind, string Subject) : LinkReading;

    public sealed record Forged : LinkReading;
}

/// <summary>
/// Links that need no login and reveal nothing: what, for whom, until when, and ten bytes of our signature, in 42 characters for a
/// follow-up. Nothing is stored; whether a link was used is asked of the thing it opens.
/// </summary>
public sealed class Links(Vault vault, TimeProvider time)
{
    private const int SignatureLength = 10;

    public string Make(LinkKind kind, string subject, DateTimeOffset expiresAt)
    {
        var name = Guid.TryParse(subject, out var guid) ? guid.ToByteArray(bigEndian: true) : Encoding.UTF8.GetBytes(subject);
        Span<byte> token = stackalloc byte[6 + name.Length + SignatureLength];
        token[0] = (byte)kind;
        token[1] = (byte)(name.Length == 16 && guid != Guid.Empty ? 1 : 0);
        BinaryPrimitives.WriteUInt32BigEndian(token[2..], (uint)(expiresAt.ToUnixTimeSeconds() / 60));
        name.CopyTo(token[6..]);
        vault.Sign(token[..^SignatureLength]).AsSpan(0, SignatureLength).CopyTo(token[^SignatureLength..]);
        return Base64Url.EncodeToString(token);
    }

    public LinkReading Read(string token)
    {
        if (token.Length is < 24 or > 160 || !Base64Url.IsValid(token)) return new LinkReading.Forged();
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= 6 + SignatureLength) return new LinkReading.Forged();
        var payload = bytes.AsSpan(0, bytes.Length - SignatureLength);
        if (!CryptographicOperations.FixedTimeEquals(vault.Sign(payload).AsSpan(0, SignatureLength), bytes.AsSpan(payload.Length))) return new LinkReading.Forged();

        var kind = (LinkKind)payload[0];
        var subject = payload[1] == 1 ? new Guid(payload[6..], bigEndian: true).ToString("D") : Encoding.UTF8.GetString(payload[6..]);
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(payload[2..]) * 60L);
        return expiresAt <= time.GetUtcNow() ? new LinkReading.Expired(kind, subject) : new LinkReading.Valid(kind, subject, expiresAt);
    }
}
