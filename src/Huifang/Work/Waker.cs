namespace Huifang.Work;

/// <summary>Tells waiting workers that there is something to do, so that nothing waits for the clock.</summary>
public sealed class Waker
{
    private volatile TaskCompletionSource _woken = New();

    public void Wake() => Interlocked.Exchange(ref _woken, New()).TrySetResult();

    /// <summary>A wait that sees every wake from the moment it was taken, so none falls between looking and sleeping.</summary>
    public Task Next => _woken.Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
