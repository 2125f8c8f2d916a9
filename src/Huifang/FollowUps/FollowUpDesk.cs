using System.Text.Json;
using Huifang.Contacts;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>
/// What can be done with a follow-up. Each verb is one conditional change and one fact; false means that somebody else was
/// first and nothing happened.
/// </summary>
public sealed class FollowUpDesk(JournalDesk journal, Ids ids, TimeProvider time)
{
    private static readonly FollowUpState[] Unmet = [FollowUpState.Arranged, FollowUpState.Invited, FollowUpState.Waiting];
    private static readonly FollowUpState[] Answerable = [FollowUpState.Arranged, FollowUpState.Invited, FollowUpState.Booked, FollowUpState.Waiting];

    /// <summary>What the plan has given an agent may be taken this much before its time.</summary>
    public static readonly TimeSpan PlanEarly = TimeSpan.FromMinutes(15);

    public Task<FollowUp?> Find(Tx tx, string id) => FollowUpTable.Find(tx, id);

    /// <summary>The one follow-up that this rule made of this fact.</summary>
    public Task<FollowUp?> OfCause(Tx tx, string rule, long seq) => FollowUpTable.OfCause(tx, rule, seq);

    public Task<List<FollowUp>> OfCustomer(Tx tx, string customerId) => FollowUpTable.OfCustomer(tx, customerId);

    /// <summary>A few open ones that a visitor can watch.</summary>
    public Task<List<FollowUp>> Lively(Tx tx, int most) => FollowUpTable.Lively(tx, most);

    public Task<List<FollowUp>> OpenOf(Tx tx, IReadOnlyCollection<string> customerIds) => FollowUpTable.OpenOf(tx, customerIds);

    /// <summary>Arranges those whose cause has none yet.</summary>
    /// <returns>The ones that are new.</returns>
    public async Task<IReadOnlyList<FollowUp>> Arrange(Tx tx, IReadOnlyList<FollowUp> wanted, string by = "house")
    {
        var arranged = await FollowUpTable.Insert(tx, wanted);
        if (arranged.Count > 0) await journal.Append(tx, [.. arranged.Select(f => Told(f, f.State == FollowUpState.Waiting ? "follow-up.waiting" : "follow-up.arranged", by))]);
        return arranged;
    }

    /// <summary>Keeps those that the guard ended before they began, so that "why not" has an answer.</summary>
    public async Task Keep(Tx tx, IReadOnlyList<FollowUp> ended)
    {
        var kept = await FollowUpTable.Insert(tx, ended);
        if (kept.Count > 0) await journal.Append(tx, [.. kept.Select(f => Told(f, f.State == FollowUpState.Merged ? "follow-up.merged" : "follow-up.dropped", "house", new { reason = f.Reason, into = f.MergedInto }))]);
    }

    /// <summary>The invitation is out; without an answer by <paramref name="callUnaskedFrom"/> an agent may call inside allowed hours.</summary>
    public Task<bool> Invited(Tx tx, FollowUp followUp, DateTimeOffset? callUnaskedFrom = null) =>
        Move(tx, followUp, [FollowUpState.Arranged], FollowUpState.Invited, "follow-up.invited", "house", dueAt: callUnaskedFrom);

    /// <summary>The customer has this slot now; the slot was claimed for it in this transaction.</summary>
    public async Task<bool> Promise(Tx tx, FollowUp followUp, string slotId, DateTimeOffset from, DateTimeOffset to, string? agentId, string by)
    {
        if (!await FollowUpTable.Book(tx, followUp.Id, slotId, from, to, agentId, time.GetUtcNow())) return false;
        await journal.Append(tx, Told(followUp, followUp.State == FollowUpState.Booked ? "follow-up.moved" : "follow-up.booked", by, new { from, to, slot = slotId }));
        return true;
    }

    /// <summary>No, not this time. Whatever slot it had is to be released by the caller.</summary>
    public Task<bool> Decline(Tx tx, FollowUp followUp, string by) => Move(tx, followUp, Answerable, FollowUpState.Declined, "follow-up.declined", by, "declined");

