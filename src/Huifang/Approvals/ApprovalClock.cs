using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Approvals;

/// <summary>Requests that nobody decided in time end with a fact, so that none waits silently for ever.</summary>
public sealed class ApprovalClock(Store store, JournalDesk journal, ApprovalParts parts) : IWork
{
    public string Name => "approval clock";
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task<bool> Round(CancellationToken stop)
    {
        await store.Write(async tx =>
        {
            var now = parts.Time.GetUtcNow();
            foreach (var row in await ApprovalTable.Expire(tx, now))
                await journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), "approval.expired", row.CustomerId, now, "house", JsonSerializer.Serialize(new { approval = row.Id, kind = row.Kind, hash = row.PayloadHash })));
        }, stop);
        return false;
    }
}
