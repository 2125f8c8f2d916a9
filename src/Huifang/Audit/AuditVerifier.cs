using System.Globalization;
using System.Security.Cryptography.Pkcs;
using System.Text;
using Huifang.Storage;

namespace Huifang.Audit;

/// <summary>What is wrong with the log, and where.</summary>
public enum AuditFault { EntryChanged, EntryGone, PlaceMissing, Stranger, HeldBack, TreeChanged, SizeWrong, CheckpointForged, RootDiffers, CheckpointGone, Cut, AnchorForged, AnchorOutOfTurn, AnchorsMissing, StampWrong }

/// <summary>One finding. <paramref name="At"/> is an entry's place, a size, or a line of the anchor file, as <paramref name="What"/> says.</summary>
public sealed record AuditFinding(AuditFault Fault, long At, string What);

/// <summary>What a verification looked at and found.</summary>
public sealed class AuditReport
{
    public const int FindingsMax = 200;

    public long Entries { get; internal set; }
    public long Checkpoints { get; internal set; }
    public long Anchors { get; internal set; }
    public long Stamps { get; internal set; }
    public long Waiting { get; internal set; }
    public byte[] Root { get; internal set; } = MerkleTree.EmptyRoot;
    public List<AuditFinding> Findings { get; } = [];
    public bool IsWhole => Findings.Count == 0;

    internal void Add(AuditFault fault, long at, string what)
    {
        if (Findings.Count < FindingsMax) Findings.Add(new(fault, at, what));
    }
}

/// <summary>
/// Checks the whole log from its database, its anchor file and its public key alone; needs no running server and no master key. Every entry is hashed anew and compared with the tree,
/// the tree with every signed head, and every head outside with the tree at its size.
/// </summary>
public sealed class AuditVerifier(Store store, string keyName, byte[] publicKey, string? anchorFile)
{
    private const int PageSize = 5000;
    private static readonly TimeSpan QueueTime = TimeSpan.FromMinutes(5);

    private readonly AuditReport _report = new();
    // Claims about the log at a size, from signed heads here and outside, eldest first.
    private readonly PriorityQueue<Claim, long> _claims = new();

    private readonly HashSet<long> _signed = [];

    private sealed record Claim(byte[] Root, long Line, bool IsAnchor);

    public async Task<AuditReport> Verify(CancellationToken stop = default)
    {
        var size = await store.Read(AuditTable.Size, stop);
        var last = await ReadCheckpoints(size, stop);
        ReadAnchors(size, await store.Read(AuditTable.LastCheckpoint, stop));
        await Walk(size, stop);
        await LookAround(last, stop);
        return _report;
    }

    private async Task<DateTimeOffset?> ReadCheckpoints(long size, CancellationToken stop)
    {
        (long Size, DateTimeOffset At)? before = null;
        while (await store.Read(tx => AuditTable.Checkpoints(tx, before?.Size ?? 0, 1000), stop) is { Count: > 0 } rows)
            foreach (var row in rows)
            {
                _report.Checkpoints++;
                _signed.Add(row.Size);
                var head = AuditKey.Open(row.Note, keyName, publicKey);
                if (head is null || head.Size != row.Size || head.At != Seconds(row.At)) _report.Add(AuditFault.CheckpointForged, row.Size, $"The head of {row.Size} entries is not signed by {keyName}, or is another one.");
                else if (before is not null && head.At < before.Value.At) _report.Add(AuditFault.CheckpointForged, row.Size, $"The head of {row.Size} entries is older than the one before it.");
                else if (row.Size > size) _report.Add(AuditFault.Cut, row.Size, $"A head of {row.Size} entries was signed, and there are {size}.");
                else _claims.Enqueue(new(head.Root, row.Size, false), row.Size);
                if (row.Stamp is not null) CheckStamp(row.Stamp, row.Note, row.Size);
                before = (row.Size, head?.At ?? row.At);
            }
        return before?.At;
    }

