using Huifang.Storage;
using Npgsql;

namespace Huifang.Tests;

/// <summary>
/// A primary that may not commit without its standby, and a standby that does not answer. The rest of the server commits without it: only this test's database waits.
/// </summary>
public sealed class StandbyTests : IAsyncLifetime
{
    private const string Row = "insert into imports (name, reached, at) values ('lonely', 1, 1)";

    private string _address = "";
    private Func<Task> _drop = () => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        (_address, _drop) = await Databases.New(Databases.Postgres, "");
        await Server($"alter database {_address.Split('/')[^1]} set synchronous_commit = 'remote_apply'", "alter system set synchronous_commit = 'local'", "select pg_reload_conf()");
        for (var tries = 0; await Said("show synchronous_commit", "postgres") != "local"; tries++) Assert.True(tries < 200, "The server does not read its settings.");
        await Server("alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        for (var tries = 0; await Said("show synchronous_standby_names") != "nobody"; tries++) Assert.True(tries < 200, "The server does not read its settings.");
    }

    public async Task DisposeAsync()
    {
        await Server("alter system reset synchronous_standby_names", "alter system reset synchronous_commit", "select pg_reload_conf()");
        await _drop();
    }

    [Fact]
    public async Task What_only_the_primary_has_is_not_acknowledged_and_nobody_sees_it_until_the_standby_has_it()
    {
        await using var store = new PostgresStore(_address) { CommitPatience = TimeSpan.FromSeconds(2) };
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => store.Write(tx => tx.Run(Row)));
        Assert.True(StorageFailure.IsAway(failed), failed.ToString());
        // Else whoever asks again would be told that it is known.
        Assert.Equal("0", await Said("select count(*)::text from imports"));

        await Server("alter system reset synchronous_standby_names", "select pg_reload_conf()");
        for (var tries = 0; await Said("select count(*)::text from imports") != "1"; tries++) Assert.True(tries < 500, "What waited for the standby was lost.");
        Assert.Equal(1, await store.Write(tx => tx.Run("update imports set reached = 2")));
    }

    [Fact]
    public async Task When_somebody_cancels_the_waiting_the_caller_does_not_hear_that_it_is_done()
    {
        await using var store = new PostgresStore(_address) { CommitPatience = TimeSpan.FromMinutes(1) };
        var write = store.Write(tx => tx.Run(Row));
        for (var tries = 0; await Said($"select count(pg_cancel_backend(pid))::text from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep'") == "0"; tries++) Assert.True(tries < 2000 && !write.IsCompleted, "Nobody waits for the standby.");
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => write);
        Assert.True(StorageFailure.IsAway(failed), failed.ToString());
    }

    private async Task Server(params string[] commands)
    {
        foreach (var sql in commands) await Said(sql);
    }

    private async Task<string?> Said(string sql, string? database = null)
    {
        var address = new NpgsqlConnectionStringBuilder(PostgresStore.ConnectionString(_address)) { Pooling = false };
        if (database is not null) address.Database = database;
        await using var connection = new NpgsqlConnection(address.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
