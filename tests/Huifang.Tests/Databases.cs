using System.Diagnostics;
using Huifang.Storage;
using Npgsql;

namespace Huifang.Tests;

/// <summary>Both databases, for <c>[Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]</c>.</summary>
public static class Databases
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    public static TheoryData<string> Both => [Sqlite, Postgres];

    private static readonly Lazy<Task<string>> Server = new(StartServer);
    private static readonly Lazy<Task<string>> Template = new(MakeTemplate);
    private static int _made;

    /// <summary>A migrated database of its own for one test.</summary>
    public static async Task<(string Address, Func<Task> Drop)> New(string kind, string folder)
    {
        if (kind == Sqlite) return (Path.Combine(folder, "huifang.db"), () => Task.CompletedTask);
        var name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref _made)}";
        await Run($"create database {name} template {await Template.Value}");
        return (Of(await Server.Value, name), () => Run($"drop database if exists {name} with (force)"));
    }

    private static async Task<string> MakeTemplate()
    {
        var name = $"template_{Environment.ProcessId}";
        await Run($"drop database if exists {name} with (force)");
        await Run($"create database {name}");
        await using (var store = Store.Open(Of(await Server.Value, name))) await Migrations.Apply(store, TimeProvider.System);
        NpgsqlConnection.ClearAllPools();
        return name;
    }

    private static string Of(string server, string database) => server[..server.LastIndexOf('/')] + "/" + database;

    private static readonly SemaphoreSlim OneAtATime = new(1);

    private static async Task Run(string sql)
    {
        // Two databases cannot be made from one template at the same time.
        await OneAtATime.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(PostgresStore.ConnectionString(await Server.Value) + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally { OneAtATime.Release(); }
    }

    private static async Task<string> StartServer()
    {
        if (Environment.GetEnvironmentVariable("HUIFANG_TEST_POSTGRES") is { Length: > 0 } address) return address;
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "bin", "postgres"))) root = root.Parent;
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(root!.FullName, "bin", "postgres")) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return line ?? throw new InvalidOperationException("bin/postgres did not print an address; see what it said above.");
    }
}
