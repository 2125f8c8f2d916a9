using System.Security.Cryptography;
using System.Text;
using Huifang.Storage;

namespace Huifang.Security;

/// <summary>What a key seals. Each class of a person's data has a key of its own, so that the end of one is not the end of another.</summary>
public static class KeyClass
{
    /// <summary>A person's ordinary data: names, numbers, words, recordings. Ends with her erasure.</summary>
    public const string Person = "person";

    /// <summary>What money-laundering law makes us keep of transactions, ten years (China: 反洗钱法 2024, art. 34). Ends with that time, not with an erasure.</summary>
    public const string Transactions = "transactions";

    /// <summary>What one legal hold keeps. Ends when that hold is lifted.</summary>
    public static string Hold(string holdId) => $"hold:{holdId}";

    private static readonly string[] TransactionKinds = ["top-up.", "withdrawal.", "payment.", "transfer.", "refund."];

    /// <summary>Under which key the details of a fact of this kind are sealed.</summary>
    public static string Of(string factKind) => TransactionKinds.Any(kind => factKind.StartsWith(kind, StringComparison.Ordinal)) ? Transactions : Person;
}

/// <summary>
/// Where customers' keys are. They are always read from the database, never cached: an erased person is unreadable on every
/// node with the commit that erased her.
/// </summary>
public sealed class Vault(Keyring ring, TimeProvider time)
{
    /// <summary>
    /// Opens the keys of these customers, making those that do not exist yet. For an erased one it gives a key that is kept nowhere: whatever is still told about her is sealed and lost,
    /// and she never gets a key again.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, DataKey>> KeysFor(Tx tx, IEnumerable<string> customerIds, string @class = KeyClass.Person)
    {
        var ids = customerIds.Distinct(StringComparer.Ordinal).ToList();
        if (ids.Count == 0) return new Dictionary<string, DataKey>();
        var all = await Load(tx, ids, @class);
        var missing = ids.Where(id => !all.ContainsKey(id)).ToList();
        if (missing.Count == 0) return all;

        var made = missing.ConvertAll(id => (Id: id, Key: RandomNumberGenerator.GetBytes(32)));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await DataKeyTable.Insert(tx, made.ConvertAll(m => new DataKeyRow(m.Id, @class, Wrap(m.Key, m.Id, @class), ring.CurrentId, now, null)));
        foreach (var (id, key) in made) all[id] = new DataKey(key);
        // Another node may have made a key for the same person a moment ago, or erased her: what stands in the table counts.
        if (!tx.Dialect.IsSqlite) foreach (var (id, key) in await Load(tx, missing, @class)) all[id] = key;
        return all;
    }

    /// <summary>Opens those keys that exist. A customer without one was erased, or never had anything to seal.</summary>
    public async Task<IReadOnlyDictionary<string, DataKey>> KeysOf(Tx tx, IReadOnlyCollection<string> customerIds, string @class = KeyClass.Person)
    {
        var keys = await Load(tx, customerIds, @class);
        foreach (var lost in keys.Where(key => key.Value.IsLost).Select(key => key.Key).ToList()) keys.Remove(lost);
        return keys;
    }

    public async Task<DataKey> KeyFor(Tx tx, string customerId, string @class = KeyClass.Person) => (await KeysFor(tx, [customerId], @class))[customerId];

    public async Task<DataKey?> KeyOf(Tx tx, string customerId, string @class = KeyClass.Person) => (await KeysOf(tx, [customerId], @class)).GetValueOrDefault(customerId);

    /// <summary>Which of these have been erased.</summary>
    public async Task<IReadOnlySet<string>> ErasedOf(Tx tx, IEnumerable<string> customerIds)
    {
        var erased = new HashSet<string>(StringComparer.Ordinal);
        if (!await DataKeyTable.AnyErased(tx)) return erased;
        foreach (var part in customerIds.Distinct(StringComparer.Ordinal).Chunk(500)) erased.UnionWith(await DataKeyTable.ErasedOf(tx, part));
        return erased;
    }

    /// <summary>Destroys a key: nothing of this class opens again from this commit on.</summary>
    public Task<bool> Destroy(Tx tx, string customerId, string @class) => DataKeyTable.Destroy(tx, customerId, @class, time.GetUtcNow());

    /// <summary>A keyed hash to find a phone number or address by, without being able to read it back.</summary>
    public string Blind(string kind, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(ring.BlindKey, Encoding.UTF8.GetBytes($"{kind}:{value}")).AsSpan(0, 16));

    /// <summary>A keyed hash of a term to search by; two different terms share one about never.</summary>
    public long BlindTerm(string term) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(HMACSHA256.HashData(ring.BlindKey, Encoding.UTF8.GetBytes($"term:{term}")));

    /// <summary>Seals what belongs to no known customer: quarantined bodies, staff secrets.</summary>
    public byte[] SealForHouse(string text) => Sealing.Seal(ring.HouseKey, Encoding.UTF8.GetBytes(text));

    public byte[] SealForHouse(ReadOnlySpan<byte> bytes) => Sealing.Seal(ring.HouseKey, bytes);

    public byte[]? OpenForHouseBytes(byte[] box) => Sealing.Open(ring.HouseKey, box);

    public string? OpenForHouse(byte[]? box) => box is not null && Sealing.Open(ring.HouseKey, box) is { } clear ? Encoding.UTF8.GetString(clear) : null;

    /// <summary>A short proof that we made a token; compare with <see cref="CryptographicOperations.FixedTimeEquals"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> payload) => HMACSHA256.HashData(ring.LinkKey, payload);

    /// <summary>The same key under the current master key, for the worker that rotates.</summary>
    internal byte[] Rewrap(DataKeyRow row) => Wrap(Unwrap(row), row.CustomerId, row.Class);

    private async Task<Dictionary<string, DataKey>> Load(Tx tx, IReadOnlyCollection<string> customerIds, string @class)
    {
        var keys = new Dictionary<string, DataKey>(customerIds.Count, StringComparer.Ordinal);
        foreach (var part in customerIds.Chunk(500))
            foreach (var row in await DataKeyTable.Find(tx, part, @class))
                keys[row.CustomerId] = row.ErasedAt is null ? new DataKey(Unwrap(row)) : DataKey.Lost();
        return keys;
    }

    private byte[] Unwrap(DataKeyRow row) => Sealing.Open(ring.Key(row.MasterId), row.Wrapped, Bound(row.CustomerId, row.Class))
        ?? throw new CryptographicException($"The key of customer {row.CustomerId} does not open with master key {row.MasterId}.");

    private byte[] Wrap(byte[] key, string customerId, string @class) => Sealing.Seal(ring.Key(ring.CurrentId), key, Bound(customerId, @class));

    // A wrapped key moved to another person's row does not open.
    private static byte[] Bound(string customerId, string @class) => Encoding.UTF8.GetBytes($"{@class}:{customerId}");
}
