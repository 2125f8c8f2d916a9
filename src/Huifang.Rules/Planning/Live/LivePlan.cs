namespace Huifang.Planning;

/// <summary>A call that is owed, told to a plan that already stands.</summary>
/// <param name="Requirement">Language with skill, 0 to <see cref="PlanProblem.Requirements"/> - 1.</param>
/// <param name="Value">0 or more.</param>
/// <param name="Urgency">0 or more.</param>
/// <param name="Window">Pairs of first block and the block after the last, ascending, not overlapping. Empty: it can never be called.</param>
/// <param name="Answer">Probability that a call is answered, in thousandths, per block. Empty: certain.</param>
public readonly record struct LiveTask(int Requirement, int Value, int Urgency, ReadOnlyMemory<int> Window, ReadOnlyMemory<ushort> Answer = default);

/// <summary>
/// A plan that stays the best one while things happen: a call more, a call less, an agent who comes or goes. Each change is one shortest path or a few, not a new
/// plan, so that it takes milliseconds with a million calls, and whoever need not move stays where she is.
/// </summary>
/// <remarks>The searches are compiled at their best from the first call on, because changes are few and each should be quick. Not safe for several threads at once. See docs/decisions/planner.md.</remarks>
public sealed class LivePlan
{
    private readonly PlanProblem problem;
    private readonly int unit;
    private readonly LiveNetwork net;
    private readonly PlaceSearch placing;
    private readonly OfferSearch offering;
    private readonly Dictionary<Demand.TaskClass, int> classes = [];
    private readonly Dictionary<(int Class, int Window), int> groups = [];
    private readonly Dictionary<ReadOnlyMemory<int>, int> windows = new(SameNumbers<int>.Compare);
    private readonly Dictionary<ReadOnlyMemory<ushort>, int> profiles = new(SameNumbers<ushort>.Compare);
    private readonly List<ReadOnlyMemory<ushort>> answers = [];
    private int[] groupOf;
    private int windowCount;

    private LivePlan(PlanProblem problem, Demand demand, Network solved)
    {
        (this.problem, unit) = (problem, demand.Unit);
        for (var k = 0; k < demand.Classes.Count; k++) classes[demand.Classes[k]] = k;
        for (var row = 0; row < (problem.Answer?.Length ?? 0) / problem.Blocks; row++)
        {
            profiles.TryAdd(problem.Answer.AsMemory(row * problem.Blocks, problem.Blocks), row + 1);
            answers.Add(problem.Answer.AsMemory(row * problem.Blocks, problem.Blocks));
        }
        windowCount = problem.Windows;
        for (var window = 0; window < problem.Windows; window++)
        {
            var (begin, end) = (problem.WindowBegin[window], problem.WindowBegin[window + 1]);
            var runs = new int[(end - begin) * 2];
            for (var run = begin; run < end; run++) (runs[(run - begin) * 2], runs[(run - begin) * 2 + 1]) = (problem.RunFirst[run], problem.RunEnd[run]);
            windows.TryAdd(runs, window);
        }
        for (var g = 0; g < demand.Groups; g++) groups[(demand.GroupClass[g], demand.GroupWindow[g])] = g;
        groupOf = new int[problem.Tasks + problem.Tasks / 8];
        Count = problem.Tasks;
        for (var g = 0; g < demand.Groups; g++)
            for (var at = demand.GroupBegin[g]; at < demand.GroupBegin[g + 1]; at++) groupOf[demand.Task[at]] = g;
        net = new LiveNetwork(demand, solved);
        (placing, offering) = (new PlaceSearch(net), new OfferSearch(net));
        net.Touched.Clear();
    }

    /// <summary>Calls that were ever told, those taken away too: the next one gets this number.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of the gains of the served calls.</summary>
    public long Objective => net.Gained * unit;

    /// <summary>Calls whose half hour may have changed since the last <see cref="ClearTouched"/>.</summary>
    public IReadOnlyCollection<int> Touched => net.Touched;

    public void ClearTouched() => net.Touched.Clear();

    /// <summary>Solves a problem and stands ready for changes. Its calls keep their numbers.</summary>
    /// <returns>Null when the limit came before the best plan was found: a plan with a gap can't be repaired.</returns>
    /// <exception cref="ArgumentException">The problem has a <see cref="PlanProblem.Refusal"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static LivePlan? Solve(PlanProblem problem, IProgress<PlanProgress>? progress = null, PlanLimit? limit = null, CancellationToken stop = default) => Begin(problem, progress, limit, stop).Live;

    /// <summary>The live plan, or the best so far when the limit came first.</summary>
    internal static (LivePlan? Live, Plan? Cut) Begin(PlanProblem problem, IProgress<PlanProgress>? progress, PlanLimit? limit, CancellationToken stop)
    {
        if (problem.Refusal() is { } refusal) throw new ArgumentException($"{refusal.Field}: {refusal.Reason}", nameof(problem));
        // Calls that come later may gain any multiple of this.
        var finest = problem.Answer is null ? (int)System.Numerics.BigInteger.GreatestCommonDivisor(problem.ValueScale, problem.DelayCost) : 1;
        var demand = Demand.Of(problem, finest);
        var net = PlanSolver.Flow(problem, demand, progress, limit, stop);
        return net.Unplaced + net.Vacant > 0 ? (null, PlanReader.Read(problem, demand, net)) : (new(problem with { Capacity = [.. problem.Capacity] }, demand, net), null);
    }

