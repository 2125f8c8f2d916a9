using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Demo;

/// <summary>A round of care calls that the desk owes its customers in the coming days: enough that not every place is free, and the plan has to choose.</summary>
public sealed class DemoCampaign(Store store, CustomerDesk customers, FollowUpDesk followUps, ContactDesk contacts, JournalDesk journal)
{
    public const string RuleKey = "autumn-care";

    private const int Calls = 2_000;

    public async Task Owe(DateTimeOffset now, CancellationToken stop)
    {
        var random = new Random(DemoCustomers.Seed + 9);
        var people = Enumerable.Range(0, DemoCustomers.Count).OrderBy(_ => random.Next()).Take(Calls).Select(DemoCustomers.IdOf).ToList();
        // From now on while somebody works, else from the next morning on.
        var zone = Calendars.ZoneClock.Find(DemoStaff.Zone)!;
        var local = zone.LocalTime(now);
        var morning = local.Hour is >= 9 and < 18 ? now : zone.FirstAt(DateOnly.FromDateTime(local).AddDays(local.Hour < 9 ? 0 : 1).ToDateTime(new(9, 0)));
        foreach (var part in people.Chunk(250))
            await store.Write(async tx =>
            {
                var (known, may) = (await customers.Load(tx, part), await contacts.Try(tx, part));
                var wanted = new List<FollowUp>();
                foreach (var id in part.Where(known.ContainsKey))
                {
                    // Whoever may not be called at all is owed no call.
                    if (may(new ContactWish(id, Purpose.Service, Channel.Voice) { Stage = ContactStage.Planned }) is not (ContactVerdict.Allow or ContactVerdict.Hold)) continue;
                    var fact = $"{RuleKey}-{id}";
                    await journal.Append(tx, new Fact(Fact.Care, fact, "care.due", id, now, "demo", $$"""{"rule":"{{RuleKey}}"}"""));
                    var due = morning.AddHours(random.Next(0, 72));
                    wanted.Add(new FollowUp($"{RuleKey}-{id}", id, RuleKey, 1, (await JournalTable.Find(tx, Fact.Care, fact))!.Seq, Purpose.Service, Channel.Voice, "standard", random.Next(60, 780), FollowUpState.Waiting, now, due, due.AddHours(random.Next(20, 90)), due.AddDays(8))
                    {
                        Language = known[id].Language, Skill = random.NextDouble() < .15 ? "security" : "general",
                    });
                }
                await followUps.Arrange(tx, wanted, "demo");
            }, stop);
    }
}
