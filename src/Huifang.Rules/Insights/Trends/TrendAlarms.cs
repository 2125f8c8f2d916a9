using System.Globalization;

namespace Huifang.Insights;

/// <summary>
/// Finds rises day by day, using nothing later than the day. For every topic and every beginning within the last days it is asked how much likelier the counts are
/// if the rate rose (by one of a few factors, each as likely beforehand) than if it went on as before: a mixture likelihood ratio. By Ville's inequality it exceeds h with chance 1/h at most
/// while nothing rises, so one threshold holds for any number of topics and days: it is set from the false alarms a week that are borne for all topics together.
/// What is usual is learned from the five months before (less the last days, and less days that were raised), with the season of the week taken from all topics together.
/// </summary>
public static class TrendAlarms
{
    private const int Window = 150, Gap = 5, RiseDaysMax = 8, RiseMin = 3;

    /// <summary>Ville's bound is generous by about e, for the windows of one topic overlap; measured on five half-years of injected bursts.</summary>
    private const double Generous = 1;

    /// <summary>A share asks a second question of the same numbers, so it must be surer.</summary>
    private const double ShareMore = 2;

    private static readonly double[] Factors = [3, 6];

    /// <param name="topics">Every series has as many days.</param>
    public static IReadOnlyList<TrendAlarm> Find(IReadOnlyList<TopicDays> topics, TrendOptions options)
    {
        if (topics.Count == 0) return [];
        var days = topics[0].PerDay.Count;
        if (topics.Any(topic => topic.PerDay.Count != days)) throw new ArgumentException("every topic needs as many days", nameof(topics));
        var all = new double[days];
        foreach (var topic in topics) for (var day = 0; day < days; day++) all[day] += topic.PerDay[day];
        var exposures = Season(all, options);
        var threshold = Math.Log(topics.Count * 7 / options.FalsePerWeek) - Generous;
        var alarms = new List<TrendAlarm>();
        foreach (var topic in topics)
        {
            Walk(topic, exposures, TrendKind.Volume, threshold, options, alarms);
            Walk(topic, all, TrendKind.Share, threshold + ShareMore, options, alarms);
        }
        // One alarm for one rise: where the volume rose, the share says nothing more.
        alarms.RemoveAll(share => share.Kind == TrendKind.Share && alarms.Exists(volume => volume.Kind == TrendKind.Volume && volume.Topic == share.Topic && Math.Abs(volume.Day.DayNumber - share.Day.DayNumber) <= options.QuietDays));
        return [.. alarms.OrderBy(alarm => alarm.Day).ThenBy(alarm => alarm.Topic, StringComparer.Ordinal).ThenBy(alarm => alarm.Kind)];
    }

    private static void Walk(TopicDays topic, double[] exposure, TrendKind kind, double threshold, TrendOptions options, List<TrendAlarm> alarms)
    {
        var counts = topic.PerDay;
        var raised = new bool[counts.Count];
        var last = -options.QuietDays - 1;
        for (var day = options.WarmUp; day < counts.Count; day++)
        {
            if (counts[day] < 1) continue;
            var (seen, exposed) = (0.0, 0.0);
            for (var i = Math.Max(0, day - Window); i <= day - Gap; i++) if (!raised[i]) { seen += counts[i]; exposed += exposure[i]; }
            if (exposed <= 0) continue;
            // One text more than were seen in 60 days: a topic that never came up may still come up by chance.
            var rate = (seen + 1) / (exposed + 1e-9);
            var (best, since, observed, expected) = (0.0, day, 0.0, 0.0);
            double sum = 0, mean = 0;
            for (var from = day; from > day - RiseDaysMax && from >= 0; from--)
            {
                sum += counts[from];
                mean += rate * exposure[from];
                var ratio = 0.0;
                foreach (var factor in Factors) ratio += Math.Exp(sum * Math.Log(factor) - (factor - 1) * mean) / Factors.Length;
                if (Math.Log(ratio) > best && sum >= RiseMin) (best, since, observed, expected) = (Math.Log(ratio), from, sum, mean);
            }
            if (best < threshold) continue;
            for (var i = since; i <= day; i++) raised[i] = true;
            if (day - last > options.QuietDays)
                alarms.Add(new(options.FirstDay.AddDays(day), options.FirstDay.AddDays(since), topic.Topic, kind,
                    string.Create(CultureInfo.InvariantCulture, $"mixture likelihood ratio {best:0.0} (ln), needs {threshold:0.0}"), Poisson.AtLeast((int)observed, expected), observed, expected));
            last = day;
        }
    }

    /// <summary>How busy each day is expected to be beside others: its weekday, from all topics together; on holidays nothing is learned.</summary>
    private static double[] Season(double[] all, TrendOptions options)
    {
        var exposures = new double[all.Length];
        var (sums, counts) = (new double[7], new int[7]);
        for (var day = 0; day < all.Length; day++)
        {
            // Days before anything was heard of are no quiet days.
            if (all[day] == 0 && counts.Sum() == 0) continue;
            var weekday = day % 7;
            var average = counts.Sum() == 0 ? 0 : sums.Sum() / counts.Sum();
            exposures[day] = counts[weekday] < 3 || average == 0 ? 1 : sums[weekday] / counts[weekday] / average;
            if (options.Holidays.Contains(options.FirstDay.AddDays(day))) { exposures[day] = Math.Max(exposures[day], all[day] / Math.Max(1, average)); continue; }
            sums[weekday] += all[day];
            counts[weekday]++;
        }
        return exposures;
    }
}

/// <summary>Chances of counts.</summary>
internal static class Poisson
{
    /// <summary>The chance of <paramref name="count"/> or more where <paramref name="mean"/> is expected.</summary>
    internal static double AtLeast(int count, double mean)
    {
        if (count <= 0) return 1;
        if (mean <= 0) return 0;
        // From the first term on while terms still matter; the sum of the rest falls faster than a geometric row.
        var term = Math.Exp(count * Math.Log(mean) - mean - LogFactorial(count));
        var sum = 0.0;
        for (var k = count; k < count + 2000 && term > sum * 1e-16; k++) { sum += term; term *= mean / (k + 1); }
        return Math.Min(1, sum);
    }

    internal static double LogFactorial(int n)
    {
        // Stirling's series of log gamma; exact sums below 10, twelve digits from there on.
        if (n < 10) { var sum = 0.0; for (var i = 2; i <= n; i++) sum += Math.Log(i); return sum; }
        double x = n + 1;
        return (x - 0.5) * Math.Log(x) - x + 0.9189385332046727 + 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * Math.Pow(x, 5));
    }
}
