using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Audit;

/// <summary>An entry with what proves that it stands in the log unchanged.</summary>
/// <param name="Note">The signed head that the path leads to.</param>
public sealed record AuditProof(long Leaf, AuditEntry Entry, long Size, IReadOnlyList<byte[]> Path, string Note);

/// <summary>What proves that an older head's log is the beginning of a newer one's.</summary>
public sealed record ConsistencyProof(long Older, long Newer, string OlderNote, string NewerNote, IReadOnlyList<byte[]> Path);

/// <summary>How far the log is.</summary>
/// <param name="Waiting">Facts that are written but have no place yet; a second later they have.</param>
public sealed record AuditHead(long Size, long Waiting, string? Note, long SignedSize, DateTimeOffset? SignedAt, DateTimeOffset? AnchoredAt, bool IsStamped);

/// <summary>The Merkle log over the journal: takes facts up, and proves what stands in it.</summary>
public sealed class AuditLog(Store store)
{
    /// <summary>
    /// Gives places to facts that wait for one, in one transaction with the tree's hashes and the removal from the queue: a crash leaves all of it or nothing.
    /// Only one node does it at a time; facts keep the order in which they were committed on SQLite, and on PostgreSQL that of becoming visible.
    /// </summary>
    /// <returns>How many were taken up.</returns>
    public async Task<int> TakeUp(int most, CancellationToken stop = default)
    {
        var (size, rows) = await store.Read(async tx => (await AuditTable.Size(tx), await AuditTable.Waiting(tx, most)), stop);
        if (rows.Count == 0) return 0;
        // Hashed outside the transaction: on SQLite everybody waits for the one writer.
        var hashes = rows.ConvertAll(row => row.Entry!.LeafHash());
        return await store.Write(tx => Place(tx, size, rows, hashes), stop);
    }

    private static async Task<int> Place(Tx tx, long size, List<AuditRow> rows, List<byte[]> hashes)
    {
        // Only placing changes the size: when it is another one, another node has placed these, and the next round sees what is left.
        if (await AuditTable.LockSize(tx) != size) return 0;
        var tiles = await AuditTable.Tiles(tx, MerkleTiles.Edge(size));
        var changed = MerkleTiles.Append(size, tiles, hashes);
        await AuditTable.SaveTiles(tx, [.. changed.Select(place => (place, tiles[place]))]);
        await AuditTable.TakenUp(tx, size, rows.ConvertAll(row => row.Seq));
        await AuditTable.SetSize(tx, size + rows.Count);
        return rows.Count;
    }

    public static async Task<AuditHead> Head(Tx tx)
    {
        var last = await AuditTable.LastCheckpoint(tx);
        return new(await AuditTable.Size(tx), await AuditTable.WaitingCount(tx), last?.Note, last?.Size ?? 0, last?.At, last?.AnchoredAt, last?.Stamp is not null);
    }

    /// <summary>The signed head of this size, or the newest.</summary>
    public static async Task<string?> Note(Tx tx, long? size) => (size is { } wanted ? await AuditTable.Checkpoint(tx, wanted) : await AuditTable.LastCheckpoint(tx))?.Note;

    /// <summary>Where a fact of the journal stands in the log; null for the second until it does.</summary>
    public static Task<long?> LeafOf(Tx tx, long seq) => AuditTable.LeafOf(tx, seq);

    /// <summary>Proves one entry against the newest head.</summary>
    /// <returns>Null while no signed head covers it, which takes a minute at most, and when there is no such entry.</returns>
    public static async Task<AuditProof?> Prove(Tx tx, long leaf)
    {
        if (leaf < 0 || await AuditTable.LastCheckpoint(tx) is not { } head || head.Size <= leaf) return null;
        if (await AuditTable.Find(tx, leaf) is not { Entry: { } entry }) return null;
        var path = await WithTiles(tx, read => MerkleTree.InclusionProof(leaf, head.Size, read));
        return new(leaf, entry, head.Size, path, head.Note);
    }

    /// <summary>Proves that the log only grew between two signed heads.</summary>
    /// <returns>Null when one of these sizes has no signed head.</returns>
    public static async Task<ConsistencyProof?> ProveGrowth(Tx tx, long older, long? newer)
    {
        if (await AuditTable.Checkpoint(tx, older) is not { } before || await (newer is null ? AuditTable.LastCheckpoint(tx) : AuditTable.Checkpoint(tx, newer.Value)) is not { } after || before.Size > after.Size) return null;
        return new(before.Size, after.Size, before.Note, after.Note, await WithTiles(tx, read => MerkleTree.ConsistencyProof(before.Size, after.Size, read)));
    }

    internal static Task<byte[]> Root(Tx tx, long size) => WithTiles(tx, read => MerkleTree.Root(size, read));

    // Computes twice: first to see which tiles it needs, then with those read in one go.
    private static async Task<T> WithTiles<T>(Tx tx, Func<NodeReader, T> compute)
    {
        var needed = new HashSet<TilePlace>();
        compute((height, index) => { needed.Add(MerkleTiles.Of(height, index)); return MerkleTree.EmptyRoot; });
        var tiles = await AuditTable.Tiles(tx, needed);
        return compute((height, index) => MerkleTiles.Read(tiles[MerkleTiles.Of(height, index)], height, index));
    }
}

/// <summary>Takes facts up into the log as they come.</summary>
public sealed class AuditSequencer(AuditLog log) : IWork
{
    private const int BatchMax = 5000;

    public string Name => "audit log";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async Task<bool> Round(CancellationToken stop) => await log.TakeUp(BatchMax, stop) == BatchMax;
}