    /// <summary>She withdrew consent: every open one for these purposes ends in this transaction.</summary>
    public async Task<IReadOnlyList<FollowUp>> Withdraw(Tx tx, string customerId, Func<FollowUp, bool> concerned, string by)
    {
        var ended = new List<FollowUp>();
        foreach (var followUp in await FollowUpTable.OpenOf(tx, [customerId]))
            if (concerned(followUp) && await Move(tx, followUp, Answerable, FollowUpState.Withdrawn, "follow-up.withdrawn", by, "withdrawn")) ended.Add(followUp);
        return ended;
    }

    /// <summary>The same matter, by another channel that she asked for.</summary>
    public Task<bool> OtherChannel(Tx tx, FollowUp followUp, Channel channel, string by) =>
        Move(tx, followUp, Answerable, FollowUpState.Arranged, "follow-up.other-channel", by, "other-channel", channel: channel);

    /// <summary>To be called when its time comes, without a booking.</summary>
    public Task<bool> Wait(Tx tx, FollowUp followUp, DateTimeOffset dueAt, string reason) =>
        Move(tx, followUp, [.. Unmet, FollowUpState.Booked], FollowUpState.Waiting, "follow-up.waiting", "house", reason, dueAt);

    /// <summary>The contact guard forbids it for good.</summary>
    public Task<bool> Drop(Tx tx, FollowUp followUp, string reason) => Move(tx, followUp, [.. Answerable, FollowUpState.Calling], FollowUpState.Dropped, "follow-up.dropped", "house", reason);

    public async Task<bool> Merge(Tx tx, FollowUp followUp, string into)
    {
        if (!await FollowUpTable.Merge(tx, followUp.Id, into, time.GetUtcNow())) return false;
        await journal.Append(tx, Told(followUp, "follow-up.merged", "house", new { into }));
        return true;
    }

    /// <summary>The next one for this agent, never the same as another agent's. The caller decides the contact in the same transaction and gives it back if it may not be.</summary>
    public async Task<FollowUp?> TakeNext(Tx tx, string agentId, string[] languages, string[] skills, TimeSpan early, string[]? except = null)
    {
        var (now, not) = (time.GetUtcNow(), except is { Length: > 0 } ? except : [""]);
        var taken = await FollowUpTable.TakePromised(tx, agentId, languages, skills, now, early, not);
        // Few candidates are enough unless very many agents ask in the same instant.
        for (var most = 8; taken is null && most <= 512; most *= 8)
        {
            var candidates = await FollowUpTable.Waiting(tx, agentId, languages, skills, most, not, now, PlanEarly);
            if (candidates.Count == 0) break;
            taken = await FollowUpTable.TakeWaiting(tx, agentId, [.. candidates], now, PlanEarly);
        }
        if (taken is not null) await journal.Append(tx, Told(taken, "follow-up.taken", agentId));
        return taken;
    }

    /// <summary>This one and no other, for an agent who was asked for by name or by a supervisor.</summary>
    public async Task<bool> Take(Tx tx, FollowUp followUp, string agentId)
    {
        if (!await FollowUpTable.Take(tx, followUp.Id, agentId, time.GetUtcNow())) return false;
        await journal.Append(tx, Told(followUp, "follow-up.taken", agentId));
        return true;
    }

    /// <summary>Not now after all, and nothing was done to the customer: a promise stands again, so that another agent keeps it or she is told; anything else waits.</summary>
    public async Task<bool> GiveBack(Tx tx, FollowUp followUp, DateTimeOffset dueAt, string reason) =>
        followUp.PromisedTo is null || followUp.SlotId is null ? await Move(tx, followUp, [FollowUpState.Calling], FollowUpState.Waiting, "follow-up.given-back", "house", reason, dueAt)
            : await Move(tx, followUp, [FollowUpState.Calling], FollowUpState.Booked, "follow-up.given-back", "house", reason);

    /// <summary>The call is over. <paramref name="retryAt"/> null: it is done; else it waits for its next try.</summary>
    public async Task<bool> Finish(Tx tx, FollowUp followUp, string agentId, string outcome, FollowUpState to, string? reason = null, DateTimeOffset? retryAt = null, Channel? channel = null)
    {
        if (!await FollowUpTable.Finish(tx, followUp.Id, agentId, to, outcome, reason, retryAt, channel, time.GetUtcNow())) return false;
        var kind = to switch { FollowUpState.Finished => "follow-up.finished", FollowUpState.Waiting => "follow-up.waiting", _ => "follow-up.dropped" };
        var facts = new List<Fact> { Told(followUp, kind, agentId, new { outcome, retryAt }) };
        if (followUp.PromisedFrom is not null && to == FollowUpState.Finished) facts.Add(Told(followUp, "promise.kept", agentId));
        await journal.Append(tx, facts);
        return true;
    }

