using System.Diagnostics;
using Huifang.Fire.Kill;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Failover;

/// <summary>
/// <c>bin/prove failover --times N</c>: a primary and a streaming standby with <c>synchronous_commit = remote_apply</c>. The primary is killed under load, the standby promoted, the server finds it by itself;
/// the old primary stays down until it is a standby of the new one. Nothing that was acknowledged is lost.
/// </summary>
public sealed class FailoverProof(Options options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Figures _figures = new();
    private readonly Random _random = new(options.Seed);

    public static async Task<Figures> Run(Options options) => await new FailoverProof(options).Run();

    private async Task<Figures> Run()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-failover-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        await using var first = await Cluster.Make(Path.Combine(folder, "a"), "synchronous_commit = remote_apply", "wal_level = replica");
        await using var second = Cluster.At(Path.Combine(folder, "b"));
        await first.Do("postgres", "create database huifang");
        var filled = new Place(folder, first.AddressOf("huifang"));
        var people = await Population.Move(filled, small: true);
        // Whoever gives up before the server does would never hear what it says of a commit that nobody else has.
        var place = new Place(folder, $"postgres://huifang@127.0.0.1:{first.Port},127.0.0.1:{second.Port}/huifang") { Patience = TimeSpan.FromSeconds(20 + options.Number("stall", 0)) };
        var (primary, standby) = (first, second);
        await Follow(standby, primary);
        using var crowd = new Crowd(place, people, _random.Next());
        var back = new List<TimeSpan>();
        using var enough = new CancellationTokenSource();
        using (var server = await ServerProcess.Start(place) ?? throw new InvalidOperationException("The server did not open."))
        {
            var work = crowd.Work(enough.Token);
            for (var times = 0; times < options.Number("times", 10) && _figures.Broken.Count == 0; times++)
            {
                await Until(crowd, crowd.Deeds.Count + _random.Next(10, 60));
                if (options.Number("stall", 0) is > 0 and var seconds) await Stall(crowd, standby, TimeSpan.FromSeconds(seconds));
                var before = crowd.Deeds.Count;
                var started = Stopwatch.GetTimestamp();
                primary.Kill();
                if (options.Number("stall", 0) > 0) standby.Freeze(still: false);
                await standby.Promote();
                (primary, standby) = (standby, primary);
                if (!await Until(crowd, before + 1)) _figures.Broken.Add($"fail-over {times + 1}: nothing was acknowledged for {Patience.TotalSeconds} s");
                back.Add(Stopwatch.GetElapsedTime(started));
                await Follow(standby, primary);
                if (times % 10 == 9) Console.WriteLine($"{times + 1} fail-overs, {crowd.Deeds.Count:N0} acknowledged, the last one took {back[^1].TotalSeconds:0.0} s");
            }
            await enough.CancelAsync();
            await work;
            await Siege.Settle(place, crowd);
        }
        var judge = new KillJudge(place, crowd.Deeds);
        _figures.Broken.AddRange((await judge.Judge()).Concat(crowd.Contradictions).Select(broken => $"seed {options.Seed}, {folder}: {broken}"));
        _figures.Set("fail-overs", (long)back.Count);
        _figures.Set("acknowledged", crowd.Deeds.Count);
        _figures.Set("lost", judge.Lost);
        _figures.Set("doubled", judge.Doubled);
        _figures.Spread("until the next acknowledgement", back);
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (_figures.Broken.Count == 0) { await first.DisposeAsync(); await second.DisposeAsync(); Directory.Delete(folder, recursive: true); }
        return _figures;
    }

    /// <summary>The standby stands still for longer than anybody waits: what only the primary has must not be acknowledged, for it dies next.</summary>
    private async Task Stall(Crowd crowd, Cluster standby, TimeSpan time)
    {
        standby.Freeze(still: true);
        // What was on its way when it froze may still be answered.
        await Task.Delay(500);
        var before = crowd.Deeds.Count;
        await Task.Delay(time);
        _figures.Add("acknowledged while the standby stood still", crowd.Deeds.Count - before);
    }

    /// <summary>Makes one a fresh standby of the other, and lets the other wait for it from now on.</summary>
    private static async Task Follow(Cluster standby, Cluster primary)
    {
        await standby.CopyOf(primary, follow: true);
        await standby.Start();
        // It must not wait for a standby of its own on the day it is promoted.
        await standby.Do("postgres", "alter system set synchronous_standby_names = ''");
        await standby.Do("postgres", "select pg_reload_conf()");
        await primary.Do("postgres", "alter system set synchronous_standby_names = '*'");
        await primary.Do("postgres", "select pg_reload_conf()");
        for (var tries = 0; await primary.One<long>("postgres", "select count(*) from pg_stat_replication where sync_state = 'sync' and state = 'streaming'") == 0; tries++)
        {
            if (tries > 600) throw new InvalidOperationException("The standby does not follow.");
            await Task.Delay(50);
        }
    }

    private static async Task<bool> Until(Crowd crowd, long count)
    {
        var started = Stopwatch.GetTimestamp();
        while (crowd.Deeds.Count < count && Stopwatch.GetElapsedTime(started) < Patience) await Task.Delay(2);
        return crowd.Deeds.Count >= count;
    }
}
