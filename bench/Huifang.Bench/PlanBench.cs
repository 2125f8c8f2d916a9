using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Huifang.Bench;

/// <summary>
/// The planner beside LEMON's network simplex and the rules in use today, instance by instance, alternating in one run; every plan goes through the independent
/// checker with its prices. HUIFANG_PLANNING names the folder that holds <c>peer.cpp</c>, <c>check.cpp</c> and <c>instances/</c>; --rows is the most tasks.
/// </summary>
internal static partial class PlanBench
{
    /// <summary>With windows of their own for many tasks network simplex takes minutes from here on; cost scaling is the faster peer.</summary>
    private const int NetworkSimplexMax = 500_000;

    public static async Task Run(Report report, BenchOptions options)
    {
        if (Environment.GetEnvironmentVariable("HUIFANG_PLANNING") is not { Length: > 0 } folder || !File.Exists(Path.Combine(folder, "peer.cpp")))
        {
            Console.Error.WriteLine("Name the folder of the planning instances: HUIFANG_PLANNING=… bin/bench plan");
            return;
        }
        using var scratch = new Scratch();
        string In(string name) => Path.Combine(scratch.Folder, name);
        await Start("g++", ["-O3", "-march=native", "-std=c++17", "-w", "-o", In("peer"), Path.Combine(folder, "peer.cpp"), "-llemon"], "g++ and LEMON: apt-get install g++ liblemon-dev");
        await Start("g++", ["-O2", "-std=c++17", "-w", "-o", In("check"), Path.Combine(folder, "check.cpp")], "g++");
        var files = Directory.EnumerateFiles(Path.Combine(folder, "instances")).Select(file => (file, tasks: int.Parse(Size().Match(file).Groups[1].Value, CultureInfo.InvariantCulture)))
            .Where(one => options.Rows == 0 || one.tasks <= options.Rows).OrderBy(one => one.tasks).ThenBy(one => one.file, StringComparer.Ordinal).ToList();
        Console.WriteLine($"{"instance",-24} {"objective",14} {"gap",9} {"ours s",8} {"MB",5} {"peer",4} {"s",8} {"MB",6} {"hopper",8} {"list",8}  checker");
        foreach (var (file, tasks) in files)
        {
            var name = Path.GetFileName(file).Replace(".txt.gz", "", StringComparison.Ordinal);
            using var ours = JsonDocument.Parse(await Start(Path.GetFullPath("bin/huifang"), ["plan", "solve", file, "--solution", In("sol"), "--prices", In("prices"), "--json"], "huifang"));
            var algorithm = tasks > NetworkSimplexMax && name.Contains("-d0.3", StringComparison.Ordinal) ? "cs" : "ns";
            var peer = Line(await Start(In("peer"), [file, algorithm], "peer"));
            var greedy = await Start(In("peer"), [file, "hopper-fifo,hopper-priority"], "peer");
            var verdict = await Start(In("check"), [file, In("sol"), In("prices")], "check");
            var objective = ours.RootElement.GetProperty("objective").GetInt64();
            var gap = double.Parse(Gap().Match(verdict).Groups[1].Value, CultureInfo.InvariantCulture);
            var (cpu, megabytes) = (ours.RootElement.GetProperty("cpuSeconds").GetDouble(), ours.RootElement.GetProperty("peakMegabytes").GetInt64());
            double Against(string rule) => objective / (double)Line(greedy.Split('\n').Single(line => line.StartsWith(rule, StringComparison.Ordinal))).Objective;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {objective,14:N0} {gap,7:N4} % {cpu,8:N3} {megabytes,5} {algorithm,4} {peer.Seconds,8:N3} {peer.Megabytes,6} {Against("hopper-priority"),6:N3} × {Against("hopper-fifo"),6:N3} ×  {verdict.Split('\n')[0].Split(' ')[0]}, {(peer.Objective == objective ? "the peer's objective" : $"the peer has {peer.Objective:N0}")}"));
            report.Add($"plan: {name}, CPU", cpu, "s", $"LEMON {algorithm}", peer.Seconds);
            using var repair = JsonDocument.Parse(await Start(Path.GetFullPath("bin/huifang"), ["plan", "repair", file, "--json"], "huifang"));
            var mended = repair.RootElement;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-24} {mended.GetProperty("changes").GetInt32():N0} changes: p50 {mended.GetProperty("p50Ms").GetDouble():N2} ms, p99 {mended.GetProperty("p99Ms").GetDouble():N2} ms of CPU until optimal again; ill for a day p50 {mended.GetProperty("illP50Ms").GetDouble():N1} ms; at last {(mended.GetProperty("same").GetBoolean() ? "worth what a new plan is" : "NOT worth what a new plan is")}"));
            report.Add($"plan: {name}, one change, p99", mended.GetProperty("p99Ms").GetDouble(), "ms");
        }
    }

    private static (long Objective, double Seconds, long Megabytes) Line(string text)
    {
        var match = PeerLine().Match(text);
        return (long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    private static async Task<string> Start(string program, IReadOnlyList<string> arguments, string needs)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException($"{program} did not start; needed: {needs}.");
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"{program} ended with {process.ExitCode} (needed: {needs}): {await wrong} {await said}");
    }

    [GeneratedRegex(@"n(\d+)-")] private static partial Regex Size();
    [GeneratedRegex(@"gap \S+ \(([\d.]+) %\)")] private static partial Regex Gap();
    [GeneratedRegex(@"objective (\d+) served \d+ cpu ([\d.]+) s .*peak (\d+) MB")] private static partial Regex PeerLine();
}
