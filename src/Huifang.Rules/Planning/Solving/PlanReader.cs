namespace Huifang.Planning;

/// <summary>From flows to a place for each task, and the bound that the prices prove.</summary>
internal static class PlanReader
{
    /// <summary>The most valuable members of a group take its places, in the order of the blocks. Units without a place (the time was up) take any that is left.</summary>
    public static Plan Read(PlanProblem p, Demand demand, Network net)
    {
        var cellOf = new int[p.Tasks];
        Array.Fill(cellOf, -1);
        var (flow, objective) = (net.Flow.AsSpan().ToArray(), 0L);
        for (var g = 0; g < net.Groups.Length; g++)
        {
            ref var group = ref net.Groups[g];
            var unit = group.Begin;
            for (var entry = group.FirstEntry; entry >= 0; entry = net.Entries[entry].NextOfGroup)
            {
                var (requirement, block) = (net.Entries[entry].Need / net.Stride, net.Entries[entry].Need % net.Stride);
                var types = net.TypesOf[requirement];
                for (var (left, type) = (net.Entries[entry].Count, 0); left > 0; left--, unit++)
                {
                    while (flow[(requirement * net.Types + types[type]) * net.Stride + block] == 0) type++;
                    flow[(requirement * net.Types + types[type]) * net.Stride + block]--;
                    cellOf[demand.Task[unit]] = types[type] * p.Blocks + block;
                    objective += p.Gain(demand.Task[unit], block);
                }
            }
        }
        if (net.Unplaced + net.Vacant > 0) objective += FillUp(p, net, cellOf);
        var prices = new long[p.AgentTypes * p.Blocks];
        for (var type = 0; type < p.AgentTypes; type++)
            for (var block = 0; block < p.Blocks; block++) prices[type * p.Blocks + block] = (long)net.Price[type * net.Stride + block] * demand.Unit;
        return new Plan(cellOf, prices, objective, Bound(p, demand, net));
    }

    private static long Bound(PlanProblem p, Demand demand, Network net)
    {
        var bound = 0L;
        for (var cell = 0; cell < net.Price.Length; cell++) bound += (long)net.Capacity[cell] * net.Price[cell];
        foreach (ref var group in net.Groups.AsSpan())
        {
            var pays = net.Best(group);
            for (var unit = group.Begin; unit < group.Begin + group.Size && net.Worth[unit] > pays; unit++) bound += net.Worth[unit] - pays;
        }
        return bound * demand.Unit;
    }

    /// <summary>The most valuable first, each where it gains most of what is left.</summary>
    private static long FillUp(PlanProblem p, Network net, int[] cellOf)
    {
        var (waiting, gained) = (new List<int>(), 0L);
        for (var task = 0; task < p.Tasks; task++)
            if (cellOf[task] < 0) waiting.Add(task);
        foreach (var task in waiting.OrderByDescending(task => p.TaskValue[task]))
        {
            var (best, cell) = (0L, -1);
            for (var run = p.WindowBegin[p.TaskWindow[task]]; run < p.WindowBegin[p.TaskWindow[task] + 1]; run++)
                for (var block = p.RunFirst[run]; block < p.RunEnd[run]; block++)
                {
                    if (p.Gain(task, block) is var gain && gain <= best) continue;
                    foreach (var type in net.TypesOf[p.TaskRequirement[task]])
                    {
                        if (net.Fill[type * net.Stride + block] >= net.Capacity[type * net.Stride + block]) continue;
                        (best, cell) = (gain, type * net.Stride + block);
                        break;
                    }
                }
            if (cell < 0) continue;
            net.Fill[cell]++;
            cellOf[task] = cell / net.Stride * p.Blocks + cell % net.Stride;
            gained += best;
        }
        return gained;
    }
}
