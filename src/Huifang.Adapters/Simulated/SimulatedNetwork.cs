using Huifang.Messages;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Simulated;

/// <summary>Plays the network of the demo: what the simulated line took has arrived a moment later.</summary>
public sealed class SimulatedNetwork(SimulatedLine line, Store store, MessageDesk desk, TimeProvider time) : IWork
{
    private const int BatchMax = 200;

    public string Name => "simulated network";
    public TimeSpan Every => TimeSpan.FromSeconds(2);

    public async Task<bool> Round(CancellationToken stop)
    {
        var batch = new List<string>();
        while (batch.Count < BatchMax && line.Taken.TryDequeue(out var key)) batch.Add(key);
        if (batch.Count == 0) return false;
        await store.Write(async tx =>
        {
            foreach (var key in batch) await desk.Receive(tx, new LineReceipt(key, true, null, false, time.GetUtcNow()));
        }, stop);
        return batch.Count == BatchMax;
    }
}
