using System.Diagnostics;
using Huifang.Fire.Kill;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Fire.Upgrade;

/// <summary>Restores under load: SQLite from <c>huifang backup</c>, PostgreSQL from a base backup and its archived log to a moment. What was acknowledged until then stands, nothing that came later does, and the checkers agree.</summary>
public sealed class RestoreProof(string folder, Options options, Figures figures)
{
    private const int Acknowledged = 150;

    public async Task Run()
    {
        foreach (var kind in options.Databases)
        {
            var here = Directory.CreateDirectory(Path.Combine(folder, $"restore-{kind}")).FullName;
            var broken = kind == "sqlite" ? await Sqlite(here) : await Postgres(here);
            figures.Broken.AddRange(broken.Select(what => $"restore, {kind}, {here}: {what}"));
            figures.Add("restores", 1);
        }
    }

    private async Task<IReadOnlyList<string>> Sqlite(string here)
    {
        var place = new Place(Directory.CreateDirectory(Path.Combine(here, "first")).FullName, Path.Combine(here, "first", "huifang.db"));
        var people = await Population.Move(place, small: true);
        using var crowd = new Crowd(place, people, options.Seed);
        using (var server = await ServerProcess.Start(place))
        {
            await Work(crowd, Acknowledged);
            var backup = Path.Combine(here, "backup.db");
            // The load goes on while it is written; what was acknowledged before it began must be in it.
            using var enough = new CancellationTokenSource();
            var more = new Crowd(place, people with { Stoppers = 0, BookingLinks = new Dictionary<string, string>(), Agents = [] }, options.Seed + 1, first: 1_000_000);
            var work = more.Work(enough.Token);
            await Cli(place, "backup", backup);
            await enough.CancelAsync();
            await work;
            more.Dispose();
        }
        var again = new Place(Directory.CreateDirectory(Path.Combine(here, "second")).FullName, Path.Combine(here, "second", "huifang.db"));
        Copy(Path.Combine(place.Folder, "keys"), Path.Combine(again.Folder, "keys"));
        await Cli(again, "restore", Path.Combine(here, "backup.db"));
        await Cli(again, "check");
        return await new KillJudge(again, crowd.Deeds).Judge();
    }

    private async Task<IReadOnlyList<string>> Postgres(string here)
    {
        var archive = Directory.CreateDirectory(Path.Combine(here, "archive")).FullName;
        File.SetUnixFileMode(archive, (UnixFileMode)Convert.ToInt32("777", 8));
        await using var cluster = await Cluster.Make(Path.Combine(here, "cluster"), "archive_mode = on", $"archive_command = 'cp %p {archive}/%f'", "wal_level = replica");
        await cluster.Do("postgres", "create database huifang");
        var place = new Place(Directory.CreateDirectory(Path.Combine(here, "first")).FullName, cluster.AddressOf("huifang"));
        var people = await Population.Move(place, small: true);
        using var crowd = new Crowd(place, people, options.Seed);
        var again = new Place(Directory.CreateDirectory(Path.Combine(here, "second")).FullName, "");
        string moment;
        using var late = new Crowd(place, people with { Stoppers = 0, BookingLinks = new Dictionary<string, string>(), Agents = [] }, options.Seed + 1, first: 1_000_000);
        await using var restored = Cluster.At(Path.Combine(here, "restored"));
        using (var server = await ServerProcess.Start(place))
        {
            using var enough = new CancellationTokenSource();
            var work = crowd.Work(enough.Token);
            await restored.CopyOf(cluster);
            await Until(crowd, Acknowledged);
            await enough.CancelAsync();
            await work;
            await Settle(place);
            await Task.Delay(1100);
            moment = await cluster.One<string>("huifang", "select now()::text");
            Copy(Path.Combine(place.Folder, "keys"), Path.Combine(again.Folder, "keys"));
            Copy(Path.Combine(place.Folder, "audit"), Path.Combine(again.Folder, "audit"));
            await Task.Delay(1100);
            await Work(late, Acknowledged / 2);
        }
        await cluster.Do("huifang", "select pg_switch_wal()");
        await Task.Delay(1500);
        await cluster.Stop();
        await restored.Until(moment, archive);
        var second = new Place(again.Folder, restored.AddressOf("huifang"));
        var broken = (await new KillJudge(second, crowd.Deeds).Judge()).ToList();
        await using var house = second.Open();
        var later = (await house.GetRequiredService<Store>().Read(tx => tx.Query<string>("select id from journal where source = 'wallet'"))).Where(late.Deeds.Of(Deed.Event).ContainsKey).ToList();
        if (later.Count > 0) broken.Add($"{later.Count} events from after {moment} are there");
        return broken;
    }

    private static async Task Work(Crowd crowd, int many)
    {
        using var enough = new CancellationTokenSource();
        var work = crowd.Work(enough.Token);
        await Until(crowd, many);
        await enough.CancelAsync();
        await work;
    }

    private static async Task Until(Crowd crowd, int many)
    {
        var started = Stopwatch.GetTimestamp();
        while (crowd.Deeds.Count < many && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2)) await Task.Delay(10);
    }

    private static async Task Settle(Place place)
    {
        await using var house = place.Open();
        for (var tries = 0; tries < 300 && await house.GetRequiredService<Store>().Read(tx => tx.One<long>("select (select count(*) from reactions) + (select count(*) from audit_waiting)")) > 0; tries++) await Task.Delay(100);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var there = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(there)!);
            File.Copy(file, there, overwrite: true);
        }
    }

    /// <summary>The product's own command line, as an operator types it.</summary>
    public static async Task Cli(Place place, params IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Huifang.Fire.dll"), "cli", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in place.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"huifang {string.Join(' ', args)} ended with {process.ExitCode}: " + await said + await complained);
    }
}
