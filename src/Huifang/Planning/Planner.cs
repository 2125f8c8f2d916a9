using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Planning;

/// <summary>
/// Makes a new plan when something has happened that touches it, and once a minute because time goes on and calls last longer than they should. One node at a
/// time: the lease ends by itself when that node dies, and the wish is still there.
/// </summary>
public sealed class Planner(Store store, PlanDesk desk, PlanSettings settings, TimeProvider time) : IWork
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    private DateTimeOffset _rest = DateTimeOffset.MinValue;
    private bool _dropped;

    public string Name => "planner";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        if (!settings.IsOn) return await Off(stop);
        var now = time.GetUtcNow();
        if (now < _rest && _rest - now < Lease || await store.Read(tx => PlanTable.Wanted(tx, now, now - Stale), stop) == 0) return false;
        if (await store.Write(tx => PlanTable.Claim(tx, now, now + Lease, now - Stale), stop) is not { } rev) return false;
        var plan = await desk.Make(stop);
        await store.Write(tx => PlanTable.Done(tx, rev, now), stop);
        // A house whose plan takes long rests four times as long afterwards, so that planning never takes more than a fifth of a core.
        var took = TimeSpan.FromMilliseconds(plan.LoadMs + plan.SolveMs);
        if (took > Long) _rest = time.GetUtcNow() + 4 * took;
        return false;
    }

    private async Task<bool> Off(CancellationToken stop)
    {
        if (!_dropped) await store.Write(PlanTable.Drop, stop);
        _dropped = true;
        return false;
    }
}
