using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huifang.Security;

namespace Huifang.Approvals;

/// <summary>
/// What is signed: the asker's seal binds kind, payload, asker and expiry; the second person's binds the first seal and herself. Whoever changes
/// a row in the database cannot make either anew without the key, so the changed act is not done.
/// </summary>
internal static class ApprovalSeal
{
    private const int FieldsMax = 40;
    private const int BytesMax = 64 * 1024;

    /// <summary>The act in its one canonical form: a flat object, names in order, so that one act has one hash.</summary>
    /// <exception cref="ArgumentException">It is not a flat object of texts, whole numbers and yes or no, or too large to be read by a person.</exception>
    public static string Canonical(object payload)
    {
        if (JsonSerializer.SerializeToNode(payload) is not JsonObject act || act.Count > FieldsMax) throw new ArgumentException($"An act is a flat object with at most {FieldsMax} fields, so that the second person can read all of it.", nameof(payload));
        var flat = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in act)
            flat[name] = value is null || (value.GetValueKind() is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False) || (value.GetValueKind() is JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _))
                ? value : throw new ArgumentException($"The field {name} of an act is neither a text, a whole number nor yes or no.", nameof(payload));
        var text = JsonSerializer.Serialize(flat);
        return text.Length <= BytesMax ? text : throw new ArgumentException("The act is too large to be read by a person.", nameof(payload));
    }

    public static string Hash(string payload) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(payload)));

    public static byte[] Asked(Vault vault, string id, string kind, string? customerId, string payloadHash, ApprovalParty by, DateTimeOffset expiresAt) =>
        Sign(vault, "approval asked", id, kind, customerId ?? "", payloadHash, by.Id, by.Role, by.Session, $"{expiresAt.ToUnixTimeMilliseconds()}");

    public static byte[] Decided(Vault vault, byte[] asked, ApprovalState state, ApprovalParty by, DateTimeOffset at) =>
        Sign(vault, "approval decided", Convert.ToHexStringLower(asked), state.ToString(), by.Id, by.Role, by.Session, $"{at.ToUnixTimeMilliseconds()}");

    /// <summary>Does everything in the row still bear the seals of those who asked and gave?</summary>
    public static bool Holds(Vault vault, ApprovalRow row)
    {
        var approval = row.Open(vault);
        if (Hash(approval.Payload) != row.PayloadHash) return false;
        if (!CryptographicOperations.FixedTimeEquals(Asked(vault, row.Id, row.Kind, row.CustomerId, row.PayloadHash, approval.AskedBy, row.ExpiresAt), row.AskedSeal)) return false;
        return approval.DecidedBy is null || (row.DecidedSeal is not null && CryptographicOperations.FixedTimeEquals(Decided(vault, row.AskedSeal, ApprovalState.Given, approval.DecidedBy, row.DecidedAt!.Value), row.DecidedSeal));
    }

    // The unit separator cannot stand in an id, a role or a hash, so no two acts read alike.
    private static byte[] Sign(Vault vault, params string[] parts) => vault.Sign(Encoding.UTF8.GetBytes(string.Join('\u001f', parts)));
}
