using System.Diagnostics;
using Huifang.Insights;

namespace Huifang.Bench;

/// <summary>The statistics of effects: how often somebody who looks every day for a quarter is misled where there is no effect, and how fast outcomes are added up.</summary>
internal static class InsightExperiments
{
    private const int Runs = 10_000, Days = 90, PerDay = 20, Rows = 10_000_000, Metrics = 20;

    public static void Run(Report report)
    {
        var (random, always, plain) = (new Random(20261130), 0, 0);
        for (var run = 0; run < Runs; run++)
        {
            double a = 0, aa = 0, b = 0, bb = 0;
            var (wasAlways, wasPlain) = (false, false);
            for (var day = 1; day <= Days && !(wasAlways && wasPlain); day++)
            {
                for (var i = 0; i < PerDay; i++)
                {
                    // Four of five spend nothing, as with money.
                    var (one, other) = (random.NextDouble() < 0.2 ? 1 + random.NextDouble() : 0, random.NextDouble() < 0.2 ? 1 + random.NextDouble() : 0);
                    (a, aa, b, bb) = (a + one, aa + one * one, b + other, bb + other * other);
                }
                var (without, with) = (Arm.OfSums(a, aa, day * PerDay), Arm.OfSums(b, bb, day * PerDay));
                var (_, from, to) = Experiment.DifferenceAlwaysValid(without, with);
                wasAlways |= from > 0 || to < 0;
                // The plain interval without its small sample's correction, as a dashboard draws it.
                var half = 1.96 * Math.Sqrt(without.Variance / without.People + with.Variance / with.People);
                wasPlain |= Math.Abs(with.Mean - without.Mean) > half;
            }
            if (wasAlways) always++;
            if (wasPlain) plain++;
        }
        report.Add("insight.experiment.misled-by-daily-looks", 100.0 * always / Runs, "%", "goal at most", 5, Runs);
        report.Add("insight.experiment.misled-by-daily-looks", 100.0 * always / Runs, "%", "plain intervals", 100.0 * plain / Runs, Runs);

        var (sums, outcomes) = (new OutcomeSums(2, Metrics), new double[10_000 * Metrics]);
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = random.NextDouble();
        var watch = Stopwatch.StartNew();
        for (var row = 0; row < Rows; row++) sums.Add(row & 1, outcomes.AsSpan(row % 10_000 * Metrics, Metrics));
        report.Add("insight.experiment.outcomes", watch.Elapsed.TotalSeconds, $"s for {Rows / 1_000_000} M rows × {Metrics}", "goal at most", 2);
        if (sums.Of(0, 0).People != Rows / 2) throw new InvalidOperationException("Rows were lost.");
    }
}
