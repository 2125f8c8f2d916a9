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
        if (!Directory.EnumerateFiles(folder, "*.key").Any()) Make(Path.Combine(folder, "0001.key"));
        foreach (var file in Directory.EnumerateFiles(folder, "*.key").Order(StringComparer.Ordinal))
        {
            var key = File.ReadAllBytes(file);
            if (key.Length != 32) throw new InvalidOperationException($"Master key {Path.GetFileName(file)} has {key.Length} bytes instead of 32. Restore it from your backup; do not replace it, or what it sealed is lost.");
            _keys[Path.GetFileNameWithoutExtension(file)] = key;
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

    private static void Make(string file)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        stream.Write(RandomNumberGenerator.GetBytes(32));
        stream.Flush(flushToDisk: true);
    }
}
