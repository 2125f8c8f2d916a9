using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>How far a search has come: distances of needs and then of cells, which of them were looked at and which are done with.</summary>
/// <remarks>Compiled at its best from the first call on, because changes are few and each should be quick.</remarks>
internal sealed class Frontier
{
    private const int Far = Network.Far;

    private readonly LiveNetwork net;

    /// <summary><see cref="Network.Far"/> for what was looked at, and for what is done with, else 0: a distance with it is far or as it was.</summary>
    private readonly int[] seen, settled;

    public Frontier(LiveNetwork net)
    {
        this.net = net;
        Cells = net.Requirements * net.Stride;
        var nodes = Cells + net.Types * net.Stride;
        (Distance, seen, settled) = (new int[nodes], new int[nodes], new int[nodes]);
    }

    /// <summary>Where cells begin.</summary>
    public readonly int Cells;
    public readonly int[] Distance;

    public void Begin()
    {
        Array.Fill(Distance, Far);
        Array.Clear(seen);
        Array.Clear(settled);
    }

    public void See(int node) => seen[node] = Far;

    /// <summary>Done with; it need not be looked at either.</summary>
    public void Settle(int node) => seen[node] = settled[node] = Far;

    /// <summary>The least distance of anything that is not done with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Nearest()
    {
        var nearest = Vector256.Create(Far);
        for (nuint i = 0; i < (nuint)Distance.Length; i += Network.Lanes) nearest = Vector256.Min(nearest, Vector256.LoadUnsafe(ref Distance[0], i) | Vector256.LoadUnsafe(ref settled[0], i));
        return Network.Smallest(nearest);
    }

    /// <summary>A node at this distance that nobody looked at, or -1.</summary>
    public int Unseen(int at) => First(seen, at);

    /// <summary>A node at this distance that is not done with, or -1.</summary>
    public int Unsettled(int at) => First(settled, at);

    /// <summary>Everything of this requirement is as near already: nobody can come nearer by moving within it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool AllReached(int requirement, int at)
    {
        var (here, far, row) = (Vector256.Create(at), Vector256.Create(Far), requirement * net.Stride);
        for (var i = 0; i < net.Stride; i += Network.Lanes)
            if ((Vector256.GreaterThan(Vector256.LoadUnsafe(ref Distance[row + i]), here) & Vector256.LessThan(Vector256.LoadUnsafe(ref net.NeedPrice[row + i]), far)) != Vector256<int>.Zero) return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int First(int[] done, int at)
    {
        var here = Vector256.Create(at);
        for (var i = 0; i < Distance.Length; i += Network.Lanes)
            if (Vector256.ExtractMostSignificantBits(Vector256.Equals(Vector256.LoadUnsafe(ref Distance[0], (nuint)i) | Vector256.LoadUnsafe(ref done[0], (nuint)i), here)) is var bits and not 0) return i + BitOperations.TrailingZeroCount(bits);
        return -1;
    }
}
