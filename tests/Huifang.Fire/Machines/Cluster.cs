using System.Diagnostics;
using System.Globalization;
using Huifang.Storage;
using Npgsql;

namespace Huifang.Fire.Machines;

/// <summary>A PostgreSQL of our own on loopback, started and killed at will.</summary>
public sealed class Cluster(string folder, int port) : IAsyncDisposable
{
    private static readonly string Programs = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(Directory.Exists).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).Last();
    private static readonly bool IsRoot = Environment.UserName == "root";
    private Process? _process;

    public int Port => port;
    public string Data => Path.Combine(folder, "data");
    public string AddressOf(string database) => $"postgres://huifang@127.0.0.1:{port}/{database}";

    /// <summary>An empty cluster, running.</summary>
    public static async Task<Cluster> Make(string folder, params IReadOnlyList<string> settings)
    {
        Directory.CreateDirectory(folder);
        if (IsRoot) await Run("chown", ["postgres", folder], asPostgres: false);
        var cluster = new Cluster(folder, Place.FreePort());
        await Run(Path.Combine(Programs, "initdb"), ["-D", cluster.Data, "--auth=trust", "--username=huifang", "--encoding=UTF8", "--locale=C.UTF-8"]);
        await File.AppendAllLinesAsync(Path.Combine(cluster.Data, "postgresql.conf"), ["listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{folder}'", "max_connections = 200", "shared_buffers = 128MB", .. settings]);
        await cluster.Start();
        return cluster;
    }

    /// <summary>One that is not there yet, for <see cref="CopyOf"/>.</summary>
    public static Cluster At(string folder) => new(folder, Place.FreePort());

    /// <summary>Becomes a copy of another one that is running.</summary>
    /// <param name="follow">It will be its standby when it is started.</param>
    public async Task CopyOf(Cluster other, bool follow = false)
    {
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
        Directory.CreateDirectory(folder);
        if (IsRoot) await Run("chown", ["postgres", folder], asPostgres: false);
        await Run(Path.Combine(Programs, "pg_basebackup"), ["-D", Data, "-h", "127.0.0.1", "-p", $"{other.Port}", "-U", "huifang", "-X", "stream", "-c", "fast", .. follow ? new[] { "-R" } : []]);
    }

    /// <summary>The standby is the primary from now on.</summary>
    public Task Promote() => Do("postgres", "select pg_promote(true, 60)");

    /// <summary>Starts a copy and lets it take the archived log up to a moment.</summary>
    public async Task Until(string moment, string archive)
    {
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.auto.conf"), [$"restore_command = 'cp {archive}/%f %p'", $"recovery_target_time = '{moment}'", "recovery_target_action = 'promote'", "archive_mode = off"]);
        await File.WriteAllTextAsync(Path.Combine(Data, "recovery.signal"), "");
        if (IsRoot) await Run("chown", ["postgres", Path.Combine(Data, "recovery.signal")], asPostgres: false);
        await Start();
        for (var tries = 0; await One<bool>("postgres", "select pg_is_in_recovery()"); tries++)
        {
            if (tries > 600) throw new InvalidOperationException($"It does not reach {moment}; see {folder}/log");
            await Task.Delay(50);
        }
    }

    /// <summary>Starts it, after whatever happened to it, and waits until it answers.</summary>
    public async Task Start()
    {
        var start = As(Path.Combine(Programs, "postgres"), ["-D", Data, "-p", $"{port}", "-c", $"unix_socket_directories={folder}"]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => { if (line.Data is { } said) try { File.AppendAllText(Path.Combine(folder, "log"), said + "\n"); } catch (IOException) { } };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var tries = 0; !await Answers(); tries++)
        {
            if (tries > 1200 || _process.HasExited) throw new InvalidOperationException($"PostgreSQL did not start; see {folder}/log");
            await Task.Delay(25);
        }
    }

    public async Task<bool> Answers()
    {
        try { return await One<int>("postgres", "select 1") == 1; }
        catch (Exception no) when (no is NpgsqlException or TimeoutException or IOException) { return false; }
    }

    /// <summary><c>kill -9</c> of the postmaster and everything that it started.</summary>
    public void Kill()
    {
        if (_process is null) return;
        var (postmaster, all) = Family();
        foreach (var process in all.Prepend(postmaster))
            try { Process.GetProcessById(process).Kill(); } catch (Exception gone) when (gone is ArgumentException or InvalidOperationException) { }
        _process.WaitForExit();
        _process = null;
        // Nobody may still hold its shared memory when it is started anew.
        for (var waited = 0; waited < 400 && all.Any(process => Directory.Exists($"/proc/{process}") && Parent(process) is not null); waited++) Thread.Sleep(5);
    }

    /// <summary>Every process of it stands still, or goes on: alive for the network, deaf for everybody.</summary>
    public void Freeze(bool still)
    {
        var (postmaster, all) = Family();
        foreach (var process in all.Prepend(postmaster)) _ = Signal(process, still ? 19 : 18);
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    public async Task Stop(string how = "fast")
    {
        if (_process is null) return;
        await Run(Path.Combine(Programs, "pg_ctl"), ["-D", Data, "-m", how, "-w", "stop"]);
        await _process.WaitForExitAsync();
        _process = null;
    }

    public async Task<T> One<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresStore.ConnectionString(AddressOf(database)) + ";Pooling=false;Timeout=3;Command Timeout=60");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Do(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresStore.ConnectionString(AddressOf(database)) + ";Pooling=false;Timeout=3;Command Timeout=120");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs one of PostgreSQL's own programs as the user that may.</summary>
    public static Task Tool(string program, params IReadOnlyList<string> args) => Run(Path.Combine(Programs, program), args);

    private (int Postmaster, List<int> Children) Family()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        var all = Directory.GetDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0 && Parent(id) == postmaster).ToList();
        return (postmaster, all);
    }

    private static int? Parent(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) { return null; }
    }

    private static ProcessStartInfo As(string program, IEnumerable<string> args, bool asPostgres = true) =>
        IsRoot && asPostgres ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. args]) { WorkingDirectory = "/" } : new ProcessStartInfo(program, args) { WorkingDirectory = "/" };

    private static async Task Run(string program, IEnumerable<string> args, bool asPostgres = true)
    {
        var start = As(program, args, asPostgres);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} failed: {await complained} {await said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) Kill();
        await Task.CompletedTask;
    }
}
