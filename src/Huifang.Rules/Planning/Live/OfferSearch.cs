using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Huifang.Planning;

/// <summary>
/// A place with a price that nobody has: who would gain most by it, directly or by leaving a place to somebody else. Searched backwards from the place, because
/// almost always somebody near has been waiting for it. If nobody gains, the place loses its price.
/// </summary>
internal sealed class OfferSearch
{
    private const int ByCell = -1;

    private readonly LiveNetwork net;
    private readonly int cells;

    private readonly Frontier frontier;
    private readonly int[] distance;

    /// <summary>Per need: the group whose unit goes on (or <see cref="ByCell"/>: somebody goes to a cell), and the need (or cell) to which. Per cell: the need that makes way.</summary>
    private readonly int[] group, to, cellTo;

    /// <summary>Groups by what it costs to move one of their units nearer, and the need to which it moves.</summary>
    private readonly PriorityQueue<int, int> movers = new();
    private int[] moverDistance = [], moverStamp = [], moverTo = [];
    private int stamp;

    /// <summary>What the path costs that is the shortest so far: by a unit that waits into a need, or by a cell that gives up a call.</summary>
    private int best, bestGroup, bestTo;

    public OfferSearch(LiveNetwork net)
    {
        this.net = net;
        frontier = new Frontier(net);
        (cells, distance) = (frontier.Cells, frontier.Distance);
        (group, to, cellTo) = (new int[cells], new int[cells], new int[net.Types * net.Stride]);
    }

    /// <returns>Whether somebody took it.</returns>
    public bool Offer(int cell)
    {
        var limit = best = net.Price[cell];
        if (moverStamp.Length < net.GroupCount) (moverDistance, moverStamp, moverTo) = (new int[net.Groups.Length], new int[net.Groups.Length], new int[net.Groups.Length]);
        frontier.Begin();
        movers.Clear();
        stamp++;
        distance[cells + cell] = 0;
        frontier.Settle(cells + cell);
        FromNeeds(cell, 0);
        for (var nearest = Nearest(); nearest < best; nearest = Nearest()) Settle(nearest);
        if (best > 0)
        {
            for (var other = 0; other < net.Price.Length; other++)
                if (net.Capacity[other] > 0 && distance[cells + other] < best) net.Price[other] -= best - distance[cells + other];
            net.Spread();
        }
        if (best == limit) return false;
        if (bestGroup == ByCell)
        {
            net.Fill[bestTo]--;
            LeaveCell(bestTo, cell);
        }
        else
        {
            ref var each = ref net.Groups[bestGroup];
            net.Stand(bestGroup, each.Begin + each.Served, bestTo);
            each.Served++;
            net.Changed(bestGroup);
            GoOn(bestTo, cell);
        }
        return true;
    }

    /// <summary>The least distance of anything that is not done yet.</summary>
    private int Nearest()
    {
        var nearest = frontier.Nearest();
        return movers.TryPeek(out _, out var moves) ? Math.Min(moves, nearest) : nearest;
    }

    /// <summary>All that lies at this distance, until the best path is as short. Whoever waits comes first: only when nobody gains as much, it is asked who could move.</summary>
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
                if (best <= at) return;
            }
            if (movers.TryPeek(out var g, out var moves) && moves == at)
            {
                movers.Dequeue();
                if (moves == moverDistance[g]) SettleMover(g, at);
                continue;
            }
            var need = frontier.Unsettled(at);
            if (need < 0) return;
            frontier.Settle(need);
            AskMovers(need, at);
        }
    }

    /// <summary>Whoever waits for just this, and the cells where somebody of this need is called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LookAtNeed(int need, int at)
    {
        var (requirement, block) = (need / net.Stride, need % net.Stride);
        foreach (var word in net.Waiting.WordsOf(requirement))
            for (var bits = at + net.Waiting.Lack(word, block, net.Reach) < best ? net.Waiting.Open(requirement, block, word) : 0; bits != 0; bits &= bits - 1)
            {
                var g = word * 64 + BitOperations.TrailingZeroCount(bits);
                if (at + net.Reach[net.Row[g] + block] - net.Waiting.Best[g] is var enters && enters >= best) continue;
                (best, bestGroup, bestTo) = (enters, g, need);
                if (best <= at) return;
            }
        for (var (type, flow) = (0, net.FlowOf(need, block)); type < net.Types; type++, flow += net.Stride)
            if (net.Flow[flow] > 0 && at < distance[cells + type * net.Stride + block]) (distance[cells + type * net.Stride + block], cellTo[type * net.Stride + block]) = (at, need);
    }

    /// <summary>Groups that could come here from where they stand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AskMovers(int need, int at)
    {
        var (requirement, block) = (need / net.Stride, need % net.Stride);
        if (frontier.AllReached(requirement, at)) return;
        foreach (var word in net.Waiting.WordsOf(requirement))
            for (var bits = net.Waiting.Open(requirement, block, word); bits != 0; bits &= bits - 1)
            {
                var g = word * 64 + BitOperations.TrailingZeroCount(bits);
                if (net.Place[g] < 0 || at + net.Reach[net.Row[g] + block] - net.Reach[net.Place[g]] is var moves && (moves >= best || moverStamp[g] == stamp && moves >= moverDistance[g])) continue;
                (moverStamp[g], moverDistance[g], moverTo[g]) = (stamp, moves, need);
                movers.Enqueue(g, moves);
            }
    }

    private void SettleCell(int cell, int at)
    {
        frontier.Settle(cells + cell);
        if (at + net.Price[cell] < best) (best, bestGroup, bestTo) = (at + net.Price[cell], ByCell, cell);
        FromNeeds(cell, at);
    }

    /// <summary>Whoever could be called by the cell, if it had room.</summary>
    private void FromNeeds(int cell, int at)
    {
        var (type, block) = (cell / net.Stride, cell % net.Stride);
        for (var (requirement, need) = (0, block); requirement < net.Requirements; requirement++, need += net.Stride)
            if (net.CanServe(type, requirement) && at + net.Price[cell] - net.NeedPrice[need] is var by && by < distance[need]) (distance[need], group[need], to[need]) = (by, ByCell, cell);
    }

    /// <summary>The group's units leave wherever they stand.</summary>
    private void SettleMover(int g, int at)
    {
        for (var entry = net.Groups[g].FirstEntry; entry >= 0; entry = net.Entries[entry].NextOfGroup)
            if (net.Entries[entry].Need is var need && at < distance[need]) (distance[need], group[need], to[need]) = (at, g, moverTo[g]);
    }

    /// <summary>Somebody has come to a need: who was there goes on, until the free place is taken.</summary>
    private void GoOn(int need, int wanted)
    {
        var (g, next) = (group[need], to[need]);
        if (g == ByCell)
        {
            net.Flow[net.FlowOf(need, next)]++;
            if (next == wanted) net.Fill[wanted]++;
            else LeaveCell(next, wanted);
            return;
        }
        net.Move(g, need, next);
        GoOn(next, wanted);
    }

    /// <summary>A cell gives up one call of the need that makes way.</summary>
    private void LeaveCell(int cell, int wanted)
    {
        var need = cellTo[cell];
        net.Flow[net.FlowOf(need, cell)]--;
        GoOn(need, wanted);
    }
}
