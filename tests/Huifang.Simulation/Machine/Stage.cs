using System.Collections.Concurrent;

namespace Huifang.Simulation.Machine;

/// <summary>
/// Lets several acts happen at once on one thread: each runs until it waits for a commit; when all wait, the store commits some of them. The order is chance's, and the same
/// for the same seed. What a line does on other threads is waited for and changes no order.
/// </summary>
internal sealed class Stage : SynchronizationContext
{
    /// <summary>The first seed of a process waits for the shipped model to be learnt.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly BlockingCollection<(SendOrPostCallback Act, object? State)> _posted = [];

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>Runs all acts to their end, or until the process dies under them.</summary>
    /// <returns>Those that had no end.</returns>
    public List<Act> Play(WorldStore store, IReadOnlyList<Act> acts, Action<Act, Exception> failed)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var running = new List<(Act Act, Task Task)>(acts.Count);
            foreach (var act in acts) running.Add((act, Begin(act)));
            while (true)
            {
                while (_posted.TryTake(out var next)) next.Act(next.State);
                for (var i = running.Count - 1; i >= 0; i--)
                {
                    if (!running[i].Task.IsCompleted) continue;
                    if (running[i].Task.Exception?.InnerException is { } exception) failed(running[i].Act, exception);
                    running.RemoveAt(i);
                }
                if (running.Count == 0) return [];
                if (store.IsDead) return running.ConvertAll(one => one.Act);
                if (store.Waiting == running.Count) store.Commit();
                else if (_posted.Count == 0)
                {
                    // Somebody waits for a line, whose answer comes from another thread.
                    if (!_posted.TryTake(out var next, Patience)) throw new InvalidOperationException($"An act waits for something that the simulator does not know: {string.Join(", ", running.Select(one => one.Act.Name))}.");
                    next.Act(next.State);
                }
            }
        }
        finally { SetSynchronizationContext(before); }
    }

    private static Task Begin(Act act)
    {
        try { return act.Do(); }
        catch (Exception failed) { return Task.FromException(failed); }
    }
}

/// <summary>Something that somebody does: a customer, an agent, the wallet, a worker.</summary>
/// <param name="Again">Whether whoever did it tries again when the process died under it, as people and machines do.</param>
internal sealed record Act(string Name, Func<Task> Do, bool Again = true);
