using Huifang.Accounts;
using Huifang.Booking;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Planning;
using Huifang.Storage;
using Huifang.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.Web.Tests;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;
    public override DateTimeOffset GetUtcNow() => _now;
    public void Set(DateTimeOffset now) => _now = now;
}

/// <summary>
/// The whole product on a real port, with a few people in it: Tuesday 24 November 2026, 10:12 in Shanghai. Workers do their rounds when told to.
/// </summary>
public sealed class Site : IAsyncDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 11, 24, 2, 12, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("huifang-web-").FullName;
    private readonly WebApplication _app;

    private Site(string? database)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Huifang.Web", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.AddHuifang(new Settings(_folder, database ?? Path.Combine(_folder, "huifang.db"), "http://127.0.0.1:0", IsDemo: true), Clock);
        builder.Services.RemoveAll<IHostedService>();
        _app = builder.Build().MapHuifang();
    }

    public StandingClock Clock { get; } = new(Morning);
    public string Address => _app.Urls.First();
    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();
    public Task<T> Write<T>(Func<Tx, Task<T>> work) => Get<Store>().Write(work);
    public Task Write(Func<Tx, Task> work) => Get<Store>().Write(work);
    public Task<T> Read<T>(Func<Tx, Task<T>> work) => Get<Store>().Read(work);
    public StaffSecrets Supervisor { get; private set; } = null!;

    /// <param name="database">The address of an empty PostgreSQL database; a SQLite file of its own without it.</param>
    public static async Task<Site> Open(string? database = null)
    {
        var site = new Site(database);
        await Migrations.Apply(site.Get<Store>(), site.Clock);
        await site._app.StartAsync();
        await site.Seed();
        return site;
    }

    public async Task Settle()
    {
        var works = _app.Services.GetServices<IWork>().ToList();
        for (var turn = 0; turn < 6; turn++)
            foreach (var work in works)
                while (await work.Round(default)) { }
    }

    /// <summary>A link to the page of a follow-up as its customer gets it.</summary>
    public string Link(string followUpId, LinkKind kind = LinkKind.Booking) => $"{(kind == LinkKind.Survey ? "/s/" : "/r/")}{Get<Links>().Make(kind, followUpId, Clock.GetUtcNow().AddDays(3))}";

    /// <summary>The way into the portal for a customer.</summary>
    public string Enter(string customerId) => $"/me/enter?t={Get<Links>().Make(LinkKind.Portal, customerId, Clock.GetUtcNow().AddMinutes(2))}";

    public const string Invited = "01930000-0000-7000-8000-000000000001", Booked = "01930000-0000-7000-8000-000000000002", Broken = "01930000-0000-7000-8000-000000000003",
        Finished = "01930000-0000-7000-8000-000000000004", Declined = "01930000-0000-7000-8000-000000000005", English = "01930000-0000-7000-8000-000000000006";

    private async Task Seed()
    {
        await Write(async tx =>
        {
            Supervisor = await Get<AccountDesk>().Add(tx, new Staff("s-cheng", "chengshu", "程述", [Role.Supervisor, Role.Compliance, Role.Administrator], Language.Simplified));
            foreach (var (id, name) in new[] { ("a-lin", "林静"), ("a-gu", "顾言") })
            {
                await Get<AccountDesk>().Add(tx, new Staff(id, id, name, [Role.Agent], Language.Simplified));
                await Get<PlanningDesk>().SaveAgent(tx, new Agent(id, name, "Asia/Shanghai", [.. Language.All], ["general"]), "test");
                for (var day = 0; day < 4; day++)
                    await Get<PlanningDesk>().SetDay(tx, id, new DateOnly(2026, 11, 24 + day), new AgentDay(default, new(10, 0), new(18, 0), [(TimeKind.Break, new(12, 0), new(13, 30))]), "test");
            }
            await Customer(tx, "c-zhou", "周慕晴", Language.Simplified, "Asia/Shanghai", "CN", "+8613800004821");
            await Customer(tx, "c-chan", "陳嘉敏", Language.Traditional, "Asia/Hong_Kong", "HK", "+85251234567");
            await Customer(tx, "c-carter", "Mia Carter", Language.English, "Europe/London", "GB", "+447700900123");
            await Customer(tx, "c-yan", "严一宁", Language.Simplified, "Asia/Shanghai", "CN", "+8613900001111");
            await Customer(tx, "c-gao", "高远", Language.Simplified, "Asia/Shanghai", "CN", "+8613900002222");
            await Customer(tx, "c-lu", "陆思远", Language.Simplified, "Asia/Shanghai", "CN", "+8613900003333");
        });
        await Write(tx => Get<FollowUpDesk>().Arrange(tx, [
            Wanted(Invited, "c-zhou", "withdrawal-failed", 1), Wanted(Booked, "c-chan", "complaint-resolved", 2, Language.Traditional), Wanted(Broken, "c-yan", "feature-first-use", 3),
            Wanted(Finished, "c-gao", "quarterly-care", 4), Wanted(Declined, "c-lu", "dormancy", 5), Wanted(English, "c-carter", "new-customer", 6, Language.English)]));
        await Settle();
        await Write(async tx =>
        {
            var desk = Get<FollowUpDesk>();
            var offers = (await Get<BookingBoard>().Look(tx, Booked))!.Offers;
            await Get<BookingDesk>().Book(tx, Booked, offers.First(slot => slot.From > Morning.AddHours(20)).Id, "customer");
            await Get<BookingDesk>().Book(tx, Broken, offers[0].Id, "customer");
            await desk.BreakPromise(tx, (await desk.Find(tx, Broken))!);
            await desk.Decline(tx, (await desk.Find(tx, Declined))!, "customer");
            await desk.Take(tx, (await desk.Find(tx, Finished))!, "a-lin");
            await desk.Finish(tx, (await desk.Find(tx, Finished))!, "a-lin", "Satisfied", FollowUpState.Finished);
        });
        await Settle();
    }

    private async Task Customer(Tx tx, string id, string name, string language, string zone, string country, string phone)
    {
        await Get<CustomerDesk>().Save(tx, [new CustomerDraft(id, name, language, zone, country)
        {
            Points = [new(PointKind.App, $"device-{id}", true), new(PointKind.Phone, phone, true), new(PointKind.Email, $"{id}@mail.example", true)], Since = Morning.AddYears(-2),
        }], "test");
        await Get<ConsentDesk>().Give(tx, id, new[] { Purpose.Service, Purpose.Survey, Purpose.Complaint }.SelectMany(purpose => Enum.GetValues<Channel>().Select(channel => (purpose, channel))), "customer", "portal");
    }

    private static FollowUp Wanted(string id, string customer, string rule, long cause, string language = Language.Simplified) => new(
        id, customer, rule, 1, cause, rule == "complaint-resolved" ? Purpose.Complaint : Purpose.Service, Channel.Voice, "standard", 500, FollowUpState.Arranged,
        Morning, Morning, Morning.AddHours(56), Morning.AddDays(5)) { Language = language };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
