using System.Security.Cryptography;
using System.Text;
using Huifang.Accounts;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Security;
using Huifang.Storage;
using Microsoft.Data.Sqlite;

namespace Huifang.Simulation.Machine;

/// <summary>
/// The database with which every seed of one season begins: schema, staff, two hundred customers with their consents, and thirty-three days of shifts. Made once for each
/// season by the house's own desks, then kept in memory.
/// </summary>
internal sealed class Template
{
    public const int Customers = 200;
    public const int ShiftDays = 33;

    /// <summary>Where they live, and what time it is there: summer time begins and ends on other days in each, once by half an hour, and some zones are off by a part of an hour.</summary>
    public static readonly (string Country, string Zone, string Language)[] Homes =
    [
        ("CN", "Asia/Shanghai", Language.Simplified), ("CN", "Asia/Urumqi", Language.Simplified), ("HK", "Asia/Hong_Kong", Language.Traditional), ("TW", "Asia/Taipei", Language.Traditional),
        ("SG", "Asia/Singapore", Language.English), ("GB", "Europe/London", Language.English), ("US", "America/New_York", Language.English), ("US", "America/Los_Angeles", Language.English),
        ("GB", "Australia/Lord_Howe", Language.English), ("DE", "Europe/Berlin", Language.English), ("US", "America/St_Johns", Language.English), ("FR", "Africa/Casablanca", Language.English),
        ("HK", "Asia/Kathmandu", Language.English), ("CN", "Pacific/Chatham", Language.Simplified),
    ];

    public static readonly (string Id, string Zone)[] Agents = [("a-lin", "Asia/Shanghai"), ("a-ma", "Asia/Shanghai"), ("a-price", "Europe/London"), ("a-reyes", "America/New_York"), ("a-howe", "Australia/Lord_Howe")];

    /// <summary>Weeks in which something about time is special: summer time begins or ends somewhere, golden weeks, the turn of the year.</summary>
    public static readonly DateTimeOffset[] Seasons = [Day(2026, 3, 1), Day(2026, 3, 20), Day(2026, 9, 25), Day(2026, 10, 15), Day(2026, 2, 6), Day(2026, 12, 10), Day(2026, 6, 3), Day(2026, 11, 20)];

    private static readonly Lazy<Keyring> FixedKeys = new(() => new Keyring(Directory.CreateTempSubdirectory("huifang-sim-").FullName, new FixedGuard()));

    public static Keyring Keys => FixedKeys.Value;

    public static CachedConnection Open(int season, WorldClock clock, Lines lines)
    {
        var connection = new CachedConnection(new SqliteConnectionStringBuilder { DataSource = ":memory:", Pooling = false }.ToString());
        connection.Open();
        connection.Run("pragma foreign_keys=on; pragma synchronous=off; pragma journal_mode=memory; pragma temp_store=memory; pragma cache_size=-65536;");
        var log = new LogBook();
        var chance = new Chance(7);
        clock.Now = Day(2025, 6, 1);
        using var house = House.Open(new(connection, clock, Keys, lines, log, Plans: true, null), chance);
        var stage = new Stage();
        void Do(Func<Task> act) => stage.Play(house.Store, [new Act("template", act)], (_, failed) => throw new InvalidOperationException("The template could not be made.", failed));
        Do(() => Migrations.Apply(house.Store, clock));
        Do(() => house.Store.Write(tx => People(house, tx, chance)));
        clock.Now = Seasons[season].AddDays(-1);
        Do(() => house.Store.Write(tx => Shifts(house, tx, DateOnly.FromDateTime(Seasons[season].UtcDateTime))));
        foreach (var work in house.Works.Values) Do(async () => { while (await work.Round(default)) { } });
        if (log.Lines.Count > 0) throw new InvalidOperationException(log.Lines[0]);
        connection.Run("delete from audit_waiting");
        return connection;
    }

    private static async Task People(House house, Tx tx, Chance chance)
    {
        // The password is never used; making a good one takes longer than a seed.
        foreach (var (id, roles) in new[] { ("s-jiang", new[] { Role.Supervisor, Role.Agent }), ("s-shen", [Role.Compliance]), ("s-cheng", [Role.Agent]), ("s-wei", [Role.Agent]) }.Concat(Agents.Select(agent => (agent.Id, new[] { Role.Agent }))))
            await StaffTable.Insert(tx, new StaffRow(id, id, id, string.Join(' ', roles), Language.English, "none", [1], 0, 0, null, null), house.Get<TimeProvider>().GetUtcNow());
        foreach (var (id, zone) in Agents) await house.Get<PlanningDesk>().SaveAgent(tx, new Agent(id, id, zone, [Language.Simplified, Language.Traditional, Language.English], ["general", "security"]), "test");
        await house.Get<CustomerDesk>().Save(tx, [.. Enumerable.Range(0, Customers).Select(i => Draft(i, chance))], "test");
        await house.Get<ConsentDesk>().Record(tx, [.. Enumerable.Range(0, Customers).SelectMany(i => Consents(i, chance))]);
    }

    public static string IdOf(int number) => $"c-{number:000}";
    public static string PhoneOf(int number) => $"+86138{12340000 + number:00000000}";

    private static CustomerDraft Draft(int number, Chance chance)
    {
        var home = Homes[number % Homes.Length];
        var points = new List<PointDraft>();
        if (chance.Is(.9)) points.Add(new(PointKind.App, $"device-{number}", true));
        if (chance.Is(.95)) points.Add(new(PointKind.Phone, PhoneOf(number), true));
        if (chance.Is(.7)) points.Add(new(PointKind.Email, $"c{number}@example.com", true));
        return new(IdOf(number), $"客户{number}", home.Language, chance.Is(.03) ? null : home.Zone, chance.Is(.02) ? null : home.Country) { Points = points, Since = Day(2025, 6, 1).AddDays(-chance.Between(1, 900)) };
    }

    private static IEnumerable<Consent> Consents(int number, Chance chance)
    {
        foreach (var (purpose, share) in new[] { (Purpose.Service, .9), (Purpose.Survey, .7), (Purpose.Complaint, .95) })
            if (chance.Is(share))
                foreach (var channel in Enum.GetValues<Channel>())
                    if (chance.Is(.95)) yield return new(IdOf(number), purpose, channel, true, Day(2025, 5, 1), "customer", "registration", ConsentDesk.CurrentWording);
    }

    private static async Task Shifts(House house, Tx tx, DateOnly first)
    {
        for (var day = -1; day < ShiftDays; day++)
            foreach (var (id, _) in Agents)
                await house.Get<PlanningDesk>().SetRows(tx, id, first.AddDays(day), [(TimeKind.Shift, new(9, 0), new(18, 0)), (TimeKind.Break, new(12, 0), new(13, 0))], "test");
    }

    public static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Keys that are the same in every run: blind indexes stand in the ledger whose hash is compared.</summary>
    private sealed class FixedGuard : IKeyGuard
    {
        public string Ending => "sim";
        public byte[] Seal(string name, byte[] key) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
        public byte[] Open(string name, byte[] box) => box;
    }
}
