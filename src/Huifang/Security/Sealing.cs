using System.Security.Cryptography;
using System.Text;

namespace Huifang.Security;

/// <summary>AES-256-GCM as we store it: version, nonce, tag, cipher text. A changed byte does not open.</summary>
internal static class Sealing
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Head = 1 + NonceBytes + TagBytes;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> bound = default)
    {
        using var aes = new AesGcm(key, TagBytes);
        return Seal(aes, clear, bound);
    }

    public static byte[] Seal(AesGcm aes, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> bound)
    {
        var box = new byte[Head + clear.Length];
        box[0] = Version;
        Nonces.Next(box.AsSpan(1, NonceBytes));
        aes.Encrypt(box.AsSpan(1, NonceBytes), clear, box.AsSpan(Head), box.AsSpan(1 + NonceBytes, TagBytes), bound);
        return box;
    }

    /// <returns>The clear bytes, or null when the key is another one or a byte was changed.</returns>
    public static byte[]? Open(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound = default)
    {
        using var aes = new AesGcm(key, TagBytes);
        return Open(aes, box, bound);
    }

    public static byte[]? Open(AesGcm aes, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound)
    {
        if (box.Length < Head || box[0] != Version) return null;
        var clear = new byte[box.Length - Head];
        try { aes.Decrypt(box.Slice(1, NonceBytes), box[Head..], box.Slice(1 + NonceBytes, TagBytes), clear, bound); }
        catch (AuthenticationTagMismatchException) { return null; }
        return clear;
    }

    /// <summary>Random nonces, drawn from the system in larger portions: one call for each would take half as long as the sealing.</summary>
    private static class Nonces
    {
        [ThreadStatic] private static byte[]? _drawn;
        [ThreadStatic] private static int _used;

        public static void Next(Span<byte> nonce)
        {
            var drawn = _drawn ??= new byte[NonceBytes * 128];
            if (_used == 0 || _used == drawn.Length) { RandomNumberGenerator.Fill(drawn); _used = 0; }
            drawn.AsSpan(_used, NonceBytes).CopyTo(nonce);
            _used += NonceBytes;
        }
    }
}

/// <summary>A customer's own key, opened for as long as one piece of work needs it; used by one thread at a time.</summary>
public sealed class DataKey
{
    private readonly byte[] _key;
    private AesGcm? _aes;

    internal DataKey(byte[] key) => _key = key;

    /// <summary>A key that is kept nowhere: what it seals is lost.</summary>
    internal static DataKey Lost() => new(RandomNumberGenerator.GetBytes(32)) { IsLost = true };

    /// <summary>Whether the person was erased: nothing that this key seals will ever open again.</summary>
    public bool IsLost { get; private init; }

    // Made once: setting up the key schedule for every field would double the work.
    private AesGcm Aes => _aes ??= new AesGcm(_key, 16);

    public byte[] Seal(string text) => Sealing.Seal(Aes, Encoding.UTF8.GetBytes(text), default);

    public string? Open(byte[]? box) => box is null ? null : Sealing.Open(Aes, box, default) is { } clear ? Encoding.UTF8.GetString(clear) : null;

    /// <summary>Seals bytes that are only valid in one place, named by <paramref name="bound"/>.</summary>
    public byte[] SealBytes(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> bound) => Sealing.Seal(Aes, clear, bound);

    public byte[]? OpenBytes(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound) => Sealing.Open(Aes, box, bound);

    /// <summary>This key sealed under another one, for a legal hold.</summary>
    internal byte[] SealUnder(DataKey hold, string holdId) => hold.SealBytes(_key, Encoding.UTF8.GetBytes($"held:{holdId}"));

    /// <summary>The key that was sealed under this one.</summary>
    internal DataKey? OpenHeld(byte[] box, string holdId) => OpenBytes(box, Encoding.UTF8.GetBytes($"held:{holdId}")) is { } key ? new DataKey(key) : null;
}
