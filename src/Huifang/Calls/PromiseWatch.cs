using Huifang.FollowUps;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Calls;

/// <summary>
/// Every five seconds: a promised slot that is over without a call is a broken promise. It becomes a fact within the minute; the apology with a new offer
/// and the alarm on the supervisor's board follow from that fact. A call that was taken and forgotten is given back first, so that its promise is not silent either.
/// A round finds at most two hundred; the next one begins at once.
/// </summary>
public sealed class PromiseWatch(Store store, FollowUpDesk followUps, CallQueue queue, LiveFeed live) : IWork
{
    public string Name => "promise watch";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        if (await store.Read(queue.AnyForgotten, stop)) await store.Write(queue.GiveBackForgotten, stop);
        var overdue = await store.Read(tx => followUps.Overdue(tx), stop);
        if (overdue.Count == 0) return false;
        // Decided again by a conditional change: a call that began meanwhile keeps its promise.
        var broken = await store.Write(async tx =>
        {
            var count = 0;
            foreach (var followUp in overdue)
                if (await followUps.BreakPromise(tx, followUp)) count++;
            if (count > 0) tx.AfterCommit(live.LookAgain);
            return count;
        }, stop);
        return broken == 200;
    }
}
