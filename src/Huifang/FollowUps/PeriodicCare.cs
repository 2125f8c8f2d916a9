using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.FollowUps;

/// <summary>
/// Once a day every customer is looked at for the rules that no event wakes (T3, T9). A period of a rule is one fact per customer, so a walk that is broken
/// off, or walked on two nodes at once, arranges nothing twice.
/// </summary>
public sealed class PeriodicCare(Store store, LiveRules rules, JournalDesk journal, FollowUpReactions reactions, TimeProvider time) : IWork
{
    private const int AtOnce = 500;

    private DateOnly walkedOn;
    private string cursor = "";

    public string Name => "periodic care";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (walkedOn == today) return false;
        var (periodic, people) = await store.Read(async tx => ((await rules.Of(tx)).Periodic, await People(tx, cursor)), stop);
        if (!periodic.IsEmpty && people.Count > 0) await Consider(periodic, people, now, stop);
        if (people.Count == AtOnce)
        {
            cursor = people[^1].Customer.Id;
            return true;
        }
        (walkedOn, cursor) = (today, "");
        return false;
    }

    private async Task Consider(ImmutableArray<TriggerRule> periodic, List<(TriggerCustomer Customer, DateTimeOffset? LastEventAt)> people, DateTimeOffset now, CancellationToken stop)
    {
        var wanted = people.SelectMany(person => periodic.Select(rule => TriggerRules.ConsiderPeriod(rule, person.Customer, person.LastEventAt, now))
            .OfType<TriggerDecision.Arrange>().Select(arrange => (person.Customer.Id, Arrange: arrange))).ToList();
        if (wanted.Count == 0) return;
        await store.Write(async tx =>
        {
            var facts = wanted.ConvertAll(each => Due(each.Arrange.Rule, each.Id, now));
            var told = await journal.Tell(tx, facts);
            var fresh = new List<(Fact Fact, TriggerDecision.Arrange Arrange)>();
            for (var index = 0; index < told.Length; index++)
                if (told[index] == Told.Accepted && await JournalTable.Find(tx, facts[index].Source, facts[index].Id) is { } row) fresh.Add((facts[index] with { Seq = row.Seq }, wanted[index].Arrange));
            await reactions.Arrange(tx, fresh, now);
        }, stop);
    }

    /// <summary>The id names rule, customer and period: telling it again on the same or the next days is the same fact. Quiet customers have the day instead; their cap keeps them apart.</summary>
    private static Fact Due(TriggerRule rule, string customerId, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var period = rule.Every!.QuietDays is null ? TriggerRules.PeriodStart(rule, customerId, today) : today;
        var id = string.Create(CultureInfo.InvariantCulture, $"{rule.Key}/{customerId}/{period:yyyy-MM-dd}");
        return new("period", id, "care.due", customerId, new DateTimeOffset(period, TimeOnly.MinValue, TimeSpan.Zero), "house", JsonSerializer.Serialize(new { rule = rule.Key, version = rule.Version }));
    }

    private static async Task<List<(TriggerCustomer Customer, DateTimeOffset? LastEventAt)>> People(Tx tx, string after)
    {
        var rows = await tx.Query<PersonRow>(
            $"""
            select id, segments, attributes, country, since, created_at as made,
              (select max(at) from journal j where j.customer_id = c.id and j.source not in ('care', 'period')) as last
            from customers c where id > @after order by id limit {AtOnce}
            """, new { after });
        string[] ids = [.. rows.Select(row => row.Id)];
        var arranged = (await tx.Query<ArrangedRow>("select customer_id as customer, rule_key as rulekey, arranged_at as at from follow_ups where customer_id in @ids", new { ids = ids.Length == 0 ? [""] : ids })).ToLookup(row => row.Customer);
        return rows.ConvertAll(row => (new TriggerCustomer(row.Id)
        {
            Segments = row.Segments is "[]" ? [] : JsonSerializer.Deserialize<string[]>(row.Segments)!,
            Attributes = row.Attributes is "{}" ? ImmutableDictionary<string, string>.Empty : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Attributes)!,
            Country = row.Country,
            Since = row.Since ?? row.Made,
            Arranged = [.. arranged[row.Id].Select(past => new PastArrangement(past.RuleKey, past.At))],
        }, row.Last is { } last ? (DateTimeOffset?)DateTimeOffset.FromUnixTimeMilliseconds(last) : null));
    }

    private sealed class PersonRow
    {
        public string Id { get; init; } = "";
        public string Segments { get; init; } = "[]";
        public string Attributes { get; init; } = "{}";
        public string? Country { get; init; }
        public DateTimeOffset? Since { get; init; }
        public DateTimeOffset Made { get; init; }
        public long? Last { get; init; }
    }

    private sealed record ArrangedRow(string Customer, string RuleKey, DateTimeOffset At);
}
