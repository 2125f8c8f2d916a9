using Huifang.Storage;
using Huifang.Work;
using Microsoft.Data.Sqlite;

namespace Huifang.Security;

/// <summary>
/// The copy of customers' wrapped keys that is kept apart from the database: a file in the key folder. Backups of the database hold no keys; whoever restores one takes them from here, as they
/// are now. So a person who was erased after the backup stays erased, whatever backup comes back.
/// </summary>
public sealed class KeyCopy(Store store, Ground ground) : IWork
{
    private const int BatchMax = 5000;

    public string Name => "key copy";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public string File => Path.Combine(ground.KeyFolder, "customer-keys.db");

    /// <summary>
    /// Carries changes over: reads which keys changed and what they are now, writes them to the file, and only then forgets that they changed. A crash between carries them twice, which changes nothing;
    /// a key that was erased in the file stays so, also when a slow node comes with what it read before.
    /// </summary>
    public async Task<bool> Round(CancellationToken stop)
    {
        var (changes, rows) = await store.Read(async tx =>
        {
            var changed = await DataKeyTable.ChangedKeys(tx, BatchMax);
            var now = new List<DataKeyRow>();
            foreach (var part in changed.GroupBy(change => change.Class))
                foreach (var ids in part.Select(change => change.CustomerId).Distinct(StringComparer.Ordinal).Chunk(500)) now.AddRange(await DataKeyTable.Find(tx, ids, part.Key));
            return (changed, now);
        }, stop);
        if (changes.Count == 0) return false;
        await Write(rows);
        await store.Write(tx => DataKeyTable.Carried(tx, changes.ConvertAll(change => change.Seq)), stop);
        return changes.Count == BatchMax;
    }

    /// <summary>Puts the keys as they are now into a database that was restored.</summary>
    /// <returns>How many keys there are, and how many of their people were erased.</returns>
    public async Task<(long Keys, long Erased)> Restore(CancellationToken stop = default)
    {
        var (keys, erased) = (0L, 0L);
        if (!System.IO.File.Exists(File)) return (0, 0);
        await using var copy = Open();
        await using var command = copy.CreateCommand();
        command.CommandText = "select customer_id, class, wrapped, master_id, made_at, erased_at from data_keys order by customer_id, class";
        await using var reader = await command.ExecuteReaderAsync(stop);
        var batch = new List<DataKeyRow>();
        while (true)
        {
            var more = await reader.ReadAsync(stop);
            if (more) batch.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3), reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetInt64(5)));
            if (batch.Count == 1000 || !more && batch.Count > 0)
            {
                var rows = batch.ToList();
                await store.Write(tx => DataKeyTable.Replace(tx, rows), stop);
                keys += rows.Count(row => row.ErasedAt is null);
                erased += rows.Count(row => row.ErasedAt is not null);
                batch.Clear();
            }
            if (!more) return (keys, erased);
        }
    }

    private async Task Write(IReadOnlyList<DataKeyRow> rows)
    {
        await using var copy = Open();
        await using var transaction = copy.BeginTransaction();
        await using var command = copy.CreateCommand();
        command.CommandText =
            """
            insert into data_keys (customer_id, class, wrapped, master_id, made_at, erased_at) values (@customer, @class, @wrapped, @master, @made, @erased)
            on conflict (customer_id, class) do update set wrapped = excluded.wrapped, master_id = excluded.master_id, erased_at = excluded.erased_at where data_keys.erased_at is null
            """;
        var parameters = new[] { "@customer", "@class", "@wrapped", "@master", "@made", "@erased" }.Select(name => command.Parameters.Add(new SqliteParameter { ParameterName = name })).ToArray();
        foreach (var row in rows)
        {
            object[] values = [row.CustomerId, row.Class, row.Wrapped, row.MasterId, row.MadeAt, (object?)row.ErasedAt ?? DBNull.Value];
            for (var i = 0; i < values.Length; i++) parameters[i].Value = values[i];
            await command.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    private SqliteConnection Open()
    {
        Directory.CreateDirectory(ground.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!System.IO.File.Exists(File)) using (new FileStream(File, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })) { }
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        // What is blanked is overwritten in the file too, and no journal keeps it.
        command.CommandText =
            """
            pragma journal_mode=delete; pragma secure_delete=on; pragma synchronous=full; pragma busy_timeout=15000;
            create table if not exists data_keys (customer_id text not null, class text not null, wrapped blob not null, master_id text not null, made_at integer not null, erased_at integer, primary key (customer_id, class)) without rowid;
            """;
        command.ExecuteNonQuery();
        return connection;
    }
}
