using NSec.Cryptography;

namespace Huifang.Security;

/// <summary>An Ed25519 key (RFC 8032): what it signs can be checked by anybody who has the public half.</summary>
public sealed class SigningKey : IDisposable
{
    private static readonly SignatureAlgorithm Ed25519 = SignatureAlgorithm.Ed25519;
    private readonly Key _key;

    /// <param name="seed">The 32 secret bytes.</param>
    public SigningKey(ReadOnlySpan<byte> seed)
    {
        _key = Key.Import(Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        PublicKey = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>32 bytes.</summary>
    public byte[] PublicKey { get; }

    public byte[] Sign(ReadOnlySpan<byte> data) => Ed25519.Sign(_key, data);

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        NSec.Cryptography.PublicKey.TryImport(Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key) && key is not null && Ed25519.Verify(key, data, signature);

    public void Dispose() => _key.Dispose();
}
