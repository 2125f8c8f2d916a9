using Huifang.Storage;

namespace Huifang.Security;

internal sealed record DataKeyRow(string CustomerId, string Class, byte[] Wrapped, string MasterId, long MadeAt, long? ErasedAt)
{
    private DataKeyRow() : this("", "", [], "", 0, null) { }
}

internal static class DataKeyTable
{
    private const string Columns = "customer_id as customerid, class, wrapped, master_id as masterid, made_at as madeat, erased_at as erasedat";

    private static readonly Bulk<DataKeyRow> Rows = new("data_keys", "on conflict do nothing",
        ("customer_id", Column.Text, r => r.CustomerId), ("class", Column.Text, r => r.Class), ("wrapped", Column.Bytes, r => r.Wrapped),
        ("master_id", Column.Text, r => r.MasterId), ("made_at", Column.Number, r => r.MadeAt), ("erased_at", Column.Number, r => r.ErasedAt));

    private static readonly Bulk<(string CustomerId, string Class)> Changes = new("key_changes", "", ("customer_id", Column.Text, r => r.CustomerId), ("class", Column.Text, r => r.Class));

    /// <summary>Adds keys; one that is there already, or was erased, stays as it is.</summary>
    public static async Task Insert(Tx tx, IReadOnlyList<DataKeyRow> rows)
    {
        await Rows.Insert(tx, rows, returning: "");
        await Changes.Insert(tx, [.. rows.Select(row => (row.CustomerId, row.Class))], returning: "");
    }

    public static Task<List<DataKeyRow>> Find(Tx tx, IReadOnlyCollection<string> customerIds, string @class) =>
        tx.Query<DataKeyRow>($"select {Columns} from data_keys where customer_id in @customerIds and class = @class", new { customerIds, @class });

    /// <summary>
    /// The erasure itself: with this commit nothing of this class opens again, here or in the copy that is kept apart. Against the worker that wraps anew: whoever comes second changes no row,
    /// because the one asks for the old master key and the other clears it.
    /// </summary>
    public static async Task<bool> Destroy(Tx tx, string customerId, string @class, DateTimeOffset now)
    {
        // A person who never had a key gets the row too, so that none is made for her later.
        await Rows.Insert(tx, [new(customerId, @class, [], "", now.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds())], returning: "");
        var destroyed = await tx.Run("update data_keys set wrapped = @none, master_id = '', erased_at = coalesce(erased_at, @now) where customer_id = @customerId and class = @class", new { none = Array.Empty<byte>(), customerId, @class, now }) == 1;
        await Changes.Insert(tx, [(customerId, @class)], returning: "");
        return destroyed;
    }

    public static Task<List<DataKeyRow>> WrappedByOthers(Tx tx, string currentId, int most) =>
        tx.Query<DataKeyRow>($"select {Columns} from data_keys where erased_at is null and master_id <> @currentId order by customer_id, class limit {most} SKIP_LOCKED", new { currentId });

    /// <summary>Exchanges one wrapping for another, unless the key was erased or wrapped anew meanwhile.</summary>
    public static async Task<bool> Rewrap(Tx tx, DataKeyRow old, byte[] wrapped, string masterId)
    {
        if (await tx.Run("update data_keys set wrapped = @wrapped, master_id = @masterId where customer_id = @CustomerId and class = @Class and master_id = @MasterId2 and erased_at is null", new { wrapped, masterId, old.CustomerId, old.Class, MasterId2 = old.MasterId }) != 1) return false;
        await Changes.Insert(tx, [(old.CustomerId, old.Class)], returning: "");
        return true;
    }

    public static Task<List<(string MasterId, long Keys)>> CountByMaster(Tx tx) =>
        tx.Query<(string, long)>("select master_id, count(*) from data_keys where erased_at is null group by master_id order by master_id");

    public static Task<bool> AnyErased(Tx tx) => tx.One<bool>("select count(*) from (select 1 from data_keys where erased_at is not null and class = 'person' limit 1) any_one");

    public static Task<List<string>> ErasedOf(Tx tx, IReadOnlyCollection<string> customerIds) =>
        tx.Query<string>("select customer_id from data_keys where erased_at is not null and class = 'person' and customer_id in @customerIds", new { customerIds });

    public static Task<long> ErasedCount(Tx tx) => tx.One<long>("select count(*) from data_keys where erased_at is not null and class = 'person'");

    public static Task<List<(long Seq, string CustomerId, string Class)>> ChangedKeys(Tx tx, int most) => tx.Query<(long, string, string)>($"select seq, customer_id, class from key_changes order by seq limit {most}");

    public static Task<long> ChangesWaiting(Tx tx) => tx.One<long>("select count(*) from key_changes");

    public static async Task Carried(Tx tx, IReadOnlyList<long> seqs)
    {
        foreach (var part in seqs.Chunk(500)) await tx.Run("delete from key_changes where seq in @part", new { part });
    }

    /// <summary>Puts rows from the copy that is kept apart in the place of whatever is here.</summary>
    public static async Task Replace(Tx tx, IReadOnlyList<DataKeyRow> rows)
    {
        foreach (var part in rows.GroupBy(row => row.Class))
            foreach (var ids in part.Select(row => row.CustomerId).Chunk(500)) await tx.Run("delete from data_keys where class = @class and customer_id in @ids", new { @class = part.Key, ids });
        await Rows.Insert(tx, rows, returning: "");
    }
}
