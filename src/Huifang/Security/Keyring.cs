using System.Security.Cryptography;

namespace Huifang.Security;

/// <summary>
/// The master keys: one current, older ones kept for opening what they wrapped. By default a folder that only we can read;
/// each file holds 32 random bytes and its name is the key's id.
/// </summary>
public sealed class Keyring
{
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    public Keyring(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!Directory.EnumerateFiles(folder, "*.key").Any()) KeyFiles.Write(Path.Combine(folder, "0001.key"), RandomNumberGenerator.GetBytes(KeyFiles.Bytes));
        foreach (var file in Directory.EnumerateFiles(folder, "*.key").Order(StringComparer.Ordinal))
        {
            _keys[Path.GetFileNameWithoutExtension(file)] = KeyFiles.Read(file);
            CurrentId = Path.GetFileNameWithoutExtension(file);
        }
        BlindKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, _keys.First().Value, 32, info: "huifang blind index"u8.ToArray());
        HouseKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, _keys.First().Value, 32, info: "huifang house"u8.ToArray());
        LinkKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, _keys.First().Value, 32, info: "huifang links"u8.ToArray());
    }

    public string CurrentId { get; } = "";
    internal byte[] BlindKey { get; }
    internal byte[] HouseKey { get; }
    internal byte[] LinkKey { get; }

    internal byte[] Key(string id) => _keys.TryGetValue(id, out var key) ? key : throw new CryptographicException($"Master key {id} is not in the key-ring.");
}
