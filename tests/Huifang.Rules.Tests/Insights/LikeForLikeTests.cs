using Huifang.Insights;

namespace Huifang.Tests.Insights;

/// <summary>A change of where words come from is not taken for a change of what they say.</summary>
public sealed class LikeForLikeTests
{
    [Fact] // F4
    public void The_check_is_Pearsons_of_the_whole_table()
    {
        // Beside the textbook's sum over the six cells of the table.
        var mix = LikeForLike.Mix([new("chat", 0, 100, 0, 150), new("store", 0, 200, 0, 180), new("mail", 0, 50, 0, 90)])!;
        double[] before = [100, 200, 50], after = [150, 180, 90];
        var sum = 0.0;
        for (var i = 0; i < 3; i++)
        {
            var (row, b, a) = (before[i] + after[i], 350.0, 420.0);
            sum += Math.Pow(before[i] - row * b / 770, 2) / (row * b / 770) + Math.Pow(after[i] - row * a / 770, 2) / (row * a / 770);
        }
        Assert.Equal(sum, mix.ChiSquare, 9);
        Assert.Equal(Math.Exp(-sum / 2), mix.P, 9); // With two degrees of freedom.
        Assert.Equal(("store", 200.0 / 350 - 180.0 / 420), (mix.Where, mix.Moved));
        Assert.True(mix.IsUnlike);
        Assert.Null(LikeForLike.Mix([new("chat", 1, 10, 1, 10)]));
        Assert.Null(LikeForLike.Mix([new("chat", 0, 0, 1, 10), new("mail", 0, 0, 0, 3)]));
        Assert.False(LikeForLike.Mix([new("chat", 0, 100, 0, 104), new("mail", 0, 50, 0, 49)])!.IsUnlike);
        // A large house sees every small change; it is not unlike for that.
        Assert.False(LikeForLike.Mix([new("chat", 0, 500_000, 0, 505_000), new("mail", 0, 500_000, 0, 495_000)])! is { P: >= 0.001 } or { IsUnlike: true });
    }

    [Fact] // F4
    public void A_file_of_complaints_that_comes_in_afterwards_makes_nothing_worse()
    {
        // In both places the topic halves; but after it shipped most words come from complaints, where it was always frequent.
        HeardPart[] parts = [new("chat", 40, 1000, 20, 1000), new("complaint", 60, 200, 300, 2000)];
        var plain = BeforeAfter.Shares(100, 1200, 320, 3000);
        Assert.True(plain.From > 0, "the plain comparison says that it got worse");
        Assert.True(LikeForLike.Mix(parts)!.IsUnlike);
        var like = LikeForLike.Shares(parts)!;
        Assert.True(like is { To: < 0, P: < 0.001 }, $"{like}");
        Assert.Equal(0.04 * 2000 / 4200 + 0.3 * 2200 / 4200, like.Before, 12);
        Assert.Equal(like.After - like.Before, like.Difference, 12);
    }

    [Fact] // F4
    public void With_one_place_it_is_the_plain_comparison_and_a_new_place_is_left_out()
    {
        var plain = BeforeAfter.Shares(30, 300, 12, 310);
        var one = LikeForLike.Shares([new("chat", 30, 300, 12, 310)])!;
        Assert.Equal((plain.From, plain.To, plain.P), (one.From, one.To, one.P));
        Assert.Equal(one, LikeForLike.Shares([new("chat", 30, 300, 12, 310), new("new", 0, 0, 400, 500), new("gone", 9, 10, 0, 0)]));
        Assert.Null(LikeForLike.Shares([new("new", 0, 0, 4, 5), new("gone", 1, 2, 0, 0)]));
    }

    [Fact] // F4: the interval covers what is true in 95 of 100 cases, give or take chance
    public void The_interval_covers()
    {
        var random = new Random(20261130);
        long Draw(int n, double p) { var k = 0L; for (var i = 0; i < n; i++) if (random.NextDouble() < p) k++; return k; }
        var covered = 0;
        for (var round = 0; round < 1000; round++)
        {
            HeardPart[] parts = [new("a", Draw(120, .1), 120, Draw(60, .06), 60), new("b", Draw(40, .3), 40, Draw(160, .26), 160), new("c", Draw(30, .02), 30, Draw(30, .0), 30)];
            double[] weights = [180 / 440.0, 200 / 440.0, 60 / 440.0], changes = [-.04, -.04, -.02];
            var truth = weights.Zip(changes, (w, d) => w * d).Sum();
            var effect = LikeForLike.Shares(parts)!;
            if (effect.From <= truth && truth <= effect.To) covered++;
        }
        Assert.InRange(covered, 930, 985);
    }
}
