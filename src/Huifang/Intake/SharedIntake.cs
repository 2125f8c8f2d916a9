using System.Threading.Channels;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Intake;

/// <summary>
/// Callers with single events wait for one another for as long as the commit before them takes, and are then written together: a hundred
/// waiting callers cost one transaction. When it fails each is tried alone, so that nobody suffers for another's event.
/// </summary>
public sealed class SharedIntake
{
    private const int TogetherMax = 512;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(4096);
    private readonly Store _store;
    private readonly Func<Tx, IReadOnlyList<Sent>, Task<IReadOnlyList<ItemAnswer>>> _take;

    internal SharedIntake(Store store, Func<Tx, IReadOnlyList<Sent>, Task<IReadOnlyList<ItemAnswer>>> take)
    {
        (_store, _take) = (store, take);
        // SQLite has one writer; PostgreSQL takes two at a time, so that one is being written while the next gathers.
        for (var loop = 0; loop < (store.Dialect.IsSqlite ? 1 : 2); loop++) _ = Task.Run(Run);
    }

    internal async Task<IReadOnlyList<ItemAnswer>> Take(IReadOnlyList<Sent> sent)
    {
        var waiting = new Waiting(sent);
        await _queue.Writer.WriteAsync(waiting);
        return await waiting.Done.Task;
    }

    private async Task Run()
    {
        var together = new List<Waiting>(TogetherMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < TogetherMax && _queue.Reader.TryRead(out var next)) together.Add(next);
            if (together.Count == 0) continue;
            try
            {
                var all = together.SelectMany(w => w.Sent).ToList();
                var answers = await _store.Write(tx => _take(tx, all));
                var from = 0;
                foreach (var one in together)
                {
                    one.Done.TrySetResult([.. answers.Skip(from).Take(one.Sent.Count)]);
                    from += one.Sent.Count;
                }
            }
            catch (Exception)
            {
                foreach (var one in together) await Alone(one);
            }
        }
    }

    private async Task Alone(Waiting one)
    {
        try { one.Done.TrySetResult(await _store.Write(tx => _take(tx, one.Sent))); }
        catch (Exception failed) { one.Done.TrySetException(failed); }
    }

    private sealed record Waiting(IReadOnlyList<Sent> Sent)
    {
        public TaskCompletionSource<IReadOnlyList<ItemAnswer>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>One item as it came, and from whom; all that can be known of it before the transaction.</summary>
internal sealed record Sent(Reading Reading, string Sender, string ContentType, Fact? Fact, long BodyHash)
{
    public static Sent Of(Reading reading, string sender, string contentType)
    {
        var fact = reading is Reading.Event { Value: var e } ? new Fact(e.Source, e.Id, e.Type, e.Subject, e.At, sender, e.Data, e.Private) : null;
        return new(reading, sender, contentType, fact, fact?.BodyHash() ?? 0);
    }
}
