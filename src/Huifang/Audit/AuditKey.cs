using Huifang.Security;

namespace Huifang.Audit;

/// <summary>
/// The key that signs the log's heads. It lies beside the master keys, never in the database: who can change every row can still not sign a head.
/// The log is named after it, so two logs never share a name.
/// </summary>
public sealed class AuditKey
{
    private const string File = "audit-signing";
    private readonly Lazy<SigningKey> _key;

    public AuditKey(Ground ground, IKeyGuard guard)
    {
        _key = new(() => new SigningKey(new KeyFiles(ground.KeyFolder, guard).Open(File)));
    }

    public string Name => NameOf(PublicKey);
    public byte[] PublicKey => _key.Value.PublicKey;

    /// <summary>What to hand to whoever checks us.</summary>
    public string Text => Checkpoint.KeyText(Name, PublicKey);

    public string Sign(Checkpoint checkpoint) => checkpoint.Sign(Name, PublicKey, body => _key.Value.Sign(body));

    public static Checkpoint? Open(string note, string keyName, byte[] publicKey) =>
        Checkpoint.Open(note, keyName, publicKey, (body, signature) => SigningKey.Verify(publicKey, body, signature)) is { } read && read.Origin == keyName ? read : null;

    private static string NameOf(byte[] publicKey) => $"huifang-audit-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(publicKey).AsSpan(0, 6))}";
}
