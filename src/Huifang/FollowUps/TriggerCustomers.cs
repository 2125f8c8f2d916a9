using System.Collections.Immutable;
using System.Text.Json;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>What rules may know of customers, read in bulk: nothing that identifies anybody is opened for it.</summary>
internal sealed class TriggerCustomers
{
    private readonly Dictionary<string, TriggerCustomer> _people = new(StringComparer.Ordinal);
    private ILookup<string, (long Seq, PastEvent Event)> _past = Array.Empty<(long, PastEvent)>().ToLookup(_ => "", e => e);

    /// <summary>The customer as she stood when this event happened: only what came before it is past.</summary>
    public TriggerCustomer? At(TriggerFact fact, long seq)
    {
        if (_people.GetValueOrDefault(fact.CustomerId) is not { } person) return null;
        var past = _past[fact.CustomerId].Where(e => e.Seq != seq && (e.Event.At < fact.At || (e.Event.At == fact.At && e.Seq < seq))).Select(e => e.Event).ToList();
        return past.Count == 0 ? person : person with { Past = past };
    }

    /// <summary>What was arranged earlier in this batch counts for the caps of what comes later in it.</summary>
    public void Arranged(string customerId, string ruleKey, DateTimeOffset at) =>
        _people[customerId] = _people[customerId] with { Arranged = [.. _people[customerId].Arranged, new PastArrangement(ruleKey, at)] };

    /// <param name="facts">The events considered, for how far back each customer's past is needed.</param>
    public static async Task<TriggerCustomers> Load(Tx tx, IReadOnlyList<TriggerFact> facts, TriggerSet rules)
    {
        var found = new TriggerCustomers();
        var past = new List<(string Customer, long Seq, PastEvent Event)>();
        foreach (var group in facts.GroupBy(f => f.CustomerId, StringComparer.Ordinal).Chunk(500))
        {
            var ids = group.Select(g => g.Key).ToArray();
            var people = await tx.Query<PersonRow>("select id, segments, attributes, country, since, created_at as made from customers where id in @ids", new { ids });
            var arranged = (await tx.Query<ArrangedRow>("select customer_id as customer, rule_key as rulekey, arranged_at as at from follow_ups where customer_id in @ids", new { ids })).ToLookup(r => r.Customer);
            await AddPast(tx, group, rules, past);
            foreach (var person in people)
                found._people[person.Id] = new TriggerCustomer(person.Id)
                {
                    Segments = person.Segments is "[]" ? [] : JsonSerializer.Deserialize<string[]>(person.Segments)!,
                    Attributes = person.Attributes is "{}" ? ImmutableDictionary<string, string>.Empty : JsonSerializer.Deserialize<Dictionary<string, string>>(person.Attributes)!,
                    Country = person.Country, Since = person.Since ?? person.Made,
                    Arranged = [.. arranged[person.Id].Select(r => new PastArrangement(r.RuleKey, r.At))],
                };
        }
        found._past = past.DistinctBy(e => e.Seq).ToLookup(e => e.Customer, e => (e.Seq, e.Event), StringComparer.Ordinal);
        return found;
    }

    private static async Task AddPast(Tx tx, IEnumerable<IGrouping<string, TriggerFact>> customers, TriggerSet rules, List<(string, long, PastEvent)> past)
    {
        // Most rules look at nothing but the event itself. The others share one query per kind of event, whoever it is about.
        foreach (var kind in customers.SelectMany(customer => customer).GroupBy(fact => fact.Type, StringComparer.Ordinal))
            if (rules.Reach(kind.Key) is { } reach)
            {
                var kinds = rules.For(kind.Key).SelectMany(rule => rule.On).Distinct().ToArray();
                var ids = kind.Select(fact => fact.CustomerId).Distinct(StringComparer.Ordinal).ToArray();
                var from = reach == TimeSpan.MaxValue ? DateTimeOffset.UnixEpoch : kind.Min(fact => fact.At) - reach;
                var rows = await tx.Query<PastRow>(
                    "select customer_id as customer, kind, at, data, seq from journal where customer_id in @ids and at >= @from and kind in @kinds order by at desc limit 50000", new { ids, from, kinds });
                past.AddRange(rows.Select(row => (row.Customer, row.Seq, new PastEvent(row.Kind, row.At, TriggerRules.Values(row.Data)))));
            }
    }

    private sealed record PersonRow(string Id, string Segments, string Attributes, string? Country, DateTimeOffset? Since, DateTimeOffset Made)
    {
        private PersonRow() : this("", "[]", "{}", null, null, default) { }
    }

    private sealed record ArrangedRow(string Customer, string RuleKey, DateTimeOffset At);

    private sealed record PastRow(string Customer, string Kind, DateTimeOffset At, string Data, long Seq);
}
