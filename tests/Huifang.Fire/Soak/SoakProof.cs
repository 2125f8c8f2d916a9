using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Huifang.Fire.Kill;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Soak;

/// <summary>
/// <c>bin/prove soak --minutes M</c>: a working day in minutes. Agents at their desks, customers in the portal and at their links, events by the batch, slow senders, thousands of idle connections and a webhook receiver
/// that takes calls and never speaks. Each kind of request is timed beside the same one on the idle server; memory is watched, and nothing may starve.
/// </summary>
public sealed class SoakProof(Options options)
{
    private static readonly TimeSpan StarvesAfter = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(long At, double Ms, bool Ok)>> _timed = new(StringComparer.Ordinal);
    private readonly Random _random = new(options.Seed);

    public static async Task<Figures> Run(Options options) => await new SoakProof(options).Run();

    private async Task<Figures> Run()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-soak-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        await using var cluster = options.Text("database", "sqlite") == "postgres" ? await Cluster.Make(Path.Combine(folder, "cluster")) : null;
        if (cluster is not null) await cluster.Do("postgres", "create database huifang");
        var place = new Place(folder, cluster?.AddressOf("huifang") ?? Path.Combine(folder, "huifang.db"));
        var people = await Population.Move(place, desks: options.Number("agents", 200));
        using var mute = new Mute();
        using var server = await ServerProcess.Start(place, null, ("HUIFANG_FETCH_ALLOW", $"127.0.0.1:{mute.Port}")) ?? throw new InvalidOperationException("The server did not open.");
        using var crowd = new Crowd(place, people with { Agents = [] }, options.Seed);
        var agents = people.Agents.Select(agent => new AgentCaller(place, agent, crowd)).ToList();
        await Subscribe(place, people, mute);
        await Parallel.ForEachAsync(agents, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (agent, stop) => await Time("sign-in", () => agent.SignIn(stop)));
        Console.WriteLine($"{agents.Count} agents are in");

