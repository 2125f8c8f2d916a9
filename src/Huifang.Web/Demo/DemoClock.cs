namespace Huifang.Demo;

/// <summary>The demo's time: while the past is being lived through it stands where it is put, afterwards it is the real one.</summary>
public sealed class DemoClock : TimeProvider
{
    private long _ticks = -1;

    public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref _ticks) is >= 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : System.GetUtcNow();

    public void Set(DateTimeOffset at) => Interlocked.Exchange(ref _ticks, at.UtcTicks);

    public void Release() => Interlocked.Exchange(ref _ticks, -1);
}
