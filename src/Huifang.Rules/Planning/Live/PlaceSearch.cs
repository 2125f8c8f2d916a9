using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// A unit without a place finds one: the shortest path from it over tight and less tight places to whoever makes way, the least valuable of a group, or to a
/// cell with room. Then prices rise by what was measured, the units along the path move by one place each, and the plan is the best again.
/// </summary>
internal sealed class PlaceSearch
{
    private const int FromSource = -1;
    private const int ByCell = -1;

    private readonly LiveNetwork net;
    private readonly int cells;

    private readonly Frontier frontier;
    private readonly int[] distance;

    /// <summary>Per need: the group whose unit goes there (or <see cref="ByCell"/>) and the need (or cell) where it comes from. Per cell: the need.</summary>
    private readonly int[] group, from, cellFrom;

    /// <summary>How far it is to being unserved: by a group's lowest unit out of a need, or by a cell with room.</summary>
    private int toNobody, nobodyGroup, nobodyFrom;
    private int stamp;

    public PlaceSearch(LiveNetwork net)
    {
        this.net = net;
        frontier = new Frontier(net);
        (cells, distance) = (frontier.Cells, frontier.Distance);
        (group, from, cellFrom) = (new int[cells], new int[cells], new int[net.Types * net.Stride]);
    }

    /// <param name="unit">Counted as served, and without a place.</param>
    public void Place(int g, int unit)
    {
        ref var mine = ref net.Groups[g];
        var pays = net.Pays(g);
        if (net.Lowest(mine) <= pays)
        {
            GiveUp(g, unit);
            return;
        }
        frontier.Begin();
        (toNobody, nobodyGroup, nobodyFrom) = (net.Lowest(mine) - pays, g, FromSource);
        mine.Stamp = ++stamp;
        Relax(-pays, g, FromSource);
        for (var nearest = frontier.Nearest(); nearest < toNobody; nearest = frontier.Nearest()) Settle(nearest);
        if (toNobody > 0)
        {
            for (var cell = 0; cell < net.Price.Length; cell++)
                if (net.Capacity[cell] > 0 && distance[cells + cell] < toNobody) net.Price[cell] += toNobody - distance[cells + cell];
            net.Spread();
        }
        Augment(unit);
    }

    /// <summary>All nodes that lie at this distance, until being unserved is as near. What costs little comes first: only when nobody makes way at this price, it is asked where people could go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Settle(int at)
    {
        while (true)
        {
            for (var node = frontier.Unseen(at); node >= 0; node = frontier.Unseen(at))
            {
                frontier.See(node);
                if (node < cells) LookAtNeed(node, at);
                else SettleCell(node - cells, at);
                if (toNobody <= at) return;
            }
            var need = frontier.Unsettled(at);
            if (need < 0) return;
            frontier.Settle(need);
            Walk(need, at);
        }
    }

    /// <summary>The cells where somebody of this need could be called, and whoever stands here and makes way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LookAtNeed(int need, int at)
    {
        var (requirement, block) = (need / net.Stride, need % net.Stride);
        foreach (var type in net.TypesOf[requirement])
        {
            var cell = type * net.Stride + block;
            if (net.Capacity[cell] > 0 && at + net.Price[cell] - net.NeedPrice[need] is var to && to < distance[cells + cell]) (distance[cells + cell], cellFrom[cell]) = (to, need);
        }
        for (var entry = net.FirstEntryOfNeed[need]; entry >= 0; entry = net.Entries[entry].NextOfNeed)
            if (net.Entries[entry].Group is var g && at + net.Lowest(net.Groups[g]) - net.Reach[net.Row[g] + block] is var leaves && leaves < toNobody)
            {
                (toNobody, nobodyGroup, nobodyFrom) = (leaves, g, need);
                if (leaves <= at) return;
            }
    }

