using Huifang.Feedback;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Insights;

/// <summary>Looks for rises, copies and new issues now and then: of several nodes one does.</summary>
public sealed class InsightClock(Store store, AlarmDesk alarms, GroupFinder groups, FeedbackClock clock) : IWork
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(10);
    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    public string Name => "insight clock";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        // Every commit wakes it; without this it would ask the database each time. A clock that was put back looks anew.
        if (clock.Now - _looked is { } since && since >= TimeSpan.Zero && since < Often) return false;
        _looked = clock.Now;
        if (!await store.Write(tx => ModelTable.Due(tx, "insight clock", clock.Now, Often), stop)) return false;
        await store.Write(tx => alarms.Look(tx), stop);
        await groups.Round(stop);
        return false;
    }
}
