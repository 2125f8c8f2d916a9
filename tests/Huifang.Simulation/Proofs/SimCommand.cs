using System.Diagnostics;
using System.Globalization;
using Huifang.Simulation.Worlds;

namespace Huifang.Simulation.Proofs;

/// <summary><c>bin/prove sim</c>: plays seeds, judges each, and says how many there were, what was in them, and what that bounds.</summary>
internal static class SimCommand
{
    private const string Usage = "usage: bin/prove sim [--seeds A..B] [--regressions] [--jobs N] [--customers N] [--days N] [--active N] [--without crashes,races,…] [--hashes] [--trace]";

    /// <summary>A house that is broken everywhere is not shrunk two thousand times.</summary>
    private const int ShrunkMax = 3;

    public static int Run(ReadOnlySpan<string> args)
    {
        if (SimOptions.Parse(args) is not { } options) { Console.Error.WriteLine(Usage); return 2; }
        var plans = options.Regressions ? Kept() : null;
        var count = plans?.Count ?? options.Last - options.First + 1;
        var (next, done, failures, tally) = (-1L, 0L, new List<Outcome>(), Tally.Zero);
        var (gate, shrunk) = (new Lock(), 0);
        var began = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, options.Jobs).Select(_ => new Thread(Work) { IsBackground = true }).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Console.Error.Write("\r\u001b[K");
        Say(options, done, tally, failures, began.Elapsed);
        return failures.Count == 0 ? 0 : 1;

        void Work()
        {
            using var player = new Player { Trace = options.Trace ? Console.WriteLine : null };
            while (Interlocked.Increment(ref next) is var i && i < count)
            {
                var plan = plans?[(int)i] ?? options.PlanOf(options.First + i);
                var outcome = player.Play(plan);
                if (outcome.Breaches.Count > 0) Report(player, outcome, gate, shrink: !options.Trace && Interlocked.Increment(ref shrunk) <= ShrunkMax);
                lock (gate)
                {
                    done++;
                    tally = tally.Plus(outcome.Tally);
                    if (outcome.Breaches.Count > 0) failures.Add(outcome);
                    if (options.Hashes) Console.WriteLine($"{plan.Seed} {outcome.Hash}");
                    if (done % 10 == 0 && !Console.IsErrorRedirected) Bar(done, count, failures.Count, began.Elapsed);
                }
            }
        }
    }

    /// <summary>Plans that failed once, a command a line; what follows a hash is why.</summary>
    public static List<Plan> Kept()
    {
        using var stream = typeof(SimCommand).Assembly.GetManifestResourceStream("regressions.txt")!;
        using var reader = new StreamReader(stream);
        var plans = new List<Plan>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('#')[0].Trim() is not { Length: > 0 } text) continue;
            var options = SimOptions.Parse(text.Replace("bin/prove sim ", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)) ?? throw new InvalidDataException($"regressions.txt: {line}");
            for (var seed = options.First; seed <= options.Last; seed++) plans.Add(options.PlanOf(seed));
        }
        return plans;
    }

    private static void Report(Player player, Outcome outcome, Lock gate, bool shrink)
    {
        var small = shrink ? Shrinker.Shrink(player, outcome) : outcome;
        lock (gate)
        {
            Console.Error.Write("\r\u001b[K");
            Console.WriteLine($"seed {outcome.Plan.Seed} breaks a promise:");
            foreach (var breach in small.Breaches.Take(6)) Console.WriteLine($"  {breach.Invariant}  {breach.What}");
            Console.WriteLine($"  again:  {small.Plan.Command}");
            if (outcome.Plan != small.Plan) Console.WriteLine($"  whole:  {outcome.Plan.Command}");
        }
    }

    private static void Bar(long done, long count, int failed, TimeSpan took)
    {
        const int width = 30;
        var full = (int)(done * width / count);
        Console.Error.Write($"\r[{new string('#', full)}{new string('.', width - full)}] {done}/{count}  {done / took.TotalSeconds:0.0} seeds/s  {failed} broken");
    }

    private static void Say(SimOptions options, long done, Tally tally, List<Outcome> failures, TimeSpan took)
    {
        var of = CultureInfo.InvariantCulture;
        string Each(long total) => (total / (double)Math.Max(1, done)).ToString("0.0", of);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        Console.WriteLine(string.Create(of, $"{done} seeds, {failures.Count} with a broken promise, {took.TotalSeconds:0.0} s, {done / took.TotalSeconds:0.0} seeds/s on {options.Jobs} thread(s), {done / cpu:0.0} per second of processor time"));
        Console.WriteLine($"an average seed: {Each(tally.Events)} events acknowledged, {Each(tally.Contacts)} contacts, {Each(tally.Promises)} promises ({Each(tally.Broken)} broken and apologised for), {Each(tally.Complaints)} complaints, {Each(tally.Withdrawals)} withdrawals, {Each(tally.Crashes)} crashes, {Each(tally.Jumps)} clock jumps, {Each(tally.Acts)} acts, {Each(tally.Commits)} commits");
        var years = done * options.Days / 365.0;
        if (failures.Count == 0 && !options.Regressions && done > 0)
            Console.WriteLine(string.Create(of, $"{years:0.0} desk-years of this simulated desk without a broken promise: with 95 % confidence fewer than {3 / years:0.000} a desk-year (3/n; it assumes that seeds are independent and that a real desk is like these)"));
    }
}
