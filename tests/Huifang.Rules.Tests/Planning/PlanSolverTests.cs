using System.Diagnostics;
using System.Text;
using Xunit;

namespace Huifang.Planning;

/// <summary>Every plan is judged by a checker of its own that knows only the problem's definition.</summary>
public class PlanSolverTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_plan_keeps_the_rules_and_its_prices_prove_that_none_is_better(bool answers)
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var problem = Random(new Random(seed), tasks: seed * 7 % 400, answers);
            var plan = PlanSolver.Solve(problem);
            Assert.True(plan.IsOptimal, $"seed {seed}: gap {plan.Gap}");
            Judge(problem, plan, $"seed {seed}");
        }
    }

    [Fact]
    public void A_problem_that_is_sampled_first_is_solved_to_the_end_too()
    {
        var problem = Random(new Random(7), tasks: 30_000, answers: false, days: 7, cells: 40);
        var plan = PlanSolver.Solve(problem);
        Assert.Equal(0, plan.Gap);
        Judge(problem, plan, "30,000 tasks");
    }

    /// <summary>About as many places as calls: many are worth nothing, and who stands in one moves on to where somebody is missing. It once never came to an end.</summary>
    [Fact]
    public void As_many_places_as_calls_are_planned_to_the_end()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var problem = Random(new Random(seed), tasks: 4_000 + 50 * seed, answers: false, cells: 180 + 4 * seed, can: 8);
            var began = Stopwatch.GetTimestamp();
            var plan = PlanSolver.Solve(problem, limit: new PlanLimit(() => Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(30)));
            Assert.True(plan.IsOptimal, $"seed {seed}: gap {plan.Gap}");
            Judge(problem, plan, $"seed {seed}");
        }
    }

    [Fact]
    public void The_same_problem_gives_the_same_plan()
    {
        var problem = Random(new Random(3), tasks: 5_000, answers: true);
        Assert.Equal(PlanSolver.Solve(problem).CellOf, PlanSolver.Solve(problem).CellOf);
    }

    [Fact]
    public void A_plan_cut_short_is_a_plan_with_its_true_gap()
    {
        var problem = Random(new Random(5), tasks: 20_000, answers: false, days: 7, cells: 30);
        var best = PlanSolver.Solve(problem);
        var cut = PlanSolver.Solve(problem, limit: new PlanLimit(() => TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        Judge(problem, cut, "cut");
        Assert.True(cut.Objective <= best.Objective && cut.Bound >= best.Objective);
        Assert.True(cut.Objective > 0);
    }

    [Fact]
    public void Nobody_to_call_and_nobody_who_calls_are_empty_plans()
    {
        var problem = Random(new Random(1), tasks: 50, answers: false);
        var idle = PlanSolver.Solve(problem with { TaskRequirement = [], TaskValue = [], TaskUrgency = [], TaskWindow = [] });
        Assert.Equal((0, 0L, 0L), (idle.Served, idle.Objective, idle.Bound));
        var alone = PlanSolver.Solve(problem with { AgentTypes = 0, CanServe = [], Capacity = [] });
        Assert.Equal((0, 0L, 0L), (alone.Served, alone.Objective, alone.Bound));
    }

    [Fact]
    public void A_million_like_tasks_are_one_group()
    {
        var problem = Random(new Random(1), tasks: 1, answers: false);
        int[] Many(int value) => [.. Enumerable.Repeat(value, 1_000_000)];
        var plan = PlanSolver.Solve(problem with { TaskRequirement = Many(0), TaskValue = Many(9), TaskUrgency = Many(1), TaskWindow = Many(0) });
        Assert.Equal(0, plan.Gap);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_the_part_that_is_wrong()
    {
        var problem = Random(new Random(1), tasks: 5, answers: true);
        Assert.Null(problem.Refusal());
        Assert.Equal("cap", (problem with { Capacity = [.. problem.Capacity.Select(_ => -1)] }).Refusal()!.Field);
        Assert.Equal("win", (problem with { RunEnd = [.. problem.RunEnd.Select(_ => 0)] }).Refusal()!.Field);
        Assert.Equal("can", (problem with { CanServe = [] }).Refusal()!.Field);
        Assert.Equal("task", (problem with { TaskWindow = [1000, 0, 0, 0, 0] }).Refusal()!.Field);
        Assert.Equal("task", (problem with { TaskProfile = [200, 0, 0, 0, 0] }).Refusal()!.Field);
        Assert.Equal("days", (problem with { Days = 0 }).Refusal()!.Field);
        Assert.Equal("valueScale", (problem with { ValueScale = int.MaxValue }).Refusal()!.Field);
    }

    private const string Small = "followup-plan 1 days 1 blocksPerDay 2 languages 1 skills 1 agentTypes 1 windows 2 tasks 2 valueScale 100 delayCost 8 can 1 cap 1 0 win 1 0 2 0 task 0 5 1 0 0 9 3 1";

    [Fact]
    public void A_file_is_read_and_its_plan_written()
    {
        var (problem, refusal) = PlanFile.ReadProblem(Encoding.ASCII.GetBytes(Small));
        Assert.Null(refusal);
        var plan = PlanSolver.Solve(problem!);
        using var solution = new MemoryStream();
        PlanFile.WriteSolution(problem!, plan, solution);
        using var prices = new MemoryStream();
        PlanFile.WritePrices(problem!, plan, prices);
        Assert.Equal("0 0\n-1\n", Encoding.ASCII.GetString(solution.ToArray()));
        Assert.StartsWith("scale 1\n", Encoding.ASCII.GetString(prices.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("followup-plan 1", "followup-plan 2", "followup-plan")]
    [InlineData("cap 1 0", "cap -1 0", "cap")]
    [InlineData("win 1 0 2", "win 1 1 2", "win")]
    [InlineData("tasks 2", "tasks 99999999", "tasks")]
    [InlineData("0 9 3 1", "0 9 3 2", "task")]
    [InlineData("0 9 3 1", "0 9 3", "task")]
    [InlineData("0 9 3 1", "0 9 3 1 1", "task")]
    [InlineData("0 9 3 1", "0 x 3 1", "task")]
    [InlineData("can 1", "cannot 1", "can")]
    public void A_broken_file_is_refused_where_it_is_broken(string good, string bad, string field)
    {
        var (problem, refusal) = PlanFile.ReadProblem(Encoding.ASCII.GetBytes(Small.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Null(problem);
        Assert.Equal(field, refusal!.Field);
    }

    internal static PlanProblem Random(Random chance, int tasks, bool answers, int days = 3, int cells = 4, int can = 5)
    {
        var (perDay, requirements, types) = (8, 4, 3);
        var blocks = days * perDay;
        var (begin, first, end) = (new List<int> { 0 }, new List<int>(), new List<int>());
        for (var window = 0; window < 30; window++)
        {
            for (var at = chance.Next(blocks); window > 0 && at < blocks; at += chance.Next(1, blocks))
            {
                first.Add(at);
                end.Add(at = Math.Min(blocks, at + chance.Next(1, 9)));
            }
            begin.Add(first.Count);
        }
        int[] Each(Func<int> one) => [.. Enumerable.Range(0, tasks).Select(_ => one())];
        return new()
        {
            Days = days, BlocksPerDay = perDay, Requirements = requirements, AgentTypes = types, ValueScale = chance.Next(2) == 0 ? 100 : 7, DelayCost = chance.Next(0, 30),
            CanServe = [.. Enumerable.Range(0, types * requirements).Select(_ => chance.Next(10) < can)],
            Capacity = [.. Enumerable.Range(0, types * blocks).Select(_ => chance.Next(cells))],
            WindowBegin = [.. begin], RunFirst = [.. first], RunEnd = [.. end],
            TaskRequirement = Each(() => chance.Next(requirements)), TaskValue = Each(() => chance.Next(1, 101)), TaskUrgency = Each(() => chance.Next(0, 4)), TaskWindow = Each(() => chance.Next(30)),
            TaskProfile = answers ? [.. Enumerable.Range(0, tasks).Select(_ => (byte)chance.Next(4))] : null,
            Answer = answers ? [.. Enumerable.Range(0, 3 * blocks).Select(_ => (ushort)chance.Next(0, 1001))] : null,
        };
    }

    /// <summary>The rules and the bound as the definition has them, task by task and cell by cell.</summary>
    internal static void Judge(PlanProblem p, Plan plan, string which)
    {
        var (taken, objective) = (new int[p.Capacity.Length], 0L);
        bool IsOpen(int task, int block) => Enumerable.Range(p.WindowBegin[p.TaskWindow[task]], p.WindowBegin[p.TaskWindow[task] + 1] - p.WindowBegin[p.TaskWindow[task]]).Any(run => p.RunFirst[run] <= block && block < p.RunEnd[run]);
        for (var task = 0; task < p.Tasks; task++)
        {
            if (plan.CellOf[task] is < 0) continue;
            var (type, block) = (plan.CellOf[task] / p.Blocks, plan.CellOf[task] % p.Blocks);
            Assert.True(IsOpen(task, block), $"{which}: task {task} outside its window");
            Assert.True(p.CanServe[type * p.Requirements + p.TaskRequirement[task]], $"{which}: task {task} with an agent who cannot");
            Assert.True(++taken[plan.CellOf[task]] <= p.Capacity[plan.CellOf[task]], $"{which}: too many in a cell");
            objective += p.Gain(task, block);
        }
        Assert.Equal(objective, plan.Objective);
        Assert.All(plan.Prices, price => Assert.True(price >= 0));
        var bound = plan.Prices.Zip(p.Capacity, (price, capacity) => price * capacity).Sum();
        for (var task = 0; task < p.Tasks; task++)
        {
            var best = 0L;
            for (var cell = 0; cell < p.Capacity.Length; cell++)
                if (p.Capacity[cell] > 0 && p.CanServe[cell / p.Blocks * p.Requirements + p.TaskRequirement[task]] && IsOpen(task, cell % p.Blocks)) best = Math.Max(best, p.Gain(task, cell % p.Blocks) - plan.Prices[cell]);
            bound += best;
        }
        Assert.Equal(bound, plan.Bound);
    }
}
