using System.Globalization;
using Huifang.Fire.Machines;
using Huifang.Storage;

namespace Huifang.Fire.Upgrade;

/// <summary>
/// <c>bin/prove upgrade</c>: a database as each earlier set of migrations left it, with rows in every table, takes the rest without losing a row or a value, on both databases.
/// And a restore: to a moment on PostgreSQL, to the last backup on SQLite.
/// </summary>
public sealed class UpgradeProof(Options options)
{
    private const int RowsPerTable = 3;
    private readonly Figures _figures = new();

    public static async Task<Figures> Run(Options options) => await new UpgradeProof(options).Run();

    private async Task<Figures> Run()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-upgrade-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        var all = Migrations.Shipped().ToList();
        foreach (var kind in options.Databases)
        {
            await using var cluster = kind == "postgres" ? await Cluster.Make(Path.Combine(folder, "cluster"), "fsync = off") : null;
            for (var known = 1; known < all.Count; known++)
            {
                if (cluster is not null) await cluster.Do("postgres", $"create database upgrade{known}");
                await using var store = Store.Open(cluster?.AddressOf($"upgrade{known}") ?? Path.Combine(folder, $"upgrade-{known}.db"));
                await From(store, all, known, kind);
                _figures.Add($"{kind} upgrades", 1);
            }
            Npgsql.NpgsqlConnection.ClearAllPools();
        }
        await new RestoreProof(folder, options, _figures).Run();
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (_figures.Broken.Count == 0) Directory.Delete(folder, recursive: true);
        return _figures;
    }

    private async Task From(Store store, List<(string Name, string Sql)> all, int known, string kind)
    {
        var before = await store.Write(async tx =>
        {
            await tx.Run("create table migrations (name text primary key, checksum text not null, applied_at bigint not null)");
            foreach (var (name, sql) in all.Take(known))
            {
                await tx.Run(tx.Dialect.Spell(sql));
                await tx.Run("insert into migrations (name, checksum, applied_at) values (@name, @checksum, 1)", new { name, checksum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sql))) });
            }
            return await Columns(tx);
        });
        foreach (var table in before.Where(table => table.Key != "migrations"))
            for (var row = 1; row <= RowsPerTable; row++) await Insert(store, table.Key, table.Value, row);
        var stood = await store.Read(tx => Rows(tx, before));
        await Migrations.Apply(store, TimeProvider.System);
        var left = await store.Read(tx => Columns(tx));
        var stands = await store.Read(tx => Rows(tx, before.ToDictionary(table => table.Key, table => table.Value.Where(column => left.TryGetValue(table.Key, out var columns) && columns.Any(one => one.Name == column.Name)).ToList())));
        foreach (var (table, rows) in stood)
        {
            _figures.Add("rows compared", rows.Count);
            if (!left.TryGetValue(table, out var columns)) { _figures.Broken.Add($"{kind}, from {all[known - 1].Name}: the table {table} is gone with its {rows.Count} rows"); continue; }
            var gone = before[table].Where(column => columns.All(one => one.Name != column.Name)).Select(column => column.Name).ToList();
            if (gone.Count > 0) _figures.Broken.Add($"{kind}, from {all[known - 1].Name}: {table} lost the columns {string.Join(", ", gone)}");
            else if (rows.Except(stands[table]).ToList() is { Count: > 0 } lost) _figures.Broken.Add($"{kind}, from {all[known - 1].Name}: {table} lost or changed {lost.Count} rows: {lost[0][..Math.Min(200, lost[0].Length)]}");
        }
    }

    private sealed record Column(string Name, string Type);

    private static async Task<Dictionary<string, List<Column>>> Columns(Tx tx) => (await tx.Query<(string Table, string Name, string Type)>(tx.Dialect.IsSqlite
        ? "select m.name, c.name, c.type from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid"
        : "select table_name::text, column_name::text, data_type::text from information_schema.columns where table_schema = 'public' and is_identity = 'NO' order by table_name, ordinal_position"))
        .GroupBy(row => row.Table, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(row => new Column(row.Name, row.Type.ToLowerInvariant())).ToList(), StringComparer.Ordinal);

    private static async Task<Dictionary<string, List<string>>> Rows(Tx tx, Dictionary<string, List<Column>> tables)
    {
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (table, columns) in tables.Where(table => table.Key != "migrations" && table.Value.Count > 0))
        {
            var rows = new List<string>();
            foreach (IDictionary<string, object?> row in await tx.Query<dynamic>($"select {string.Join(", ", columns.Select(column => column.Name))} from {table}"))
                rows.Add(string.Join('|', columns.Select(column => row[column.Name] is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(row[column.Name], CultureInfo.InvariantCulture))));
            found[table] = rows;
        }
        return found;
    }

    /// <summary>A row of this table whatever it means; where a constraint refuses it, some of its values are left out.</summary>
    private async Task Insert(Store store, string table, List<Column> columns, int row)
    {
        for (var tries = 0; tries < 3; tries++)
            try
            {
                var some = tries == 0 ? columns : columns.Where(column => column.Name != "id" || !column.Type.Contains("int", StringComparison.Ordinal)).ToList();
                var values = new Dapper.DynamicParameters();
                foreach (var column in some) values.Add(column.Name, Value(column, row, tries));
                await store.Write(tx => tx.Run($"insert into {table} ({string.Join(", ", some.Select(column => column.Name))}) values ({string.Join(", ", some.Select(column => $"@{column.Name}"))})", values));
                return;
            }
            catch (Exception refused) when (refused is Microsoft.Data.Sqlite.SqliteException or Npgsql.PostgresException && tries < 2) { }
            catch (Exception refused) when (refused is Microsoft.Data.Sqlite.SqliteException or Npgsql.PostgresException) { _figures.Add("rows that a constraint refused", 1); }
    }

    private static object Value(Column column, int row, int tries) => column.Type switch
    {
        "blob" or "bytea" => new byte[] { 1, (byte)row, 3 },
        var number when number.Contains("int", StringComparison.Ordinal) => tries == 1 ? row % 2 : (long)row,
        var real when real.Contains("real", StringComparison.Ordinal) || real.Contains("double", StringComparison.Ordinal) => row + 0.5,
        _ => $"{column.Name}-{row}",
    };
}
