using Huifang.Storage;

namespace Huifang.Security;

internal sealed record DataKeyRow(string CustomerId, string Class, byte[] Wrapped, string MasterId, long MadeAt);

internal static class DataKeyTable
{
    private static readonly Bulk<DataKeyRow> Rows = new("data_keys", "on conflict do nothing",
        ("customer_id", Column.Text, r => r.CustomerId), ("class", Column.Text, r => r.Class), ("wrapped", Column.Bytes, r => r.Wrapped),
        ("master_id", Column.Text, r => r.MasterId), ("made_at", Column.Number, r => r.MadeAt));

    public static Task Insert(Tx tx, IReadOnlyList<DataKeyRow> rows) => Rows.Insert(tx, rows, returning: "");

    public static Task<List<DataKeyRow>> Find(Tx tx, IReadOnlyCollection<string> customerIds, string @class) => tx.Query<DataKeyRow>(
        "select customer_id as customerid, class, wrapped, master_id as masterid, made_at as madeat from data_keys where customer_id in @customerIds and class = @class",
        new { customerIds, @class });

    /// <summary>The erasure itself: without this row nothing of the person opens again, here or in any backup's sealed columns.</summary>
    public static Task<int> Destroy(Tx tx, string customerId, string @class) =>
        tx.Run("delete from data_keys where customer_id = @customerId and class = @class", new { customerId, @class });
}
