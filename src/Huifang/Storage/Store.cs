namespace Huifang.Storage;

/// <summary>
/// The database, whichever it is. <see cref="Write{T}"/> is one transaction: all of it or nothing.
/// Inside, await only the transaction itself. On SQLite many callers share one commit, so a network call there would stop the house.
/// </summary>
public abstract class Store : IAsyncDisposable
{
    // Before the first row is read or written by anybody.
    static Store() => TypeHandlers.Register();

    public abstract Dialect Dialect { get; }

    /// <summary>Runs the work in one transaction and returns once it is durable. An exception rolls back this work only.</summary>
    public abstract Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default);

    /// <summary>Reads one consistent picture. Never decide a write from it: decide again inside <see cref="Write{T}"/>.</summary>
    public abstract Task<T> Read<T>(Func<Tx, Task<T>> work, CancellationToken stop = default);

    /// <summary>Tables whose rows are in no backup: customers' keys live in the database and in the key folder, so that an old backup brings nobody back who was erased.</summary>
    protected static readonly string[] NotInBackups = ["data_keys", "key_changes"];

    /// <summary>A consistent copy of the database into a file that does not exist yet, without customers' keys.</summary>
    public abstract Task Backup(string file, CancellationToken stop = default);

    public abstract ValueTask DisposeAsync();

    public Task Write(Func<Tx, Task> work, CancellationToken stop = default) =>
        Write(async tx => { await work(tx); return true; }, stop);

    /// <summary>
    /// Opens by address: <c>postgres://user:password@host:port/database</c>, or the path of a SQLite file.
    /// </summary>
    public static Store Open(string address) =>
        address.StartsWith("postgres://", StringComparison.Ordinal) || address.StartsWith("postgresql://", StringComparison.Ordinal)
            ? new PostgresStore(address)
            : new SqliteStore(address);
}
