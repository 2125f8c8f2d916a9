using Huifang.Contacts;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.Storage;
using Huifang.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huifang.Tests;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;
    public override DateTimeOffset GetUtcNow() => _now;
    public void Pass(TimeSpan time) => _now += time;
    public void Set(DateTimeOffset now) => _now = now;
}

/// <summary>
/// The whole house without its web pages, on a database of its own and a clock in the test's hand.
/// Workers do not run by themselves: <see cref="Settle"/> lets each do its rounds until nothing is left.
/// </summary>
public sealed class House : IAsyncDisposable
{
    /// <summary>Tuesday 24 November 2026, 10:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly Func<Task> _drop;
    private readonly ServiceProvider _services;

    private House(string folder, Func<Task> drop, ServiceProvider services, HandClock clock)
    {
        (_folder, _drop, _services, Clock) = (folder, drop, services, clock);
    }

    public HandClock Clock { get; }
    public Store Store => Get<Store>();
    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<House> Open(string database, Action<IServiceCollection>? more = null)
    {
        var folder = Directory.CreateTempSubdirectory("huifang-").FullName;
        var (address, drop) = await Databases.New(database, folder);
        var clock = new HandClock(Morning);
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<TimeProvider>(clock);
        services.AddRooms(new Ground(address, Path.Combine(folder, "keys")));
        var viewer = new global::Huifang.Simulated.SimulatedLine();
        services.AddSingleton(new global::Huifang.Messages.Lines(viewer, viewer));
        services.AddSingleton<global::Huifang.Webhooks.IWebhookLine>(new global::Huifang.Webhooks.HttpWebhookLine(new global::Huifang.Http.GuardedHttp()));
        services.AddSingleton<global::Huifang.Feedback.IFeedLine>(new global::Huifang.Feeds.HttpFeedLine(new global::Huifang.Http.GuardedHttp()));
        more?.Invoke(services);
        var house = new House(folder, drop, services.BuildServiceProvider(), clock);
        await Migrations.Apply(house.Store, clock);
        return house;
    }

    public IEnumerable<T> All<T>() => _services.GetServices<T>();
    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();
    public Task<T> Write<T>(Func<Tx, Task<T>> work) => Store.Write(work);
    public Task Write(Func<Tx, Task> work) => Store.Write(work);
    public Task<T> Read<T>(Func<Tx, Task<T>> work) => Store.Read(work);

    /// <summary>As the page does it: the lock is read, the password tried outside, the rest in one transaction.</summary>
    public async Task<Accounts.SignIn> SignIn(string login, string password, string code, string device = "test")
    {
        var tried = (await Read(tx => Get<Accounts.AccountDesk>().LockOf(tx, login))).Try(password);
        return await Write(tx => Get<Accounts.AccountDesk>().SignIn(tx, tried, code, device));
    }

    /// <summary>Runs every worker's rounds until a whole turn finds nothing to do.</summary>
    public async Task Settle()
    {
        for (var turn = 0; turn < 50; turn++)
        {
            // What a worker did may give an earlier one something to do: a turn was quiet only when nothing waited before it and no fact came up in it.
            var before = (await Waiting(), await Told());
            var more = false;
            foreach (var work in _services.GetServices<IWork>()) more |= await work.Round(CancellationToken.None);
            if (!more && before == (0, await Told()) && await Waiting() == 0) return;
        }
        throw new InvalidOperationException("The house does not come to rest: a worker always says that there is more.");
    }

    private Task<long> Told() => Read(tx => tx.One<long>("select coalesce(max(seq), 0) from journal"));

    private Task<long> Waiting()
    {
        var listeners = _services.GetServices<Huifang.Journal.IReaction>().Select(r => r.Listener).Append("").ToArray();
        return Read(tx => tx.One<long>("select count(*) from reactions where try_at <= @now and listener in @listeners", new { now = Now, listeners }));
    }

    /// <summary>Zhou Muqing in Hangzhou: phone, mail and app verified, service and survey contacts agreed to on every channel.</summary>
    public async Task<string> Customer(string id = "c-zhou", string zone = "Asia/Shanghai", string country = "CN", string language = "zh-Hans", bool consents = true)
    {
        await Write(async tx =>
        {
            await Get<CustomerDesk>().Save(tx, [new CustomerDraft(id, "周慕晴", language, zone, country)
            {
                Points = [new(PointKind.App, $"device-{id}", true), new(PointKind.Phone, $"+86138{Math.Abs(id.GetHashCode(StringComparison.Ordinal)) % 100000000:00000000}", true), new(PointKind.Email, $"{id}@example.com", true)],
                Since = Now.AddYears(-2),
            }], "test");
            if (consents) await Get<ConsentDesk>().Give(tx, id, Everything(), "customer", "portal");
        });
        return id;
    }

    private static IEnumerable<(Purpose, Channel)> Everything() =>
        new[] { Purpose.Service, Purpose.Survey, Purpose.Complaint }.SelectMany(purpose => Enum.GetValues<Channel>().Select(channel => (purpose, channel)));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        await _drop();
        Directory.Delete(_folder, recursive: true);
    }
}
