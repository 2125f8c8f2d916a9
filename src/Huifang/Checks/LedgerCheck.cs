using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Checks;

/// <summary>One promise of the house that the ledger shows to be broken.</summary>
/// <param name="Invariant">I1 … I11, as ARCHITECTURE.md lists them.</param>
/// <param name="About">The row by which to find it.</param>
public sealed record Violation(string Invariant, string About, string What);

/// <summary>What was looked at and what was found.</summary>
public sealed record LedgerReport(IReadOnlyList<Violation> Violations, IReadOnlyDictionary<string, long> Looked);

/// <summary>
/// Checks the house's promises from its ledger alone. Written apart from the rules that keep them and calling none of them: an error
/// there does not hide itself here. Runs after every journey test, in the crash tests, and as <c>huifang check</c>.
/// </summary>
public sealed class LedgerCheck(Store store, TimeProvider time)
{
    private const int ShownMax = 100;

    public Task<LedgerReport> Run(CancellationToken stop = default) => store.Read(async tx =>
    {
        var found = new List<Violation>();
        var looked = new Dictionary<string, long>(StringComparer.Ordinal);
        await ContactCheck.Run(tx, found, looked);
        await PromiseCheck.Run(tx, found, looked, time.GetUtcNow());
        await ComplaintCheck.Run(tx, found, looked, time.GetUtcNow());
        await Facts(tx, found, looked);
        await Causes(tx, found, looked);
        return new LedgerReport(found, looked);
    }, stop);

    /// <summary>I6: every acknowledged event has one final decision with a reason, or waits for it; nothing is stuck unseen.</summary>
    private static async Task Facts(Tx tx, List<Violation> found, Dictionary<string, long> looked)
    {
        looked["I6 facts"] = await tx.One<long>("select count(*) from journal");
        var declared = Journal.Facts.Declared.Keys.ToArray();
        foreach (var (seq, kind) in await tx.Query<(long, string)>(
            $"""
            select j.seq, j.kind from journal j
            where j.considered is null and j.kind not in @declared
              and not exists (select 1 from considerations c where c.seq = j.seq) and not exists (select 1 from reactions r where r.seq = j.seq)
            limit {ShownMax}
            """, new { declared })) found.Add(new("I6", $"fact {seq}", $"{kind} was acknowledged and has neither a decision nor somebody who is to decide"));
        foreach (var (seq, listener, error) in await tx.Query<(long, string, string)>($"select seq, listener, coalesce(error, '') from reactions where tries >= {Reactor.TriesMax} limit {ShownMax}"))
            found.Add(new("I6", $"fact {seq}", $"{listener} failed on it {Reactor.TriesMax} times and it waits for a person: {error}"));
        foreach (var (day, sender) in await tx.Query<(string, string)>($"select day, sender from intake_tally where received <> accepted + known + conflicts + quarantined limit {ShownMax}"))
            found.Add(new("I6", $"{sender} {day}", "more was received than is accounted for"));
    }

    /// <summary>I4: one cause, at most one completed contact per purpose; and one talk at a time for agent and customer.</summary>
    private static async Task Causes(Tx tx, List<Violation> found, Dictionary<string, long> looked)
    {
        looked["I4 finished follow-ups"] = await tx.One<long>("select count(*) from follow_ups where state = 'Finished'");
        foreach (var (cause, purpose, times) in await tx.Query<(long, string, long)>(
            $"select cause_seq, purpose, count(*) from follow_ups where state = 'Finished' and rule_key <> 'asked' group by cause_seq, purpose having count(*) > 1 limit {ShownMax}"))
            found.Add(new("I4", $"cause {cause}", $"{times} completed {purpose} contacts for one cause"));
        foreach (var (followUp, times) in await tx.Query<(string, long)>(
            $"select follow_up_id, count(*) from calls where outcome in ('Satisfied', 'NeedsMore', 'Complaint') group by follow_up_id having count(*) > 1 limit {ShownMax}"))
            found.Add(new("I4", $"follow-up {followUp}", $"{times} completed talks for one follow-up"));
        foreach (var (call, state) in await tx.Query<(string, string)>(
            $"select c.id, f.state from calls c join follow_ups f on f.id = c.follow_up_id where c.outcome in ('Satisfied', 'NeedsMore', 'Complaint') and f.state <> 'Finished' limit {ShownMax}"))
            found.Add(new("I4", $"call {call}", $"was a completed talk, and its follow-up is {state}: she may be called again"));
        foreach (var (call, state) in await tx.Query<(string, string)>(
            $"select c.id, f.state from calls c join follow_ups f on f.id = c.follow_up_id where c.finished_at is null and (f.state <> 'Calling' or f.agent_id <> c.agent_id) limit {ShownMax}"))
            found.Add(new("I4", $"call {call}", $"is under way, and its follow-up is {state} and another's to take"));
        foreach (var (call, times) in await tx.Query<(string, long)>($"select call_id, count(*) from call_moments where kind = 'finished' group by call_id having count(*) > 1 limit {ShownMax}"))
            found.Add(new("I4", $"call {call}", $"was closed {times} times, and each time somebody reacted"));
    }
}
