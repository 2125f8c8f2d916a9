using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Huifang.Accounts;
using Huifang.Checks;
using Huifang.Storage;
using Huifang.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Web.Tests;

/// <summary>The real server as its own process, killed without warning while events come in. What it acknowledged is there, once, and decided.</summary>
public sealed class KillTests
{
    private const int Kills = 4;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Killed_again_and_again_it_loses_nothing_and_does_nothing_twice(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("huifang-kill-").FullName;
        var (database, drop) = await Databases.New(kind, folder);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        try
        {
            var key = await Prepare(folder, database);
            var acknowledged = new ConcurrentDictionary<string, bool>();
            var sent = 0;
            for (var round = 0; round < Kills; round++)
            {
                using var server = await Server.Start(folder, database);
                using var enough = new CancellationTokenSource();
                var callers = Enumerable.Range(0, 8).Select(_ => Tell(server.Address, key, () => Interlocked.Increment(ref sent), acknowledged, enough.Token)).ToArray();
                // The kill falls at a random place of the work, counted in answers and not in seconds.
                var until = acknowledged.Count + random.Next(50, 400);
                while (acknowledged.Count < until) await Task.Delay(1);
                server.Kill();
                await enough.CancelAsync();
                await Task.WhenAll(callers);
            }
            using (var last = await Server.Start(folder, database)) await Considered(folder, database);
            await Judge(folder, database, acknowledged.Keys, seed);
        }
        finally
        {
            Npgsql.NpgsqlConnection.ClearAllPools();
            await drop();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Tell(string address, string key, Func<int> next, ConcurrentDictionary<string, bool> acknowledged, CancellationToken enough)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        while (!enough.IsCancellationRequested)
        {
            var id = $"e-{next()}";
            var customer = id.Length * 7 % 20 + int.Parse(id[2..], CultureInfo.InvariantCulture) % 20;
            var body = $$"""{"specversion":"1.0","id":"{{id}}","source":"wallet","type":"withdrawal.failed","subject":"k{{customer}}","data":{"amount":430000,"currency":"CNY"} }""";
            try
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/cloudevents+json");
                using var answer = await client.PostAsync("/v1/events", content, enough);
                if (answer.StatusCode == HttpStatusCode.Accepted) acknowledged[id] = true;
            }
            catch (Exception gone) when (gone is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException or IOException) { if (!enough.IsCancellationRequested) await Task.Yield(); }
        }
    }

    private static async Task<string> Prepare(string folder, string database)
    {
        await using var house = Open(folder, database);
        var store = house.GetRequiredService<Store>();
        await Migrations.Apply(store, TimeProvider.System);
        await store.Write(tx => house.GetRequiredService<Customers.CustomerDesk>().Save(tx, [.. Enumerable.Range(0, 60).Select(i => new Customers.CustomerDraft($"k{i}", "测试", "zh-Hans", "Asia/Shanghai", "CN")
        {
            Points = [new(Customers.PointKind.App, $"device-k{i}", true)],
        })], "test"));
        return await store.Write(tx => house.GetRequiredService<ApiKeyDesk>().Make(tx, "wallet", [Scope.Events]));
    }

    private static async Task Considered(string folder, string database)
    {
        await using var house = Open(folder, database);
        var store = house.GetRequiredService<Store>();
        for (var tries = 0; await store.Read(tx => tx.One<long>("select count(*) from reactions where listener = 'follow-ups'")) > 0; tries++)
        {
            Assert.True(tries < 600, "A minute after the last start some facts are still not considered.");
            await Task.Delay(100);
        }
    }

    private static async Task Judge(string folder, string database, ICollection<string> acknowledged, int seed)
    {
        await using var house = Open(folder, database);
        var store = house.GetRequiredService<Store>();
        var stand = (await store.Read(tx => tx.Query<string>("select id from journal where source = 'wallet'"))).ToHashSet(StringComparer.Ordinal);
        var lost = acknowledged.Where(id => !stand.Contains(id)).ToList();
        Assert.True(lost.Count == 0, $"seed {seed}: {lost.Count} of {acknowledged.Count} acknowledged events are lost: {string.Join(", ", lost.Take(5))}");
        var twice = await store.Read(tx => tx.One<long>("select count(*) from (select 1 from follow_ups group by rule_key, cause_seq having count(*) > 1) d"));
        Assert.Equal(0, twice);
        var broken = (await new LedgerCheck(store, TimeProvider.System).Run()).Violations;
        Assert.True(broken.Count == 0, $"seed {seed}: {string.Join("; ", broken.Take(5))}");
    }

    private static ServiceProvider Open(string folder, string database) =>
        new ServiceCollection().AddLogging().AddRooms(new Ground(database, Path.Combine(folder, "keys"))).BuildServiceProvider();

    private sealed class Server(Process process, string address) : IDisposable
    {
        public string Address => address;

        public static async Task<Server> Start(string folder, string database)
        {
            var address = $"http://127.0.0.1:{FreePort()}";
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Huifang.Web.dll"), "serve"]) { RedirectStandardOutput = true, Environment = { ["HUIFANG_DATA"] = folder, ["HUIFANG_URLS"] = address, ["HUIFANG_DATABASE"] = database, ["HUIFANG_DEMO"] = "" } };
            var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                if (line.Contains("is open at", StringComparison.Ordinal)) return new Server(process, address);
            throw new InvalidOperationException("The server ended before it was open.");
        }

        public void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        public void Dispose()
        {
            if (!process.HasExited) Kill();
            process.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
