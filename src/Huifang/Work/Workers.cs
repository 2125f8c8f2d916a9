using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.Work;

/// <summary>Runs every worker on a loop of its own. A round that fails is logged and the loop goes on; nothing else waits for it.</summary>
public sealed class Workers(IEnumerable<IWork> works, Waker waker, TimeProvider time, ILogger<Workers> log) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stop) => Task.WhenAll(works.Select(work => Task.Run(() => Run(work, stop), stop)));

    private async Task Run(IWork work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var woken = waker.Next;
            try
            {
                while (await work.Round(stop)) stop.ThrowIfCancellationRequested();
                await Task.WhenAny(woken, Task.Delay(work.Every, time, stop));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception failed)
            {
                log.LogError(failed, "A round of {Work} failed; it goes on in {Seconds} s.", work.Name, AfterFailure.TotalSeconds);
                await Task.WhenAny(Task.Delay(AfterFailure, time, stop));
            }
        }
    }
}