    /// <summary>The promised time has passed and nobody called: said aloud, and she is offered a new time.</summary>
    public async Task<bool> BreakPromise(Tx tx, FollowUp followUp)
    {
        if (!await FollowUpTable.Unbook(tx, followUp.Id, FollowUpState.Booked, FollowUpState.Invited, "promise-broken", time.GetUtcNow())) return false;
        await journal.Append(tx, Told(followUp, "promise.broken", "house", new { from = followUp.PromisedFrom, to = followUp.PromisedTo, agent = followUp.AgentId, slot = followUp.SlotId }));
        return true;
    }

    /// <summary>Promises whose time is over and that are still only booked.</summary>
    public Task<List<FollowUp>> Overdue(Tx tx, int most = 200) => FollowUpTable.Overdue(tx, time.GetUtcNow(), most);

    /// <summary>Several by their ids; those that are not there are missing.</summary>
    public async Task<IReadOnlyDictionary<string, FollowUp>> Load(Tx tx, IEnumerable<string> ids)
    {
        var found = new Dictionary<string, FollowUp>(StringComparer.Ordinal);
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(500))
            foreach (var followUp in await FollowUpTable.Load(tx, some)) found[followUp.Id] = followUp;
        return found;
    }

    /// <summary>Those that a plan must find a place for.</summary>
    public Task<List<FollowUp>> ToPlan(Tx tx) => FollowUpTable.ToPlan(tx, time.GetUtcNow());

    /// <summary>Another agent keeps this promise, at the same time, in a slot that was claimed for it in this transaction; false when it is no longer so.</summary>
    public async Task<bool> TakeOver(Tx tx, FollowUp followUp, string slotId, string agentId, string why)
    {
        if (followUp.SlotId is not { } before || !await FollowUpTable.TakeOver(tx, followUp.Id, before, slotId, agentId, time.GetUtcNow())) return false;
        await journal.Append(tx, Told(followUp, "promise.taken-over", "house", new { from = followUp.AgentId, to = agentId, slot = slotId, why }));
        return true;
    }

    /// <summary>We see beforehand, or when it is about to ring, that nobody can keep this promise: the customer is told at once, with an apology, and chooses anew.</summary>
    public async Task<bool> GiveUpPromise(Tx tx, FollowUp followUp, string why)
    {
        if (!await FollowUpTable.Unbook(tx, followUp.Id, followUp.State is FollowUpState.Booked ? FollowUpState.Booked : FollowUpState.Calling, FollowUpState.Invited, "promise-given-up", time.GetUtcNow())) return false;
        await journal.Append(tx, Told(followUp, "promise.broken", "house", new { from = followUp.PromisedFrom, to = followUp.PromisedTo, agent = followUp.AgentId, slot = followUp.SlotId, ahead = true, why }));
        return true;
    }

    private async Task<bool> Move(Tx tx, FollowUp followUp, FollowUpState[] from, FollowUpState to, string fact, string by, string? reason = null, DateTimeOffset? dueAt = null, Channel? channel = null)
    {
        if (!await FollowUpTable.Move(tx, followUp.Id, from, to, time.GetUtcNow(), reason, dueAt, channel)) return false;
        await journal.Append(tx, Told(followUp, fact, by, reason is null ? null : new { reason }));
        return true;
    }

    internal Fact Told(FollowUp followUp, string kind, string by, object? more = null) => new(Fact.Care, ids.New(), kind, followUp.CustomerId, time.GetUtcNow(), by, Json(followUp.Id, more));

    private static string Json(string followUpId, object? more)
    {
        if (more is null) return $$"""{"followUp":"{{followUpId}}"}""";
        var rest = JsonSerializer.Serialize(more);
        return $$"""{"followUp":"{{followUpId}}",{{rest[1..]}}""";
    }
}
