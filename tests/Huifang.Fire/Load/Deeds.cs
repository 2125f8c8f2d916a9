using System.Collections.Concurrent;

namespace Huifang.Fire.Load;

/// <summary>What somebody outside wants of the house, and remembers the answer of.</summary>
public enum Deed { Event, Complaint, FollowUp, Booking, Stop, Take, Finish }

/// <summary>One thing that was asked for, and under which key it is the same when it is asked again.</summary>
public sealed record Wish(Deed Deed, string Key, string About);

/// <summary>
/// The memory of everybody outside. What was acknowledged must stand in the ledger, once. What broke off in the middle may stand there or not, and is asked for again
/// under the same key, as a careful caller does.
/// </summary>
public sealed class Deeds
{
    private readonly ConcurrentDictionary<(Deed, string), string> _acknowledged = new();
    private readonly ConcurrentDictionary<Deed, ConcurrentQueue<Wish>> _open = new();
    private readonly ConcurrentDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private long _count, _failed;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Requests that ended without an answer or with one that promises nothing.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    public IReadOnlyDictionary<string, int> Refused => _refused;

    /// <summary>How often each status was answered to a program.</summary>
    public ConcurrentDictionary<int, int> Statuses { get; } = new();

    /// <param name="answer">What the answer named: a number, an id. The same key must get the same one for ever.</param>
    /// <returns>False when the same was acknowledged before with another answer.</returns>
    public bool Acknowledge(Wish wish, string answer)
    {
        if (_acknowledged.TryAdd((wish.Deed, wish.Key), answer)) Interlocked.Increment(ref _count);
        return _acknowledged[(wish.Deed, wish.Key)] == answer;
    }

    public void BrokeOff(Wish wish)
    {
        Interlocked.Increment(ref _failed);
        _open.GetOrAdd(wish.Deed, _ => new()).Enqueue(wish);
    }

    /// <summary>An answer that is neither yes nor a failure; counted by what it said, so that a load which is refused everything is seen.</summary>
    public void Refuse(Wish wish, string why) => _refused.AddOrUpdate($"{wish.Deed}: {why}", 1, (_, before) => before + 1);

    /// <summary>Something that broke off and is to be asked for again.</summary>
    public Wish? Again(Deed deed) => _open.TryGetValue(deed, out var waiting) && waiting.TryDequeue(out var wish) ? wish : null;

    public IReadOnlyDictionary<string, string> Of(Deed deed) => _acknowledged.Where(one => one.Key.Item1 == deed).ToDictionary(one => one.Key.Item2, one => one.Value, StringComparer.Ordinal);
}
