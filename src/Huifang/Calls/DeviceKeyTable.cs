using Huifang.Storage;

namespace Huifang.Calls;

internal static class DeviceKeyTable
{
    private const string Columns = "id, customer_id as customerid, public_key as publickey, added_at as addedat, ended_at as endedat, is_first as isfirst";

    public static Task<int> Insert(Tx tx, DeviceKey key) => tx.Run(
        "insert into device_keys (id, customer_id, public_key, added_at, is_first) values (@Id, @CustomerId, @PublicKey, @AddedAt, @isFirst) on conflict (id) do nothing",
        new { key.Id, key.CustomerId, key.PublicKey, key.AddedAt, isFirst = key.IsFirst ? 1L : 0L });

    public static async Task<DeviceKey?> Find(Tx tx, string id) => Read(await tx.One<Row>($"select {Columns} from device_keys where id = @id", new { id }));

    public static async Task<List<DeviceKey>> OfCustomer(Tx tx, string customerId) =>
        (await tx.Query<Row>($"select {Columns} from device_keys where customer_id = @customerId order by added_at desc limit 100", new { customerId })).ConvertAll(row => Read(row)!);

    /// <summary>Of two that end it, one does.</summary>
    public static async Task<bool> End(Tx tx, string id, DateTimeOffset at) => await tx.Run("update device_keys set ended_at = @at where id = @id and ended_at is null", new { id, at }) == 1;

    private static DeviceKey? Read(Row? row) => row is null ? null : new(row.Id, row.CustomerId, row.PublicKey, row.AddedAt, row.EndedAt, row.IsFirst == 1);

    private sealed record Row(string Id, string CustomerId, byte[] PublicKey, DateTimeOffset AddedAt, DateTimeOffset? EndedAt, long IsFirst)
    {
        private Row() : this("", "", [], default, null, 0) { }
    }
}
