using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Huifang.Audit;

/// <summary>
/// The head of the log at one moment: so many entries, with this root. As text it is a signed note that other logs' tools read too.
/// Source: C2SP tlog-checkpoint and signed-note (Ed25519, type 1).
/// </summary>
/// <param name="Origin">The log's name; two logs never share one.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root, DateTimeOffset At)
{
    /// <summary>More than this is no checkpoint of ours.</summary>
    public const int NoteBytesMax = 4096;

    private const string AtLine = "at ";

    /// <summary>What is signed: origin, size, root, and the time as an extension line; each ends with a line feed.</summary>
    public string Body => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n{AtLine}{At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n");

    /// <summary>The note: the body, an empty line, and the signature under the key's name and number.</summary>
    public string Sign(string keyName, byte[] publicKey, Func<byte[], byte[]> sign)
    {
        var body = Encoding.UTF8.GetBytes(Body);
        return $"{Body}\n— {keyName} {Convert.ToBase64String([.. KeyNumber(keyName, publicKey), .. sign(body)])}\n";
    }

    /// <summary>Reads a note and checks its signature by the key of this name.</summary>
    /// <param name="verify">Whether the signature (second) of the body (first) is the key's.</param>
    /// <returns>The checkpoint, or null when the note is malformed, over-long, or not signed by this key.</returns>
    public static Checkpoint? Open(string note, string keyName, byte[] publicKey, Func<byte[], byte[], bool> verify)
    {
        if (note.Length > NoteBytesMax) return null;
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n')) return null;
        var (body, signatures) = (note[..(end + 1)], note[(end + 2)..]);
        var number = KeyNumber(keyName, publicKey);
        var isSigned = signatures.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(line =>
            line.StartsWith($"— {keyName} ", StringComparison.Ordinal) && FromBase64(line[(keyName.Length + 3)..]) is { Length: 4 + 64 } signature
            && signature.AsSpan(0, 4).SequenceEqual(number) && verify(Encoding.UTF8.GetBytes(body), signature[4..]));
        return isSigned ? Read(body) : null;
    }

    /// <summary>The number by which a note names its key: the first bytes of SHA-256 over name and key.</summary>
    public static byte[] KeyNumber(string keyName, byte[] publicKey) => SHA256.HashData([.. Encoding.UTF8.GetBytes(keyName), (byte)'\n', 1, .. publicKey])[..4];

    /// <summary>The public key as tools exchange it: name, number, type and key.</summary>
    public static string KeyText(string keyName, byte[] publicKey) =>
        $"{keyName}+{BinaryPrimitives.ReadUInt32BigEndian(KeyNumber(keyName, publicKey)):x8}+{Convert.ToBase64String([1, .. publicKey])}";

    /// <returns>Name and key, or null when the text is no such key.</returns>
    public static (string Name, byte[] PublicKey)? ReadKeyText(string text)
    {
        if (text.Trim().Split('+', 3) is not [var name, _, var key] || FromBase64(key) is not [1, .. { Length: 32 } publicKey]) return null;
        return KeyText(name, publicKey) == text.Trim() ? (name, publicKey) : null;
    }

    private static Checkpoint? Read(string body)
    {
        if (body.Split('\n') is not [var origin, var size, var root, var at, ""] || origin.Length == 0 || !at.StartsWith(AtLine, StringComparison.Ordinal)) return null;
        if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var entries) || FromBase64(root) is not { Length: MerkleTree.HashBytes } hash) return null;
        if (!DateTimeOffset.TryParseExact(at[AtLine.Length..], "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return null;
        var read = new Checkpoint(origin, entries, hash, time);
        return read.Body == body ? read : null;
    }

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }
}
