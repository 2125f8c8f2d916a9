using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.FollowUps;

/// <summary>Each second: what has become due stands in the queue, what has run out of time ends with its reason.</summary>
public sealed class FollowUpClock(Store store, JournalDesk journal, FollowUpDesk desk, TimeProvider time) : IWork
{
    private const int ExpireMax = 500;

    public string Name => "follow-up clock";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        // Looking is cheap and keeps the one writer free when nothing is due, which is nearly always.
        var due = await store.Read(tx => tx.One<long>(
            """
            select (select count(*) from (select 1 from follow_ups where state in ('Waiting', 'Invited') and ready = 0 and due_at <= @now limit 1) a)
                 + (select count(*) from (select 1 from follow_ups where state in ('Arranged', 'Invited', 'Booked', 'Waiting') and state <> 'Booked' and expires_at <= @now limit 1) b)
            """, new { now }), stop);
        if (due == 0) return false;
        return await store.Write(async tx =>
        {
            var ready = await FollowUpTable.MakeReady(tx, now);
            var expired = await FollowUpTable.Expire(tx, now, ExpireMax);
            await journal.Append(tx, [.. expired.Select(f => desk.Told(f, "follow-up.expired", "house"))]);
            return ready > 0 || expired.Count == ExpireMax;
        }, stop);
    }
}
