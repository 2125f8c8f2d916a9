using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Huifang.Audit;

/// <summary>
/// One line of the audit log: who did what, to whom, when, and a hash of what is sealed about it. It identifies nobody by itself, so it can stay when a person is erased;
/// the sealed part is hashed as it is stored, so it may become unreadable, or be deleted, and the line still holds.
/// </summary>
/// <param name="Data">The fact's clear data, letter by letter as it is stored: hashing it as text finds also a change that leaves the JSON equal.</param>
/// <param name="SealedHash">SHA-256 of the sealed part, or null when the fact has none.</param>
public sealed record AuditEntry(string Source, string Id, string Kind, string? CustomerId, DateTimeOffset At, DateTimeOffset RecordedAt, string Actor, string Data, byte[]? SealedHash)
{
    /// <summary>The canonical JSON (RFC 8785) that is hashed: all members texts or whole numbers of milliseconds since 1970.</summary>
    public byte[] Canonical()
    {
        var output = new ArrayBufferWriter<byte>(320 + Data.Length);
        output.Write("{\"actor\":"u8);
        CanonicalJson.WriteText(output, Actor);
        output.Write(",\"at\":"u8);
        WriteNumber(output, At.ToUnixTimeMilliseconds());
        output.Write(",\"customer\":"u8);
        WriteOrNull(output, CustomerId);
        output.Write(",\"data\":"u8);
        CanonicalJson.WriteText(output, Data);
        output.Write(",\"id\":"u8);
        CanonicalJson.WriteText(output, Id);
        output.Write(",\"kind\":"u8);
        CanonicalJson.WriteText(output, Kind);
        output.Write(",\"recorded\":"u8);
        WriteNumber(output, RecordedAt.ToUnixTimeMilliseconds());
        output.Write(",\"sealed\":"u8);
        WriteOrNull(output, SealedHash is null ? null : Convert.ToHexStringLower(SealedHash));
        output.Write(",\"source\":"u8);
        CanonicalJson.WriteText(output, Source);
        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    public byte[] LeafHash() => MerkleTree.Leaf(Canonical());

    /// <summary>The hash that stands for a sealed part.</summary>
    public static byte[]? HashOf(byte[]? box) => box is null ? null : SHA256.HashData(box);

    private static void WriteOrNull(ArrayBufferWriter<byte> output, string? text)
    {
        if (text is null) output.Write("null"u8);
        else CanonicalJson.WriteText(output, text);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var written);
        output.Advance(written);
    }
}
