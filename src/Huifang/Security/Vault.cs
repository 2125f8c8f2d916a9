using System.Security.Cryptography;
using System.Text;
using Huifang.Storage;

namespace Huifang.Security;

/// <summary>
/// Where customers' keys are. They are always read from the database, never cached: an erased person is unreadable on every
/// node with the commit that erased her.
/// </summary>
public sealed class Vault(Keyring ring, TimeProvider time)
{
    /// <summary>The key class of a person's ordinary data.</summary>
    public const string Person = "person";

    /// <summary>Opens the keys of these customers, making those that do not exist yet.</summary>
    public async Task<IReadOnlyDictionary<string, DataKey>> KeysFor(Tx tx, IEnumerable<string> customerIds, string @class = Person)
    {
        var ids = customerIds.Distinct(StringComparer.Ordinal).ToList();
        if (ids.Count == 0) return new Dictionary<string, DataKey>();
        var keys = await KeysOf(tx, ids, @class);
        var missing = ids.Where(id => !keys.ContainsKey(id)).ToList();
        if (missing.Count == 0) return keys;

        var all = new Dictionary<string, DataKey>(keys, StringComparer.Ordinal);
        var made = missing.ConvertAll(id => (Id: id, Key: RandomNumberGenerator.GetBytes(32)));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await DataKeyTable.Insert(tx, made.ConvertAll(m => new DataKeyRow(m.Id, @class, Wrap(m.Key, m.Id, @class), ring.CurrentId, now)));
        foreach (var (id, key) in made) all[id] = new DataKey(key);
        // Another node may have made a key for the same person a moment ago: what stands in the table counts.
        if (!tx.Dialect.IsSqlite) foreach (var (id, key) in await KeysOf(tx, missing, @class)) all[id] = key;
        return all;
    }

    /// <summary>Opens those keys that exist. A customer without one was erased, or never had anything to seal.</summary>
    public async Task<IReadOnlyDictionary<string, DataKey>> KeysOf(Tx tx, IReadOnlyCollection<string> customerIds, string @class = Person)
    {
        var keys = new Dictionary<string, DataKey>(customerIds.Count, StringComparer.Ordinal);
        foreach (var part in customerIds.Chunk(500))
            foreach (var row in await DataKeyTable.Find(tx, part, @class))
                keys[row.CustomerId] = new DataKey(Sealing.Open(ring.Key(row.MasterId), row.Wrapped, Bound(row.CustomerId, @class))
                    ?? throw new CryptographicException($"The key of customer {row.CustomerId} does not open with master key {row.MasterId}."));
        return keys;
    }

    public async Task<DataKey> KeyFor(Tx tx, string customerId) => (await KeysFor(tx, [customerId]))[customerId];

    public async Task<DataKey?> KeyOf(Tx tx, string customerId) => (await KeysOf(tx, [customerId])).GetValueOrDefault(customerId);

    /// <summary>A keyed hash to find a phone number or address by, without being able to read it back.</summary>
    public string Blind(string kind, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(ring.BlindKey, Encoding.UTF8.GetBytes($"{kind}:{value}")).AsSpan(0, 16));

    /// <summary>Seals what belongs to no known customer: quarantined bodies, staff secrets.</summary>
    public byte[] SealForHouse(string text) => Sealing.Seal(ring.HouseKey, Encoding.UTF8.GetBytes(text));

    public byte[] SealForHouse(ReadOnlySpan<byte> bytes) => Sealing.Seal(ring.HouseKey, bytes);

    public byte[]? OpenForHouseBytes(byte[] box) => Sealing.Open(ring.HouseKey, box);

    public string? OpenForHouse(byte[]? box) => box is not null && Sealing.Open(ring.HouseKey, box) is { } clear ? Encoding.UTF8.GetString(clear) : null;

    /// <summary>A short proof that we made a token; compare with <see cref="CryptographicOperations.FixedTimeEquals"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> payload) => HMACSHA256.HashData(ring.LinkKey, payload);

    private byte[] Wrap(byte[] key, string customerId, string @class) => Sealing.Seal(ring.Key(ring.CurrentId), key, Bound(customerId, @class));

    // A wrapped key moved to another person's row does not open.
    private static byte[] Bound(string customerId, string @class) => Encoding.UTF8.GetBytes($"{@class}:{customerId}");
}
