using System.Diagnostics;
using Huifang.Calendars;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Bench;

/// <summary>The contact guard: decisions in memory on one core, and decisions loaded from the database and stored with all reasons; the trigger rules beside it.</summary>
internal static class ContactBench
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    public static async Task Run(Report report, BenchOptions options)
    {
        InMemory(report);
        Triggers(report);
        using var scratch = new Scratch();
        await foreach (var (name, address) in Places.Both(scratch.Folder)) await Stored(report, name, address, scratch, options.Rows > 0 ? options.Rows : 20_000);
    }

    /// <summary>A week of customers of six zones and laws at every hour: about half may be contacted.</summary>
    private static void InMemory(Report report)
    {
        (string Zone, string Law)[] homes = [("Asia/Shanghai", "CN"), ("America/New_York", "US"), ("Europe/London", "UK"), ("Europe/Paris", "FR"), ("Asia/Singapore", "SG"), ("Asia/Hong_Kong", "HK")];
        var questions = Enumerable.Range(0, 4096).Select(n => new ContactQuestion
        {
            Customer = new()
            {
                Id = $"c{n}", Zones = [ZoneClock.Find(homes[n % 6].Zone)!], Reachable = [.. Enum.GetValues<Channel>()], OwnHours = n % 3 == 0 ? WeekHours.Daily(new(10, 0), new(19, 0)) : null,
                Consents = [.. Enum.GetValues<Purpose>().Select(purpose => new ConsentFact(purpose, null, true, Start.AddDays(-90))), new(Purpose.Service, Channel.Sms, true, Start.AddDays(-30))],
                Past = [.. Enumerable.Range(1, n % 5).Select(back => new PastContact(Start.AddDays(-back * 6), back % 2 == 0 ? Channel.Phone : Channel.Sms, Purpose.Service))],
            },
            Purpose = n % 7 == 0 ? Purpose.Security : Purpose.Service, Channel = n % 2 == 0 ? Channel.Phone : Channel.Sms,
            At = Start.AddMinutes(n * 37 % 10_080), Pack = PackShelf.Shipped.For([homes[n % 6].Law], DateOnly.FromDateTime(Start.UtcDateTime)),
        }).ToArray();
        var allowed = questions.Count(question => ContactRules.Decide(question) is ContactVerdict.Allow);
        var (best, allowedOnly) = (0.0, 0.0);
        ContactQuestion[] open = [.. questions.Where(question => ContactRules.Decide(question) is ContactVerdict.Allow)];
        for (var run = 0; run < 5; run++)
        {
            best = Math.Max(best, Rate(questions, 2_000_000));
            allowedOnly = Math.Max(allowedOnly, Rate(open, 2_000_000));
        }
        report.Add($"guard in memory, one core, {allowed * 100 / questions.Length} % allowed", best, "decisions/s", "goal", 1_000_000, 5);
        report.Add("guard in memory, one core, all allowed", allowedOnly, "decisions/s", "goal", 1_000_000, 5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 100_000; n++) ContactRules.Decide(open[n % open.Length]);
        report.Add("guard in memory, all allowed", (GC.GetAllocatedBytesForCurrentThread() - before) / 100_000.0, "bytes each");
    }

    private static double Rate(ContactQuestion[] questions, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < count; n++) ContactRules.Decide(questions[n % questions.Length]);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Triggers(Report report)
    {
        var rules = new TriggerSet(TriggerShelf.Shipped);
        var customer = new TriggerCustomer("c") { Since = Start.AddDays(-100) };
        foreach (var (what, fact) in new[]
        {
            ("no rule wants it", new TriggerFact("1", "payment.completed", "c", Start, """{"amount":100,"currency":"CNY"}""")),
            ("one rule reads it", new TriggerFact("1", "withdrawal.completed", "c", Start, """{"amount":100,"currency":"CNY"}""")),
        })
        {
            var started = Stopwatch.GetTimestamp();
            const int Count = 2_000_000;
            for (var n = 0; n < Count; n++) TriggerRules.Consider(fact, customer, rules, Start);
            report.Add($"trigger rules in memory, {what}", Count / Stopwatch.GetElapsedTime(started).TotalSeconds, "events/s", "goal", 1_000_000);
        }
    }

    private static async Task Stored(Report report, string name, string address, Scratch scratch, int customers)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRooms(new Ground(address, Path.Combine(scratch.Folder, $"keys-{name}")));
        await using var house = services.BuildServiceProvider();
        var (store, desk) = (house.GetRequiredService<Store>(), house.GetRequiredService<ContactDesk>());
        await Migrations.Apply(store, TimeProvider.System);
        Channel[] channels = [Channel.Voice, Channel.Phone, Channel.Sms, Channel.Email, Channel.InApp, Channel.Push];
        foreach (var part in Enumerable.Range(0, customers).Chunk(2000))
            await store.Write(async tx =>
            {
                await house.GetRequiredService<CustomerDesk>().Save(tx, [.. part.Select(n => new CustomerDraft($"c{n}", "Name", "en", "Europe/London", "GB") { Points = [new(PointKind.App, $"d{n}", true), new(PointKind.Phone, $"+4474{n:00000000}", true)], Since = Start.AddYears(-1) })], "bench");
                await house.GetRequiredService<ConsentDesk>().Record(tx, [.. part.SelectMany(n => channels.Select(channel => new Consent($"c{n}", Purpose.Service, channel, true, Start.AddDays(-90), "bench", "bench", "1")))]);
            });
        foreach (var stage in Enum.GetValues<ContactStage>())
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var part in Enumerable.Range(0, customers).Chunk(1000))
                await store.Write(tx => desk.Weigh(tx, [.. part.Select(n => new ContactWish($"c{n}", Purpose.Service, Channel.InApp) { Stage = stage })]));
            report.Add($"guard {name}: loaded, decided, stored with reasons, {stage}", customers / Stopwatch.GetElapsedTime(started).TotalSeconds, "decisions/s", "goal", 10_000);
        }
    }
}
