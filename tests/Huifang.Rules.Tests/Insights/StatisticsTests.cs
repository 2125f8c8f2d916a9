using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class StatisticsTests
{
    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.5, 0)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.9999999, 5.199337582192817)]
    public void The_normal_quantile_is_exact(double p, double z)
    {
        Assert.Equal(z, Statistics.NormalQuantile(p), 1e-9);
        Assert.Equal(p, Statistics.Normal(z), 1e-12);
    }

    [Fact]
    public void Wilsons_interval_agrees_with_his_table()
    {
        var (low, high) = Statistics.Wilson(81, 263);
        Assert.Equal(0.2553, low, 4);
        Assert.Equal(0.3662, high, 4);
        Assert.Equal((0, 1), Statistics.Wilson(0, 0));
    }

    [Fact]
    public void A_difference_of_shares_has_Newcombes_interval()
    {
        // Newcombe 1998, table II: 56/70 against 48/80, method 10.
        var effect = BeforeAfter.Shares(48, 80, 56, 70);
        Assert.Equal(0.2, effect.Difference, 1e-12);
        Assert.Equal(0.0524, effect.From, 4);
        Assert.Equal(0.3339, effect.To, 4);
        Assert.True(effect.IsClear);
    }

    [Fact]
    public void An_improvement_that_halved_a_rate_is_clear_and_one_that_did_nothing_is_not()
    {
        Assert.True(BeforeAfter.Rates(280, 28, 70, 14).IsClear);
        Assert.False(BeforeAfter.Rates(280, 28, 138, 14).IsClear);
        Assert.False(BeforeAfter.Rates(280, 28, 115, 14, overdispersion: 4).IsClear);
    }
}
