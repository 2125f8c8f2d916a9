namespace Huifang.Planning;

/// <summary>When a planner gives what it has.</summary>
/// <param name="Elapsed">Time since it began, from the caller's clock; null: no limit.</param>
/// <param name="Most">After this much it stops and returns its best plan with its true gap.</param>
public sealed record PlanLimit(Func<TimeSpan> Elapsed, TimeSpan Most);

/// <summary>
/// The best plan and the proof that it is: a minimum cost flow by shortest augmenting paths from all sources at once (Hungarian method on groups of like tasks;
/// see docs/decisions/planner.md). Prices come from ever larger samples of the tasks, so that on the whole problem only a few units have to move.
/// Deterministic: the same problem gives the same plan.
/// </summary>
public static class PlanSolver
{
    private const int SampleEvery = 4;
    private const int SampleLeast = 1_000;

    /// <param name="limit">Null: until the plan is optimal.</param>
    /// <exception cref="ArgumentException">The problem has a <see cref="PlanProblem.Refusal"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Plan Solve(PlanProblem problem, IProgress<PlanProgress>? progress = null, PlanLimit? limit = null, CancellationToken stop = default)
    {
        if (problem.Refusal() is { } refusal) throw new ArgumentException($"{refusal.Field}: {refusal.Reason}", nameof(problem));
        var demand = Demand.Of(problem);
        return PlanReader.Read(problem, demand, Flow(problem, demand, progress, limit, stop));
    }

    /// <summary>The flow of the best plan, or of the best so far.</summary>
    internal static Network Flow(PlanProblem problem, Demand demand, IProgress<PlanProgress>? progress, PlanLimit? limit, CancellationToken stop)
    {
        var samples = new Stack<(Demand Demand, int Every)>();
        samples.Push((demand, 1));
        while (samples.Peek().Demand.Worth.Length / SampleEvery >= SampleLeast) samples.Push((samples.Peek().Demand.Sample(SampleEvery), samples.Peek().Every * SampleEvery));
        Network? net = null;
        for (var (step, steps) = (0, samples.Count); samples.TryPop(out var sample); step++)
        {
            var prices = net?.Price;
            var known = net?.Capacity;
            net = new Network(problem, sample.Demand, Thin(problem, sample.Every));
            if (prices is not null) TakePrices(net, prices, known!);
            net.Begin();
            if (prices is not null) net.PlaceGreedily();
            var part = (double)step / steps;
            Finish(net, left => progress?.Report(new(part + (1 - left) / steps, net.Unplaced)), limit, stop);
        }
        return net!;
    }

    /// <summary>Until nothing is without a place; false when the limit came first.</summary>
    internal static bool Finish(Network net, Action<double>? left, PlanLimit? limit, CancellationToken stop)
    {
        var (distances, flow) = (new Distances(net), new BlockingFlow(net));
        var first = Math.Max(1, net.Unplaced + net.Vacant);
        while (net.Unplaced + net.Vacant > 0)
        {
            var by = distances.Measure();
            if (by >= Network.Far) return false;
            if (by > 0) distances.Shift(by);
            var moved = by > 0;
            while (net.Unplaced + net.Vacant > 0 && flow.Push() > 0)
            {
                moved = true;
                stop.ThrowIfCancellationRequested();
                left?.Invoke((double)(net.Unplaced + net.Vacant) / first);
                if (limit is not null && limit.Elapsed() >= limit.Most) return false;
            }
            stop.ThrowIfCancellationRequested();
            // Neither a price nor a unit moved, and none will: better a plan with its true gap than none.
            if (!moved || limit is not null && limit.Elapsed() >= limit.Most) return false;
        }
        return true;
    }

    /// <summary>A sample's share of each type's calls, rounded so that the sum over the blocks stays right.</summary>
    private static Func<int, int> Thin(PlanProblem problem, int every)
    {
        if (every == 1) return cell => problem.Capacity[cell];
        var thin = new int[problem.Capacity.Length];
        for (var type = 0; type < problem.AgentTypes; type++)
            for (var (block, sum) = (0, (long)every / 2); block < problem.Blocks; block++)
            {
                var next = sum + problem.Capacity[type * problem.Blocks + block];
                thin[type * problem.Blocks + block] = (int)(next / every - sum / every);
                sum = next;
            }
        return cell => thin[cell];
    }

    /// <summary>Prices of the sample; a cell that the sample did not have takes its nearest neighbour's.</summary>
    private static void TakePrices(Network net, int[] prices, int[] known)
    {
        for (var type = 0; type < net.Types; type++)
        {
            var row = type * net.Stride;
            for (var block = 0; block < net.Blocks; block++)
            {
                if (net.Capacity[row + block] == 0) continue;
                for (var away = 0; away < net.Blocks; away++)
                {
                    if (block - away >= 0 && known[row + block - away] > 0) net.Price[row + block] = prices[row + block - away];
                    else if (block + away < net.Blocks && known[row + block + away] > 0) net.Price[row + block] = prices[row + block + away];
                    else continue;
                    break;
                }
            }
        }
    }
}