    /// <summary>A call more.</summary>
    /// <returns>Its number, from now on.</returns>
    /// <exception cref="ArgumentException">The task is out of the plan's range, or has an answer where the plan was made without.</exception>
    public int Add(in LiveTask task)
    {
        var (k, top) = ClassOf(task);
        var group = (Class: k, Window: WindowOf(task.Window));
        if (!groups.TryGetValue(group, out var g)) groups[group] = g = net.AddGroup(k, task.Window.Span);
        if (Count == groupOf.Length) Array.Resize(ref groupOf, Math.Max(16, Count * 5 / 4));
        groupOf[Count] = g;
        var worth = (int)(top / unit);
        var pays = net.Pays(g);
        var rank = 0;
        for (var (low, high) = (0, net.Groups[g].Size); low < high; rank = low)
            if (net.Worth[net.Groups[g].Begin + (low + high) / 2] >= worth) low = (low + high) / 2 + 1;
            else high = (low + high) / 2;
        var at = net.Open(g, rank, worth, Count);
        if (worth > pays)
        {
            net.Groups[g].Served++;
            net.Changed(g);
            placing.Place(g, at);
        }
        return Count++;
    }

    /// <summary>A call less: done, declined, or no longer wanted.</summary>
    /// <returns>False when there is no such call, or no longer.</returns>
    public bool Remove(int task)
    {
        if ((uint)task >= (uint)Count || groupOf[task] < 0) return false;
        var g = groupOf[task];
        groupOf[task] = -1;
        ref var group = ref net.Groups[g];
        var at = group.Begin + net.Task.AsSpan(group.Begin, group.Size).IndexOf(task);
        if (at >= group.Begin + group.Served)
        {
            net.Close(g, at);
            return true;
        }
        var (requirement, block) = (net.Need[at] / net.Stride, net.Need[at] % net.Stride);
        net.Leave(g, at);
        group.Served--;
        net.Close(g, at);
        var type = Array.Find(net.TypesOf[requirement], type => net.Flow[(requirement * net.Types + type) * net.Stride + block] > 0);
        net.Flow[(requirement * net.Types + type) * net.Stride + block]--;
        net.Fill[type * net.Stride + block]--;
        FillUp(type * net.Stride + block);
        return true;
    }

    /// <summary>Agents of a type can take so many calls in a block from now on.</summary>
    /// <exception cref="ArgumentException">There is no such cell, or the number is below 0.</exception>
    public void SetCapacity(int type, int block, int calls)
    {
        if ((uint)type >= (uint)net.Types || (uint)block >= (uint)net.Blocks || calls < 0) throw new ArgumentException($"There is no cell {type}, {block} that could take {calls} calls.", nameof(calls));
        var cell = type * net.Stride + block;
        problem.Capacity[type * net.Blocks + block] = calls;
        while (net.Capacity[cell] > calls) OneLess(cell);
        if (net.Capacity[cell] == 0 && calls > 0)
        {
            // A new place begins so dear that nobody would move there; the offer brings the price down to what it is worth.
            net.Price[cell] = 0;
            for (var requirement = 0; requirement < net.Requirements; requirement++)
                if (problem.CanServe[type * net.Requirements + requirement])
                    net.Price[cell] = Math.Max(net.Price[cell], Math.Min(net.NeedPrice[requirement * net.Stride + block], net.Dearest + 1));
            net.Capacity[cell] = calls;
            net.SpreadBlock(block);
        }
        net.Capacity[cell] = calls;
        FillUp(cell);
    }

    /// <summary>Where a call stands: <c>type * Blocks + block</c>, or -1, by the numbers of the calls.</summary>
    /// <remarks>The half hour of a call changes only when it must; which type of agents takes it within the half hour may change with every reading.</remarks>
    public int[] Cells()
    {
        var cellOf = new int[Count];
        Array.Fill(cellOf, -1);
        var (left, type) = (net.Flow.AsSpan().ToArray(), new int[net.NeedPrice.Length]);
        foreach (ref var group in net.Groups.AsSpan(0, net.GroupCount))
            for (var at = group.Begin; at < group.Begin + group.Served; at++)
            {
                var (need, block) = (net.Need[at], net.Need[at] % net.Stride);
                var types = net.TypesOf[need / net.Stride];
                int Flow(int t) => (need / net.Stride * net.Types + types[t]) * net.Stride + block;
                while (left[Flow(type[need])] == 0) type[need]++;
                left[Flow(type[need])]--;
                cellOf[net.Task[at]] = types[type[need]] * net.Blocks + block;
            }
        return cellOf;
    }

