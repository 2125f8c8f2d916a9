namespace Huifang.Planning;

public sealed class LoadForecastTests // P3
{
    private static readonly HashSet<int> None = [];

    /// <summary>Weeks with a shape of days and hours, growth, and chance.</summary>
    private static int[] History(int seed, int weeks, double scale = 6, double growth = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, weeks * LoadForecast.Week).Select(i => Poisson(random, Mean(i, scale) * (1 + growth * i / LoadForecast.Week)))];
    }

    private static double Mean(int hour, double scale) => scale * (hour % 24 is >= 8 and < 22 ? 1 + Math.Sin((hour % 24 - 8) * Math.PI / 14) : 0.15) * (hour / 24 % 7 >= 5 ? .6 : 1);

    private static int Poisson(Random random, double mean)
    {
        var (limit, p, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        while (p > limit) { p *= random.NextDouble(); count++; }
        return count;
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void It_beats_the_same_hour_of_last_week_and_its_intervals_hold(int seed)
    {
        var test = ForecastTest.Of(History(seed, 5), 0, None)!;
        Assert.True(test.Mase < .85, $"seed {seed}: MASE {test.Mase}");
        Assert.InRange(test.Covered80, .74, .93);
        Assert.InRange(test.Covered95, .91, 1);
        Assert.Equal(240, test.Hours);
    }

    [Fact]
    public void The_level_follows_growth_and_a_short_history_is_refused()
    {
        var growing = History(4, 8, growth: .1);
        var next = LoadForecast.Learn(growing, 0, None)!.Next(growing.Length, LoadForecast.Week, 0, None).Sum(hour => hour.Expected);
        Assert.True(next > growing.Take(LoadForecast.Week).Sum() * 1.3);
        Assert.Null(LoadForecast.Learn(History(1, 1), 0, None));
        Assert.Null(ForecastTest.Of(History(1, 2), 0, None));
    }

    [Fact]
    public void A_holiday_looks_like_a_sunday_and_a_campaign_multiplies_its_day()
    {
        var history = History(5, 6);
        var forecast = LoadForecast.Learn(history, 0, None)!;
        var wednesday = forecast.Next(history.Length, 72, 0, new HashSet<int> { history.Length / 24 + 2 });
        var sunday = forecast.Next(history.Length, LoadForecast.Week, 0, None).Skip(6 * 24).ToList();
        Assert.Equal(sunday.Sum(hour => hour.Expected), wednesday.Skip(48).Sum(hour => hour.Expected), 6);
        var campaign = forecast.Next(history.Length, 24, 0, None, _ => 1.5);
        Assert.Equal(1.5, campaign.Sum(hour => hour.Expected) / forecast.Next(history.Length, 24, 0, None).Sum(hour => hour.Expected), 6);
    }

    /// <summary>Holidays are busier than Sundays (red packets) or calmer; after three of them the next one is known.</summary>
    [Theory, InlineData(2.5), InlineData(.4)]
    public void A_holiday_is_as_high_as_holidays_were(double times)
    {
        var random = new Random(6);
        HashSet<int> holidays = [9, 24, 38, 66, 71];
        int[] history = [.. Enumerable.Range(0, 10 * LoadForecast.Week).Select(i => Poisson(random, holidays.Contains(i / 24) ? times * Mean(i % 24 + 6 * 24, 40) : Mean(i, 40)))];
        var (knowing, blind) = (ForecastTest.Of(history[..(67 * 24)], 0, holidays, days: 1)!, ForecastTest.Of(history[..(67 * 24)], 0, None, days: 1)!);
        Assert.True(knowing.MeanError < blind.MeanError * .6, $"{knowing.MeanError} against {blind.MeanError}");
        Assert.InRange(ForecastTest.Of(history, 0, holidays)!.Covered80, .74, .93);
        // The last one, from what was known before it: nearer than a Sunday is.
        var known = history[..(66 * 24)];
        double Day(IReadOnlySet<int> days) => LoadForecast.Learn(known, 0, days)!.Next(known.Length, 24, 0, holidays).Sum(hour => hour.Expected);
        var (real, learned, sunday) = (history.Skip(66 * 24).Take(24).Sum(), Day(holidays), Enumerable.Range(6 * 24, 24).Sum(hour => Mean(hour, 40)));
        Assert.True(Math.Abs(real - learned) < Math.Abs(real - sunday) * .6, $"{real}: {learned} against {sunday}");
    }

    [Theory]
    [InlineData(4, 0, 0.95, 8), InlineData(4, 0, 0.025, 1), InlineData(0, 1, 0.9, 0), InlineData(10, 0, 0.5, 10)]
    public void Quantiles_of_counts_are_those_of_the_tables(double mean, double dispersion, double probability, double expected) => Assert.Equal(expected, CountRules.Quantile(mean, dispersion, probability));

    [Fact]
    public void More_spread_needs_more_agents_and_people_who_do_not_answer_need_more_calls()
    {
        ForecastHour[] day = [.. Enumerable.Repeat(new ForecastHour(10, 0, 0, 0, 0), 12)];
        var calm = StaffingNeed.Of(new(2026, 11, 30), day, 0, .8, 4, 280);
        var wild = StaffingNeed.Of(new(2026, 11, 30), day, .1, .8, 4, 280);
        var deaf = StaffingNeed.Of(new(2026, 11, 30), day, 0, .4, 4, 280);
        Assert.True(wild.Agents > calm.Agents && deaf.Calls > calm.Calls * 1.7);
        Assert.Equal(120 * (1 - Math.Pow(.2, 4)) / .8, calm.Calls, 6);
        Assert.Equal((10, true), (calm.Have, calm.Have >= calm.Agents));
    }
}