    private void ReadAnchors(long size, CheckpointRow? newest)
    {
        if (anchorFile is null || !File.Exists(anchorFile))
        {
            if (newest?.AnchoredAt is not null && anchorFile is not null) _report.Add(AuditFault.AnchorsMissing, 0, $"Heads were written to {anchorFile}, and it is not there.");
            return;
        }
        var (number, before, reached) = (0L, Anchor.First, 0L);
        var text = File.ReadAllText(anchorFile, new UTF8Encoding(false, throwOnInvalidBytes: false));
        if (text.Length > 0 && text[^1] != '\n') _report.Add(AuditFault.AnchorForged, text.Count(c => c == '\n') + 1, "The anchor file ends within a line.");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            number++;
            if (Anchor.Read(line) is not { } anchor || AuditKey.Open(anchor.Note, keyName, publicKey) is not { } head) _report.Add(AuditFault.AnchorForged, number, $"Line {number} of the anchor file is no head signed by {keyName}.");
            else
            {
                _report.Anchors++;
                if (anchor.Before != before || head.Size < reached) _report.Add(AuditFault.AnchorOutOfTurn, number, $"Line {number} of the anchor file does not follow the one before it.");
                if (head.Size > size) _report.Add(AuditFault.Cut, head.Size, $"Line {number} of the anchor file tells of {head.Size} entries, and there are {size}.");
                else _claims.Enqueue(new(head.Root, number, true), head.Size);
                if (!_signed.Contains(head.Size)) _report.Add(AuditFault.CheckpointGone, head.Size, $"The head of {head.Size} entries on line {number} of the anchor file is not in the database any more.");
                if (anchor.Stamp is not null) CheckStamp(Convert.TryFromBase64String(anchor.Stamp, new byte[anchor.Stamp.Length], out _) ? Convert.FromBase64String(anchor.Stamp) : [], anchor.Note, number);
                reached = Math.Max(reached, head.Size);
            }
            before = Anchor.HashOf(line);
        }
        if (newest is { AnchoredAt: not null } && reached < newest.Size) _report.Add(AuditFault.Cut, reached, $"The anchor file ends at {reached} entries; a head of {newest.Size} had been written to it.");
    }

    // Entries against the tree's lowest level, that level against the levels above, and the root against every claim as the walk reaches its size.
    private async Task Walk(long size, CancellationToken stop)
    {
        var tiles = new Dictionary<TilePlace, byte[]>();
        var roots = new RunningRoot();
        var (next, tileCount) = (0L, 0L);
        while (next < size)
        {
            var from = next;
            var to = Math.Min(size, from + PageSize);
            var (rows, stored) = await store.Read(async tx => (await AuditTable.Page(tx, from, PageSize),
                await AuditTable.Tiles(tx, Enumerable.Range(0, (int)((to - 1) / MerkleTiles.Width - from / MerkleTiles.Width) + 1).Select(i => new TilePlace(0, from / MerkleTiles.Width + i)))), stop);
            var byLeaf = rows.Where(row => row.Leaf < to).ToDictionary(row => row.Leaf!.Value);
            var leaves = new List<byte[]>();
            for (; next < to; next++)
            {
                var kept = HashAt(stored, next);
                var hash = Judge(byLeaf.GetValueOrDefault(next), next, kept);
                leaves.Add(kept ?? hash ?? MerkleTree.EmptyRoot);
                roots.Add(leaves[^1]);
                CheckClaims(roots);
            }
            var changed = MerkleTiles.Append(from, tiles, leaves);
            tileCount += changed.Count(place => tiles[place].Length == MerkleTiles.Width * MerkleTree.HashBytes);
            await Compare([.. changed.Where(place => tiles[place].Length == MerkleTiles.Width * MerkleTree.HashBytes)], tiles, stop);
            _report.Entries = next;
        }
        tileCount += tiles.Count;
        await Compare([.. tiles.Keys], tiles, stop);
        if (await store.Read(AuditTable.TileCount, stop) is var count && count != tileCount) _report.Add(AuditFault.TreeChanged, size, $"The tree has {count} tiles instead of {tileCount}.");
        _report.Root = roots.Root();
        while (_claims.TryDequeue(out var claim, out var at)) _report.Add(AuditFault.Cut, at, $"{Name(claim, at)} tells of more entries than there are.");
    }

    private byte[]? Judge(AuditRow? row, long leaf, byte[]? kept)
    {
        if (kept is null) _report.Add(AuditFault.TreeChanged, leaf, $"The tree has no hash at {leaf}.");
        if (row is null) { _report.Add(AuditFault.PlaceMissing, leaf, $"Place {leaf} of the log names no fact."); return null; }
        if (row.Entry is not { } entry) { _report.Add(AuditFault.EntryGone, leaf, $"Entry {leaf} was deleted from the journal (fact {row.Seq})."); return null; }
        var hash = entry.LeafHash();
        if (kept is not null && !hash.AsSpan().SequenceEqual(kept)) _report.Add(AuditFault.EntryChanged, leaf, $"Entry {leaf} is not what was written: {entry.Kind} {entry.Id}, said to be of {entry.At.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}.");
        return hash;
    }

    private void CheckClaims(RunningRoot roots)
    {
        while (_claims.TryPeek(out var claim, out var size) && size <= roots.Size)
        {
            _claims.Dequeue();
            if (!roots.Root().AsSpan().SequenceEqual(claim.Root)) _report.Add(AuditFault.RootDiffers, size, $"{Name(claim, size)} has another root than the tree: what stands before place {size} was changed, reordered or exchanged.");
        }
    }

    private static string Name(Claim claim, long size) => claim.IsAnchor ? $"Line {claim.Line} of the anchor file ({size} entries)" : $"The signed head of {size} entries";

    private async Task Compare(IReadOnlyList<TilePlace> places, Dictionary<TilePlace, byte[]> computed, CancellationToken stop)
    {
        var stored = await store.Read(tx => AuditTable.Tiles(tx, places), stop);
        foreach (var place in places)
        {
            if (!stored.TryGetValue(place, out var hashes) || !hashes.AsSpan().SequenceEqual(computed[place])) _report.Add(AuditFault.TreeChanged, place.Index, $"Tile {place.Index} of level {place.Level} is not what its entries make.");
            computed.Remove(place);
        }
    }

    private async Task LookAround(DateTimeOffset? lastCheckpoint, CancellationToken stop)
    {
        _report.Waiting = await store.Read(AuditTable.WaitingCount, stop);
        foreach (var seq in await store.Read(tx => AuditTable.Strangers(tx, 20), stop)) _report.Add(AuditFault.Stranger, seq, $"Fact {seq} stands in the journal and was never given to the log: it was written past the house.");
        if (lastCheckpoint is { } at)
            foreach (var seq in await store.Read(tx => AuditTable.HeldBack(tx, at - QueueTime, 20), stop)) _report.Add(AuditFault.HeldBack, seq, $"Fact {seq} has waited since before the last head; it is being kept out of the log.");
        var leaves = await store.Read(tx => tx.One<long>("select count(*) from audit_leaves"), stop);
        if (leaves != _report.Entries) _report.Add(AuditFault.SizeWrong, leaves, $"The log says that it has {_report.Entries} entries, and {leaves} places are taken.");
    }

    private void CheckStamp(byte[] stamp, string note, long at)
    {
        _report.Stamps++;
        if (!Rfc3161TimestampToken.TryDecode(stamp, out var token, out _) || !token.VerifySignatureForData(Encoding.UTF8.GetBytes(note), out _))
            _report.Add(AuditFault.StampWrong, at, $"The time-stamp at {at} is not over this head.");
    }

    private static byte[]? HashAt(Dictionary<TilePlace, byte[]> tiles, long leaf)
    {
        var (place, at) = (new TilePlace(0, leaf / MerkleTiles.Width), (int)(leaf % MerkleTiles.Width) * MerkleTree.HashBytes);
        return tiles.TryGetValue(place, out var hashes) && hashes.Length >= at + MerkleTree.HashBytes ? hashes.AsSpan(at, MerkleTree.HashBytes).ToArray() : null;
    }

    private static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    /// <summary>The root over leaves as they come: one hash for each complete subtree, like the digits of a binary counter.</summary>
    private sealed class RunningRoot
    {
        private readonly Stack<byte[]> _complete = new();

        public long Size { get; private set; }

        public void Add(byte[] leaf)
        {
            for (var carry = Size++; (carry & 1) == 1; carry >>= 1) leaf = MerkleTree.Node(_complete.Pop(), leaf);
            _complete.Push(leaf);
        }

        public byte[] Root() => _complete.Count == 0 ? MerkleTree.EmptyRoot : _complete.Aggregate((right, left) => MerkleTree.Node(left, right));
    }
}
