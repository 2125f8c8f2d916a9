using Huifang.Accounts;
using Huifang.Booking;
using Huifang.Calendars;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Fire.Machines;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Planning;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Fire.Load;

/// <summary>Who lives in a place under fire: customers by what will happen to them, agents, and the wallet's key.</summary>
public sealed record Population(string Key, IReadOnlyList<StaffSecrets> Agents, IReadOnlyDictionary<string, string> BookingLinks, int Stoppers)
{
    public const int Told = 60;

    /// <summary>Of whom there is a talk that waits, one each.</summary>
    private const int Called = 600, Bookers = 200, StoppersMax = 300;
    private const int Desks = 4, Calendars = 10;

    public static string TelephoneOf(int stopper) => $"+86138{stopper:D8}";

    /// <summary>Fills an empty, migrated database.</summary>
    /// <param name="small">A fifth of everybody, for a place that does not stand long.</param>
    /// <param name="desks">How many agents work there; 0: a few.</param>
    public static async Task<Population> Move(Place place, bool small = false, int desks = 0)
    {
        var (called, bookers, stoppers) = small ? (Called / 5, Bookers / 5, StoppersMax / 5) : (Math.Max(Called, desks * 6), Bookers, StoppersMax);
        if (desks == 0) desks = small ? 2 : Desks;
        await using var house = place.Open();
        var store = house.GetRequiredService<Store>();
        await Migrations.Apply(store, TimeProvider.System);
        var (now, zone) = (DateTimeOffset.UtcNow, WhereItIsMorning(DateTimeOffset.UtcNow));
        var key = await store.Write(tx => house.GetRequiredService<ApiKeyDesk>().Make(tx, "wallet", [Scope.Events, Scope.Complaints, Scope.FollowUps, Scope.Customers, Scope.Webhooks]));
        var agents = new List<StaffSecrets>();
        await store.Write(async tx =>
        {
            for (var i = 0; i < Math.Max(desks, Calendars); i++)
            {
                if (i < desks) agents.Add(await house.GetRequiredService<AccountDesk>().Add(tx, new Staff($"a-{i}", $"a-{i}", $"Agent {i}", [Role.Agent], Language.English)));
                await house.GetRequiredService<PlanningDesk>().SaveAgent(tx, new Agent($"a-{i}", $"Agent {i}", zone, [.. Language.All], ["general"]), "test");
                for (var day = 0; day < 3; day++)
                    await house.GetRequiredService<PlanningDesk>().SetDay(tx, $"a-{i}", ZoneClock.Find(zone)!.LocalDate(now).AddDays(day), new AgentDay(default, new(9, 0), new(20, 0), []), "test");
            }
        });
        await Customers(house, store, zone, Enumerable.Range(0, Told).Select(i => ($"k{i}", (string?)null)));
        await Customers(house, store, zone, Enumerable.Range(0, stoppers).Select(i => ($"s{i}", (string?)TelephoneOf(i))));
        await Customers(house, store, zone, Enumerable.Range(0, called).Select(i => ($"c{i}", (string?)null)));
        await Customers(house, store, zone, Enumerable.Range(0, bookers).Select(i => ($"b{i}", (string?)null)));
        await store.Write(async tx =>
        {
            var desk = house.GetRequiredService<FollowUpDesk>();
            await desk.Arrange(tx, [.. Enumerable.Range(0, called).Select(i => Wanted(house, $"c{i}", i, FollowUpState.Waiting, now))]);
        });
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        await store.Write(async tx =>
        {
            var wanted = Enumerable.Range(0, bookers).Select(i => Wanted(house, $"b{i}", 100_000 + i, FollowUpState.Invited, now) with { DueAt = now.AddDays(1) }).ToList();
            await house.GetRequiredService<FollowUpDesk>().Arrange(tx, wanted);
            foreach (var one in wanted) links[one.Id] = house.GetRequiredService<Links>().Make(LinkKind.Booking, one.Id, now.AddDays(3));
        });
        return new(key, agents, links, stoppers);
    }

    private static FollowUp Wanted(ServiceProvider house, string customer, long cause, FollowUpState state, DateTimeOffset now) => new(
        house.GetRequiredService<Ids>().New(), customer, "fire", 1, cause, Purpose.Service, Channel.Voice, "standard", 500, state, now, now.AddMinutes(-1), now.AddDays(2), now.AddDays(5)) { Language = Language.English };

    private static async Task Customers(ServiceProvider house, Store store, string zone, IEnumerable<(string Id, string? Phone)> people)
    {
        foreach (var some in people.Chunk(500))
            await store.Write(async tx =>
            {
                await house.GetRequiredService<CustomerDesk>().Save(tx, [.. some.Select(one => new CustomerDraft(one.Id, "Mia Carter", Language.English, zone, "CN")
                {
                    Points = one.Phone is null ? [new(PointKind.App, $"device-{one.Id}", true)] : [new(PointKind.App, $"device-{one.Id}", true), new(PointKind.Phone, one.Phone, true)], Since = DateTimeOffset.UtcNow.AddYears(-2),
                })], "test");
                foreach (var one in some)
                    await house.GetRequiredService<ConsentDesk>().Give(tx, one.Id, new[] { Channel.Voice, Channel.Sms, Channel.InApp }.Select(channel => (Purpose.Service, channel)), "customer", "portal");
            });
    }

    /// <summary>A zone in which people may be called for the next hours, whatever time it is here.</summary>
    private static string WhereItIsMorning(DateTimeOffset now) =>
        new[] { "Asia/Shanghai", "Asia/Kolkata", "Asia/Dubai", "Europe/Berlin", "Europe/London", "Atlantic/Azores", "America/Sao_Paulo", "America/New_York", "America/Denver", "Pacific/Honolulu", "Pacific/Auckland", "Pacific/Guam" }
            .MinBy(zone => Math.Abs(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).TimeOfDay.TotalHours - 10.5))!;
}