    /// <summary>What one more call in each cell would add.</summary>
    public long[] Prices()
    {
        var prices = new long[net.Types * net.Blocks];
        for (var type = 0; type < net.Types; type++)
            for (var block = 0; block < net.Blocks; block++) prices[type * net.Blocks + block] = (long)net.Price[type * net.Stride + block] * unit;
        return prices;
    }

    /// <summary>The plan as it stands with its proof, by the numbers of the calls; those taken away are not served.</summary>
    public Plan Read()
    {
        var bound = 0L;
        for (var cell = 0; cell < net.Price.Length; cell++) bound += (long)net.Capacity[cell] * net.Price[cell];
        for (var g = 0; g < net.GroupCount; g++)
        {
            ref var group = ref net.Groups[g];
            var pays = net.Best(g);
            for (var at = group.Begin; at < group.Begin + group.Size && net.Worth[at] > pays; at++) bound += net.Worth[at] - pays;
        }
        return new Plan(Cells(), Prices(), Objective, bound * unit);
    }

    private void FillUp(int cell)
    {
        while (net.Fill[cell] < net.Capacity[cell] && net.Price[cell] > 0)
            if (!offering.Offer(cell)) return;
    }

    /// <summary>A cell takes one call less; if it was full, one of its calls looks for another place.</summary>
    private void OneLess(int cell)
    {
        var (type, block) = (cell / net.Stride, cell % net.Stride);
        net.Capacity[cell]--;
        var (g, unit) = (-1, -1);
        if (net.Fill[cell] > net.Capacity[cell])
        {
            var requirement = 0;
            while (net.Flow[(requirement * net.Types + type) * net.Stride + block] == 0) requirement++;
            net.Flow[(requirement * net.Types + type) * net.Stride + block]--;
            net.Fill[cell]--;
            g = net.Entries[net.FirstEntryOfNeed[requirement * net.Stride + block]].Group;
            unit = net.UnitIn(net.Groups[g], requirement * net.Stride + block);
            net.Leave(g, unit);
        }
        if (net.Capacity[cell] == 0)
        {
            net.Price[cell] = 0;
            net.SpreadBlock(block);
        }
        if (g >= 0) placing.Place(g, unit);
    }

    private int WindowOf(ReadOnlyMemory<int> window)
    {
        if (windows.TryGetValue(window, out var known)) return known;
        var next = 0;
        for (var run = 0; run < window.Length; next = window.Span[run + 1], run += 2)
            if (run + 1 == window.Length || window.Span[run] < next || window.Span[run + 1] <= window.Span[run] || window.Span[run + 1] > net.Blocks)
                throw new ArgumentException("The runs of a window lie inside the plan, ascending, and do not overlap.", nameof(window));
        return windows[window.ToArray()] = windowCount++;
    }

    private (int Class, long Top) ClassOf(in LiveTask task)
    {
        if ((uint)task.Requirement >= (uint)net.Requirements || task.Value < 0 || task.Urgency < 0) throw new ArgumentException("A task has a requirement of the plan, and a value and an urgency of 0 or more.", nameof(task));
        if ((long)problem.ValueScale * task.Value / unit > PlanProblem.GainMax) throw new ArgumentException($"No task may gain more than {PlanProblem.GainMax} of the smallest unit.", nameof(task));
        var profile = ProfileOf(task.Answer);
        var key = new Demand.TaskClass(task.Requirement, task.Urgency, profile, profile == 0 ? 0 : task.Value);
        var (top, gains) = (long.MinValue, new long[net.Blocks]);
        for (var block = 0; block < gains.Length; block++)
            top = Math.Max(top, gains[block] = problem.Gain(task.Value, task.Urgency, profile == 0 ? default : answers[profile - 1].Span, block));
        if (!classes.TryGetValue(key, out var k)) classes[key] = k = net.AddClass(task.Requirement, [.. gains.Select(gain => (int)Math.Min(PlanProblem.GainMax, (top - gain) / unit))]);
        return (k, top);
    }

    private int ProfileOf(ReadOnlyMemory<ushort> row)
    {
        if (row.IsEmpty) return 0;
        if (row.Length != net.Blocks || problem.Answer is null) throw new ArgumentException("An answer has a chance for each block, in a plan that reckons with answers.", nameof(row));
        if (profiles.TryGetValue(row, out var known)) return known;
        answers.Add(row.ToArray());
        return profiles[answers[^1]] = answers.Count;
    }

    /// <summary>Rows of numbers that are equal when their numbers are.</summary>
    private sealed class SameNumbers<T> : IEqualityComparer<ReadOnlyMemory<T>> where T : unmanaged, IEquatable<T>
    {
        public static readonly SameNumbers<T> Compare = new();

        public bool Equals(ReadOnlyMemory<T> one, ReadOnlyMemory<T> other) => one.Span.SequenceEqual(other.Span);

        public int GetHashCode(ReadOnlyMemory<T> row)
        {
            var hash = new HashCode();
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(row.Span));
            return hash.ToHashCode();
        }
    }
}
