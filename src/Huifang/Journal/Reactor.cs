using Huifang.Storage;
using Huifang.Work;
using Microsoft.Extensions.Logging;

namespace Huifang.Journal;

/// <summary>
/// Hands waiting facts to one room: take, decide, write and done in one transaction. When a batch fails its facts are tried one by one,
/// so that one bad fact never holds up the others; that one is put off with its error, ever later, and shown to a person.
/// </summary>
public sealed class Reactor(Store store, IReaction reaction, TimeProvider time, ILogger<Reactor> log) : IWork
{
    private const int BatchMax = 2000;

    /// <summary>After so many failures a fact waits for a person.</summary>
    public const int TriesMax = 12;

    public string Name => $"reactions of {reaction.Listener}";
    public TimeSpan Every => TimeSpan.FromSeconds(2);

    public async Task<bool> Round(CancellationToken stop)
    {
        await reaction.Ready.WaitAsync(stop);
        try { return await React(BatchMax, stop) == BatchMax; }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogWarning(failed, "A batch of {Listener} failed; its facts are tried one by one.", reaction.Listener);
            for (var i = 0; i < BatchMax; i++)
                if (!await ReactOne(stop)) return false;
            return true;
        }
    }

    private Task<int> React(int most, CancellationToken stop) => store.Write(async tx =>
    {
        var rows = await JournalTable.Waiting(tx, reaction.Listener, time.GetUtcNow(), most);
        if (rows.Count == 0) return 0;
        await reaction.React(tx, rows.ConvertAll(row => row.ToFact()), stop);
        foreach (var part in rows.Select(row => row.Seq).Chunk(500)) await JournalTable.Done(tx, reaction.Listener, part);
        return rows.Count;
    }, stop);

    private async Task<bool> ReactOne(CancellationToken stop)
    {
        var seq = await store.Read(async tx => (await JournalTable.Waiting(tx, reaction.Listener, time.GetUtcNow(), 1)).FirstOrDefault()?.Seq, stop);
        if (seq is null) return false;
        try { return await React(1, stop) > 0; }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "{Listener} failed on fact {Seq}.", reaction.Listener, seq);
            await store.Write(async tx =>
            {
                var tries = await JournalTable.Tries(tx, reaction.Listener, seq.Value);
                var later = tries + 1 >= TriesMax ? DateTimeOffset.MaxValue : time.GetUtcNow() + TimeSpan.FromSeconds(Math.Pow(2, Math.Min(tries, 10)));
                return await JournalTable.PutOff(tx, reaction.Listener, seq.Value, $"{failed.GetType().Name}: {failed.Message}", later);
            }, stop);
            return true;
        }
    }
}
