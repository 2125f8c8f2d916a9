using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Huifang.Planning;

/// <summary>
/// <c>huifang plan repair</c>: things happen to a plan of a file, one at a time — a call more, a call less, an agent more or less in a half hour, at last one who is
/// ill for a day — and each time the plan is mended. At the end the same calls are planned afresh, and the two must be worth the same.
/// </summary>
internal static class RepairCommand
{
    public static Command Make()
    {
        var instance = new Argument<FileInfo>("instance") { Description = "The problem (followup-plan 1), plain or .gz." };
        var changes = new Option<int>("--changes") { Description = "How many things happen.", DefaultValueFactory = _ => 1_000 };
        var seed = new Option<int>("--seed") { Description = "The same number: the same things happen.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of sentences." };
        var command = new Command("repair", "Mends a plan while things happen, and compares it with one that is made afresh.") { instance, changes, seed, json };
        command.SetAction((parsed, stop) =>
        {
            var file = parsed.GetValue(instance)!;
            if (!file.Exists) return Task.FromResult(Commands.CommandLine.Wrong($"There is no file {file}."));
            if (parsed.GetValue(changes) < 1) return Task.FromResult(Commands.CommandLine.Wrong("At least one thing has to happen."));
            var (problem, refusal) = PlanCommand.Read(file);
            if (problem is null) return Task.FromResult(Commands.CommandLine.Wrong($"{file}: {refusal}"));
            var plan = LivePlan.Solve(problem, stop: stop)!;
            var world = new World(problem, plan, new Random(parsed.GetValue(seed)));
            var figures = Figures.Of([.. Enumerable.Range(0, parsed.GetValue(changes)).Select(_ => { stop.ThrowIfCancellationRequested(); return world.Change(); })]);
            var ill = Figures.Of([.. Enumerable.Range(0, Math.Min(problem.Days * problem.AgentTypes, 20)).Select(_ => world.Ill())]);
            var mended = plan.Read();
            var afresh = PlanSolver.Solve(world.Problem(), stop: stop);
            Print(figures, ill, mended, afresh.Objective, parsed.GetValue(json));
            return Task.FromResult(mended.Objective == afresh.Objective && mended.IsOptimal ? 0 : 1);
        });
        return command;
    }

