using Huifang.Fire.Machines;

namespace Huifang.Fire.Load;

/// <summary>Everybody who uses a place at once, until told to stop. They outlive the server and go on with the next one.</summary>
public sealed class Crowd : IDisposable
{
    private readonly List<ICaller> _callers = [];

    /// <summary>Things that must not be said whatever is killed: two answers to one key, a promise that is taken back.</summary>
    public List<string> Contradictions { get; } = [];
    public Deeds Deeds { get; } = new();

    /// <param name="first">Where the numbers of its wishes begin: two crowds at one place must not share any.</param>
    public Crowd(Place place, Population people, int seed, int first = 0)
    {
        var counter = new Counter(first);
        for (var i = 0; i < 3; i++) _callers.Add(new EventCaller(place, people, this, counter, new Random(seed + i)));
        _callers.Add(new ComplaintCaller(place, people, this, counter, new Random(seed + 10)));
        _callers.Add(new FollowUpCaller(place, people, this, counter, new Random(seed + 20)));
        _callers.Add(new StopCaller(place, people, this, counter, new Random(seed + 30)));
        _callers.Add(new BookingCaller(place, people, this, new Random(seed + 40)));
        foreach (var agent in people.Agents) _callers.Add(new AgentCaller(place, agent, this));
    }

    /// <summary>Lets all of them work until <paramref name="stop"/>; each begins anew when the server goes away under it.</summary>
    public Task Work(CancellationToken stop) => Task.WhenAll(_callers.Select(caller => Task.Run(() => Run(caller, stop), CancellationToken.None)));

    public void Contradict(string what)
    {
        lock (Contradictions) Contradictions.Add(what);
    }

    private static async Task Run(ICaller caller, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // Done for good: nobody of that kind is left to ask for anything.
            if (!await caller.Call(stop)) return;
        }
    }

    public void Dispose()
    {
        foreach (var caller in _callers) caller.Dispose();
    }
}

/// <summary>Somebody outside who asks for one thing after the other.</summary>
public interface ICaller : IDisposable
{
    /// <summary>One request with its answer.</summary>
    /// <returns>False when there is nothing more to ask for.</returns>
    Task<bool> Call(CancellationToken stop);
}

/// <summary>Numbers for keys, so that no two wishes share one.</summary>
public sealed class Counter(int first)
{
    private int _last = first;
    public int Next() => Interlocked.Increment(ref _last);
}
