using Huifang.Audit;

namespace Huifang.Rules.Tests.Audit;

public sealed class MerkleTreeTests
{
    // The eight leaves, roots and proofs that implementations of RFC 6962 share as test vectors.
    private static readonly byte[][] Inputs = [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString)];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    public static TheoryData<int, int, string[]> Inclusions => new()
    {
        { 0, 1, [] },
        { 0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"] },
        { 5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
        { 2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"] },
        { 1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"] },
    };

    public static TheoryData<int, int, string[]> Consistencies => new()
    {
        { 1, 1, [] },
        { 1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"] },
        { 6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
        { 2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"] },
        { 6, 7, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"] },
    };

    [Fact]
    public void Roots_are_those_of_the_shared_vectors()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Convert.ToHexStringLower(MerkleTree.Root(0, Tiled(0))));
        for (var size = 1; size <= 8; size++) Assert.Equal(Roots[size - 1], Convert.ToHexStringLower(MerkleTree.Root(size, Tiled(size))));
    }

    [Theory, MemberData(nameof(Inclusions))]
    public void Inclusion_proofs_are_those_of_the_shared_vectors(int leaf, int size, string[] proof)
    {
        Assert.Equal(proof, MerkleTree.InclusionProof(leaf, size, Tiled(size)).Select(Convert.ToHexStringLower));
        EveryWrongInclusionFails(leaf, size, MerkleTree.Leaf(Inputs[leaf]), [.. proof.Select(Convert.FromHexString)], Convert.FromHexString(Roots[size - 1]));
    }

    [Theory, MemberData(nameof(Consistencies))]
    public void Consistency_proofs_are_those_of_the_shared_vectors(int older, int newer, string[] proof)
    {
        Assert.Equal(proof, MerkleTree.ConsistencyProof(older, newer, Tiled(newer)).Select(Convert.ToHexStringLower));
        EveryWrongConsistencyFails(older, newer, Convert.FromHexString(Roots[older - 1]), Convert.FromHexString(Roots[newer - 1]), [.. proof.Select(Convert.FromHexString)]);
    }

    [Fact]
    public void Every_proof_in_every_small_log_holds_and_no_other_does()
    {
        for (var size = 1; size <= 40; size++)
        {
            var (read, root) = (Tiled(size), MerkleTree.Root(size, Tiled(size)));
            Assert.Equal(Naive([.. Enumerable.Range(0, size).Select(Input)]), root);
            for (var leaf = 0; leaf < size; leaf++)
            {
                var proof = MerkleTree.InclusionProof(leaf, size, read);
                for (var other = 0; other < size; other++) Assert.Equal(other == leaf, MerkleTree.Includes(leaf, size, MerkleTree.Leaf(Input(other)), proof, root));
            }
            for (var older = 1; older <= size; older++)
                Assert.True(MerkleTree.IsConsistent(older, size, MerkleTree.Root(older, Tiled(older)), root, MerkleTree.ConsistencyProof(older, size, read)));
        }
    }

    [Fact]
    public void Tiles_hold_any_log_however_it_was_added_to()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var all = Enumerable.Range(0, 70_000).Select(i => MerkleTree.Leaf(BitConverter.GetBytes(i))).ToList();
        var tiles = new Dictionary<TilePlace, byte[]>();
        for (var size = 0; size < all.Count;)
        {
            var take = Math.Min(random.Next(1, 9000), all.Count - size);
            // Only the edge is handed in, as the log does it.
            var edge = MerkleTiles.Edge(size).Where(tiles.ContainsKey).ToDictionary(place => place, place => tiles[place]);
            foreach (var place in MerkleTiles.Append(size, edge, all[size..(size + take)])) tiles[place] = edge[place];
            size += take;
        }
        byte[] Read(int height, long index) => MerkleTiles.Read(tiles[MerkleTiles.Of(height, index)], height, index);
        var root = MerkleTree.Root(all.Count, Read);
        Assert.Equal(Naive(all.Count, i => all[i]), root);
        for (var i = 0; i < 200; i++)
        {
            var leaf = random.Next(all.Count);
            Assert.True(MerkleTree.Includes(leaf, all.Count, all[leaf], MerkleTree.InclusionProof(leaf, all.Count, Read), root), $"seed {seed}, leaf {leaf}");
            var older = random.Next(1, all.Count);
            Assert.True(MerkleTree.IsConsistent(older, all.Count, Naive(older, k => all[k]), root, MerkleTree.ConsistencyProof(older, all.Count, Read)), $"seed {seed}, older {older}");
        }
    }

    [Fact]
    public void A_tile_that_is_not_as_long_as_the_log_says_stops_the_log()
    {
        var edge = new Dictionary<TilePlace, byte[]> { [new(0, 0)] = new byte[64] };
        Assert.Throws<InvalidOperationException>(() => MerkleTiles.Append(3, edge, [MerkleTree.Leaf([])]));
    }

    private static void EveryWrongInclusionFails(long leaf, long size, byte[] hash, byte[][] proof, byte[] root)
    {
        Assert.True(MerkleTree.Includes(leaf, size, hash, proof, root));
        var noise = MerkleTree.Leaf([9]);
        Assert.False(MerkleTree.Includes(leaf - 1, size, hash, proof, root));
        Assert.False(MerkleTree.Includes(leaf + 1, size, hash, proof, root));
        Assert.False(MerkleTree.Includes(leaf ^ 2, size, hash, proof, root));
        Assert.False(MerkleTree.Includes(leaf, size * 2, hash, proof, root));
        Assert.False(MerkleTree.Includes(leaf, size / 2, hash, proof, root));
        Assert.False(MerkleTree.Includes(leaf, size, noise, proof, root));
        Assert.False(MerkleTree.Includes(leaf, size, [], proof, root));
        Assert.False(MerkleTree.Includes(leaf, size, hash, proof, MerkleTree.EmptyRoot));
        foreach (var wrong in Corrupted(proof, root, noise)) Assert.False(MerkleTree.Includes(leaf, size, hash, wrong, root));
    }

    private static void EveryWrongConsistencyFails(long older, long newer, byte[] olderRoot, byte[] newerRoot, byte[][] proof)
    {
        Assert.True(MerkleTree.IsConsistent(older, newer, olderRoot, newerRoot, proof));
        if (older == newer) return;
        Assert.False(MerkleTree.IsConsistent(older - 1, newer, olderRoot, newerRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older + 1, newer, olderRoot, newerRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older ^ 2, newer, olderRoot, newerRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older, newer * 2, olderRoot, newerRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older, newer / 2, olderRoot, newerRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older, newer, newerRoot, olderRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older, newer, olderRoot, MerkleTree.EmptyRoot, proof));
        Assert.False(MerkleTree.IsConsistent(older, newer, olderRoot, newerRoot, []));
        foreach (var wrong in Corrupted(proof, olderRoot, newerRoot)) Assert.False(MerkleTree.IsConsistent(older, newer, olderRoot, newerRoot, wrong));
    }

    private static IEnumerable<byte[][]> Corrupted(byte[][] proof, byte[] one, byte[] another)
    {
        foreach (var garbage in (byte[][])[[], one, another])
        {
            yield return [.. proof, garbage];
            yield return [garbage, .. proof];
        }
        for (var i = 0; i < proof.Length; i++)
        {
            var flipped = proof.Select(hash => hash.ToArray()).ToArray();
            flipped[i][0] ^= 8;
            yield return flipped;
            yield return [.. proof[..i], .. proof[(i + 1)..]];
        }
    }

    private static byte[] Input(int i) => i < Inputs.Length ? Inputs[i] : BitConverter.GetBytes(i);

    private static NodeReader Tiled(int size)
    {
        var tiles = new Dictionary<TilePlace, byte[]>();
        MerkleTiles.Append(0, tiles, [.. Enumerable.Range(0, size).Select(i => MerkleTree.Leaf(Input(i)))]);
        return (height, index) => MerkleTiles.Read(tiles[MerkleTiles.Of(height, index)], height, index);
    }

    // RFC 6962 §2.1, word for word.
    private static byte[] Naive(IReadOnlyList<byte[]> inputs) => Naive(inputs.Count, i => MerkleTree.Leaf(inputs[i]));

    private static byte[] Naive(int count, Func<int, byte[]> leaf)
    {
        return Of(0, count);
        byte[] Of(int from, int n)
        {
            if (n == 1) return leaf(from);
            var k = 1;
            while (k * 2 < n) k *= 2;
            return MerkleTree.Node(Of(from, k), Of(from + k, n - k));
        }
    }
}
