using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Huifang.Storage;

/// <summary>The four kinds of column that tables have.</summary>
public enum Column { Text, Number, Bytes, Real }

/// <summary>
/// Many rows into one table by the quickest honest path of each database: one prepared statement stepped through SQLite's own
/// interface, or one array per column on PostgreSQL. Rows whose key is there already are left alone.
/// </summary>
public sealed class Bulk<T>(string table, string conflict, params (string Name, Column Kind, Func<T, object?> Value)[] columns)
{
    private readonly string _names = string.Join(", ", columns.Select(c => c.Name));

    /// <returns>For each row, in order: the number the database gave it, or null when its key was there already.</returns>
    public Task<long?[]> Insert(Tx tx, IReadOnlyList<T> rows, string returning = "seq") =>
        rows.Count == 0 ? Task.FromResult<long?[]>([])
        : tx.Connection is SqliteConnection sqlite ? Task.FromResult(StepEach(sqlite, rows))
        : UnnestAll(tx, rows, returning);

    private long?[] StepEach(SqliteConnection connection, IReadOnlyList<T> rows)
    {
        var handle = connection.Handle!;
        var statement = Prepared(connection, handle);
        var numbers = new long?[rows.Count];
        try
        {
            for (var row = 0; row < rows.Count; row++)
            {
                for (var i = 0; i < columns.Length; i++) Bind(statement, i + 1, columns[i].Value(rows[row]));
                var code = raw.sqlite3_step(statement);
                if (code != raw.SQLITE_DONE) Check(code, handle);
                numbers[row] = raw.sqlite3_changes(handle) == 1 ? raw.sqlite3_last_insert_rowid(handle) : null;
                raw.sqlite3_reset(statement);
            }
        }
        finally { raw.sqlite3_reset(statement); }
        return numbers;
    }

    /// <summary>Prepared once for each connection and kept as long as it: preparing costs more than inserting a row.</summary>
    private sqlite3_stmt Prepared(SqliteConnection connection, sqlite3 handle)
    {
        if (_prepared.TryGetValue(connection, out var known)) return known;
        var sql = $"insert into {table} ({_names}) values ({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))}) {conflict}";
        Check(raw.sqlite3_prepare_v2(handle, sql, out var statement), handle);
        _prepared.Add(connection, statement);
        return statement;
    }

    private readonly ConditionalWeakTable<SqliteConnection, sqlite3_stmt> _prepared = [];

    private static void Bind(sqlite3_stmt statement, int at, object? value)
    {
        _ = value switch
        {
            null => raw.sqlite3_bind_null(statement, at),
            string text => raw.sqlite3_bind_text(statement, at, text),
            long number => raw.sqlite3_bind_int64(statement, at, number),
            byte[] bytes => raw.sqlite3_bind_blob(statement, at, bytes),
            double real => raw.sqlite3_bind_double(statement, at, real),
            _ => throw new ArgumentException($"A column holds text, a long, a double or bytes, not {value.GetType().Name}."),
        };
    }

    private static void Check(int code, sqlite3 handle)
    {
        if (code != raw.SQLITE_OK) throw new SqliteException(raw.sqlite3_errmsg(handle).utf8_to_string(), code, raw.sqlite3_extended_errcode(handle));
    }

    private async Task<long?[]> UnnestAll(Tx tx, IReadOnlyList<T> rows, string returning)
    {
        var sql = new StringBuilder($"insert into {table} ({_names}) select ");
        sql.AppendJoin(", ", columns.Select(c => $"t.{c.Name}")).Append(" from unnest(");
        sql.AppendJoin(", ", columns.Select((_, i) => $"${i + 1}")).Append(") with ordinality as t(");
        sql.AppendJoin(", ", columns.Select(c => c.Name)).Append($", place) order by t.place {conflict}");
        // What was left alone is not returned; the first two columns are the key by which we find the others again.
        var key = columns[..Math.Min(2, columns.Length)];
        if (returning.Length > 0) sql.Append($" returning {returning}, {string.Join(", ", key.Select(c => c.Name))}");

        await using var command = new NpgsqlCommand(sql.ToString(), (NpgsqlConnection)tx.Connection, (NpgsqlTransaction?)tx.Transaction);
        foreach (var column in columns) command.Parameters.Add(new NpgsqlParameter { Value = Values(column, rows), NpgsqlDbType = NpgsqlDbType.Array | Type(column.Kind) });
        var numbers = new long?[rows.Count];
        if (returning.Length == 0) { await command.ExecuteNonQueryAsync(); return numbers; }

        var given = new Dictionary<string, long>(rows.Count, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) given[KeyOf(i => reader.GetValue(i + 1), key.Length)] = reader.GetInt64(0);
        for (var row = 0; row < rows.Count; row++)
        {
            var name = KeyOf(i => key[i].Value(rows[row])!, key.Length);
            // Two rows with one key in one batch: the first got the number, the second is a repeat.
            if (given.Remove(name, out var number)) numbers[row] = number;
        }
        return numbers;
    }

    private static string KeyOf(Func<int, object> part, int parts) => parts == 1 ? $"{part(0)}" : $"{part(0)}\n{part(1)}";

    private static NpgsqlDbType Type(Column kind) => kind switch
    {
        Column.Text => NpgsqlDbType.Text, Column.Number => NpgsqlDbType.Bigint, Column.Bytes => NpgsqlDbType.Bytea, _ => NpgsqlDbType.Double,
    };

    private static object Values((string Name, Column Kind, Func<T, object?> Value) column, IReadOnlyList<T> rows) => column.Kind switch
    {
        Column.Text => Fill(rows, row => (string?)column.Value(row)),
        Column.Number => Fill(rows, row => (long?)column.Value(row)),
        Column.Bytes => Fill(rows, row => (byte[]?)column.Value(row)),
        _ => Fill(rows, row => (double?)column.Value(row)),
    };

    private static TValue[] Fill<TValue>(IReadOnlyList<T> rows, Func<T, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
        return values;
    }
}
