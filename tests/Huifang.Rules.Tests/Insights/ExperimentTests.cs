using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class ExperimentTests
{
    private static readonly Arm A = Arm.OfSums(1396.87, 52377.9767, 3407), B = Arm.OfSums(2422.7, 134698.29, 3461);

    [Fact]
    public void Two_means_agree_with_the_published_figures()
    {
        Near((.29, .04538, .53462, .02016), Experiment.Difference(A, B));
        Near((.70732, -.03526, 1.44989, .06191), Experiment.Relative(A, B));
    }

    [Fact]
    public void Two_shares_agree_with_the_published_figures() => Near((.06667, -.47767, .61101, .80707), Experiment.Relative(Arm.OfShare(14, 28), Arm.OfShare(16, 30)));

    [Fact]
    public void The_interval_for_those_who_look_every_day_agrees_with_the_published_figures()
    {
        var (effect, from, to) = Experiment.RelativeAlwaysValid(Arm.OfSums(1396.87, 52377.9767, 3000), B);
        Assert.Equal((.50336, -.55844, 1.56516), (Math.Round(effect, 5), Math.Round(from, 5), Math.Round(to, 5)));
    }

    [Fact]
    public void The_same_holds_for_shares()
    {
        var (effect, from, to) = Experiment.RelativeAlwaysValid(Arm.OfShare(1396, 3000), Arm.OfShare(2422, 3461), tuning: 5000);
        Assert.Equal((.50386, .40098, .60675), (Math.Round(effect, 5), Math.Round(from, 5), Math.Round(to, 5)));
    }

    [Fact]
    public void Looking_every_day_for_a_quarter_misleads_at_most_one_in_twenty()
    {
        var (random, misled, runs) = (new Random(20261125), 0, 400);
        for (var run = 0; run < runs; run++)
        {
            var (a, b) = ((Sum: 0.0, Squares: 0.0), (Sum: 0.0, Squares: 0.0));
            for (var day = 1; day <= 90; day++)
            {
                for (var i = 0; i < 20; i++) { Take(ref a); Take(ref b); }
                var (_, from, to) = Experiment.DifferenceAlwaysValid(Arm.OfSums(a.Sum, a.Squares, day * 20), Arm.OfSums(b.Sum, b.Squares, day * 20));
                if (from <= 0 && to >= 0) continue;
                misled++;
                break;
            }
        }
        Assert.True(misled <= 0.05 * runs, $"{misled} of {runs}");
        void Take(ref (double Sum, double Squares) arm) { var value = random.NextDouble() < 0.2 ? 1 + random.NextDouble() : 0; arm = (arm.Sum + value, arm.Squares + value * value); }
    }

    private static void Near((double Effect, double From, double To, double P) wanted, ArmEffect found) =>
        Assert.Equal(wanted, (Math.Round(found.Effect, 5), Math.Round(found.From, 5), Math.Round(found.To, 5), Math.Round(found.P, 5)));
}
