using System.Security.Cryptography;

namespace Huifang.Audit;

/// <summary>Hashes complete subtrees of the log: <paramref name="height"/> 0 is a leaf, and a node at <c>(h, i)</c> covers leaves <c>i·2^h … (i+1)·2^h − 1</c>.</summary>
public delegate byte[] NodeReader(int height, long index);

/// <summary>
/// The Merkle tree of the audit log: hashing, roots and proofs, and the check of both. Hashes are SHA-256. Source: RFC 6962 §2.1 (the tree, audit paths and
/// consistency proofs); the checks follow RFC 9162 §2.1.3.2 and §2.1.4.2.
/// </summary>
public static class MerkleTree
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>The root of a tree without leaves.</summary>
    public static readonly byte[] EmptyRoot = SHA256.HashData([]);

    /// <summary>A leaf's hash. The leading zero keeps a leaf from passing as an inner node.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        Span<byte> small = stackalloc byte[1024];
        var input = entry.Length < small.Length ? small[..(entry.Length + 1)] : new byte[entry.Length + 1];
        input[0] = 0;
        entry.CopyTo(input[1..]);
        return SHA256.HashData(input);
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * HashBytes];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + HashBytes)..]);
        return SHA256.HashData(input);
    }

    /// <summary>The root over the first <paramref name="size"/> leaves.</summary>
    public static byte[] Root(long size, NodeReader read) => size == 0 ? EmptyRoot : Range(0, size, read);

    /// <summary>The hashes beside the way from a leaf to the root, from the leaf up.</summary>
    /// <param name="leaf">0 … <paramref name="size"/> − 1.</param>
    public static List<byte[]> InclusionProof(long leaf, long size, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, size);
        var path = new List<byte[]>();
        Path(0, size);
        return path;

        void Path(long from, long to)
        {
            if (to - from == 1) return;
            var middle = from + Split(to - from);
            if (leaf < middle) { Path(from, middle); path.Add(Range(middle, to, read)); }
            else { Path(middle, to); path.Add(Range(from, middle, read)); }
        }
    }

    /// <summary>What shows that the log of <paramref name="older"/> leaves is the beginning of that of <paramref name="newer"/>.</summary>
    /// <param name="older">1 … <paramref name="newer"/>.</param>
    public static List<byte[]> ConsistencyProof(long older, long newer, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(older, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older, newer);
        var path = new List<byte[]>();
        if (older < newer) Part(0, newer, known: true);
        return path;

        void Part(long from, long to, bool known)
        {
            if (older == to) { if (!known) path.Add(Range(from, to, read)); return; }
            var middle = from + Split(to - from);
            if (older <= middle) { Part(from, middle, known); path.Add(Range(middle, to, read)); }
            else { Part(middle, to, known: false); path.Add(Range(from, middle, read)); }
        }
    }

    /// <summary>Whether the proof leads from this leaf at this place to this root.</summary>
    public static bool Includes(long leaf, long size, ReadOnlySpan<byte> leafHash, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (leaf < 0 || leaf >= size || leafHash.Length != HashBytes || proof.Any(hash => hash.Length != HashBytes)) return false;
        var (at, last, hash) = (leaf, size - 1, leafHash.ToArray());
        foreach (var beside in proof)
        {
            if (last == 0) return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = Node(beside, hash);
                while ((at & 1) == 0 && at != 0) (at, last) = (at >> 1, last >> 1);
            }
            else hash = Node(hash, beside);
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the proof shows that the older root is that of the beginning of the newer tree.</summary>
    public static bool IsConsistent(long older, long newer, ReadOnlySpan<byte> olderRoot, ReadOnlySpan<byte> newerRoot, IReadOnlyList<byte[]> proof)
    {
        if (older < 1 || older > newer || proof.Any(hash => hash.Length != HashBytes)) return false;
        if (older == newer) return proof.Count == 0 && olderRoot.SequenceEqual(newerRoot);
        if (proof.Count == 0) return false;
        var isPower = (older & (older - 1)) == 0;
        var (at, last) = (older - 1, newer - 1);
        while ((at & 1) == 1) (at, last) = (at >> 1, last >> 1);
        var old = isPower ? olderRoot.ToArray() : proof[0];
        var young = old;
        foreach (var beside in isPower ? proof : proof.Skip(1))
        {
            if (last == 0) return false;
            if ((at & 1) == 1 || at == last)
            {
                (old, young) = (Node(beside, old), Node(beside, young));
                while ((at & 1) == 0 && at != 0) (at, last) = (at >> 1, last >> 1);
            }
            else young = Node(young, beside);
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && olderRoot.SequenceEqual(old) && newerRoot.SequenceEqual(young);
    }

    // The hash of leaves from…to. Where the range is one complete, aligned subtree it is read; else it is split as the RFC splits.
    private static byte[] Range(long from, long to, NodeReader read)
    {
        var length = to - from;
        if ((length & (length - 1)) == 0 && from % length == 0)
        {
            var height = System.Numerics.BitOperations.Log2((ulong)length);
            return read(height, from >> height);
        }
        var middle = from + Split(length);
        return Node(Range(from, middle, read), Range(middle, to, read));
    }

    /// <summary>The largest power of two below a length.</summary>
    private static long Split(long length) => 1L << System.Numerics.BitOperations.Log2((ulong)(length - 1));
}
