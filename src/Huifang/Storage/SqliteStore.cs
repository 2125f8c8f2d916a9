using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Huifang.Storage;

/// <summary>
/// The embedded database. SQLite has one writer, so we have one too: a thread that takes whatever callers wait with, runs each
/// in its own savepoint and commits them together. Each caller is answered after that one fsync; 128 waiting callers pay for one.
/// </summary>
public sealed class SqliteStore : Store
{
    private const int SharedCommitMax = 512;
    private static readonly TimeSpan SharedCommitTime = TimeSpan.FromMilliseconds(20);

    private readonly string _readAddress;
    private readonly SqliteConnection _writer;
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SemaphoreSlim _readersFree = new(Math.Max(4, Environment.ProcessorCount * 2));
    private readonly Thread _thread;

    // Each connection is used by one thread at a time, so SQLite need not lock itself at every call.
    static SqliteStore()
    {
        SQLitePCL.Batteries_V2.Init();
        _ = SQLitePCL.raw.sqlite3_shutdown();
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        _ = SQLitePCL.raw.sqlite3_initialize();
    }

    public SqliteStore(string file)
    {
        File = file;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        _readAddress = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString());
        _writer.Open();
        Pragmas(_writer, "pragma journal_mode=wal; pragma wal_autocheckpoint=4000;");
        _thread = new Thread(RunWrites) { IsBackground = true, Name = "sqlite writer" };
        _thread.Start();
    }

    public string File { get; }
    public override Dialect Dialect => Dialect.Sqlite;

    public override async Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        var waiting = new Work<T>(work);
        await _queue.Writer.WriteAsync(waiting, stop);
        // Once queued the work will be done; giving up waiting must not look like "it did not happen".
        return await waiting.Done.Task;
    }

    public override async Task<T> Read<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        await _readersFree.WaitAsync(stop);
        if (!_readers.TryTake(out var connection)) connection = OpenReader();
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: true);
            return await work(new Tx(connection, transaction, Dialect));
        }
        finally
        {
            _readers.Add(connection);
            _readersFree.Release();
        }
    }

    public override async Task Backup(string file, CancellationToken stop = default)
    {
        if (System.IO.File.Exists(file)) throw new IOException($"{file} already exists; a backup never overwrites.");
        var aside = $"{file}.making";
        System.IO.File.Delete(aside);
        using (var source = new SqliteConnection(_readAddress))
        {
            source.Open();
            await VacuumInto(source, aside, stop);
        }
        // What is deleted is overwritten, and the second copy has no page of it.
        using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = aside, Pooling = false }.ToString()))
        {
            copy.Open();
            await using (var command = copy.CreateCommand())
            {
                command.CommandText = "pragma journal_mode=delete; pragma secure_delete=on; " + string.Concat(NotInBackups.Select(table => $"delete from {table}; "));
                await command.ExecuteNonQueryAsync(stop);
            }
            await VacuumInto(copy, file, stop);
        }
        System.IO.File.Delete(aside);
    }

    private static async Task VacuumInto(SqliteConnection source, string file, CancellationToken stop)
    {
        await using var command = source.CreateCommand();
        command.CommandText = "vacuum into @file";
        command.Parameters.AddWithValue("@file", file);
        await command.ExecuteNonQueryAsync(stop);
    }

    public override async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join);
        while (_readers.TryTake(out var reader)) await reader.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_readAddress);
        connection.Open();
        Pragmas(connection, "pragma query_only=on;");
        return connection;
    }

    private static void Pragmas(SqliteConnection connection, string more)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"pragma busy_timeout=15000; pragma foreign_keys=on; pragma synchronous=full; pragma cache_size=-65536; pragma temp_store=memory; pragma mmap_size=1073741824; {more}";
        command.ExecuteNonQuery();
    }

    private void RunWrites()
    {
        var reader = _queue.Reader;
        var together = new List<Work>(SharedCommitMax);
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            together.Clear();
            try
            {
                using var transaction = _writer.BeginTransaction(deferred: false);
                var started = Stopwatch.GetTimestamp();
                while (together.Count < SharedCommitMax && Stopwatch.GetElapsedTime(started) < SharedCommitTime && reader.TryRead(out var work))
                {
                    together.Add(work);
                    transaction.Save("work");
                    if (work.Run(new Tx(_writer, transaction, Dialect.Sqlite))) transaction.Release("work");
                    else transaction.Rollback("work");
                }
                transaction.Commit();
            }
            catch (Exception failed)
            {
                // Disk full, file gone, lock held too long: nobody in this commit is told that it is safe.
                foreach (var work in together) work.Fail(failed);
                continue;
            }
            foreach (var work in together) work.Answer();
        }
    }

    private abstract class Work
    {
        public abstract bool Run(Tx tx);
        public abstract void Answer();
        public abstract void Fail(Exception failed);
    }

    private sealed class Work<T>(Func<Tx, Task<T>> work) : Work
    {
        private T? _result;
        private Exception? _failed;
        private Tx? _tx;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Run(Tx tx)
        {
            _tx = tx;
            try
            {
                var task = work(tx);
                if (!task.IsCompleted)
                {
                    ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
                    throw new InvalidOperationException("A write awaited something else than its transaction. Do that before or after, never inside.");
                }
                _result = task.GetAwaiter().GetResult();
                return true;
            }
            catch (Exception failed)
            {
                _failed = failed;
                return false;
            }
        }

        public override void Answer()
        {
            if (_failed is not null) { Done.TrySetException(_failed); return; }
            _tx!.Committed();
            Done.TrySetResult(_result!);
        }

        public override void Fail(Exception failed) => Done.TrySetException(_failed ?? failed);
    }
}
