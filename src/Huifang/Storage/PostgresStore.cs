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
        _source = new NpgsqlDataSourceBuilder(ConnectionString(address)).Build();
    }

    public override Dialect Dialect => Dialect.Postgres;

    /// <summary>For tests and tools that speak to PostgreSQL directly.</summary>
    public NpgsqlDataSource Source => _source;

    public static string ConnectionString(string address)
    {
        var uri = new Uri(address);
        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432, Database = uri.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            MaxPoolSize = 40, MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, Timeout = 15, CommandTimeout = 30,
        }.ToString();
    }

    public override async Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var tx = new Tx(connection, transaction, Dialect);
                var result = await work(tx);
                // Not cancellable: a commit that was sent may have happened.
                await transaction.CommitAsync(CancellationToken.None);
                tx.Committed();
                return result;
            }
            catch (PostgresException lost) when (tries < TriesMax && lost.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                // Another transaction won; nothing of ours was kept. The work sees its picture afresh.
            }
        }
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
        var start = new ProcessStartInfo("pg_dump", ["--format=custom", .. NotInBackups.Select(table => $"--exclude-table-data={table}"), $"--file={file}", $"--host={address.Host}", $"--port={address.Port}", $"--username={address.Username}", address.Database!])
        {
            RedirectStandardError = true, Environment = { ["PGPASSWORD"] = address.Password ?? "" },
        };
        using var dump = Process.Start(start) ?? throw new IOException("pg_dump did not start.");
        var said = await dump.StandardError.ReadToEndAsync(stop);
        await dump.WaitForExitAsync(stop);
        if (dump.ExitCode != 0) throw new IOException($"pg_dump failed: {said.Trim()}");
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
