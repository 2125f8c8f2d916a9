using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;

namespace Huifang.Storage;

/// <summary>One open transaction. SQL is written out by the tables; parameters only, never text pasted into SQL.</summary>
public sealed class Tx(DbConnection connection, DbTransaction? transaction, Dialect dialect)
{
    private List<Action>? _afterCommit;

    public DbConnection Connection => connection;
    public DbTransaction? Transaction => transaction;
    public Dialect Dialect => dialect;

    public async Task<List<T>> Query<T>(string sql, object? args = null) =>
        (await connection.QueryAsync<T>(Spell(sql), args, transaction)).AsList();

    public Task<T?> One<T>(string sql, object? args = null) =>
        connection.QueryFirstOrDefaultAsync<T>(Spell(sql), args, transaction);

    /// <summary>Runs a statement; returns how many rows it changed. A claim is won when that is 1.</summary>
    public Task<int> Run(string sql, object? args = null) => connection.ExecuteAsync(Spell(sql), args, transaction);

    /// <summary>What to do when, and only when, this work has become durable: wake a worker, tell pages to look again.</summary>
    public void AfterCommit(Action act) => (_afterCommit ??= []).Add(act);

    internal void Committed()
    {
        if (_afterCommit is null) return;
        foreach (var act in _afterCommit) act();
    }

    private string Spell(string sql) => Spelled.GetOrAdd((dialect.Name, sql), static (_, d) => d.dialect.Spell(d.sql), (dialect, sql));

    private static readonly ConcurrentDictionary<(string, string), string> Spelled = new();
}
