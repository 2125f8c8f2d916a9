using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>A trial with how long it took and how far it reached.</summary>
/// <param name="IsCut">There were more events than a trial looks at; the oldest were left out.</param>
public sealed record Trial(TrialResult Result, DateOnly From, DateOnly To, TimeSpan Took, bool IsCut);

/// <summary>Tries a rule on the history in the journal: nobody is contacted, nothing is written. The guard is asked about each would-be contact.</summary>
public sealed class TrialDesk(ContactDesk guard, TimeProvider time)
{
    private const int EventsMax = 300_000;
    private const int AtOnce = 5_000;
    private const int CustomersMax = 50_000;
    private static readonly TimeSpan BeforeMax = TimeSpan.FromDays(90);

    /// <param name="capacity">How many calls fit on each day of the week, Sunday first.</param>
    public async Task<Trial> Run(Tx tx, TriggerRule candidate, TriggerRule? today, TimeZoneInfo zone, IReadOnlyList<int> capacity, int days = 30)
    {
        var (started, now, clock) = (Stopwatch.GetTimestamp(), time.GetUtcNow(), ZoneClock.Of(zone));
        var (to, from) = (clock.LocalDate(now), clock.LocalDate(now).AddDays(1 - days));
        var since = clock.FirstAt(from.ToDateTime(TimeOnly.MinValue)) - Before(candidate, today);
        string[] kinds = [.. candidate.On.Concat(today?.On ?? []).Distinct(StringComparer.Ordinal)];
        var count = await tx.One<long>("select count(*) from journal where kind in @kinds and at >= @since", new { kinds, since });
        var trial = new TriggerTrial(candidate, today, clock, from, to);
        if (candidate.Every is not null || today?.Every is not null) await FeedDays(tx, trial, clock, from, to);
        var skip = Math.Max(0, count - EventsMax);
        (DateTimeOffset At, long Seq) place = (since, -1);
        for (var done = 0L; done < count;)
        {
            var rows = await tx.Query<EventRow>(
                $"""
                select seq, kind, customer_id as customer, at, data from journal
                where kind in @kinds and customer_id is not null and (at > @at or (at = @at and seq > @seq)) order by at, seq limit {AtOnce}
                """, new { kinds, at = place.At, seq = place.Seq });
            if (rows.Count == 0) break;
            place = (rows[^1].At, rows[^1].Seq);
            done += rows.Count;
            if (done <= skip) continue;
            await Feed(tx, trial, rows);
        }
        return new(trial.Finish(date => capacity[(int)date.DayOfWeek]), from, to, Stopwatch.GetElapsedTime(started), skip > 0);
    }

    private async Task Feed(Tx tx, TriggerTrial trial, List<EventRow> rows)
    {
        string[] ids = [.. rows.Select(row => row.Customer).Distinct(StringComparer.Ordinal)];
        var people = await People(tx, ids);
        var weigh = await guard.Try(tx, ids);
        foreach (var row in rows)
            if (people.GetValueOrDefault(row.Customer) is { } customer)
                trial.Feed(new(row.Seq.ToString(CultureInfo.InvariantCulture), row.Kind, row.Customer, row.At, row.Data), customer, arrange => weigh(Wish(row.Customer, arrange)));
    }

    /// <summary>Every customer on every day, for rules that no event wakes. Of a customer who did something after a day we don't know what was last before it, so she counts as busy then.</summary>
    private async Task FeedDays(Tx tx, TriggerTrial trial, ZoneClock clock, DateOnly from, DateOnly to)
    {
        var after = "";
        for (var looked = 0; looked < CustomersMax;)
        {
            var rows = await tx.Query<QuietRow>(
                $"""
                select c.id, (select j.at from journal j where j.customer_id = c.id and j.source not in ('care', 'period') order by j.at desc limit 1) as last
                from customers c where c.id > @after order by c.id limit {AtOnce}
                """, new { after });
            if (rows.Count == 0) return;
            (after, looked) = (rows[^1].Id, looked + rows.Count);
            string[] ids = [.. rows.Select(row => row.Id)];
            var people = await People(tx, ids);
            var weigh = await guard.Try(tx, ids);
            for (var date = from; date <= to; date = date.AddDays(1))
            {
                var at = clock.FirstAt(date.ToDateTime(new TimeOnly(9, 0)));
                foreach (var row in rows)
                    if (people.GetValueOrDefault(row.Id) is { } customer && !(customer.Since > at))
                        trial.FeedDay(customer, row.Last is not { } last ? null : last <= at.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(last) : at, at, arrange => weigh(Wish(row.Id, arrange)));
            }
        }
    }

    private static ContactWish Wish(string customerId, TriggerDecision.Arrange arrange) => new(customerId, arrange.Rule.Purpose, arrange.Rule.Channels[0])
    {
        Stage = ContactStage.Planned, At = arrange.DueAt, IsHeldOut = arrange.IsHeldOut, NotAfter = arrange.ExpiresAt, Others = [.. arrange.Rule.Channels.Skip(1)],
    };

    private static TimeSpan Before(TriggerRule candidate, TriggerRule? today)
    {
        var needed = new[] { candidate, today }.OfType<TriggerRule>().Max(rule => rule.First ? BeforeMax : rule.Count?.Within ?? TimeSpan.Zero);
        return needed > BeforeMax ? BeforeMax : needed;
    }

    private static async Task<Dictionary<string, TriggerCustomer>> People(Tx tx, string[] ids)
    {
        var people = new Dictionary<string, TriggerCustomer>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(500))
            foreach (var row in await tx.Query<PersonRow>("select id, segments, attributes, country, since, created_at as made from customers where id in @some", new { some }))
                people[row.Id] = new(row.Id)
                {
                    Segments = row.Segments is "[]" ? [] : JsonSerializer.Deserialize<string[]>(row.Segments)!,
                    Attributes = row.Attributes is "{}" ? ImmutableDictionary<string, string>.Empty : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Attributes)!,
                    Country = row.Country,
                    Since = row.Since ?? row.Made,
                };
        return people;
    }

    private sealed record EventRow(long Seq, string Kind, string Customer, DateTimeOffset At, string Data);

    private sealed class QuietRow
    {
        public string Id { get; init; } = "";
        public long? Last { get; init; }
    }

    private sealed record PersonRow(string Id, string Segments, string Attributes, string? Country, DateTimeOffset? Since, DateTimeOffset Made);
}
