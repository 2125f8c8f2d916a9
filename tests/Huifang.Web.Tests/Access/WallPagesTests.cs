using System.Diagnostics;
using System.Net;
using Huifang.Storage;
using Npgsql;

namespace Huifang.Web.Tests.Access;

/// <summary>The portal on PostgreSQL, where its pages read behind row-level security: they are all whole, and they show what is hers.</summary>
public sealed class WallPagesTests // ASVS V8.4.1
{
    [Fact]
    public async Task Every_page_of_the_portal_is_whole_behind_the_wall_and_shows_hers_alone()
    {
        var name = $"wall_{Environment.ProcessId}";
        var server = await Server();
        await Run(server, $"drop database if exists {name} with (force)");
        await Run(server, $"create database {name}");
        try
        {
            await using var site = await Site.Open($"{server[..server.LastIndexOf('/')]}/{name}");
            Assert.True(await site.Read(tx => tx.One<bool>(Dialect.HasWall)));
            using var chan = new Visitor(site, "en");
            await chan.Get(site.Enter("c-chan"));
            foreach (var page in new[] { "/me", "/me/history", "/me/looks", "/me/messages", "/me/preferences", "/me/consents", "/me/ask", "/me/check", "/me/why", "/me/call" })
            {
                var (status, html) = await chan.Get(page);
                Assert.Equal((page, HttpStatusCode.OK), (page, status));
                foreach (var other in new[] { "周慕晴", "严一宁", "c-zhou", "13800004821" }) Assert.DoesNotContain(other, html);
            }
            var decision = await site.Read(tx => tx.One<string>("select id from contact_decisions where customer_id = 'c-zhou' limit 1"));
            Assert.NotEqual(HttpStatusCode.OK, (await chan.Get($"/me/why/{decision}")).Status);
            // What she changes is decided by the house, before the wall.
            Assert.Equal(HttpStatusCode.OK, (await chan.Send("/me/preferences", "/me/stop")).Status);
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await Run(server, $"drop database if exists {name} with (force)");
        }
    }

    private static async Task Run(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresStore.ConnectionString(server) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> Server()
    {
        if (Environment.GetEnvironmentVariable("HUIFANG_TEST_POSTGRES") is { Length: > 0 } address) return address;
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "bin", "postgres"))) root = root.Parent;
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(root.FullName, "bin", "postgres")) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return line ?? throw new InvalidOperationException("bin/postgres did not print an address; see what it said above.");
    }
}
