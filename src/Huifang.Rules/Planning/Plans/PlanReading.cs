namespace Huifang.Planning;

/// <summary>A solved plan put into words that people can use: who calls whom at which quarter of an hour, why then, and what a place is worth.</summary>
/// <param name="Calls">In the order of the sheet's calls.</param>
/// <param name="Cells">Types and blocks that have places or use them.</param>
public sealed record PlanReading(IReadOnlyList<PlannedCall> Calls, IReadOnlyList<PlanCell> Cells, long Objective, long Bound)
{
    /// <summary>How far the plan may be from the best there is, as a share; 0 is proved the best.</summary>
    public double Gap => Bound <= 0 ? 0 : Math.Max(0, (double)(Bound - Objective) / Bound);

    public int Planned => Calls.Count(call => call.IsPlanned);

    /// <param name="now">The block that has begun.</param>
    public static PlanReading Of(PlanSheet sheet, Plan plan, int now)
    {
        var blocks = sheet.Span.Blocks;
        var cellOf = (int[])plan.CellOf.Clone();
        Sooner(sheet, cellOf);
        var cheapest = Cheapest(sheet, plan.Prices);
        var people = Shared(sheet, cellOf);
        var calls = new PlannedCall[cellOf.Length];
        var objective = 0L;
        for (var task = 0; task < cellOf.Length; task++)
        {
            calls[task] = cellOf[task] < 0 ? Left(sheet, task, cheapest, now) : Placed(sheet, plan, task, cellOf[task], cheapest, people[task]) with { Now = CallNow.Worth(sheet, task, now, sheet.Gain(task, cellOf[task] % blocks) - plan.Prices[cellOf[task]]) };
            if (calls[task].IsPlanned) objective += calls[task].Gain;
        }
        var used = new int[plan.Prices.Length];
        foreach (var cell in cellOf) if (cell >= 0) used[cell]++;
        var cells = Enumerable.Range(0, used.Length).Where(cell => sheet.Problem.Capacity[cell] > 0 && sheet.Types.Count > 0)
            .Select(cell => new PlanCell(sheet.Types[cell / blocks], cell % blocks, sheet.Problem.Capacity[cell], used[cell], plan.Prices[cell])).ToList();
        return new(calls, cells, objective, Math.Max(plan.Bound, objective));
    }

    /// <summary>
    /// Within a day the objective does not care when; people do. Calls move to the soonest place of their day that is free and loses nothing, the most urgent first.
    /// Then those who could stand in each other's places without loss are put in the order of urgency and value. The plan stays as good as it was and its prices go on proving it.
    /// </summary>
    private static void Sooner(PlanSheet sheet, int[] cellOf)
    {
        var (blocks, left) = (sheet.Span.Blocks, (int[])sheet.Problem.Capacity.Clone());
        foreach (var cell in cellOf) if (cell >= 0) left[cell]--;
        var order = Enumerable.Range(0, cellOf.Length).Where(task => cellOf[task] >= 0).OrderBy(task => sheet.Span.DayOf(cellOf[task] % blocks)).ThenByDescending(task => sheet.Calls[task].Urgency).ThenByDescending(task => sheet.Calls[task].Value).ThenBy(task => task).ToList();
        foreach (var task in order)
        {
            var (type, block) = (cellOf[task] / blocks, cellOf[task] % blocks);
            for (var sooner = sheet.Span.DayOf(block) * PlanSpan.BlocksPerDay; sooner < block; sooner++)
            {
                var cell = type * blocks + sooner;
                if (left[cell] <= 0 || !sheet.Calls[task].Allows(sooner) || sheet.Gain(task, sooner) < sheet.Gain(task, block)) continue;
                left[cell]--;
                left[cellOf[task]]++;
                cellOf[task] = cell;
                break;
            }
        }
        // The same window, profile and chance: any of them may stand where another does.
        foreach (var alike in order.GroupBy(task => (Type: cellOf[task] / blocks, Day: sheet.Span.DayOf(cellOf[task] % blocks), Window: sheet.Problem.TaskWindow[task], Profile: sheet.Problem.TaskProfile![task], Chance: sheet.Answer(task, cellOf[task] % blocks))))
        {
            var tasks = alike.OrderByDescending(task => sheet.Calls[task].Urgency).ThenByDescending(task => sheet.Calls[task].Value).ThenBy(task => task).ToList();
            var places = tasks.Select(task => cellOf[task]).Order().ToList();
            for (var i = 0; i < tasks.Count; i++) cellOf[tasks[i]] = places[i];
        }
    }

