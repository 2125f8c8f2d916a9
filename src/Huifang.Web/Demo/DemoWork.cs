using Huifang.Work;

namespace Huifang.Demo;

/// <summary>Keeps the demo's time running: every few seconds, what happened since the last look.</summary>
public sealed class DemoWork(DemoLife life, TimeProvider time) : IWork
{
    private DateTimeOffset _told = time.GetUtcNow();

    public string Name => "demo life";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (now <= _told) return false;
        await life.Tell(_told, now, stop);
        _told = now;
        await life.Act([], now, alone: false, stop);
        return false;
    }
}
