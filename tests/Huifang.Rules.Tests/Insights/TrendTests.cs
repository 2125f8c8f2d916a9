using Huifang.Insights;

namespace Huifang.Tests.Insights;

public class TrendTests
{
    private static readonly DateOnly First = new(2026, 1, 5);

    [Fact]
    public void A_burst_is_found_within_two_days_and_says_what_was_expected()
    {
        var alarm = Assert.Single(TrendAlarms.Find([Usual("calm", 1), Usual("loud", 2, burst: (100, 5, 5))], new(First)));
        Assert.Equal("loud", alarm.Topic);
        Assert.InRange(alarm.Day.DayNumber - First.DayNumber, 100, 102);
        Assert.Equal(TrendKind.Volume, alarm.Kind);
        Assert.True(alarm.Observed > alarm.Expected * 2 && alarm.P < 1e-4, $"{alarm}");
    }

    [Fact]
    public void Nothing_later_than_the_day_is_looked_at()
    {
        var whole = TrendAlarms.Find([Usual("a", 3, burst: (90, 6, 4)), Usual("b", 4)], new(First));
        var cut = TrendAlarms.Find([Cut(Usual("a", 3, burst: (90, 6, 4)), 95), Cut(Usual("b", 4), 95)], new(First));
        Assert.NotEmpty(cut);
        Assert.Equal(cut, whole.Where(alarm => alarm.Day.DayNumber < First.DayNumber + 95));
    }

    [Fact]
    public void Twenty_half_years_of_seventy_calm_topics_raise_hardly_an_alarm()
    {
        var alarms = Enumerable.Range(0, 20).Sum(seed => TrendAlarms.Find([.. Enumerable.Range(0, 70).Select(topic => Usual($"t{topic}", seed * 100 + topic, rate: 0.2 + topic * 0.05))], new(First)).Count);
        Assert.True(alarms <= 0.15 * 20 * 20, $"{alarms} false alarms in 400 weeks");
    }

    [Fact]
    public void A_share_that_doubles_while_all_else_falls_silent_is_found()
    {
        // Half of the texts stay away for two weeks, and this topic's do not.
        var others = Enumerable.Range(0, 8).Select(topic => Scaled(Usual($"t{topic}", topic + 50, rate: 25), from: 110, by: 0.25));
        var alarm = Assert.Single(TrendAlarms.Find([Usual("steady", 9, rate: 12), .. others], new(First)));
        Assert.Equal(("steady", TrendKind.Share), (alarm.Topic, alarm.Kind));
    }

    private static TopicDays Cut(TopicDays topic, int days) => topic with { PerDay = [.. topic.PerDay.Take(days)] };

    private static TopicDays Scaled(TopicDays topic, int from, double by) => topic with { PerDay = [.. topic.PerDay.Select((count, day) => day < from ? count : Math.Round(count * by))] };

    private static TopicDays Usual(string topic, int seed, (int Day, int Days, double Times)? burst = null, double rate = 1.5)
    {
        var random = new Random(seed);
        return new(topic, Enumerable.Range(0, 182).Select(day =>
        {
            var (limit, chance, count) = (Math.Exp(-rate * (burst is { } b && day >= b.Day && day < b.Day + b.Days ? b.Times : 1)), 1.0, -1);
            do { chance *= random.NextDouble(); count++; } while (chance > limit);
            return count;
        }).ToArray());
    }
}
