using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Huifang.Security;

/// <summary>
/// The master keys: the newest wraps, older ones open what they wrapped until everything has been wrapped anew. Beside them the house's own secrets, which do not change when
/// the master key does: for look-ups, for what belongs to no customer, and for links.
/// </summary>
public sealed class Keyring
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private readonly KeyFiles _files;

    public Keyring(string folder, IKeyGuard? guard = null)
    {
        _files = new KeyFiles(folder, guard ?? new PlainGuard());
        if (!MasterNames.Any()) _files.Open("0001");
        Reload();
        BlindKey = Secret("secret-blind", "huifang blind index");
        HouseKey = Secret("secret-house", "huifang house");
        LinkKey = Secret("secret-links", "huifang links");
    }

    /// <summary>The key that wraps from now on.</summary>
    public string CurrentId { get; private set; } = "";

    /// <summary>All master keys that are there, oldest first.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Keys.Order(StringComparer.Ordinal)];

    internal byte[] BlindKey { get; }
    internal byte[] HouseKey { get; }
    internal byte[] LinkKey { get; }

    /// <exception cref="CryptographicException">The key is not in the key-ring.</exception>
    internal byte[] Key(string id)
    {
        // Another node may have made it since we looked.
        if (!_keys.ContainsKey(id)) Reload();
        return _keys.TryGetValue(id, out var key) ? key : throw new CryptographicException($"Master key {id} is not in the key-ring.");
    }

    /// <summary>Looks for keys that were added or taken away since.</summary>
    internal void Reload()
    {
        var names = MasterNames.ToList();
        foreach (var name in names) _keys.GetOrAdd(name, id => _files.Open(id));
        foreach (var gone in _keys.Keys.Except(names)) _keys.TryRemove(gone, out _);
        if (names.Count > 0) CurrentId = names[^1];
    }

    /// <summary>Makes the next master key; from now on it wraps.</summary>
    internal string MakeNext()
    {
        Reload();
        _files.Open((int.Parse(CurrentId, CultureInfo.InvariantCulture) + 1).ToString("0000", CultureInfo.InvariantCulture));
        Reload();
        return CurrentId;
    }

    /// <summary>Destroys an old master key; the caller has made sure that nothing is wrapped by it.</summary>
    internal void Destroy(string id)
    {
        if (id == CurrentId) throw new InvalidOperationException("The current master key is not destroyed.");
        _files.Destroy(id);
        Reload();
    }

    private IEnumerable<string> MasterNames => _files.Names.Where(name => name.All(char.IsAsciiDigit));

    // Derived from the first master key once, then a key of its own, so that the first master key can be destroyed one day.
    private byte[] Secret(string name, string info) =>
        _files.Open(name, () => HKDF.DeriveKey(HashAlgorithmName.SHA256, Key(Ids[0]), KeyFiles.Bytes, info: System.Text.Encoding.UTF8.GetBytes(info)));
}
