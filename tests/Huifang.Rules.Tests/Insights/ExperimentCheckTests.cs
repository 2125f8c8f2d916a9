using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class ExperimentCheckTests
{
    [Fact]
    public void The_sizes_of_three_arms_are_checked_as_published()
    {
        // Hillstrom's e-mail experiment: 64,000 customers in three arms of a third each.
        var (square, p) = Allocation.SampleRatio([21_306, 21_307, 21_387], [1, 1, 1]);
        Assert.Equal((.202531, .903693), (Math.Round(square, 6), Math.Round(p, 6)));
    }

    [Fact]
    public void The_visits_of_the_same_experiment_agree_with_the_published_shares_and_are_clear()
    {
        var (none, men, women) = (Arm.OfShare(2262, 21_306), Arm.OfShare(3894, 21_307), Arm.OfShare(3238, 21_387));
        Assert.Equal((.106167, .182757, .151400), (Math.Round(none.Mean, 6), Math.Round(men.Mean, 6), Math.Round(women.Mean, 6)));
        Assert.True(Experiment.Difference(none, men) is { From: > .069, To: < .084, P: < 1e-6 });
        Assert.True(Experiment.Difference(none, women) is { From: > .038, To: < .053, P: < 1e-6 });
    }

    [Theory] // Table of the distribution.
    [InlineData(3.841459, 1, .05)]
    [InlineData(6.634897, 1, .01)]
    [InlineData(18.307038, 10, .05)]
    [InlineData(2.167350, 7, .95)]
    [InlineData(124.342113, 100, .05)]
    public void Chances_of_Pearsons_distribution_agree_with_the_table(double value, int freedom, double p)
    {
        // Arms of which one holds all the surplus give any value that is wanted.
        long many = 1_000_000_000;
        var arms = freedom + 1;
        var surplus = Math.Sqrt(value * many * arms / (double)arms / (1 + 1.0 / (arms - 1)));
        var people = Enumerable.Repeat((double)many, arms).Select((count, arm) => arm == 0 ? count + surplus : count - surplus / (arms - 1)).Select(count => (long)Math.Round(count)).ToList();
        Assert.Equal(p, Allocation.SampleRatio(people, [.. Enumerable.Repeat(1.0, arms)]).P, 3e-5);
    }

    [Fact]
    public void Lost_people_are_noticed_and_wrong_questions_refused()
    {
        Assert.True(Allocation.SampleRatio([10_000, 9_000], [1, 1]).P < 1e-9);
        Assert.Equal(1, Allocation.SampleRatio([900, 100], [9, 1]).P, 1e-9);
        Assert.Throws<ArgumentException>(() => Allocation.SampleRatio([1], [1]));
        Assert.Throws<ArgumentException>(() => Allocation.SampleRatio([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Allocation.SampleRatio([0, 0], [1, 1]));
    }

    [Fact]
    public void Taking_out_what_was_before_gives_the_difference_of_the_rows_and_a_shorter_interval()
    {
        var random = new Random(4);
        List<(double Before, double After)> People(double effect) => [.. Enumerable.Range(0, 3000).Select(_ => { var before = random.NextDouble() * 10; return (before, 0.8 * before + random.NextDouble() * 3 + effect); })];
        var (a, b) = (People(0), People(0.2));
        var (plain, less) = (Experiment.Difference(Arm.OfSums(a.Sum(x => x.After), a.Sum(x => x.After * x.After), a.Count), Arm.OfSums(b.Sum(x => x.After), b.Sum(x => x.After * x.After), b.Count)), Cuped.Difference(Sums(a), Sums(b)));

        // The same from the rows: the slope of after on before within the arms, then Welch's test of what is left.
        double Within(List<(double Before, double After)> arm, Func<(double Before, double After), double> x, Func<(double Before, double After), double> y) => arm.Sum(row => (x(row) - arm.Average(x)) * (y(row) - arm.Average(y)));
        var slope = (Within(a, x => x.Before, x => x.After) + Within(b, x => x.Before, x => x.After)) / (Within(a, x => x.Before, x => x.Before) + Within(b, x => x.Before, x => x.Before));
        var mean = a.Concat(b).Average(row => row.Before);
        Arm Left(List<(double Before, double After)> arm) { var rest = arm.ConvertAll(row => row.After - slope * (row.Before - mean)); return new(rest.Count, rest.Average(), rest.Sum(x => (x - rest.Average()) * (x - rest.Average())) / (rest.Count - 1)); }
        var rows = Experiment.Difference(Left(a), Left(b));
        Assert.Equal((rows.Effect, rows.From, rows.To, rows.P), (less.Effect, less.From, less.To, less.P), (x, y) => Math.Abs(x.Item1 - y.Item1) + Math.Abs(x.Item2 - y.Item2) + Math.Abs(x.Item3 - y.Item3) + Math.Abs(x.Item4 - y.Item4) < 5e-6);
        Assert.True(less.To - less.From < 0.45 * (plain.To - plain.From), $"{less} beside {plain}");
        Assert.InRange(0.2, less.From, less.To);
        Assert.Equal(less.Effect / Cuped.Adjusted(Sums(a), Sums(b)).Without.Mean, Cuped.Relative(Sums(a), Sums(b)).Effect, 1e-9);
        // Where everybody was the same before it is the plain difference.
        Assert.Equal(plain.From, Cuped.Difference(Sums(a.ConvertAll(row => (1.0, row.After))), Sums(b.ConvertAll(row => (1.0, row.After)))).From, 1e-9);
    }

    [Fact]
    public void Many_metrics_are_added_up_in_one_pass_as_one_by_one()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 999).Select(i => (Arm: i % 3, Outcomes: Enumerable.Range(0, 21).Select(_ => random.NextDouble() * 100).ToArray())).ToList();
        var (one, two) = (new OutcomeSums(3, 21), new OutcomeSums(3, 21));
        foreach (var (row, place) in rows.Select((row, place) => (row, place))) (place < 400 ? one : two).Add(row.Arm, row.Outcomes);
        one.Add(two);
        for (var arm = 0; arm < 3; arm++)
        {
            for (var metric = 0; metric < 21; metric++)
            {
                var own = rows.Where(row => row.Arm == arm).Select(row => row.Outcomes[metric]).ToList();
                var wanted = Arm.OfSums(own.Sum(), own.Sum(x => x * x), own.Count);
                Assert.Equal((wanted.People, wanted.Mean, wanted.Variance), (one.Of(arm, metric).People, one.Of(arm, metric).Mean, one.Of(arm, metric).Variance), (x, y) => x.Item1 == y.Item1 && Math.Abs(x.Item2 - y.Item2) + Math.Abs(x.Item3 - y.Item3) < 1e-8);
            }
        }
        Assert.Throws<ArgumentException>(() => one.Add(0, [1, 2]));
        Assert.Throws<ArgumentException>(() => one.Add(new OutcomeSums(2, 21)));
    }

    private static PairedArm Sums(List<(double Before, double After)> rows) => new(rows.Count, rows.Sum(x => x.After), rows.Sum(x => x.After * x.After), rows.Sum(x => x.Before), rows.Sum(x => x.Before * x.Before), rows.Sum(x => x.Before * x.After));
}
