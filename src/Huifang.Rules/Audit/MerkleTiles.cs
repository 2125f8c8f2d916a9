namespace Huifang.Audit;

/// <summary>Where a tile lies: level 0 holds leaves' hashes, level n those of complete tiles of level n − 1.</summary>
public readonly record struct TilePlace(int Level, long Index)
{
    private const int LevelShift = 48;

    /// <summary>The place as one number.</summary>
    public long Id => ((long)Level << LevelShift) + Index;

    public static TilePlace Of(long id) => new((int)(id >> LevelShift), id & ((1L << LevelShift) - 1));
}

/// <summary>
/// The tree as it is kept: tiles of up to 256 hashes, eight levels of the tree in each, so that any proof in ten million leaves needs at most a handful of rows.
/// Source: C2SP tlog-tiles.
/// </summary>
public static class MerkleTiles
{
    /// <summary>Hashes in a complete tile.</summary>
    public const int Width = 256;

    private const int Bits = 8;

    /// <summary>The tiles that an append to a log of this size begins in, one a level; those that are complete need not be there.</summary>
    public static IEnumerable<TilePlace> Edge(long size)
    {
        for (var level = 0; level == 0 || size > 0; level++, size >>= Bits) yield return new TilePlace(level, size >> Bits);
    }

    /// <summary>Adds leaves at the end.</summary>
    /// <param name="size">How many there were.</param>
    /// <param name="edge">The tiles of <see cref="Edge"/> as they are; changed ones are replaced and new ones added.</param>
    /// <returns>The places that changed.</returns>
    public static HashSet<TilePlace> Append(long size, Dictionary<TilePlace, byte[]> edge, IReadOnlyList<byte[]> leaves)
    {
        var changed = new HashSet<TilePlace>();
        var level = 0;
        while (leaves.Count > 0)
        {
            var full = new List<byte[]>();
            for (var done = 0; done < leaves.Count;)
            {
                var place = new TilePlace(level, (size + done) / Width);
                var held = edge.GetValueOrDefault(place) ?? [];
                var at = (int)((size + done) % Width);
                if (held.Length != at * MerkleTree.HashBytes) throw new InvalidOperationException($"The tile {place} holds {held.Length} bytes where {at} hashes must be: the log was changed past the house. Run `huifang audit verify`.");
                var take = Math.Min(Width - at, leaves.Count - done);
                var tile = new byte[(at + take) * MerkleTree.HashBytes];
                held.CopyTo(tile, 0);
                for (var i = 0; i < take; i++) leaves[done + i].CopyTo(tile, (at + i) * MerkleTree.HashBytes);
                edge[place] = tile;
                changed.Add(place);
                if (at + take == Width) full.Add(Inside(tile, Bits, 0));
                done += take;
            }
            (leaves, size, level) = (full, size >> Bits, level + 1);
        }
        return changed;
    }

    /// <summary>The tile in which a node lies or from which it can be made.</summary>
    public static TilePlace Of(int height, long index) => new(height / Bits, (index << height % Bits) / Width);

    /// <summary>A node's hash from its tile, as <see cref="Of"/> names it.</summary>
    public static byte[] Read(byte[] tile, int height, long index) => Inside(tile, height % Bits, (int)((index << height % Bits) % Width));

    // The hash over 2^height of the tile's hashes, beginning with the one at this place.
    private static byte[] Inside(byte[] tile, int height, int from)
    {
        if (height == 0) return tile.AsSpan(from * MerkleTree.HashBytes, MerkleTree.HashBytes).ToArray();
        return MerkleTree.Node(Inside(tile, height - 1, from), Inside(tile, height - 1, from + (1 << (height - 1))));
    }
}
