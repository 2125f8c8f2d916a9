using System.Diagnostics;
using Npgsql;

namespace Huifang.Storage;

/// <summary>The shared database, for more than one node. A transaction that lost a race with another one is run again.</summary>
public sealed class PostgresStore : Store
{
    private const int TriesMax = 4;
    private readonly NpgsqlDataSource _source;
    private bool? _hasWall;

    public PostgresStore(string address)
    {
        var builder = new NpgsqlDataSourceBuilder(ConnectionString(address));
        // A primary and its standbys: whichever of them may be written. After a fail-over the next connection finds the new one.
        _source = HasSeveralHosts(builder.ConnectionString) ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    public override Dialect Dialect => Dialect.Postgres;

    /// <summary>How long a caller waits for its commit before it hears that it is not known. A standby that stands still is the usual reason.</summary>
    public TimeSpan CommitPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For tests and tools that speak to PostgreSQL directly.</summary>
    public NpgsqlDataSource Source => _source;

    /// <param name="address"><c>postgres://user:password@host:port/database</c>; several hosts with commas are a primary and its standbys.</param>
    public static string ConnectionString(string address)
    {
        var rest = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var hosts = rest[(rest.Split('/')[0].LastIndexOf('@') + 1)..].Split('/')[0];
        // An address knows one host; the others are put back where Npgsql expects them.
        var uri = new Uri(hosts.Contains(',', StringComparison.Ordinal) ? address.Replace(hosts, hosts.Split(',')[0], StringComparison.Ordinal) : address);
        var user = uri.UserInfo.Split(':', 2);
        var built = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432, Database = uri.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            MaxPoolSize = 40, MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, Timeout = 15, CommandTimeout = 30,
            // A commit waits without an end, so somebody must notice when the other machine is gone.
            TcpKeepAlive = true, TcpKeepAliveTime = 10, TcpKeepAliveInterval = 5,
        };
        // With others to go to, a host that does not answer is left soon and asked again soon.
        if (hosts.Contains(',', StringComparison.Ordinal)) (built.Host, built.Timeout, built.HostRecheckSeconds) = (hosts, 3, 1);
        return built.ToString();
    }

    private static bool HasSeveralHosts(string connection) => new NpgsqlConnectionStringBuilder(connection).Host!.Contains(',', StringComparison.Ordinal);

    public override async Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var whole = Once(work, sent, stop);
                await Task.WhenAny(whole, sent.Task);
                return await whole.WaitAsync(CommitPatience, CancellationToken.None);
            }
            catch (PostgresException lost) when (tries < TriesMax && lost.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                // Another transaction won; nothing of ours was kept. The work sees its picture afresh.
            }
        }
    }

    /// <summary>
    /// A commit that was sent may have happened, and one that waits for a standby must not be cancelled: PostgreSQL then keeps it on this machine alone, shows it to everybody and
    /// calls it done, and a fail-over would lose it. So it waits without an end and nobody sees it until the standby has it; its caller hears after a while that it is not known.
    /// </summary>
    private async Task<T> Once<T>(Func<Tx, Task<T>> work, TaskCompletionSource sent, CancellationToken stop)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var tx = new Tx(connection, transaction, Dialect);
        var result = await work(tx);
        var isAlone = false;
        connection.Notice += (_, said) => isAlone |= said.Notice.InvariantSeverity == "WARNING";
        await using var commit = new NpgsqlCommand("commit", connection, transaction) { CommandTimeout = 0 };
        sent.SetResult();
        await commit.ExecuteNonQueryAsync(CancellationToken.None);
        // Somebody else has cancelled the waiting, an administrator for one.
        if (isAlone) throw new TimeoutException("This was committed on the primary alone: a fail-over would lose it.");
        tx.Committed();
        return result;
    }

    public override async Task<T> Read<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
        var tx = new Tx(connection, transaction, Dialect);
        if (Wall.Customer is { } customer && (_hasWall ??= await tx.One<bool>(Dialect.HasWall))) await tx.Run(Dialect.StandBehindWall, new { customer });
        return await work(tx);
    }

    public override async Task Backup(string file, CancellationToken stop = default)
    {
        if (File.Exists(file)) throw new IOException($"{file} already exists; a backup never overwrites.");
        var address = new NpgsqlConnectionStringBuilder(_source.ConnectionString);
        var hosts = address.Host!.Split(',').Select(host => host.Split(':')).ToList();
        var start = new ProcessStartInfo("pg_dump", ["--format=custom", .. NotInBackups.Select(table => $"--exclude-table-data={table}"), $"--file={file}", $"--host={string.Join(',', hosts.Select(host => host[0]))}", $"--port={string.Join(',', hosts.Select(host => host.ElementAtOrDefault(1) ?? $"{address.Port}"))}", $"--username={address.Username}", address.Database!])
        {
            RedirectStandardError = true, Environment = { ["PGPASSWORD"] = address.Password ?? "", ["PGTARGETSESSIONATTRS"] = hosts.Count > 1 ? "primary" : "any" },
        };
        using var dump = Process.Start(start) ?? throw new IOException("pg_dump did not start.");
        var said = await dump.StandardError.ReadToEndAsync(stop);
        await dump.WaitForExitAsync(stop);
        if (dump.ExitCode != 0) throw new IOException($"pg_dump failed: {said.Trim()}");
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
