using System.Diagnostics;
using Huifang.Storage;
using Npgsql;

namespace Huifang.Bench;

/// <summary>Fresh databases to measure on: a SQLite file, and a PostgreSQL database where one is installed.</summary>
internal static class Places
{
    public static async IAsyncEnumerable<(string Name, string Address)> Both(string folder)
    {
        yield return ("sqlite", Path.Combine(folder, $"bench-{Guid.NewGuid():N}.db"));
        if (Server() is not { } server) { Console.WriteLine("PostgreSQL is not installed here: measured on SQLite alone."); yield break; }
        var name = $"bench_{Environment.ProcessId}_{Environment.TickCount64}";
        await Execute(server, $"create database {name}");
        yield return ("postgres", server[..server.LastIndexOf('/')] + "/" + name);
        NpgsqlConnection.ClearAllPools();
        await Execute(server, $"drop database {name} with (force)");
    }

    private static async Task Execute(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresStore.ConnectionString(server) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string? Server()
    {
        if (Environment.GetEnvironmentVariable("HUIFANG_TEST_POSTGRES") is { Length: > 0 } address) return address;
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "bin", "postgres"))) root = root.Parent;
        if (root is null) return null;
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(root.FullName, "bin", "postgres")) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var line = process.StandardOutput.ReadLine();
        process.WaitForExit();
        return process.ExitCode == 0 ? line : null;
    }
}
