using System.Collections.Immutable;
using System.Text.Json;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>
/// What this room does when facts happen: events are considered by the live rules and the contact guard, withdrawals end what is open.
/// Every fact gets one final consideration with all reasons, also for "no".
/// </summary>
public sealed class FollowUpReactions(LiveRules rules, ContactDesk guard, FollowUpDesk desk, Ids ids, TimeProvider time) : IReaction
{
    public const string Name = "follow-ups";

    public string Listener => Name;

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var considered = new Dictionary<long, Consideration>(facts.Count);
        var events = new List<Fact>(facts.Count);
        foreach (var fact in facts)
            if (fact.Kind is "consent.withdrawn" or "suppression.added") considered[fact.Seq] = await EndOpen(tx, fact, now);
            else if (fact.Kind is "complaint.satisfied" or "complaint.reopened" or "complaint.appealed") considered[fact.Seq] = await Answered(tx, fact, now);
            else if (fact.CustomerId is not null) events.Add(fact);
            else considered[fact.Seq] = new(fact.Seq, null, now, "leave", """[{"why":"NoCustomer"}]""");

        await Consider(tx, events, considered, now);
        await ConsiderationTable.Insert(tx, [.. considered.Values]);
    }

    private async Task Consider(Tx tx, List<Fact> events, Dictionary<long, Consideration> considered, DateTimeOffset now)
    {
        var live = await rules.Of(tx);
        // Most events fail a condition on themselves; only the others cost a look at the customer.
        var open = new List<(Fact Fact, TriggerFact Trigger)>();
        foreach (var fact in events)
        {
            var trigger = new TriggerFact(fact.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture), fact.Kind, fact.CustomerId!, fact.At, fact.Data);
            var decisions = TriggerRules.Consider(trigger, null, live, now);
            if (decisions.All(d => d is TriggerDecision.Leave { Why: LeaveReason.Condition })) considered[fact.Seq] = Left(fact, decisions, now);
            else open.Add((fact, trigger));
        }
        if (open.Count == 0) return;

        var people = await TriggerCustomers.Load(tx, open.ConvertAll(o => o.Trigger), live);
        var wanted = new List<(Fact Fact, TriggerDecision.Arrange Arrange)>();
        foreach (var (fact, trigger) in open)
        {
            var decisions = TriggerRules.Consider(trigger, people.At(trigger, fact.Seq), live, now);
            considered[fact.Seq] = Left(fact, decisions, now);
            foreach (var arrange in decisions.OfType<TriggerDecision.Arrange>())
            {
                wanted.Add((fact, arrange));
                people.Arranged(fact.CustomerId!, arrange.Rule.Key, now);
            }
        }
        await Arrange(tx, wanted, now);
    }

    /// <summary>Asks the guard for each, and arranges those that may be; what it forbids is kept too, with its reason, so that "why not" can be answered.</summary>
    internal async Task Arrange(Tx tx, List<(Fact Fact, TriggerDecision.Arrange Arrange)> wanted, DateTimeOffset now)
    {
        if (wanted.Count == 0) return;
        var languages = await LanguagesOf(tx, wanted.Select(w => w.Fact.CustomerId!));
        var made = wanted.ConvertAll(w => Draft(w.Fact, w.Arrange, languages.GetValueOrDefault(w.Fact.CustomerId!, "zh-Hans"), now));
        var answers = await guard.Weigh(tx, [.. made.Zip(wanted, (followUp, w) => new ContactWish(followUp.CustomerId, followUp.Purpose, followUp.Channel)
        {
            Stage = ContactStage.Planned, At = followUp.DueAt, FollowUpId = followUp.Id, Cause = w.Fact.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture),
            IsHeldOut = w.Arrange.IsHeldOut, Others = [.. w.Arrange.Rule.Channels.Where(c => c != followUp.Channel)], NotAfter = followUp.ExpiresAt,
        })]);
        var decided = made.Zip(answers, Decide).ToList();
        // Who refused to be decided about by rules gets none from a rule, but for what protects her account.
        var refused = await Consents.AutomationRefusals.Of(tx, decided.Where(f => f.IsOpen && f.Purpose != Purpose.Security).Select(f => f.CustomerId));
        decided = decided.ConvertAll(f => f.IsOpen && f.Purpose != Purpose.Security && refused.Contains(f.CustomerId) ? f with { State = FollowUpState.Dropped, Reason = "automation-refused" } : f);
        await desk.Arrange(tx, [.. decided.Where(f => f.IsOpen)]);
        await desk.Keep(tx, [.. decided.Where(f => !f.IsOpen)]);
    }

    internal static FollowUp Decide(FollowUp followUp, ContactAnswer answer) => answer.Verdict switch
    {
        ContactVerdict.Allow => followUp,
        ContactVerdict.Hold hold => followUp with { DueAt = hold.Until > followUp.DueAt ? hold.Until : followUp.DueAt, Reason = "held" },
        ContactVerdict.Reroute reroute => followUp with { Channel = reroute.Channel, Reason = "rerouted" },
        ContactVerdict.Merge merge => followUp with { State = FollowUpState.Merged, MergedInto = merge.Into, Reason = "merged" },
        ContactVerdict.Drop drop => followUp with { State = FollowUpState.Dropped, Reason = $"guard:{drop.Reason}" },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private FollowUp Draft(Fact fact, TriggerDecision.Arrange arrange, string language, DateTimeOffset now)
    {
        var rule = arrange.Rule;
        return new(ids.New(), fact.CustomerId!, rule.Key, rule.Version, fact.Seq, rule.Purpose, rule.Channels[0], rule.Script, rule.Value, FollowUpState.Arranged, now, arrange.DueAt, arrange.AnswerBy, arrange.ExpiresAt)
        {
            Language = language, Skill = rule.Skill,
        };
    }

    /// <summary>She took consent back: everything open that rests on it ends here, in the order of commits before any later contact.</summary>
    private async Task<Consideration> EndOpen(Tx tx, Fact fact, DateTimeOffset now)
    {
        if (fact.CustomerId is null) return new(fact.Seq, null, now, "leave", """[{"why":"NoCustomer"}]""");
        var taken = TakenBack(fact.Data);
        var ended = await desk.Withdraw(tx, fact.CustomerId, followUp => followUp.Purpose != Purpose.Security && !followUp.IsAskedByCustomer() && taken(followUp), fact.Actor);
        return new(fact.Seq, fact.CustomerId, now, "ended", JsonSerializer.Serialize(new { ended = ended.Select(f => f.Id) }));
    }

    /// <summary>She has said already whether her complaint is solved: nobody calls to ask her again about that answer.</summary>
    private async Task<Consideration> Answered(Tx tx, Fact fact, DateTimeOffset now)
    {
        using var data = JsonDocument.Parse(fact.Data);
        var complaint = data.RootElement.GetProperty("complaint").GetString()!;
        var ended = new List<string>();
        foreach (var followUp in (await desk.OfCustomer(tx, fact.CustomerId!)).Where(followUp => followUp.IsOpen && followUp.Purpose == Purpose.Complaint))
            if ((await JournalTable.Find(tx, followUp.CauseSeq))?.Data.Contains(complaint, StringComparison.Ordinal) == true && await desk.Decline(tx, followUp, "customer")) ended.Add(followUp.Id);
        return new(fact.Seq, fact.CustomerId, now, "ended", JsonSerializer.Serialize(new { ended }));
    }

    /// <summary>Which follow-ups a withdrawal ends: those whose purpose and channel it names; a do-not-contact entry names all.</summary>
    private static Func<FollowUp, bool> TakenBack(string data)
    {
        using var json = JsonDocument.Parse(data);
        if (!json.RootElement.TryGetProperty("what", out var what)) return followUp => followUp.Purpose != Purpose.Complaint;
        var pairs = what.EnumerateArray().Select(w => w.GetString()!).ToHashSet(StringComparer.Ordinal);
        return followUp => pairs.Contains($"{followUp.Purpose}/{followUp.Channel}");
    }

    private static async Task<Dictionary<string, string>> LanguagesOf(Tx tx, IEnumerable<string> customerIds)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in customerIds.Distinct(StringComparer.Ordinal).Chunk(500))
            foreach (var (id, language) in await CustomerLanguages.Of(tx, part)) found[id] = language;
        return found;
    }

    private static Consideration Left(Fact fact, IReadOnlyList<TriggerDecision> decisions, DateTimeOffset now)
    {
        var arranges = decisions.Any(d => d is TriggerDecision.Arrange);
        return new(fact.Seq, fact.CustomerId, now, decisions.Count == 0 ? "nobody" : arranges ? "arrange" : "leave", Reasons(decisions));
    }

    private static string Reasons(IReadOnlyList<TriggerDecision> decisions) => JsonSerializer.Serialize(decisions.Select(d => d switch
    {
        TriggerDecision.Arrange arrange => new ReasonJson(d.Rule.Key, d.Rule.Version, "arrange", arrange.IsHeldOut ? "held out" : null),
        TriggerDecision.Leave leave => new ReasonJson(d.Rule.Key, d.Rule.Version, leave.Why.ToString(), leave.Detail),
        _ => throw new System.Diagnostics.UnreachableException(),
    }));

    private sealed record ReasonJson(string Rule, int Version, string Why, string? Detail);
}
