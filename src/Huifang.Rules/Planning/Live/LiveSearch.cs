using System.Numerics;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// One shortest path: from a unit without a place to whoever makes way, or from whoever is not served to a place that became free. Then prices move by what was
/// measured and the units along the path by one place each, and the plan is the best again.
/// </summary>
internal sealed class LiveSearch
{
    private const int Far = Network.Far;

    private const int FromSource = -1;
    private const int FromNobody = -2;
    private const int ByCell = -1;

    private readonly LiveNetwork net;
    private readonly int cells;

    /// <summary>Of needs and then of cells; what is settled is <see cref="Network.Far"/> in <see cref="settled"/>.</summary>
    private readonly int[] distance, settled;

    /// <summary>Per need: the group whose unit goes there (or <see cref="ByCell"/>) and the need (or cell) where it comes from.</summary>
    private readonly int[] group, from;

    /// <summary>Per cell: the need that goes there, or <see cref="FromNobody"/>.</summary>
    private readonly int[] cellFrom;
    private int stamp;

    /// <summary>How far it is to being unserved: by a group's lowest unit out of a need, or by a free cell.</summary>
    private int toNobody, nobodyGroup, nobodyFrom;

    public LiveSearch(LiveNetwork net)
    {
        this.net = net;
        cells = net.Requirements * net.Stride;
        (distance, settled) = (new int[cells + net.Types * net.Stride], new int[cells + net.Types * net.Stride]);
        (group, from, cellFrom) = (new int[cells], new int[cells], new int[net.Types * net.Stride]);
    }

    /// <summary>A served unit without a place finds one; the least valuable of those that would have to make way is served no more.</summary>
    public void Place(int g, int unit)
    {
        ref var mine = ref net.Groups[g];
        var pays = net.Pays(mine, unit);
        if (net.Lowest(mine) <= pays)
        {
            GiveUp(g, unit);
            return;
        }
        Begin();
        (toNobody, nobodyGroup, nobodyFrom) = (net.Lowest(mine) - pays, g, FromSource);
        mine.Stamp = stamp;
        Relax(mine, -pays, g, FromSource);
        while (true)
        {
            var nearest = Nearest();
            if (toNobody <= nearest) break;
            Settle(nearest, toCell: -1);
        }
        if (toNobody > 0)
        {
            for (var cell = 0; cell < net.Price.Length; cell++)
                if (net.Capacity[cell] > 0 && distance[cells + cell] < toNobody) net.Price[cell] += toNobody - distance[cells + cell];
            net.Spread();
        }
        Augment(unit);
    }

    /// <summary>A place with a price that nobody has: somebody takes it, or it has no price any more.</summary>
    /// <returns>Whether somebody took it.</returns>
    public bool Offer(int cell)
    {
        var limit = net.Price[cell];
        Begin();
        toNobody = 0;
        for (var g = 0; g < net.GroupCount; g++)
        {
            ref var each = ref net.Groups[g];
            if (each.Served < each.Size && net.LeastReach[each.Class] - net.Worth[each.Begin + each.Served] < limit) Relax(each, -net.Worth[each.Begin + each.Served], g, FromNobody);
        }
        for (var other = 0; other < net.Price.Length; other++)
            if (net.Capacity[other] > 0 && net.Price[other] < limit) (distance[cells + other], cellFrom[other]) = (net.Price[other], FromNobody);
        var by = limit;
        while (true)
        {
            var nearest = Nearest();
            if (nearest >= limit) break;
            if (distance[cells + cell] <= nearest)
            {
                by = nearest;
                break;
            }
            Settle(nearest, cell);
        }
        if (by > 0)
        {
            for (var other = 0; other < net.Price.Length; other++)
                if (net.Capacity[other] > 0) net.Price[other] = Math.Max(0, net.Price[other] - Math.Min(by, distance[cells + other]));
            net.Spread();
        }
        if (by == limit) return false;
        net.Fill[cell]++;
        FollowCell(cell, source: -1);
        return true;
    }

    private void Begin()
    {
        Array.Fill(distance, Far);
        Array.Clear(settled);
        stamp++;
    }

    private int Nearest()
    {
        var nearest = Vector256.Create(Far);
        for (nuint i = 0; i < (nuint)distance.Length; i += Network.Lanes) nearest = Vector256.Min(nearest, Vector256.LoadUnsafe(ref distance[0], i) | Vector256.LoadUnsafe(ref settled[0], i));
        return Network.Smallest(nearest);
    }

