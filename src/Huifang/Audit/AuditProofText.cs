using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Huifang.Audit;

/// <summary>A proof as a file that anybody can check with the log's public key alone: the entry's canonical JSON, its place, the path, and the signed head.</summary>
public static class AuditProofText
{
    private const string Format = "huifang-audit-proof-1";

    /// <summary>A path in a tree of any size that there will be is shorter, and an entry smaller.</summary>
    public const int BytesMax = 1024 * 1024;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Text(string Format, long Leaf, long Size, string Entry, IReadOnlyList<string> Path, string Checkpoint);

    public static string Write(AuditProof proof) =>
        JsonSerializer.Serialize(new Text(Format, proof.Leaf, proof.Size, Encoding.UTF8.GetString(proof.Entry.Canonical()), [.. proof.Path.Select(Convert.ToHexStringLower)], proof.Note), Indented);

    /// <summary>Checks a proof without a database.</summary>
    /// <returns>The proven entry's canonical JSON and the head it stands under, or null when anything about the proof is wrong.</returns>
    public static (string Entry, Checkpoint Head)? Check(string json, string keyName, byte[] publicKey)
    {
        if (json.Length > BytesMax) return null;
        Text? text;
        try { text = JsonSerializer.Deserialize<Text>(json, Indented); }
        catch (JsonException) { return null; }
        if (text is not { Format: Format, Entry: not null, Path: { Count: <= 64 } path, Checkpoint: not null } || path.Any(hash => hash is not { Length: 2 * MerkleTree.HashBytes } || !hash.All(char.IsAsciiHexDigitLower))) return null;
        if (AuditKey.Open(text.Checkpoint, keyName, publicKey) is not { } head || head.Size != text.Size) return null;
        var leaf = MerkleTree.Leaf(Encoding.UTF8.GetBytes(text.Entry));
        return MerkleTree.Includes(text.Leaf, head.Size, leaf, [.. path.Select(Convert.FromHexString)], head.Root) ? (text.Entry, head) : null;
    }
}
