using System.Numerics;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// How much prices must move until somebody without a place finds one: shortest paths over needs and cells, all sources at once. Groups are arcs, not nodes: one is
/// walked once, when the first of its needs is reached, and lowers the distance of its whole window eight blocks at a time.
/// </summary>
internal sealed class Distances(Network net)
{
    private readonly int[] distance = new int[(net.Requirements + net.Types) * net.Stride], done = new int[(net.Requirements + net.Types) * net.Stride];
    private readonly int cells = net.Requirements * net.Stride;
    private int stamp, toNobody;

    /// <summary>The distance to the nearest place, or <see cref="Network.Far"/> when there is none.</summary>
    /// <remarks><c>toNobody</c> is the distance to being unserved: the node through which one customer's place becomes another's.</remarks>
    public int Measure()
    {
        Array.Fill(distance, Network.Far);
        Array.Clear(done);
        stamp++;
        toNobody = net.Vacant > net.Unplaced ? 0 : Network.Far;
        var (nobodyIsPlace, nobodyDone, limit) = (net.Unplaced > net.Vacant, false, Network.Far);
        if (net.Unplaced > 0)
            for (var g = 0; g < net.Groups.Length; g++)
                if (net.Groups[g].Served > net.Groups[g].Placed) Walk(g, 0);
        while (true)
        {
            var nearest = Nearest();
            if (!nobodyDone && toNobody <= nearest)
            {
                if (toNobody >= limit || nobodyIsPlace) return Math.Min(limit, toNobody);
                nobodyDone = true;
                WalkFromNobody(limit);
                continue;
            }
            if (nearest >= limit) return limit;
            Settle(nearest, ref limit);
        }
    }

    /// <summary>Moves the prices by what was measured; what flowed stays tight.</summary>
    public void Shift(int by)
    {
        var nobody = Math.Max(0, by - toNobody);
        for (var cell = 0; cell < net.Price.Length; cell++)
            if (net.Capacity[cell] > 0) net.Price[cell] = Math.Max(0, net.Price[cell] + Math.Max(0, by - distance[cells + cell]) - nobody);
        net.Refresh();
    }

    private int Nearest()
    {
        var nearest = Vector256.Create(Network.Far);
        for (nuint i = 0; i < (nuint)distance.Length; i += Network.Lanes) nearest = Vector256.Min(nearest, Vector256.LoadUnsafe(ref distance[0], i) | Vector256.LoadUnsafe(ref done[0], i));
        return Network.Smallest(nearest);
    }

    /// <summary>All nodes that lie at this distance.</summary>
    private void Settle(int at, ref int limit)
    {
        var here = Vector256.Create(at);
        for (var i = 0; i < distance.Length; i += Network.Lanes)
            for (var bits = Vector256.ExtractMostSignificantBits(Vector256.Equals(Vector256.LoadUnsafe(ref distance[0], (nuint)i) | Vector256.LoadUnsafe(ref done[0], (nuint)i), here)); bits != 0; bits &= bits - 1)
            {
                var node = i + BitOperations.TrailingZeroCount(bits);
                done[node] = Network.Far;
                if (node < cells) SettleNeed(node, at);
                else SettleCell(node - cells, at, ref limit);
            }
    }

    private void SettleNeed(int need, int at)
    {
        var (requirement, block) = (need / net.Stride, need % net.Stride);
        foreach (var type in net.TypesOf[requirement])
        {
            var cell = type * net.Stride + block;
            if (net.Capacity[cell] > 0) Lower(ref distance[cells + cell], at + net.Price[cell] - net.NeedPrice[need]);
        }
        for (var entry = net.FirstEntryOfNeed[need]; entry >= 0; entry = net.Entries[entry].NextOfNeed)
            if (net.Entries[entry].Count > 0 && net.Groups[net.Entries[entry].Group].Stamp != stamp) Walk(net.Entries[entry].Group, at);
    }

    private void SettleCell(int cell, int at, ref int limit)
    {
        var (type, block) = (cell / net.Stride, cell % net.Stride);
        if (net.Fill[cell] < net.Capacity[cell])
            if (net.Price[cell] > 0) Lower(ref limit, at);
            else Lower(ref toNobody, at);
        for (var (need, flow) = (block, type * net.Stride + block); need < cells; need += net.Stride, flow += net.Types * net.Stride)
            if (net.Flow[flow] > 0) Lower(ref distance[need], at);
    }

    private void Walk(int g, int at)
    {
        ref var group = ref net.Groups[g];
        group.Stamp = stamp;
        Relax(group, at - group.Pays);
        Lower(ref toNobody, at + net.Lowest(group) - group.Pays);
    }

    private void WalkFromNobody(int limit)
    {
        foreach (ref var group in net.Groups.AsSpan())
            if (group.Stamp != stamp && group.Served < group.Size && toNobody + group.Pays - net.Next(group) is var at && at < limit) Relax(group, at - group.Pays);
        for (var cell = 0; cell < net.Price.Length; cell++)
            if (net.Capacity[cell] > 0) Lower(ref distance[cells + cell], toNobody + net.Price[cell]);
    }

    private void Relax(in Network.Group group, int add)
    {
        ref var reach = ref net.Reach[group.Class * net.Stride];
        ref var row = ref distance[net.ClassRequirement[group.Class] * net.Stride];
        var more = Vector256.Create(add);
        for (var run = group.RunBegin; run < group.RunEnd; run++)
        {
            var (block, end) = (net.RunFirst[run], net.RunLast[run]);
            for (; block + Network.Lanes <= end; block += Network.Lanes)
                Vector256.Min(Vector256.LoadUnsafe(ref row, (nuint)block), Vector256.LoadUnsafe(ref reach, (nuint)block) + more).StoreUnsafe(ref row, (nuint)block);
            if (block >= end) continue;
            var before = Vector256.LoadUnsafe(ref row, (nuint)block);
            Vector256.ConditionalSelect(Network.First(end - block), Vector256.Min(before, Vector256.LoadUnsafe(ref reach, (nuint)block) + more), before).StoreUnsafe(ref row, (nuint)block);
        }
    }

    private static void Lower(ref int value, int to)
    {
        if (to < value) value = to;
    }
}
