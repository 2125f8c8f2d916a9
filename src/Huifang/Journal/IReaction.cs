using Huifang.Storage;

namespace Huifang.Journal;

/// <summary>
/// What a room does when facts happen elsewhere. Touches only the database: facts in, decisions out, all in the one transaction
/// that also removes the reaction rows, so each fact is considered exactly once.
/// </summary>
public interface IReaction
{
    /// <summary>The name under which facts wait for this room.</summary>
    string Listener { get; }

    /// <summary>What has to be there first. It is awaited outside the transaction: on SQLite everybody would wait in it.</summary>
    Task Ready => Task.CompletedTask;

    /// <summary>Decides a batch, in the order of the journal.</summary>
    Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop);
}
