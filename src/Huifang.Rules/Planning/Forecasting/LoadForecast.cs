namespace Huifang.Planning;

/// <summary>One hour that is to come: what is expected, and between what it will lie with 80 and with 95 %.</summary>
public readonly record struct ForecastHour(double Expected, double Low80, double High80, double Low95, double High95);

/// <summary>
/// Arrivals by the hour. The level follows the weeks (exponential smoothing of weekly counts, Brown 1959); the shape of the week is the mean of the same hour over all weeks,
/// drawn to what the day of the week and the hour of the day say apart, because few weeks say little about one hour. A holiday has the shape of a Sunday, and the height that holidays before it had against Sundays. Intervals are those of a negative binomial whose
/// spread is the one that the history shows, so hours without arrivals and bursts are both believed.
/// </summary>
public sealed class LoadForecast
{
    public const int Week = 168;

    /// <summary>Two weeks at least: before that there is no week to compare with.</summary>
    public const int HoursMin = 2 * Week;

    // A week tells this much of the level; the older ones less and less.
    private const double Smoothing = 0.35;
    private const double DrawnWeeks = 6;
    // Before there was a holiday it is a Sunday; each one that was says as much as that.
    private const double DrawnHolidays = 1;

    private readonly double[] shape = new double[Week];
    private readonly double level, holiday = 1;

    private LoadForecast(IReadOnlyList<int> hours, int firstHourOfWeek, IReadOnlySet<int> holidays)
    {
        var (sum, weeks) = (new double[Week], new double[Week]);
        for (var i = 0; i < hours.Count; i++)
        {
            if (holidays.Contains(i / 24)) continue;
            var at = (firstHourOfWeek + i) % Week;
            sum[at] += hours[i];
            weeks[at]++;
        }
        var ofHour = Enumerable.Range(0, 24).Select(hour => Mean(Enumerable.Range(0, 7).Select(day => day * 24 + hour))).ToArray();
        var ofDay = Enumerable.Range(0, 7).Select(day => Mean(Enumerable.Range(day * 24, 24))).ToArray();
        var all = ofHour.Average();
        double Mean(IEnumerable<int> places) => places.Aggregate((Sum: 0.0, Weeks: 0.0), (total, at) => (total.Sum + sum[at], total.Weeks + weeks[at])) is var (counted, seen) ? counted / Math.Max(1, seen) : 0;
        for (var at = 0; at < Week; at++) shape[at] = (sum[at] + DrawnWeeks * (all > 0 ? ofDay[at / 24] * ofHour[at % 24] / all : 0)) / (weeks[at] + DrawnWeeks);
        holiday = Holiday(hours, firstHourOfWeek, holidays);
        // The shape is of the mean week; the level says how the latest weeks compare with it.
        level = 1;
        for (var begin = hours.Count % Week; begin + Week <= hours.Count; begin += Week)
        {
            var (counted, expected) = (0.0, 0.0);
            for (var i = begin; i < begin + Week; i++) (counted, expected) = (counted + hours[i], expected + Shape(firstHourOfWeek, i, holidays));
            if (expected > 0) level += Smoothing * (counted / expected - level);
        }
        Dispersion = Spread(hours, firstHourOfWeek, holidays);
    }

    /// <summary>How much wider than chance the counts lie: variance = mean + mean² · this.</summary>
    public double Dispersion { get; }

    /// <summary>Learns from whole hours, oldest first; null when there are too few.</summary>
    /// <param name="firstHourOfWeek">Hour of the week, from Monday midnight, of the first one.</param>
    /// <param name="holidays">Days, counted from the first, that are public holidays; those to come too.</param>
    public static LoadForecast? Learn(IReadOnlyList<int> hours, int firstHourOfWeek, IReadOnlySet<int> holidays) => hours.Count < HoursMin ? null : new(hours, firstHourOfWeek, holidays);

    /// <summary>The hours that follow the history.</summary>
    /// <param name="history">How many hours it was learned from.</param>
    /// <param name="factor">Times so much: a campaign, an event; 1 changes nothing.</param>
    public IReadOnlyList<ForecastHour> Next(int history, int count, int firstHourOfWeek, IReadOnlySet<int> holidays, Func<int, double>? factor = null) =>
        [.. Enumerable.Range(0, count).Select(i => Of(level * Shape(firstHourOfWeek, history + i, holidays) * (factor?.Invoke(i) ?? 1)))];

    private ForecastHour Of(double mean) =>
        new(mean, CountRules.Quantile(mean, Dispersion, 0.1), CountRules.Quantile(mean, Dispersion, 0.9), CountRules.Quantile(mean, Dispersion, 0.025), CountRules.Quantile(mean, Dispersion, 0.975));

