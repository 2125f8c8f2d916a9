using System.Diagnostics;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Fire.Kill;

/// <summary>
/// <c>bin/prove kill --kills N</c>: the real server under load, killed with <c>kill -9</c> at random places and at commit edges, its database too, and both; started anew, loaded on, killed again.
/// After every few dozen kills the ledger is compared with what everybody outside was told.
/// </summary>
public sealed class KillProof(Options options)
{
    private const int KillsPerPlace = 50;
    private readonly Figures _figures = new();
    private readonly List<TimeSpan> _restarts = [], _returns = [], _recovered = [];
    private readonly Random _random = new(options.Seed);
    private int _killed;

    public static async Task<Figures> Run(Options options) => await new KillProof(options).Run();

    private async Task<Figures> Run()
    {
        var kills = options.Number("kills", 60);
        var databases = options.Databases;
        var place = 0;
        while (_killed < kills && _figures.Broken.Count == 0)
        {
            // Each database its fair part, in pieces that are judged by themselves.
            var left = (int)Math.Ceiling((kills - _killed) / (double)Math.Max(1, databases.Count - place));
            var many = Math.Min(Math.Min(KillsPerPlace, kills - _killed), kills <= KillsPerPlace * databases.Count ? left : KillsPerPlace);
            await At(databases[place % databases.Count], many);
            place++;
        }
        _figures.Set("kills", (long)_killed);
        _figures.Spread("recovered from the network", _recovered);
        _figures.Spread("restart", _restarts);
        _figures.Spread("until the next acknowledgement", _returns);
        return _figures;
    }

