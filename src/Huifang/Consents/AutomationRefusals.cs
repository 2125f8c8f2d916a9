using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Consents;

/// <summary>
/// Customers who do not want rules alone to decide about them (PIPL art. 24, GDPR art. 22): no rule arranges a follow-up for them any more; people still may. What protects their account
/// and what they ask for themselves goes on.
/// </summary>
public sealed class AutomationRefusals(JournalDesk journal, Ids ids, TimeProvider time)
{
    public Task<DateTimeOffset?> Since(Tx tx, string customerId) => tx.One<DateTimeOffset?>("select at from automation_refusals where customer_id = @customerId", new { customerId });

    public async Task Set(Tx tx, string customerId, bool refuses, string by)
    {
        var now = time.GetUtcNow();
        var changed = refuses
            ? await tx.Run("insert into automation_refusals (customer_id, at, by_whom) values (@customerId, @now, @by) on conflict do nothing", new { customerId, now, by })
            : await tx.Run("delete from automation_refusals where customer_id = @customerId", new { customerId });
        if (changed == 1) await journal.Append(tx, new Fact(Fact.Care, ids.New(), refuses ? "automation.refused" : "automation.allowed", customerId, now, by, "{}"));
    }

    public static async Task<HashSet<string>> Of(Tx tx, IEnumerable<string> customerIds)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in customerIds.Distinct(StringComparer.Ordinal).Chunk(500)) found.UnionWith(await tx.Query<string>("select customer_id from automation_refusals where customer_id in @part", new { part }));
        return found;
    }
}
