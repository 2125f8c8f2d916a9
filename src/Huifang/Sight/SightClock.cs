using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Sight;

/// <summary>A broken glass that nobody reviewed within its working day becomes an alarm about whoever broke it, so that it cannot be sat out.</summary>
public sealed class SightClock(Store store, JournalDesk journal, SightParts parts) : IWork
{
    public string Name => "sight clock";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        await store.Write(async tx =>
        {
            var now = parts.Time.GetUtcNow();
            foreach (var (id, staff, customer) in await tx.Query<(string, string, string)>("select id, staff_id, customer_id from glasses where reviewed_at is null and review_due < @now limit 100", new { now }))
                if (await AlarmTable.Raise(tx, parts.Ids.New(), $"ReviewLate:{id}", staff, SightAlarm.ReviewLate, now, customer, 1, 0))
                    await journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), "sight.alarmed", null, now, "house", JsonSerializer.Serialize(new { staff, alarm = nameof(SightAlarm.ReviewLate), glass = id })));
        }, stop);
        return false;
    }
}