    /// <summary>All nodes that lie at this distance, until the end of the path is as near.</summary>
    private void Settle(int at, int toCell)
    {
        var here = Vector256.Create(at);
        for (var i = 0; i < distance.Length; i += Network.Lanes)
            for (var bits = Vector256.ExtractMostSignificantBits(Vector256.Equals(Vector256.LoadUnsafe(ref distance[0], (nuint)i) | Vector256.LoadUnsafe(ref settled[0], (nuint)i), here)); bits != 0; bits &= bits - 1)
            {
                var node = i + BitOperations.TrailingZeroCount(bits);
                settled[node] = Far;
                if (node < cells) SettleNeed(node, at, toCell < 0);
                else SettleCell(node - cells, at);
                if (toCell < 0 ? toNobody <= at : distance[cells + toCell] <= at) return;
            }
    }

    private void SettleNeed(int need, int at, bool towardsNobody)
    {
        var (requirement, block) = (need / net.Stride, need % net.Stride);
        foreach (var type in net.TypesOf[requirement])
        {
            var cell = type * net.Stride + block;
            if (net.Capacity[cell] > 0 && at + net.Price[cell] - net.NeedPrice[need] is var to && to < distance[cells + cell]) (distance[cells + cell], cellFrom[cell]) = (to, need);
        }
        for (var entry = net.FirstEntryOfNeed[need]; entry >= 0; entry = net.Entries[entry].NextOfNeed)
        {
            var g = net.Entries[entry].Group;
            ref var each = ref net.Groups[g];
            if (each.Stamp == stamp) continue;
            each.Stamp = stamp;
            var pays = net.Reach[each.Class * net.Stride + block];
            if (towardsNobody && at + net.Lowest(each) - pays is var out_ && out_ < toNobody)
            {
                (toNobody, nobodyGroup, nobodyFrom) = (out_, g, need);
                if (out_ <= at) return;
            }
            Relax(each, at - pays, g, need);
        }
    }

    private void SettleCell(int cell, int at)
    {
        if (net.Fill[cell] < net.Capacity[cell] && net.Price[cell] == 0 && at < toNobody) (toNobody, nobodyGroup, nobodyFrom) = (at, ByCell, cell);
        var (type, block) = (cell / net.Stride, cell % net.Stride);
        for (var (need, flow) = (block, type * net.Stride + block); need < cells; need += net.Stride, flow += net.Types * net.Stride)
            if (net.Flow[flow] > 0 && at < distance[need]) (distance[need], group[need], from[need]) = (at, ByCell, cell);
    }

    private void Relax(in LiveNetwork.Group each, int add, int g, int origin)
    {
        var row = net.ClassRequirement[each.Class] * net.Stride;
        ref var reach = ref net.Reach[each.Class * net.Stride];
        var more = Vector256.Create(add);
        for (var run = each.RunBegin; run < each.RunEnd; run++)
            for (var (block, end) = (net.RunFirst[run], net.RunEnd[run]); block < end; block += Network.Lanes)
            {
                ref var here = ref distance[row + block];
                var (before, to) = (Vector256.LoadUnsafe(ref here), Vector256.LoadUnsafe(ref reach, (nuint)block) + more);
                var less = Vector256.LessThan(to, before);
                if (end - block < Network.Lanes) less &= Network.First(end - block);
                if (less == Vector256<int>.Zero) continue;
                Vector256.ConditionalSelect(less, to, before).StoreUnsafe(ref here);
                for (var bits = Vector256.ExtractMostSignificantBits(less); bits != 0; bits &= bits - 1)
                    (group[row + block + BitOperations.TrailingZeroCount(bits)], from[row + block + BitOperations.TrailingZeroCount(bits)]) = (g, origin);
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
            FollowNeed(goes, source);
        }
    }

    /// <summary>A cell has one more call, from the need by which it was reached.</summary>
    private void FollowCell(int cell, int source)
    {
        var need = cellFrom[cell];
        if (need == FromNobody)
        {
            net.Fill[cell]--;
            return;
        }
        net.Flow[(need / net.Stride * net.Types + cell / net.Stride) * net.Stride + cell % net.Stride]++;
        FollowNeed(need, source);
    }

    /// <summary>A need has room for one more, and somebody comes to take it.</summary>
    private void FollowNeed(int need, int source)
    {
        var (g, origin) = (group[need], from[need]);
        if (g == ByCell)
        {
            net.Flow[(need / net.Stride * net.Types + origin / net.Stride) * net.Stride + origin % net.Stride]--;
            FollowCell(origin, source);
            return;
        }
        ref var each = ref net.Groups[g];
        switch (origin)
        {
            case FromSource:
                net.Stand(g, source, need);
                return;
            case FromNobody:
                net.Stand(g, each.Begin + each.Served, need);
                each.Served++;
                return;
            default:
                var moves = net.UnitIn(each, origin);
                net.Leave(g, moves);
                net.Stand(g, moves, need);
                FollowNeed(origin, source);
                return;
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
    }
}