    /// <summary>For each requirement and block the lowest price among agents who can and are there; <see cref="long.MaxValue"/> when there is none.</summary>
    private static long[] Cheapest(PlanSheet sheet, long[] prices)
    {
        var (problem, blocks) = (sheet.Problem, sheet.Span.Blocks);
        var lowest = new long[problem.Requirements * blocks];
        Array.Fill(lowest, long.MaxValue);
        for (var type = 0; type < problem.AgentTypes; type++)
            for (var requirement = 0; requirement < problem.Requirements; requirement++)
                if (problem.CanServe[type * problem.Requirements + requirement])
                    for (var block = 0; block < blocks; block++)
                        if (problem.Capacity[type * blocks + block] > 0) lowest[requirement * blocks + block] = Math.Min(lowest[requirement * blocks + block], prices[type * blocks + block]);
        return lowest;
    }

    private static (string? AgentId, int Quarter)[] Shared(PlanSheet sheet, int[] cellOf)
    {
        var blocks = sheet.Span.Blocks;
        var shared = new (string?, int)[cellOf.Length];
        var byType = sheet.People.ToLookup(sheet.TypeOf);
        var (load, day) = (new ShareRules.Load(), -1);
        foreach (var cell in Enumerable.Range(0, cellOf.Length).Where(task => cellOf[task] >= 0).GroupBy(task => cellOf[task]).OrderBy(cell => cell.Key % blocks).ThenBy(cell => cell.Key))
        {
            var block = cell.Key % blocks;
            if (sheet.Span.DayOf(block) != day) (load, day) = (new(), sheet.Span.DayOf(block));
            var tasks = cell.OrderByDescending(task => sheet.Calls[task].Urgency).ThenByDescending(task => sheet.Calls[task].Value).ToList();
            var split = ShareRules.Split([.. tasks.Select(task => sheet.Calls[task])], [.. byType[cell.Key / blocks]], block, load);
            for (var i = 0; i < tasks.Count; i++) shared[tasks[i]] = split[i];
        }
        return shared;
    }

    private static PlannedCall Placed(PlanSheet sheet, Plan plan, int task, int cell, long[] cheapest, (string? AgentId, int Quarter) by)
    {
        var (span, call) = (sheet.Span, sheet.Calls[task]);
        var block = cell % span.Blocks;
        var gain = sheet.Gain(task, block);
        var from = block;
        // Back through the same day as long as she may be called and is as likely to answer.
        while (from % PlanSpan.BlocksPerDay > 0 && call.Allows(from - 1) && sheet.Gain(task, from - 1) >= gain) from--;
        var (other, worth) = Best(sheet, task, cheapest, block);
        return new(call.FollowUpId, block, sheet.Types[cell / span.Blocks], by.AgentId, span.QuarterAt(by.Quarter), span.At(from), gain, plan.Prices[cell], call.ChanceIn(block, span),
            other < 0 ? null : span.At(other), other < 0 ? gain : Math.Max(0, gain - plan.Prices[cell] - worth), null);
    }

    private static PlannedCall Left(PlanSheet sheet, int task, long[] cheapest, int now)
    {
        var (span, call) = (sheet.Span, sheet.Calls[task]);
        var (best, worth) = Best(sheet, task, cheapest, -1);
        var reason = call.Window.Length == 0 ? UnplannedReason.NoTime : best < 0 ? UnplannedReason.NobodyCan : sheet.Gain(task, best) <= 0 ? UnplannedReason.NotWorth : UnplannedReason.Outbid;
        var left = best < 0 ? new PlannedCall(call.FollowUpId, -1, null, null, null, null, 0, 0, 0, null, 0, reason)
            : new(call.FollowUpId, -1, null, null, null, null, sheet.Gain(task, best), sheet.Gain(task, best) - worth, call.ChanceIn(best, span), span.At(best), Math.Max(0, -worth), reason);
        return left with { Now = CallNow.Worth(sheet, task, now, 0) };
    }

    /// <summary>The block of the window where gain less price is most, and that difference; -1 when nobody could.</summary>
    private static (int Block, long Worth) Best(PlanSheet sheet, int task, long[] cheapest, int except)
    {
        var (best, most) = (-1, long.MinValue);
        var row = sheet.Problem.TaskRequirement[task] * sheet.Span.Blocks;
        var window = sheet.Calls[task].Window;
        for (var run = 0; run < window.Length; run += 2)
            for (var block = window[run]; block < window[run + 1]; block++)
                if (block != except && cheapest[row + block] != long.MaxValue && sheet.Gain(task, block) - cheapest[row + block] is var worth && worth > most) (best, most) = (block, worth);
        return (best, most);
    }
}