    private static void Print(Figures changes, Figures ill, Plan mended, long afresh, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                changes = changes.Times.Length, p50Ms = changes.At(0.5), p99Ms = changes.At(0.99), maxMs = changes.At(1), movedMean = changes.Moved, movedMost = changes.MovedMost,
                illDays = ill.Times.Length, illP50Ms = ill.At(0.5), illMaxMs = ill.At(1), illMovedMean = ill.Moved, objective = mended.Objective, gap = mended.Gap, afresh, same = mended.Objective == afresh,
            }));
            return;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{changes.Times.Length:N0} changes: optimal again after {changes.At(0.5):N2} ms of CPU in the middle, {changes.At(0.99):N2} ms at p99, {changes.At(1):N2} ms at most; {changes.Moved:N1} calls change their half hour for one, {changes.MovedMost} at most."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ill.Times.Length} times an agent ill for a day: {ill.At(0.5):N1} ms in the middle, {ill.At(1):N1} ms at most; {ill.Moved:N1} calls move."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Worth {mended.Objective:N0} with gap {mended.Gap:N0}; made afresh {afresh:N0}: {(mended.Objective == afresh ? "the same" : "NOT the same")}."));
    }

    private sealed record Figures(double[] Times, double Moved, int MovedMost)
    {
        public static Figures Of(IReadOnlyList<(double Ms, int Moved)> seen) =>
            new([.. seen.Select(one => one.Ms).Order()], seen.Count == 0 ? 0 : seen.Average(one => one.Moved), seen.Count == 0 ? 0 : seen.Max(one => one.Moved));

        public double At(double share) => Times.Length == 0 ? 0 : Math.Round(Times[Math.Min(Times.Length - 1, (int)(Times.Length * share))], 3);
    }

    /// <summary>What this thread alone has used of a processor, so that a busy machine does not count; elsewhere than on Linux the time of the clock.</summary>
    private static class ThreadTime
    {
        private const int OfThisThread = 3;

        public static TimeSpan Now() => OperatingSystem.IsLinux() && Clock(OfThisThread, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0) : Stopwatch.GetElapsedTime(0);

        private struct Timespec { public long Seconds, Nanoseconds; }

        [DllImport("libc", EntryPoint = "clock_gettime"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Clock(int which, out Timespec time);
    }

    /// <summary>The calls and agents as they are, beside the plan that only hears of changes.</summary>
    private sealed class World(PlanProblem problem, LivePlan plan, Random random)
    {
        private readonly List<int> open = [.. Enumerable.Range(0, problem.Tasks)];
        private readonly List<LiveTask> added = [];
        private readonly int[] capacity = [.. problem.Capacity];

        public (double Ms, int Moved) Change()
        {
            switch (random.Next(3))
            {
                case 0 when problem.Tasks > 0:
                    var task = Like(random.Next(problem.Tasks));
                    added.Add(task);
                    return Timed(() => open.Add(plan.Add(task)));
                case 1 when open.Count > 0:
                    var at = random.Next(open.Count);
                    var gone = open[at];
                    open[at] = open[^1];
                    open.RemoveAt(open.Count - 1);
                    return Timed(() => plan.Remove(gone));
                default:
                    var cell = random.Next(Math.Max(1, capacity.Length));
                    var calls = Math.Max(0, capacity[cell] + (random.Next(2) == 0 ? 2 : -2));
                    return Timed(() => Set(cell, calls));
            }
        }

        /// <summary>Somebody of a type is ill for a day: two calls less in each half hour in which the type works.</summary>
        public (double Ms, int Moved) Ill()
        {
            var (type, day) = (random.Next(problem.AgentTypes), random.Next(problem.Days));
            return Timed(() =>
            {
                for (var block = day * problem.BlocksPerDay; block < (day + 1) * problem.BlocksPerDay; block++) Set(type * problem.Blocks + block, Math.Max(0, capacity[type * problem.Blocks + block] - 2));
            });
        }

        /// <summary>What is there now, as a problem of its own.</summary>
        public PlanProblem Problem()
        {
            var (requirement, value, urgency, window) = (new List<int>(), new List<int>(), new List<int>(), new List<int>());
            var (begin, first, end) = (new List<int>(problem.WindowBegin), new List<int>(problem.RunFirst), new List<int>(problem.RunEnd));
            foreach (var number in open)
            {
                var task = number < problem.Tasks ? default : added[number - problem.Tasks];
                if (number >= problem.Tasks)
                {
                    for (var run = 0; run < task.Window.Length; run += 2)
                    {
                        first.Add(task.Window.Span[run]);
                        end.Add(task.Window.Span[run + 1]);
                    }
                    begin.Add(first.Count);
                }
                requirement.Add(number < problem.Tasks ? problem.TaskRequirement[number] : task.Requirement);
                value.Add(number < problem.Tasks ? problem.TaskValue[number] : task.Value);
                urgency.Add(number < problem.Tasks ? problem.TaskUrgency[number] : task.Urgency);
                window.Add(number < problem.Tasks ? problem.TaskWindow[number] : begin.Count - 2);
            }
            return problem with { Capacity = capacity, WindowBegin = [.. begin], RunFirst = [.. first], RunEnd = [.. end], TaskRequirement = [.. requirement], TaskValue = [.. value], TaskUrgency = [.. urgency], TaskWindow = [.. window] };
        }

        private void Set(int cell, int calls)
        {
            if (cell >= capacity.Length || capacity[cell] == calls) return;
            capacity[cell] = calls;
            plan.SetCapacity(cell / problem.Blocks, cell % problem.Blocks, calls);
        }

        /// <summary>A call like one of the file's; every third has a window that nobody had.</summary>
        private LiveTask Like(int task)
        {
            var window = new List<int>();
            for (var run = problem.WindowBegin[problem.TaskWindow[task]]; run < problem.WindowBegin[problem.TaskWindow[task] + 1]; run++)
                if (random.Next(3) > 0 || window.Count == 0) window.AddRange([problem.RunFirst[run], problem.RunEnd[run]]);
            return new(problem.TaskRequirement[task], problem.TaskValue[task], problem.TaskUrgency[task], window.ToArray());
        }

        private (double Ms, int Moved) Timed(Action change)
        {
            plan.ClearTouched();
            var began = ThreadTime.Now();
            change();
            return ((ThreadTime.Now() - began).TotalMilliseconds, plan.Touched.Distinct().Count());
        }
    }
}