    private double Shape(int firstHourOfWeek, int hour, IReadOnlySet<int> holidays) =>
        holidays.Contains(hour / 24) ? holiday * shape[6 * 24 + (firstHourOfWeek + hour) % 24] : shape[(firstHourOfWeek + hour) % Week];

    /// <summary>What holidays had against Sundays, drawn to 1.</summary>
    private double Holiday(IReadOnlyList<int> hours, int firstHourOfWeek, IReadOnlySet<int> holidays)
    {
        var (counted, sundays, sunday) = (0.0, 0.0, shape[(6 * 24)..].Sum());
        for (var i = 0; i < hours.Count; i++)
            if (holidays.Contains(i / 24)) (counted, sundays) = (counted + hours[i], sundays + shape[6 * 24 + (firstHourOfWeek + i) % 24]);
        return sunday <= 0 ? 1 : (counted + DrawnHolidays * sunday) / (sundays + DrawnHolidays * sunday);
    }

    private double Spread(IReadOnlyList<int> hours, int firstHourOfWeek, IReadOnlySet<int> holidays)
    {
        var (excess, scale) = (0.0, 0.0);
        for (var i = 0; i < hours.Count; i++)
        {
            var mean = Shape(firstHourOfWeek, i, holidays);
            excess += (hours[i] - mean) * (hours[i] - mean) - mean;
            scale += mean * mean;
        }
        return scale <= 0 ? 0 : Math.Clamp(excess / scale, 0, 5);
    }
}

/// <summary>How a forecast did on days that it had not seen, beside the same hour a week before.</summary>
/// <param name="Mase">Mean absolute error over that of the seasonal-naive forecast on the same hours; below 1 is better than it (Hyndman and Koehler, 2006).</param>
/// <param name="Covered80">Share of hours inside the 80 % interval.</param>
public sealed record ForecastTest(double Mase, double MeanError, double NaiveError, double Covered80, double Covered95, int Hours)
{
    /// <summary>Forecasts each of the last days from what was known before it, and compares; null when the history is too short.</summary>
    public static ForecastTest? Of(IReadOnlyList<int> hours, int firstHourOfWeek, IReadOnlySet<int> holidays, int days = 10)
    {
        var (ours, naive, in80, in95, count) = (0.0, 0.0, 0, 0, 0);
        for (var day = days; day >= 1; day--)
        {
            var known = hours.Count - day * 24;
            if (known < LoadForecast.HoursMin || LoadForecast.Learn([.. hours.Take(known)], firstHourOfWeek, holidays) is not { } forecast) continue;
            var said = forecast.Next(known, 24, firstHourOfWeek, holidays);
            for (var i = 0; i < 24; i++)
            {
                var real = hours[known + i];
                ours += Math.Abs(real - said[i].Expected);
                naive += Math.Abs(real - hours[known + i - LoadForecast.Week]);
                if (real >= said[i].Low80 && real <= said[i].High80) in80++;
                if (real >= said[i].Low95 && real <= said[i].High95) in95++;
                count++;
            }
        }
        return count == 0 ? null : new(naive <= 0 ? double.NaN : ours / naive, ours / count, naive / count, (double)in80 / count, (double)in95 / count, count);
    }
}

/// <summary>Counts whose variance is their mean and more.</summary>
public static class CountRules
{
    /// <summary>The smallest count that is reached with this probability by a negative binomial (Poisson without dispersion).</summary>
    public static double Quantile(double mean, double dispersion, double probability)
    {
        if (mean <= 0) return 0;
        // Large counts are near enough to normal, and their sums would take long.
        if (mean > 2_000) return Math.Max(0, Math.Round(mean + Normal(probability) * Math.Sqrt(mean + dispersion * mean * mean)));
        var size = dispersion > 1e-9 ? 1 / dispersion : double.PositiveInfinity;
        var p = double.IsPositiveInfinity(size) ? Math.Exp(-mean) : Math.Exp(size * Math.Log(size / (size + mean)));
        var (sum, count) = (p, 0);
        while (sum < probability && count < 1_000_000)
        {
            count++;
            p *= double.IsPositiveInfinity(size) ? mean / count : (count - 1 + size) / count * mean / (mean + size);
            sum += p;
        }
        return count;
    }

    /// <summary>The normal quantile (Acklam's rational approximation, error below 1.2e-9 after one Halley step is not needed here: 4.5e-4 by Abramowitz and Stegun 26.2.23).</summary>
    private static double Normal(double probability)
    {
        var p = Math.Min(probability, 1 - probability);
        var t = Math.Sqrt(-2 * Math.Log(p));
        var z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
        return probability < 0.5 ? -z : z;
    }
}
