using System.Diagnostics;
using System.Net;
using Huifang.Accounts;
using Huifang.Commands;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Bench;

/// <summary>
/// A customer's record at a glance (what the staff page reads and opens) and her portal's first page over HTTP, among ten thousand customers and
/// among a million, each with twenty steps in her timeline. Steps of different customers lie mixed, as they happen.
/// </summary>
internal static class CustomerBench
{
    private const int StepsEach = 20, Looks = 2000, Few = 10_000;

    public static async Task Run(Report report, BenchOptions options)
    {
        var many = options.Rows > 0 ? options.Rows / StepsEach : 1_000_000;
        using var scratch = new Scratch();
        foreach (var customers in new[] { Few, many })
            await foreach (var (name, address) in Places.Both(scratch.Folder))
            {
                var folder = Path.Combine(scratch.Folder, $"{name}-{customers}");
                await using var app = ServeCommand.Build(new Settings(folder, address, "http://127.0.0.1:0", false), []);
                var store = app.Services.GetRequiredService<Store>();
                await Migrations.Apply(store, TimeProvider.System);
                await Fill(app.Services, store, customers);
                // The day's walk over all customers is over before people come.
                while (await app.Services.GetRequiredService<PeriodicCare>().Round(default)) { }
                await app.StartAsync();

                var board = await Look(app.Services, customers);
                Say(report, $"customer {name}: record, {customers:N0} customers", board, $"{name}/record");
                var page = await Home(app.Services, app.Urls.First(), customers);
                Say(report, $"customer {name}: portal page, {customers:N0} customers", page, $"{name}/page");
                await app.StopAsync();
            }
    }

    private static readonly Dictionary<string, double> AmongFew = [];

    private static void Say(Report report, string metric, double[] times, string key)
    {
        Array.Sort(times);
        var p99 = times[(int)(times.Length * .99)];
        if (AmongFew.TryGetValue(key, out var few)) report.Add($"{metric}, p99", p99, "ms", $"among {Few:N0}", few);
        else { AmongFew[key] = p99; report.Add($"{metric}, p99", p99, "ms"); }
        report.Add($"{metric}, p50", times[times.Length / 2], "ms");
    }

    private static string Id(int i) => $"c-{i:D8}";

    private static async Task<double[]> Look(IServiceProvider services, int customers)
    {
        var board = services.GetRequiredService<CustomerBoard>();
        var random = new Random(7);
        return await Timed(random, async () =>
        {
            var view = await board.Look(Id(random.Next(customers)), null) ?? throw new InvalidOperationException("A customer is missing.");
            if (view.Timeline.Count < StepsEach) throw new InvalidOperationException("A timeline is short.");
        });
    }

    /// <summary>A browser of one customer after another: each enters by her link, then her first page is timed.</summary>
    private static async Task<double[]> Home(IServiceProvider services, string address, int customers)
    {
        var links = services.GetRequiredService<Links>();
        var random = new Random(8);
        var clients = new List<HttpClient>();
        for (var i = 0; i < 200; i++)
        {
            var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(address) };
            var link = links.Make(LinkKind.Portal, Id(random.Next(customers)), DateTimeOffset.UtcNow.AddMinutes(2));
            (await client.GetAsync($"/me/enter?t={link}")).EnsureSuccessStatusCode();
            clients.Add(client);
        }
        var times = await Timed(random, async () =>
        {
            using var answer = await clients[random.Next(clients.Count)].GetAsync("/me");
            if (answer.StatusCode != HttpStatusCode.OK || answer.RequestMessage!.RequestUri!.AbsolutePath != "/me") throw new InvalidOperationException($"The page answered {answer.StatusCode}.");
            await answer.Content.ReadAsByteArrayAsync();
        });
        clients.ForEach(client => client.Dispose());
        return times;
    }

    private static async Task<double[]> Timed(Random random, Func<Task> look)
    {
        for (var i = 0; i < 300; i++) await look();
        var times = new double[Looks];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await look();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        return times;
    }

    private static async Task Fill(IServiceProvider services, Store store, int customers)
    {
        var (desk, consents) = (services.GetRequiredService<CustomerDesk>(), services.GetRequiredService<ConsentDesk>());
        foreach (var part in Enumerable.Range(0, customers).Chunk(2000))
            await store.Write(async tx =>
            {
                await desk.Save(tx, [.. part.Select(i => new CustomerDraft(Id(i), $"测试{i}", "zh-Hans", "Asia/Shanghai", "CN") { Points = [new(PointKind.App, $"device-{i}", true), new(PointKind.Phone, $"+86138{i:D8}", true)] })], "bench");
                foreach (var i in part.Where(i => i % 50 == 0)) await consents.Give(tx, Id(i), [(Purpose.Service, Channel.Voice)], "customer", "bench");
            });
        // On SQLite the timeline's index is made once at the end, which is only quicker to load.
        if (store.Dialect.IsSqlite) await store.Write(tx => tx.Run("drop index journal_timeline"));
        string[] kinds = ["payment.completed", "customer.logged-in", "top-up.completed", "withdrawal.completed", "feature.used"];
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = new Bulk<int>("journal", "on conflict do nothing",
            ("source", Column.Text, _ => "bench"), ("id", Column.Text, i => $"e-{i:D9}"), ("kind", Column.Text, i => kinds[i % kinds.Length]), ("customer_id", Column.Text, i => Id(i % customers)),
            ("at", Column.Number, i => now - 2_592_000_000L + i), ("recorded_at", Column.Number, _ => now), ("actor", Column.Text, _ => "wallet"), ("data", Column.Text, i => $$"""{"amount":{{1000 + i}},"currency":"CNY"}"""),
            ("body_hash", Column.Number, i => (long)i), ("considered", Column.Text, _ => "nobody"));
        var steps = customers * StepsEach;
        foreach (var part in Enumerable.Range(0, steps).Chunk(20_000))
        {
            await store.Write(tx => rows.Insert(tx, part, returning: ""));
            if (part[0] % 1_000_000 == 0) Console.Error.Write($"\rfilling: {100L * part[0] / steps} % of {steps:N0} steps ");
        }
        Console.Error.Write("\r");
        await store.Write(tx => tx.Run(store.Dialect.IsSqlite ? "create index journal_timeline on journal (customer_id, at desc, seq desc)" : "analyze journal"));
    }
}