    private async Task At(string database, int kills)
    {
        var folder = Directory.CreateTempSubdirectory("huifang-fire-").FullName;
        // PostgreSQL's own user reads its folder below.
        if (database == "postgres") File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        await using var cluster = database == "postgres" ? await Cluster.Make(Path.Combine(folder, "cluster")) : null;
        if (cluster is not null) await cluster.Do("postgres", "create database huifang");
        // With --network bad everybody speaks through proxies that misbehave too.
        var port = Place.FreePort();
        using var network = options.Text("network", "good") == "bad" ? new Network(cluster, port) : null;
        var front = new Place(folder, network?.Database is { } through ? $"postgres://huifang@127.0.0.1:{through.Port}/huifang" : cluster?.AddressOf("huifang") ?? Path.Combine(folder, "huifang.db")) { Port = port };
        var place = network is null ? front : new Place(folder, front.Database) { Port = port, Front = $"http://127.0.0.1:{network.Clients.Port}" };
        var began = Stopwatch.GetTimestamp();
        var people = await Population.Move(place);
        Console.WriteLine($"{database}: filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        using var crowd = new Crowd(place, people, _random.Next());
        await new Siege(place, cluster, crowd, _random) { Network = network }.Kill(kills, (how, restart, back) =>
        {
            if (Network.Ways.Contains(how)) { _figures.Add($"{database}: {how}", 1); if (back is { } after) _recovered.Add(after); return; }
            _killed++;
            _figures.Add($"{database}: {how}", 1);
            _restarts.Add(restart);
            if (back is { } returned) _returns.Add(returned);
            if (_killed % 10 == 0) Console.WriteLine($"{_killed} kills, {crowd.Deeds.Count:N0} acknowledged here; the last one started again in {restart.TotalSeconds:0.0} s");
        });
        var judge = new KillJudge(place, crowd.Deeds);
        began = Stopwatch.GetTimestamp();
        var found = await judge.Judge();
        Console.WriteLine($"{database}: judged in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        _figures.Broken.AddRange(found.Concat(crowd.Contradictions).Select(broken => $"seed {options.Seed}, {database}, {folder}: {broken}"));
        _figures.Add("acknowledged", crowd.Deeds.Count);
        foreach (var deed in Enum.GetValues<Deed>()) _figures.Add($"{deed}".ToLowerInvariant(), crowd.Deeds.Of(deed).Count);
        _figures.Add("broken off", crowd.Deeds.Failed);
        _figures.Add("answered 500", crowd.Deeds.Statuses.GetValueOrDefault(500));
        _figures.Add("lost", judge.Lost);
        _figures.Add("doubled", judge.Doubled);
        foreach (var (why, times) in crowd.Deeds.Refused.OrderByDescending(one => one.Value).Take(6)) Console.WriteLine($"  refused {times} times: {why}");
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (cluster is not null) await cluster.DisposeAsync();
        // What broke is kept to be looked at.
        if (_figures.Broken.Count == 0) Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One place under load, killed again and again.</summary>
public sealed class Siege(Place place, Cluster? cluster, Crowd crowd, Random random)
{
    // Generous: on a machine that does much else a start alone takes half a minute, and that is slow, not wrong.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What stands between everybody, when it is to misbehave.</summary>
    public Network? Network { get; init; }

    /// <param name="killed">After each kill: how, how long until the server took requests again, and until somebody was acknowledged something.</param>
    public async Task Kill(int kills, Action<string, TimeSpan, TimeSpan?> killed)
    {
        using var enough = new CancellationTokenSource();
        var server = await ServerProcess.Start(place) ?? throw new InvalidOperationException("The first server did not open.");
        var work = crowd.Work(enough.Token);
        for (var kill = 0; kill < kills; kill++)
        {
            var how = Choose();
            await Until(crowd.Deeds.Count + random.Next(5, 120), server);
            if (Network is not null) await Misbehave(server, killed);
            var started = Stopwatch.GetTimestamp();
            var before = crowd.Deeds.Count;
            if (how is "database" or "both") cluster!.Kill();
            if (how is not "database") server.Kill();
            if (how is "database" or "both") await cluster!.Start();
            if (how is not "database")
            {
                var edge = how is "server" or "both" ? null : $"{(how == "before a commit" ? Edge.Before : Edge.After)}:{random.Next(1, 400)}";
                server.Dispose();
                // A server that ends itself at an edge does so while the next one is awaited.
                while ((server = await ServerProcess.Start(place, edge)) is null) edge = null;
                if (edge is not null)
                {
                    using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                    await Task.WhenAny(server.Ended(late.Token));
                    if (!server.HasEnded) server.Kill();
                    started = Stopwatch.GetTimestamp();
                    before = crowd.Deeds.Count;
                    server.Dispose();
                    server = await ServerProcess.Start(place) ?? throw new InvalidOperationException("The server did not open again.");
                }
            }
            var restart = Stopwatch.GetElapsedTime(started);
            var again = await Until(before + 1, server);
            killed(how, restart, again ? Stopwatch.GetElapsedTime(started) : null);
            if (!again && !server.HasEnded) crowd.Contradict($"after {how} was killed nothing was acknowledged for {Patience.TotalSeconds} s");
        }
        await enough.CancelAsync();
        await work;
        await Settle(place, crowd);
        server.Dispose();
    }

    /// <summary>Between two kills the network does something, and everybody has to get over it.</summary>
    private async Task Misbehave(ServerProcess server, Action<string, TimeSpan, TimeSpan?> killed)
    {
        var how = Network.Ways[random.Next(Network.Ways.Length)];
        var before = crowd.Deeds.Count;
        var started = Stopwatch.GetTimestamp();
        await Network!.Do(how);
        var again = await Until(before + 20, server);
        killed(how, default, again ? Stopwatch.GetElapsedTime(started) : null);
        if (!again && !server.HasEnded) crowd.Contradict($"after {how} less than 20 things were acknowledged in {Patience.TotalSeconds} s");
    }

    private string Choose()
    {
        string[] ways = cluster is null ? ["server", "server", "before a commit", "after a commit"] : ["server", "database", "database", "both", "before a commit", "after a commit"];
        return ways[random.Next(ways.Length)];
    }

    private async Task<bool> Until(long count, ServerProcess server)
    {
        var started = Stopwatch.GetTimestamp();
        while (crowd.Deeds.Count < count && !server.HasEnded && Stopwatch.GetElapsedTime(started) < Patience) await Task.Delay(2);
        return crowd.Deeds.Count >= count;
    }

    /// <summary>Lets the last server decide about everything that was acknowledged.</summary>
    public static async Task Settle(Place place, Crowd crowd)
    {
        await using var house = place.Open();
        var store = house.GetRequiredService<Store>();
        for (var tries = 0; tries < 600; tries++)
        {
            if (await store.Read(async tx => await tx.One<long>("select count(*) from reactions where tries < 1") + await tx.One<long>("select count(*) from complaint_intake where fate = 'Waiting'")) == 0) return;
            await Task.Delay(100);
        }
        crowd.Contradict("a minute after the last kill some facts are still not considered");
    }
}
