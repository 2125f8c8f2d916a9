namespace Huifang.Planning;

/// <summary>
/// The plan in force, followed from one sheet to the next: what is the same stays where it is, and only what came, went or changed is planned, by
/// <see cref="LivePlan"/>. When one in twenty is new (a half hour is over, and many windows with it) or another day has begun, the sheet is planned afresh. Either way the plan is the best there is.
/// </summary>
/// <remarks>Not safe for several threads at once.</remarks>
public sealed class StandingPlan
{
    // Above this it is quicker to begin again.
    private const int ChangesAlways = 50;
    private const int OneChangeIn = 20;

    private readonly Dictionary<string, Standing> standing = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Language, string Skill), int> requirements = [];

    /// <summary>The live plan's number of each type: that of the sheet with which it began.</summary>
    private readonly Dictionary<string, int> types = new(StringComparer.Ordinal);
    private LivePlan? live;
    private PlanSpan? span;
    private int[] capacity = [];

    /// <summary>Whether the last plan was followed, and not made afresh.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>The best plan of a sheet, in the order of its calls.</summary>
    /// <param name="limit">Applies when the sheet is planned afresh; then the plan may have a gap.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Plan Follow(PlanSheet sheet, PlanLimit? limit = null, CancellationToken stop = default)
    {
        // Out of hand while it is told: if something throws in the middle, the next sheet begins again instead of going on with half a change.
        var standingPlan = live;
        live = null;
        IsFollowed = standingPlan is not null && span == sheet.Span && types.Count == sheet.Types.Count && sheet.Types.All(types.ContainsKey) && TryFollow(sheet, standingPlan);
        if (!IsFollowed) return Afresh(sheet, limit, stop);
        live = standingPlan;
        return Read(sheet, live!);
    }

    private Plan Afresh(PlanSheet sheet, PlanLimit? limit, CancellationToken stop)
    {
        standing.Clear();
        requirements.Clear();
        types.Clear();
        (live, var cut) = LivePlan.Begin(sheet.Problem, null, limit, stop);
        if (live is null) return cut!;
        (span, capacity) = (sheet.Span, [.. sheet.Problem.Capacity]);
        for (var type = 0; type < sheet.Types.Count; type++) types[sheet.Types[type]] = type;
        for (var task = 0; task < sheet.Calls.Count; task++)
        {
            requirements.TryAdd(Wants(sheet.Calls[task]), sheet.Problem.TaskRequirement[task]);
            standing[sheet.Calls[task].FollowUpId] = new(task, Spoken(sheet, task));
        }
        return Read(sheet, live);
    }

    /// <summary>Tells the live plan what is different; false when that is too much, and then nothing was told.</summary>
    private bool TryFollow(PlanSheet sheet, LivePlan live)
    {
        var (came, here) = (new List<int>(), new HashSet<string>(sheet.Calls.Count, StringComparer.Ordinal));
        for (var task = 0; task < sheet.Calls.Count; task++)
        {
            var call = sheet.Calls[task];
            // The same follow-up twice in one sheet can't be told apart.
            if (!here.Add(call.FollowUpId) || !requirements.ContainsKey(Wants(call))) return false;
            if (!standing.TryGetValue(call.FollowUpId, out var was) || !Same(was.Task, Spoken(sheet, task))) came.Add(task);
        }
        var gone = standing.Keys.Where(id => !here.Contains(id)).ToList();
        var cells = Enumerable.Range(0, sheet.Problem.Capacity.Length).Where(cell => sheet.Problem.Capacity[cell] != capacity[CellOf(sheet, cell)]).ToList();
        if (came.Count + gone.Count + cells.Count > Math.Max(ChangesAlways, sheet.Calls.Count / OneChangeIn)) return false;
        foreach (var id in gone)
        {
            live.Remove(standing[id].Number);
            standing.Remove(id);
        }
        foreach (var cell in cells)
        {
            var mine = CellOf(sheet, cell);
            capacity[mine] = sheet.Problem.Capacity[cell];
            live.SetCapacity(mine / sheet.Span.Blocks, mine % sheet.Span.Blocks, capacity[mine]);
        }
        foreach (var task in came)
        {
            if (standing.TryGetValue(sheet.Calls[task].FollowUpId, out var was)) live.Remove(was.Number);
            standing[sheet.Calls[task].FollowUpId] = new(live.Add(Spoken(sheet, task)), Spoken(sheet, task));
        }
        return true;
    }

    private Plan Read(PlanSheet sheet, LivePlan live)
    {
        var (plan, blocks) = (live.Read(), sheet.Span.Blocks);
        var sheets = new int[Math.Max(1, types.Count)];
        for (var type = 0; type < sheet.Types.Count; type++) sheets[types[sheet.Types[type]]] = type;
        var cellOf = new int[sheet.Calls.Count];
        for (var task = 0; task < cellOf.Length; task++)
            cellOf[task] = plan.CellOf[standing[sheet.Calls[task].FollowUpId].Number] is var cell and >= 0 ? sheets[cell / blocks] * blocks + cell % blocks : -1;
        return plan with { CellOf = cellOf, Prices = [.. Enumerable.Range(0, plan.Prices.Length).Select(cell => plan.Prices[CellOf(sheet, cell)])] };
    }

    /// <summary>The live plan's number of a sheet's cell.</summary>
    private int CellOf(PlanSheet sheet, int cell) => sheet.Types.Count == 0 ? cell : types[sheet.Types[cell / sheet.Span.Blocks]] * sheet.Span.Blocks + cell % sheet.Span.Blocks;

    /// <summary>A call of the sheet as the live plan is told of it.</summary>
    private LiveTask Spoken(PlanSheet sheet, int task)
    {
        var (call, problem) = (sheet.Calls[task], sheet.Problem);
        var answer = problem.TaskProfile![task] is var profile and > 0 ? problem.Answer.AsMemory((profile - 1) * problem.Blocks, problem.Blocks) : default;
        return new(requirements[Wants(call)], call.Value, call.Urgency, call.Window, answer);
    }

    private static (string Language, string Skill) Wants(PlanCall call) => (call.Language, call.Skill);

    private static bool Same(in LiveTask one, in LiveTask other) =>
        (one.Requirement, one.Value, one.Urgency) == (other.Requirement, other.Value, other.Urgency) && one.Window.Span.SequenceEqual(other.Window.Span) && one.Answer.Span.SequenceEqual(other.Answer.Span);

    private readonly record struct Standing(int Number, LiveTask Task);
}
