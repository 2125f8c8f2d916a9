using System.Globalization;
using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.FollowUps;

/// <summary>
/// Rules without an event (T3): once a day every customer is looked at, a page at a time, each page and the place reached in one
/// transaction. The day and the customer make the cause, so a round that is broken off goes on and arranges nothing twice.
/// </summary>
public sealed class PeriodicRounds(Store store, LiveRules rules, FollowUpReactions follow, JournalDesk journal, TimeProvider time) : IWork
{
    private const int PageSize = 500;
    private const string Mark = "periodic rules";

    public string Name => "periodic rounds";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (await store.Read(tx => Done(tx, day), stop)) return false;
        return await store.Write(async tx =>
        {
            // Two nodes: the mark's row is taken first, so the second waits and then goes on from where the first came to.
            await tx.Run("insert into rounds (name, day, after_id, done) values (@Mark, @day, '', 0) on conflict (name) do update set day = excluded.day, after_id = case when rounds.day = excluded.day then rounds.after_id else '' end, done = case when rounds.day = excluded.day then rounds.done else 0 end", new { Mark, day });
            if (await Done(tx, day)) return false;
            var after = await tx.One<string>("select after_id from rounds where name = @Mark", new { Mark }) ?? "";
            var periodic = (await rules.Of(tx)).Periodic;
            var people = periodic.IsEmpty ? [] : await TriggerCustomers.Page(tx, after, PageSize);
            await Consider(tx, [.. periodic], people, day, now);
            await tx.Run("update rounds set after_id = @last, done = @done where name = @Mark", new { last = people.Count == 0 ? after : people[^1].Customer.Id, done = people.Count < PageSize ? 1L : 0L, Mark });
            return people.Count == PageSize;
        }, stop);
    }

    private async Task Consider(Tx tx, List<TriggerRule> periodic, IReadOnlyList<(TriggerCustomer Customer, DateTimeOffset? LastEventAt)> people, string day, DateTimeOffset now)
    {
        var due = (from rule in periodic
                   from person in people
                   let decision = TriggerRules.ConsiderPeriod(rule, person.Customer, person.LastEventAt, now) as TriggerDecision.Arrange
                   where decision is not null
                   select (person.Customer.Id, decision)).ToList();
        if (due.Count == 0) return;
        var facts = due.ConvertAll(d => new Fact(Fact.Care, $"{d.decision.Rule.Key}:{d.Id}:{day}", "period.due", d.Id, now, "house", JsonSerializer.Serialize(new { rule = d.decision.Rule.Key })));
        var told = await journal.Tell(tx, facts);
        var wanted = new List<(Fact, TriggerDecision.Arrange)>();
        for (var i = 0; i < facts.Count; i++)
            if (told[i] == Told.Accepted) wanted.Add((facts[i] with { Seq = (await JournalTable.Find(tx, facts[i].Source, facts[i].Id))!.Seq }, due[i].decision));
        await follow.Arrange(tx, wanted, now);
    }

    private static async Task<bool> Done(Tx tx, string day) => await tx.One<long>("select count(*) from rounds where name = @Mark and day = @day and done = 1", new { Mark, day }) == 1;
}
