using Huifang.Storage;

namespace Huifang.Simulation.Machine;

/// <summary>Where the process dies in a commit that several callers share.</summary>
internal enum Edge
{
    /// <summary>Nothing of it is durable, and nobody was answered.</summary>
    Before,
    /// <summary>All of it is durable, and nobody was answered.</summary>
    After,
    /// <summary>All of it is durable, and only some were answered.</summary>
    Torn,
}

/// <summary>
/// The embedded store of one process, without its thread: callers wait until the world commits a group of them, in an order that chance gives, each in its savepoint as
/// the real writer does. The whole seed lives in one transaction that is rolled back at its end, so that the next finds the same database and every statement prepared.
/// </summary>
internal sealed class WorldStore(CachedConnection connection, Chance chance) : Store
{
    private readonly List<Work> _waiting = [];

    public override Dialect Dialect => Dialect.Sqlite;
    public int Waiting => _waiting.Count;
    public bool IsDead { get; private set; }
    public int Commits { get; private set; }

    /// <summary>The number of the commit at which the process dies, and how.</summary>
    public (int Commit, Edge Edge)? Death { get; set; }

    public override Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
    {
        var waiting = new Work<T>(work);
        // Of a dead process nobody hears again.
        if (!IsDead) _waiting.Add(waiting);
        return waiting.Done.Task;
    }

    public override Task<T> Read<T>(Func<Tx, Task<T>> work, CancellationToken stop = default) => work(new Tx(connection, null, Dialect));
    public override Task Backup(string file, CancellationToken stop = default) => throw new NotSupportedException("A simulated store has no backup.");
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Commits some of the waiting callers together, or dies in it.</summary>
    public void Commit()
    {
        chance.Shuffle(_waiting);
        var together = _waiting.GetRange(0, _waiting.Count == 1 ? 1 : chance.Between(1, _waiting.Count));
        _waiting.RemoveRange(0, together.Count);
        var death = Death is { } plan && Commits == plan.Commit ? plan.Edge : (Edge?)null;
        Commits++;
        connection.Run("savepoint together");
        foreach (var work in together)
        {
            connection.Run("savepoint work");
            if (!work.Run(new Tx(connection, null, Dialect))) connection.Run("rollback to work");
            connection.Run("release work");
        }
        if (death is Edge.Before) connection.Run("rollback to together");
        connection.Run("release together");
        if (death is not null)
        {
            IsDead = true;
            _waiting.Clear();
        }
        foreach (var work in death switch { null => together, Edge.Torn => together.GetRange(0, together.Count / 2), _ => [] }) work.Answer();
    }

    private abstract class Work
    {
        public abstract bool Run(Tx tx);
        public abstract void Answer();
    }

    private sealed class Work<T>(Func<Tx, Task<T>> work) : Work
    {
        private Task<T>? _result;
        private Tx? _tx;

        public TaskCompletionSource<T> Done { get; } = new();

        public override bool Run(Tx tx)
        {
            _tx = tx;
            try { _result = work(tx); }
            catch (Exception failed) { _result = Task.FromException<T>(failed); }
            if (!_result.IsCompleted) throw new InvalidOperationException("A write awaited something else than its transaction.");
            return _result.IsCompletedSuccessfully;
        }

        public override void Answer()
        {
            if (_result!.IsCompletedSuccessfully)
            {
                _tx!.Committed();
                Done.SetResult(_result.Result);
            }
            else Done.SetException(_result.Exception!.InnerException!);
        }
    }
}
