using System.Diagnostics;
using Huifang.Fire.Kill;
using Huifang.Fire.Load;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Disk;

/// <summary>
/// <c>bin/prove disk</c>: the disk of the database, of the audit log's anchors and temporary files, and of a backup fills up under load. What is refused is refused clearly (507 or 503 with a problem document),
/// what was acknowledged stands, and as soon as there is room the house goes on by itself. The disks are tmpfs, so it needs the right to mount.
/// </summary>
public sealed class DiskProof(Options options)
{
    private readonly Figures _figures = new();

    public static async Task<Figures> Run(Options options) => await new DiskProof(options).Run();

    private async Task<Figures> Run()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-disk-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        foreach (var what in new[] { "sqlite", "postgres", "anchors" })
        {
            using var ram = Ram.Mount(Path.Combine(folder, what), what == "postgres" ? 320 : what == "sqlite" ? 120 : 8);
            if (ram is null) { _figures.Broken.Add("this machine does not let us mount a tmpfs; run it as root, or in a container that may"); return _figures; }
            await Fill(folder, what, ram);
        }
        if (_figures.Broken.Count == 0) Directory.Delete(folder, recursive: true);
        return _figures;
    }

    private async Task Fill(string folder, string what, Ram ram)
    {
        Console.WriteLine($"{what}: {ram.Free / 1024 / 1024} MB");
        var home = Directory.CreateDirectory(Path.Combine(folder, $"{what}-home")).FullName;
        await using var cluster = what == "postgres" ? await Cluster.Make(Path.Combine(ram.Path, "cluster"), "wal_keep_size = 0", "max_wal_size = 64MB", "min_wal_size = 32MB") : null;
        if (cluster is not null) await cluster.Do("postgres", "create database huifang");
        var place = new Place(what == "sqlite" ? Directory.CreateDirectory(Path.Combine(ram.Path, "data")).FullName : home, cluster?.AddressOf("huifang") ?? Path.Combine(what == "sqlite" ? Path.Combine(ram.Path, "data") : home, "huifang.db")) { LogFile = Path.Combine(home, "server.log") };
        var people = await Population.Move(place, small: true);
        // Anchors and temporary files stand on the small disk, the database does not.
        (string, string)[] more = what == "anchors" ? [("HUIFANG_AUDIT_ANCHOR", Path.Combine(ram.Path, "anchors.jsonl")), ("TMPDIR", ram.Path)] : [];
        using var crowd = new Crowd(place, people, options.Seed);
        using var enough = new CancellationTokenSource();
        using var server = await ServerProcess.Start(place, null, more) ?? throw new InvalidOperationException("The server did not open.");
        var work = crowd.Work(enough.Token);
        await Until(crowd, 60, TimeSpan.FromMinutes(1));
        ram.Fill(what == "postgres" ? 4 * 1024 * 1024 : 256 * 1024);
        await Task.Delay(TimeSpan.FromSeconds(2));
        ram.Fill(0);
        var (full, refusedBefore) = (crowd.Deeds.Count, Refused(crowd));
        await Task.Delay(TimeSpan.FromSeconds(options.Number("seconds", 12)));
        var (whileFull, refused) = (crowd.Deeds.Count - full, Refused(crowd) - refusedBefore);
        if (what != "anchors" && whileFull == 0 && refused == 0 && crowd.Deeds.Failed == 0) _figures.Broken.Add($"{what}: nothing was asked while the disk was full");
        if (what == "sqlite") await NoBackup(place, ram);
        ram.Empty();
        // A PostgreSQL that found no room for its log ends itself; its supervisor starts it again.
        if (cluster is not null && !await cluster.Answers()) { cluster.Kill(); await cluster.Start(); _figures.Add("PostgreSQL ended itself and was started again", 1); }
        var started = Stopwatch.GetTimestamp();
        if (!await Until(crowd, crowd.Deeds.Count + 20, TimeSpan.FromSeconds(60))) _figures.Broken.Add($"{what}: a minute after there was room again nothing is acknowledged");
        _figures.Set($"{what}: goes on after ms", Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        if (server.HasEnded) _figures.Broken.Add($"{what}: the server ended");
        await enough.CancelAsync();
        await work;
        await Siege.Settle(place, crowd);
        server.Kill();
        var judge = new KillJudge(place, crowd.Deeds);
        _figures.Broken.AddRange((await judge.Judge()).Concat(crowd.Contradictions).Select(broken => $"seed {options.Seed}, {what}, {folder}: {broken}"));
        if (crowd.Deeds.Statuses.GetValueOrDefault(500) is > 0 and var times) _figures.Broken.Add($"{what}: {times} requests were answered 500 instead of 507 or 503; see {place.LogFile}");
        _figures.Set($"{what}: acknowledged", crowd.Deeds.Count);
        _figures.Set($"{what}: acknowledged while full", whileFull);
        _figures.Set($"{what}: 507", (long)crowd.Deeds.Statuses.GetValueOrDefault(507));
        _figures.Set($"{what}: 503", (long)crowd.Deeds.Statuses.GetValueOrDefault(503));
        _figures.Add("lost", judge.Lost);
        _figures.Add("doubled", judge.Doubled);
        Npgsql.NpgsqlConnection.ClearAllPools();
    }

    /// <summary>A backup without room fails and leaves nothing behind that could be taken for one.</summary>
    private async Task NoBackup(Place place, Ram ram)
    {
        var file = Path.Combine(ram.Path, "backup.db");
        try
        {
            await Upgrade.RestoreProof.Cli(place, "backup", file);
            _figures.Broken.Add("a backup on a full disk says that it was made");
        }
        catch (InvalidOperationException) { }
        if (File.Exists(file)) _figures.Broken.Add("a backup that failed left a file under its name");
        _figures.Add("backups refused", 1);
    }

    private static int Refused(Crowd crowd) => crowd.Deeds.Statuses.Where(one => one.Key >= 500).Sum(one => one.Value);

    private static async Task<bool> Until(Crowd crowd, long count, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        while (crowd.Deeds.Count < count && Stopwatch.GetElapsedTime(started) < patience) await Task.Delay(5);
        return crowd.Deeds.Count >= count;
    }
}
