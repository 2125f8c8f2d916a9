using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Huifang.Journal;

/// <summary>
/// One thing that happened. <paramref name="Data"/> is a JSON object that identifies nobody; words and personal details go
/// into <paramref name="Private"/> and are sealed under the customer's key. <paramref name="Source"/> + <paramref name="Id"/> make it the same fact when it is told twice.
/// </summary>
public sealed record Fact(string Source, string Id, string Kind, string? CustomerId, DateTimeOffset At, string Actor, string Data, string? Private = null)
{
    /// <summary>Facts of our own rooms carry this source.</summary>
    public const string Care = "care";

    /// <summary>Its place in the journal, once it stands there.</summary>
    public long Seq { get; init; }

    /// <summary>
    /// Sixty-four bits of the whole body: enough to tell a repeat from another story under the same id, not a signature. Whoever takes in
    /// many facts asks for it before the transaction, because on SQLite everybody waits for the one writer.
    /// </summary>
    public long BodyHash()
    {
        // The unit separator cannot stand in a kind or an id, so no two bodies read alike.
        var body = $"{Kind}\u001f{CustomerId}\u001f{At.ToUnixTimeMilliseconds()}\u001f{Data}\u001f{Private}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(body.AsSpan()), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
