using Xunit;

namespace Huifang.Planning;

/// <summary>After each change the plan is as good as one that is made anew, and proves it.</summary>
public class LivePlanTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_every_change_it_is_as_good_as_a_new_plan(bool answers)
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            var chance = new Random(seed);
            var world = new World(PlanSolverTests.Random(chance, tasks: seed * 7 % 200, answers));
            for (var change = 1; change <= 15; change++)
            {
                var what = world.Change(chance, answers);
                world.Judge($"seed {seed}, change {change}, {what}");
            }
        }
    }

    [Fact]
    public void A_thousand_changes_to_many_calls_end_where_a_new_plan_would()
    {
        var chance = new Random(11);
        var world = new World(PlanSolverTests.Random(chance, tasks: 20_000, answers: false, days: 7, cells: 60));
        for (var change = 0; change < 1_000; change++) world.Change(chance, answers: false);
        world.Judge("after a thousand changes");
    }

    [Fact]
    public void Whoever_need_not_move_stays()
    {
        var problem = PlanSolverTests.Random(new Random(4), tasks: 2_000, answers: false, days: 7, cells: 6);
        var plan = LivePlan.Solve(problem)!;
        var before = plan.Cells();
        plan.Add(new(problem.TaskRequirement[0], 100, 3, new[] { 0, problem.Blocks }));
        var after = plan.Cells();
        var moved = Enumerable.Range(0, before.Length).Where(task => before[task] % problem.Blocks != after[task] % problem.Blocks).ToList();
        Assert.Empty(moved.Except(plan.Touched));
        Assert.True(moved.Count < 30, $"{moved.Count} moved for one call");
    }

    [Fact]
    public void An_empty_house_fills_and_empties()
    {
        var problem = PlanSolverTests.Random(new Random(1), tasks: 0, answers: false);
        var plan = LivePlan.Solve(problem with { CanServe = [.. problem.CanServe.Select(_ => true)], Capacity = new int[problem.Capacity.Length] })!;
        var task = plan.Add(new(0, 50, 1, new[] { 0, 8 }));
        Assert.Equal((-1, 0L), (plan.Cells()[task], plan.Objective));
        plan.SetCapacity(1, 3, 2);
        Assert.Equal(problem.Blocks + 3, plan.Cells()[task]);
        Assert.Equal(50L * problem.ValueScale, plan.Objective);
        Assert.True(plan.Remove(task));
        Assert.False(plan.Remove(task));
        Assert.False(plan.Remove(7));
        Assert.Equal((0L, 0L), (plan.Objective, plan.Read().Bound));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_and_changes_nothing()
    {
        var problem = PlanSolverTests.Random(new Random(2), tasks: 100, answers: false);
        var plan = LivePlan.Solve(problem)!;
        var before = plan.Objective;
        Assert.Throws<ArgumentException>(() => plan.Add(new(99, 1, 1, new[] { 0, 1 })));
        Assert.Throws<ArgumentException>(() => plan.Add(new(0, -1, 1, new[] { 0, 1 })));
        Assert.Throws<ArgumentException>(() => plan.Add(new(0, 1, 1, new[] { 4, 2 })));
        Assert.Throws<ArgumentException>(() => plan.Add(new(0, 1, 1, new[] { 0, problem.Blocks + 1 })));
        Assert.Throws<ArgumentException>(() => plan.Add(new(0, 1, 1, new[] { 0, 1 }, new ushort[problem.Blocks])));
        Assert.Throws<ArgumentException>(() => plan.SetCapacity(0, problem.Blocks, 1));
        Assert.Throws<ArgumentException>(() => plan.SetCapacity(0, 0, -1));
        Assert.Equal((before, 100), (plan.Objective, plan.Count));
    }

    /// <summary>The calls and agents that there are, beside the plan that was only told of changes.</summary>
    private sealed class World
    {
        private readonly PlanProblem start;
        private readonly LivePlan plan;
        private readonly Dictionary<int, LiveTask> tasks = [];

        public World(PlanProblem problem)
        {
            (start, plan) = (problem with { Capacity = [.. problem.Capacity] }, LivePlan.Solve(problem)!);
            for (var task = 0; task < problem.Tasks; task++)
                tasks[task] = new(problem.TaskRequirement[task], problem.TaskValue[task], problem.TaskUrgency[task], Window(problem, problem.TaskWindow[task]),
                    problem.TaskProfile?[task] is { } profile and > 0 ? problem.Answer.AsMemory((profile - 1) * problem.Blocks, problem.Blocks) : default);
        }

        public string Change(Random chance, bool answers)
        {
            switch (chance.Next(3))
            {
                case 0:
                    var begin = chance.Next(start.Blocks);
                    var window = chance.Next(3) == 0 ? new[] { begin, chance.Next(begin, start.Blocks) + 1 } : Window(start, chance.Next(start.Windows));
                    ReadOnlyMemory<ushort> answer = !answers || chance.Next(3) == 0 ? default : chance.Next(4) == 0 ? Enumerable.Range(0, start.Blocks).Select(_ => (ushort)chance.Next(1001)).ToArray()
                        : start.Answer.AsMemory(chance.Next(3) * start.Blocks, start.Blocks);
                    var task = new LiveTask(chance.Next(start.Requirements), chance.Next(1, 101), chance.Next(0, 5), window, answer);
                    tasks[plan.Add(task)] = task;
                    return "one more";
                case 1 when tasks.Count > 0:
                    var gone = tasks.Keys.ElementAt(chance.Next(tasks.Count));
                    Assert.True(plan.Remove(gone));
                    tasks.Remove(gone);
                    return "one less";
                default:
                    var (type, block, calls) = (chance.Next(start.AgentTypes), chance.Next(start.Blocks), chance.Next(6));
                    plan.SetCapacity(type, block, calls);
                    start.Capacity[type * start.Blocks + block] = calls;
                    return $"capacity {calls}";
            }
        }

        public void Judge(string which)
        {
            var ids = tasks.Keys.ToArray();
            var (begin, first, end, windows, rows) = (new List<int> { 0 }, new List<int>(), new List<int>(), new int[ids.Length], new List<ushort>());
            var profiles = new byte[ids.Length];
            for (var i = 0; i < ids.Length; i++)
            {
                var task = tasks[ids[i]];
                for (var run = 0; run < task.Window.Length; run += 2)
                {
                    first.Add(task.Window.Span[run]);
                    end.Add(task.Window.Span[run + 1]);
                }
                begin.Add(first.Count);
                windows[i] = i;
                if (task.Answer.IsEmpty) continue;
                rows.AddRange(task.Answer.ToArray());
                profiles[i] = (byte)(rows.Count / start.Blocks);
            }
            var problem = start with
            {
                WindowBegin = [.. begin], RunFirst = [.. first], RunEnd = [.. end], TaskWindow = windows, TaskProfile = profiles, Answer = [.. rows],
                TaskRequirement = [.. ids.Select(id => tasks[id].Requirement)], TaskValue = [.. ids.Select(id => tasks[id].Value)], TaskUrgency = [.. ids.Select(id => tasks[id].Urgency)],
            };
            var live = plan.Read();
            var mine = live with { CellOf = [.. ids.Select(id => live.CellOf[id])] };
            Assert.True(mine.IsOptimal, $"{which}: gap {mine.Gap}");
            PlanSolverTests.Judge(problem, mine, which);
            Assert.Equal(PlanSolver.Solve(problem).Objective, mine.Objective);
        }

        private static int[] Window(PlanProblem p, int window) =>
            [.. Enumerable.Range(p.WindowBegin[window], p.WindowBegin[window + 1] - p.WindowBegin[window]).SelectMany(run => new[] { p.RunFirst[run], p.RunEnd[run] })];
    }
}
