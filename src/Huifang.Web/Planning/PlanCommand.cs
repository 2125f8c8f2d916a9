using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Spectre.Console;

namespace Huifang.Planning;

/// <summary><c>huifang plan solve</c>: the planner on a file, with the prices that prove its plan. Needs no server and no database.</summary>
public static class PlanCommand
{
    public static Command Make() => new("plan", "The planner, on files.") { Solve(), RepairCommand.Make() };

    private static Command Solve()
    {
        var instance = new Argument<FileInfo>("instance") { Description = "The problem (followup-plan 1), plain or .gz." };
        var solution = new Option<FileInfo?>("--solution") { Description = "Where the plan goes: a line per task, -1 or block and agent type." };
        var prices = new Option<FileInfo?>("--prices") { Description = "Where the prices go, from which anybody can recompute the bound." };
        var seconds = new Option<double?>("--time-limit") { Description = "Seconds after which it gives the best plan so far, with its true gap." };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of sentences." };
        var command = new Command("solve", "Plans the calls of a file and proves how good the plan is.") { instance, solution, prices, seconds, json };
        command.SetAction((parsed, stop) =>
        {
            var file = parsed.GetValue(instance)!;
            if (!file.Exists) return Task.FromResult(Commands.CommandLine.Wrong($"There is no file {file}."));
            if (parsed.GetValue(seconds) is <= 0 or double.NaN) return Task.FromResult(Commands.CommandLine.Wrong("A time limit is a number of seconds above 0."));
            var (problem, refusal) = Read(file);
            if (problem is null) return Task.FromResult(Commands.CommandLine.Wrong($"{file}: {refusal}"));
            var (watch, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var limit = parsed.GetValue(seconds) is { } most ? new PlanLimit(() => watch.Elapsed, TimeSpan.FromSeconds(most)) : null;
            var plan = WithProgress(progress => PlanSolver.Solve(problem, progress, limit, stop));
            var (elapsed, cpu) = (watch.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - before);
            if (parsed.GetValue(solution) is { } plans) Write(plans, to => PlanFile.WriteSolution(problem, plan, to));
            if (parsed.GetValue(prices) is { } proof) Write(proof, to => PlanFile.WritePrices(problem, plan, to));
            Print(problem, plan, elapsed, cpu, parsed.GetValue(json));
            return Task.FromResult(0);
        });
        return command;
    }

    internal static (PlanProblem? Problem, string? Refusal) Read(FileInfo file)
    {
        try
        {
            using Stream raw = file.OpenRead(), text = file.Extension == ".gz" ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var bytes = new MemoryStream();
            text.CopyTo(bytes);
            var (problem, refusal) = PlanFile.ReadProblem(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            return (problem, refusal is null ? null : $"{refusal.Field}: {refusal.Reason}");
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return (null, broken.Message);
        }
    }

    /// <summary>A bar on the terminal; nothing when nobody looks.</summary>
    private static Plan WithProgress(Func<IProgress<PlanProgress>?, Plan> solve)
    {
        if (Console.IsErrorRedirected) return solve(null);
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress().Start(bars =>
        {
            var bar = bars.AddTask("planning", maxValue: 1);
            var plan = solve(new Direct(progress => bar.Value = progress.Part));
            bar.Value = 1;
            return plan;
        });
    }

    private static void Write(FileInfo file, Action<Stream> write)
    {
        using var to = file.Create();
        write(to);
    }

    private static void Print(PlanProblem problem, Plan plan, TimeSpan elapsed, TimeSpan cpu, bool json)
    {
        var share = plan.Bound == 0 ? 0 : (double)plan.Gap / plan.Bound;
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                tasks = problem.Tasks, served = plan.Served, objective = plan.Objective, bound = plan.Bound, gap = plan.Gap, gapShare = share, optimal = plan.IsOptimal,
                seconds = Math.Round(elapsed.TotalSeconds, 3), cpuSeconds = Math.Round(cpu.TotalSeconds, 3), peakMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
            }));
        else
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{plan.Served:N0} of {problem.Tasks:N0} tasks served, value {plan.Objective:N0}; no plan can exceed {plan.Bound:N0} (gap {share:P4}). {elapsed.TotalSeconds:N2} s, {cpu.TotalSeconds:N2} s of CPU."));
    }

    private sealed class Direct(Action<PlanProgress> report) : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value) => report(value);
    }
}
