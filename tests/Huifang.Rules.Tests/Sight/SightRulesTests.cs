using Huifang.Sight;

namespace Huifang.Rules.Tests.Sight;

public sealed class SightRulesTests
{
    private static readonly SightBudget Budget = new();

    [Theory]
    [InlineData(0, 8)] // nobody else has worked: the least
    [InlineData(2, 8)]
    [InlineData(4, 12)]
    [InlineData(40, 15)] // a corrupted team cannot move it beyond the most
    public void The_alarm_follows_the_peers_between_two_fixed_bounds(double peers, int threshold) => Assert.Equal(threshold, SightRules.Threshold(peers, Budget.PeersFactor, Budget.CustomersAlarm));

    [Fact]
    public void Whatever_the_peers_do_twenty_customers_in_an_hour_always_alarm()
    {
        for (var peers = 0; peers < 1000; peers++)
            Assert.Contains(SightRules.Weigh(Budget, new(20, 0, 0, peers, 0), true).Alarms, alarm => alarm.Alarm == SightAlarm.ManyCustomers);
    }

    [Fact]
    public void Over_the_budget_nothing_more_is_shown_by_choice_while_the_queue_goes_on()
    {
        Assert.True(SightRules.Weigh(Budget, new(30, 0, 0, 5, 5), true).IsShown);
        Assert.False(SightRules.Weigh(Budget, new(31, 0, 0, 5, 5), true).IsShown);
        Assert.True(SightRules.Weigh(Budget, new(31, 0, 0, 5, 5), false).IsShown);
        Assert.False(SightRules.Weigh(Budget, new(1, 0, 121, 5, 5), true).IsShown);
    }

    [Fact]
    public void A_usual_hour_alarms_nobody() => Assert.Empty(SightRules.Weigh(Budget, new(8, 1, 12, 5, 8), true).Alarms);

    [Fact]
    public void The_median_is_the_middle() => Assert.Equal((0, 3, 2.5), (SightRules.Median([]), SightRules.Median([9, 1, 3]), SightRules.Median([4, 1, 2, 3])));
}
