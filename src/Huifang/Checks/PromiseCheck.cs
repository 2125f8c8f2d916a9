using System.Text.Json;
using Huifang.Storage;

namespace Huifang.Checks;

/// <summary>I5: a promised slot ends kept, moved by the customer, given up, or apologised for; never silent. And a slot has one holder.</summary>
internal static class PromiseCheck
{
    private static readonly TimeSpan Visible = TimeSpan.FromSeconds(60);

    /// <summary>A call that nobody lets ring is given back within this time, and a little.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(16);

    public static async Task Run(Tx tx, List<Violation> found, Dictionary<string, long> looked, DateTimeOffset now)
    {
        var promises = await tx.Query<(long Seq, string Kind, string Data, DateTimeOffset At)>(
            """
            select seq, kind, data, at from journal
            where kind in ('follow-up.booked', 'follow-up.moved', 'promise.kept', 'promise.broken', 'follow-up.declined', 'follow-up.withdrawn', 'follow-up.waiting', 'follow-up.other-channel',
              'follow-up.dropped', 'follow-up.finished', 'follow-up.taken', 'follow-up.given-back', 'follow-up.expired', 'follow-up.merged') order by seq
            """);
        var open = new Dictionary<string, (DateTimeOffset To, long Seq)>(StringComparer.Ordinal);
        var taken = new Dictionary<string, (DateTimeOffset To, long Seq)>(StringComparer.Ordinal);
        foreach (var (seq, kind, data, at) in promises)
        {
            using var json = JsonDocument.Parse(data);
            var followUp = json.RootElement.GetProperty("followUp").GetString()!;
            if (kind is "follow-up.booked" or "follow-up.moved") open[followUp] = (json.RootElement.GetProperty("to").GetDateTimeOffset(), seq);
            else if (kind is "follow-up.taken") Taken(followUp, at, seq, open, taken, found);
            // Whoever gives it back has not kept it: the promise stands as it stood.
            else if (kind is "follow-up.given-back") { if (taken.Remove(followUp, out var promise)) open[followUp] = promise; }
            else
            {
                // Said beforehand it may be: the guard forbids the call that was about to ring. But time alone breaks no promise that somebody is keeping.
                if (kind is "promise.broken" && taken.ContainsKey(followUp) && !json.RootElement.TryGetProperty("ahead", out _)) found.Add(new("I5", $"follow-up {followUp}", $"was broken and apologised for (fact {seq}) while an agent was calling"));
                open.Remove(followUp);
                taken.Remove(followUp);
            }
        }
        looked["I5 promises"] = promises.Count(p => p.Kind is "follow-up.booked" or "follow-up.moved");
        foreach (var (followUp, (to, seq)) in open.Where(p => p.Value.To + Visible < now))
            found.Add(new("I5", $"follow-up {followUp}", $"promised until {to:O} (fact {seq}), and nothing was said since"));

        foreach (var (call, at) in await tx.Query<(string, DateTimeOffset)>("select id, taken_at from calls where finished_at is null and armed_at is null and taken_at < @late order by taken_at limit 100", new { late = now - Forgotten }))
            found.Add(new("I5", $"call {call}", $"was taken at {at:O} and has not rung since; nobody else can call her"));
        foreach (var id in await tx.Query<string>("select f.id from follow_ups f where f.state = 'Calling' and not exists (select 1 from calls c where c.follow_up_id = f.id and c.finished_at is null) order by f.id limit 100"))
            found.Add(new("I5", $"follow-up {id}", "is said to be called, and nobody calls"));
        foreach (var (slot, followUp) in await tx.Query<(string, string)>(
            "select s.id, s.follow_up_id from slots s left join follow_ups f on f.id = s.follow_up_id where s.follow_up_id is not null and (f.id is null or (f.state = 'Booked' and f.slot_id <> s.id)) limit 100"))
            found.Add(new("I5", $"slot {slot}", $"is held by follow-up {followUp}, which does not hold it"));
        foreach (var (followUp, slot) in await tx.Query<(string, string)>(
            "select f.id, f.slot_id from follow_ups f left join slots s on s.id = f.slot_id where f.state = 'Booked' and (s.id is null or s.follow_up_id is null or s.follow_up_id <> f.id) limit 100"))
            found.Add(new("I5", $"follow-up {followUp}", $"is promised slot {slot}, which is not claimed for it"));
    }

    // A call that is under way keeps its promise until it ends, one way or the other.
    private static void Taken(string followUp, DateTimeOffset at, long seq, Dictionary<string, (DateTimeOffset To, long Seq)> open, Dictionary<string, (DateTimeOffset To, long Seq)> taken, List<Violation> found)
    {
        if (!open.Remove(followUp, out var promise)) return;
        taken[followUp] = promise;
        if (at > promise.To + Visible) found.Add(new("I5", $"follow-up {followUp}", $"promised until {promise.To:O} and taken only at {at:O} (fact {seq}), without an apology before"));
    }
}