        // The idle figure: the same requests, one at a time, nobody else there.
        for (var i = 0; i < options.Number("idle", 40); i++) foreach (var kind in Kinds) await Once(kind, place, people, agents, _random, default);
        var idle = Close();
        _figures.Spread("sign-in", idle["sign-in"].Select(one => TimeSpan.FromMilliseconds(one.Ms)));
        var before = Memory(server);
        using var over = new CancellationTokenSource(TimeSpan.FromMinutes(options.Number("minutes", 10)));
        var memory = new List<(double Minutes, double Megabytes)>();
        using var still = await Idle.Open(place, options.Number("idle-connections", 10_000));
        Console.WriteLine($"{still.Count} idle connections");
        var started = Stopwatch.GetTimestamp();
        List<Task> work = [.. agents.Select(agent => Repeat(stop => Time("desk", () => agent.Call(stop)), TimeSpan.FromSeconds(2), over.Token))];
        for (var i = 0; i < options.Number("customers", 40); i++)
        {
            var random = new Random(options.Seed + i);
            work.Add(Repeat(stop => Once(Kinds[random.Next(Kinds.Length - 1)], place, people, agents, random, stop), TimeSpan.FromMilliseconds(400), over.Token));
        }
        for (var i = 0; i < 4; i++) { var sender = new Batches(place, people, options.Seed + i); work.Add(Repeat(stop => Time("batch of 200 events", () => sender.Send(crowd, stop)), TimeSpan.FromMilliseconds(400), over.Token)); }
        for (var i = 0; i < 30; i++) work.Add(Repeat(stop => Slow(place, stop), TimeSpan.FromMilliseconds(100), over.Token));
        work.Add(Repeat(_ => { memory.Add((Stopwatch.GetElapsedTime(started).TotalMinutes, Memory(server))); return Task.CompletedTask; }, TimeSpan.FromSeconds(3), over.Token));
        await Task.WhenAll(work);
        var minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        Judge(idle, Close(), minutes);
        _figures.Set("events a second", Math.Round(crowd.Deeds.Of(Deed.Event).Count / (minutes * 60)));
        _figures.Set("agents", (long)agents.Count);
        _figures.Set("idle connections", (long)still.Count);
        _figures.Set("webhook calls that nobody answered", (long)mute.Taken);
        _figures.Set("memory MB before", Math.Round(before));
        _figures.Set("memory MB after", Math.Round(memory[^1].Megabytes));
        _figures.Set("memory slope of the second half MB per minute", Math.Round(Slope([.. memory.Skip(memory.Count / 2)]), 1));
        await Siege.Settle(place, crowd);
        server.Kill();
        var judge = new KillJudge(place, crowd.Deeds);
        _figures.Broken.AddRange((await judge.Judge()).Concat(crowd.Contradictions).Select(broken => $"seed {options.Seed}, {folder}: {broken}"));
        agents.ForEach(agent => agent.Dispose());
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (cluster is not null) await cluster.DisposeAsync();
        if (_figures.Broken.Count == 0) Directory.Delete(folder, recursive: true);
        return _figures;
    }

    private static readonly string[] Kinds = ["link page", "times page", "complaint page", "ready", "desk"];

    private Task Once(string kind, Place place, Population people, List<AgentCaller> agents, Random random, CancellationToken stop) => kind switch
    {
        "desk" => Time("desk", () => agents[random.Next(agents.Count)].Call(stop)),
        _ => Time(kind, async () =>
        {
            using var browser = new Browser(place);
            var link = people.BookingLinks.Values.ElementAt(random.Next(people.BookingLinks.Count));
            var (status, _) = await browser.Look(kind switch { "link page" => $"/r/{link}", "times page" => $"/r/{link}/slots", "complaint page" => "/complain", _ => "/health/ready" }, stop);
            return status == HttpStatusCode.OK;
        }),
    };

    private async Task Time(string kind, Func<Task<bool>> act)
    {
        var started = Stopwatch.GetTimestamp();
        var ok = false;
        try { ok = await act(); }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException) { }
        _timed.GetOrAdd(kind, _ => new()).Enqueue((Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(started).TotalMilliseconds, ok));
    }

    private Dictionary<string, List<(long At, double Ms, bool Ok)>> Close()
    {
        var closed = _timed.ToDictionary(one => one.Key, one => one.Value.ToList(), StringComparer.Ordinal);
        _timed.Clear();
        return closed;
    }

    private void Judge(Dictionary<string, List<(long At, double Ms, bool Ok)>> idle, Dictionary<string, List<(long At, double Ms, bool Ok)>> loaded, double minutes)
    {
        foreach (var (kind, all) in loaded.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            double At(List<(long At, double Ms, bool Ok)> some, double part) => Math.Round(some.Select(one => one.Ms).Order().ElementAt((int)((some.Count - 1) * part)));
            _figures.Set($"{kind}: p50/p99 ms", $"{At(all, 0.5)}/{At(all, 0.99)}{(idle.TryGetValue(kind, out var alone) ? $" (idle {At(alone, 0.5)}/{At(alone, 0.99)})" : "")} in {all.Count:N0}");
            var good = all.Where(one => one.Ok).Select(one => one.At).Order().ToList();
            if (good.Count == 0) { _figures.Broken.Add($"{kind}: none of {all.Count} was answered"); continue; }
            var gap = good.Zip(good.Skip(1), Stopwatch.GetElapsedTime).DefaultIfEmpty().Max();
            if (gap > StarvesAfter && minutes > 1) _figures.Broken.Add($"{kind} starved: nothing was answered for {gap.TotalSeconds:0} s");
            if (all.Count(one => !one.Ok) is > 0 and var failed) _figures.Set($"{kind}: not answered", (long)failed);
        }
    }

    private static async Task Repeat(Func<CancellationToken, Task> act, TimeSpan pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try { await act(stop); } catch (OperationCanceledException) { }
            await Task.WhenAny(Task.Delay(pause, stop));
        }
    }

    /// <summary>Sends a request a byte at a time and gives up in the middle.</summary>
    private static async Task Slow(Place place, CancellationToken stop)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, place.Port, stop);
            foreach (var letter in "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a\":"u8.ToArray())
            {
                await client.GetStream().WriteAsync(new[] { letter }, stop);
                await Task.Delay(200, stop);
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException) { }
    }

    private static async Task Subscribe(Place place, Population people, Mute mute)
    {
        using var http = new HttpClient { BaseAddress = new(place.Address) };
        http.DefaultRequestHeaders.Add("X-Api-Key", people.Key);
        using var answer = await http.PostAsync("/v1/webhooks", new StringContent($$"""{"url":"https://127.0.0.1:{{mute.Port}}/care","kinds":["follow-up.*","promise.*"]}""", Encoding.UTF8, "application/json"));
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The webhook was not taken: {await answer.Content.ReadAsStringAsync()}");
    }

    private static double Memory(ServerProcess server) => double.Parse(File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;

    private static double Slope(List<(double X, double Y)> points)
    {
        if (points.Count < 3) return 0;
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Sum(point => (point.X - x) * (point.Y - y)) / Math.Max(1e-9, points.Sum(point => (point.X - x) * (point.X - x)));
    }
}
