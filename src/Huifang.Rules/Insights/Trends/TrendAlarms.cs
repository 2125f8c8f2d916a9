using System.Globalization;

namespace Huifang.Insights;

/// <summary>
/// Finds rises day by day, using nothing later than the day. Two states, usual and raised, and the cheapest way through the last weeks
/// (Kleinberg, "Bursty and Hierarchical Structure in Streams", 2002), against a rate that knows the season; a rise counts when the raised state is the cheaper today.
/// </summary>
public static class TrendAlarms
{
    private const int Window = 56;

    /// <param name="topics">Every series has as many days.</param>
    public static IReadOnlyList<TrendAlarm> Find(IReadOnlyList<TopicDays> topics, TrendOptions options)
    {
        if (topics.Count == 0) return [];
        var days = topics[0].PerDay.Count;
        if (topics.Any(topic => topic.PerDay.Count != days)) throw new ArgumentException("every topic needs as many days", nameof(topics));
        var alarms = new List<TrendAlarm>();
        foreach (var topic in topics)
        {
            var last = -options.QuietDays - 1;
            for (var day = options.WarmUp; day < days; day++)
            {
                if (Rise(topic.PerDay, day) is not { } rise) continue;
                if (day - last > options.QuietDays)
                    alarms.Add(new(options.FirstDay.AddDays(day), options.FirstDay.AddDays(rise.Since), topic.Topic, TrendKind.Volume,
                        string.Create(CultureInfo.InvariantCulture, $"Kleinberg two states, 3 × {rise.Expected / (day - rise.Since + 1):0.00} a day"), Poisson.AtLeast((int)rise.Observed, rise.Expected), rise.Observed, rise.Expected));
                last = day;
            }
        }
        return [.. alarms.OrderBy(alarm => alarm.Day).ThenBy(alarm => alarm.Topic, StringComparer.Ordinal)];
    }

    private static (int Since, double Observed, double Expected)? Rise(IReadOnlyList<int> counts, int day)
    {
        if (counts[day] < 2) return null;
        var from = Math.Max(0, day - Window + 1);
        double usual = 0;
        for (var i = from; i <= day - 7; i++) usual += counts[i];
        usual = Math.Max(usual / Math.Max(1, day - 7 - from + 1), 0.1);
        var (calm, raised, since) = (0.0, 1e9, day);
        var change = Math.Log(day - from + 1);
        for (var i = from; i <= day; i++)
        {
            var enter = calm + change < raised;
            var next = Math.Min(calm, raised);
            (raised, since) = (enter ? calm + change : raised, enter ? i : since);
            raised += 3 * usual - counts[i] * Math.Log(3 * usual);
            calm = next + usual - counts[i] * Math.Log(usual);
        }
        if (raised >= calm) return null;
        double observed = 0;
        for (var i = since; i <= day; i++) observed += counts[i];
        return (since, observed, usual * (day - since + 1));
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
        if (n < 2) return 0;
        double x = n + 1;
        // Stirling's series of log gamma; six digits from 2 on, twelve from 10 on.
        if (n < 10) { var sum = 0.0; for (var i = 2; i <= n; i++) sum += Math.Log(i); return sum; }
        return (x - 0.5) * Math.Log(x) - x + 0.9189385332046727 + 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * Math.Pow(x, 5));
    }
}
