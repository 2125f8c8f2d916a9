using Huifang.Storage;

namespace Huifang.Customers;

/// <summary>
/// Puts what happens to one customer in a row. Two contacts at once, or a contact and a withdrawal: on PostgreSQL the second waits here for the first's
/// commit and then reads what it did; on SQLite there is one writer anyway. Ids are taken in order, so that two batches cannot wait for each other.
/// </summary>
public static class CustomerLock
{
    public static async Task Take(Tx tx, IEnumerable<string> customerIds)
    {
        foreach (var ids in customerIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Chunk(500))
            await tx.Query<string>("select id from customers where id in @ids order by id FOR_UPDATE", new { ids });
    }
}
