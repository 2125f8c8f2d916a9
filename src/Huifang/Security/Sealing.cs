using System.Security.Cryptography;
using System.Text;

namespace Huifang.Security;

/// <summary>AES-256-GCM as we store it: version, nonce, tag, cipher text. A changed byte does not open.</summary>
internal static class Sealing
{
    private const byte Version = 1;
    private const int Head = 1 + 12 + 16;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> bound = default)
    {
        var box = new byte[Head + clear.Length];
        box[0] = Version;
        RandomNumberGenerator.Fill(box.AsSpan(1, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(box.AsSpan(1, 12), clear, box.AsSpan(Head), box.AsSpan(13, 16), bound);
        return box;
    }

    /// <returns>The clear bytes, or null when the key is another one or a byte was changed.</returns>
    public static byte[]? Open(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound = default)
    {
        if (box.Length < Head || box[0] != Version) return null;
        var clear = new byte[box.Length - Head];
        using var aes = new AesGcm(key, 16);
        try { aes.Decrypt(box.Slice(1, 12), box[Head..], box.Slice(13, 16), clear, bound); }
        catch (AuthenticationTagMismatchException) { return null; }
        return clear;
    }
}

/// <summary>A customer's own key, opened for as long as one piece of work needs it.</summary>
public sealed class DataKey
{
    private readonly byte[] _key;

    internal DataKey(byte[] key) => _key = key;

    public byte[] Seal(string text) => Sealing.Seal(_key, Encoding.UTF8.GetBytes(text));

    public string? Open(byte[]? box) => box is null ? null : Sealing.Open(_key, box) is { } clear ? Encoding.UTF8.GetString(clear) : null;

    /// <summary>Seals bytes that are only valid in one place, named by <paramref name="bound"/>.</summary>
    public byte[] SealBytes(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> bound) => Sealing.Seal(_key, clear, bound);

    public byte[]? OpenBytes(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound) => Sealing.Open(_key, box, bound);
}