    /// <summary>Where whoever stands here could go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(int need, int at)
    {
        var (requirement, block, steps) = (need / net.Stride, need % net.Stride, 0);
        for (var entry = net.FirstEntryOfNeed[need]; entry >= 0; entry = net.Entries[entry].NextOfNeed)
        {
            var g = net.Entries[entry].Group;
            ref var each = ref net.Groups[g];
            if (each.Stamp == stamp) continue;
            if (steps++ % Network.Lanes == 0 && frontier.AllReached(requirement, at)) return;
            each.Stamp = stamp;
            Relax(at - net.Reach[net.Row[g] + block], g, need);
        }
    }

    private void SettleCell(int cell, int at)
    {
        frontier.Settle(cells + cell);
        if (net.Fill[cell] < net.Capacity[cell] && at < toNobody) (toNobody, nobodyGroup, nobodyFrom) = (at, ByCell, cell);
        var (type, block) = (cell / net.Stride, cell % net.Stride);
        for (var (need, flow) = (block, type * net.Stride + block); need < cells; need += net.Stride, flow += net.Types * net.Stride)
            if (net.Flow[flow] > 0 && at < distance[need]) (distance[need], group[need], from[need]) = (at, ByCell, cell);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Relax(int add, int g, int origin)
    {
        var row = net.ClassRequirement[net.Groups[g].Class] * net.Stride;
        ref var reach = ref net.Reach[net.Row[g]];
        var more = Vector256.Create(add);
        for (var block = 0; block < net.Blocks; block += Network.Lanes)
        {
            if (net.Waiting.MayCall(g, block) is var may && may == 0) continue;
            var to = Vector256.LoadUnsafe(ref reach, (nuint)block) + more;
            for (var bits = may & Vector256.ExtractMostSignificantBits(Vector256.LessThan(to, Vector256.LoadUnsafe(ref distance[row + block]))); bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                (distance[row + block + lane], group[row + block + lane], from[row + block + lane]) = (to[lane], g, origin);
            }
        }
    }

    /// <summary>Back along the path from being unserved to the unit that looked for a place.</summary>
    private void Augment(int source)
    {
        if (nobodyGroup == ByCell)
        {
            net.Fill[nobodyFrom]++;
            FollowCell(nobodyFrom, source);
        }
        else if (nobodyFrom == FromSource) GiveUp(nobodyGroup, source);
        else
        {
            // The least valuable of the group goes; whoever stood where the place is wanted takes hers.
            ref var each = ref net.Groups[nobodyGroup];
            var (lowest, goes) = (each.Begin + each.Served - 1, nobodyFrom);
            var place = net.Need[lowest];
            net.Leave(nobodyGroup, lowest);
            if (place != goes)
            {
                var other = net.UnitIn(each, goes);
                net.Leave(nobodyGroup, other);
                net.Stand(nobodyGroup, other, place);
            }
            each.Served--;
            net.Changed(nobodyGroup);
            FollowNeed(goes, source);
        }
    }

    /// <summary>A cell has one more call, from the need by which it was reached.</summary>
    private void FollowCell(int cell, int source)
    {
        var need = cellFrom[cell];
        net.Flow[net.FlowOf(need, cell)]++;
        FollowNeed(need, source);
    }

    /// <summary>A need has room for one more, and somebody comes to take it.</summary>
    private void FollowNeed(int need, int source)
    {
        var (g, origin) = (group[need], from[need]);
        if (g == ByCell)
        {
            net.Flow[net.FlowOf(need, origin)]--;
            FollowCell(origin, source);
        }
        else if (origin == FromSource) net.Stand(g, source, need);
        else
        {
            net.Move(g, origin, need);
            FollowNeed(origin, source);
        }
    }

    /// <summary>One unit of the group is served less, the least valuable; when it is not the one that has no place, that one takes hers.</summary>
    private void GiveUp(int g, int unit)
    {
        ref var each = ref net.Groups[g];
        var lowest = each.Begin + each.Served - 1;
        if (lowest != unit)
        {
            var place = net.Need[lowest];
            net.Leave(g, lowest);
            net.Stand(g, unit, place);
        }
        each.Served--;
        net.Changed(g);
    }
}
