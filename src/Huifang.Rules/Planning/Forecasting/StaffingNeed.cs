namespace Huifang.Planning;

/// <summary>What a day needs.</summary>
/// <param name="Calls">Calls expected, tries in vain included.</param>
/// <param name="CallsHigh">With 95 % it will be no more than these.</param>
/// <param name="Agents">Agents on duty for a shift that do the day's calls with 95 %.</param>
/// <param name="Have">Agents' shifts that are written down, in shifts of that length.</param>
public sealed record DayNeed(DateOnly Date, double Calls, double CallsHigh, int Agents, double Have)
{
    public bool IsShort => Have < Agents;
}

/// <summary>From arrivals to agents.</summary>
public static class StaffingNeed
{
    /// <summary>An agent's shift without its breaks: twenty-eight quarters.</summary>
    public const int QuartersOfShift = 28;

    /// <summary>The share of an agent's quarters that calls can fill in practice: the rest is waiting for the right one.</summary>
    public const double Occupancy = 0.85;

    /// <summary>A day's need: the sum of its hours, each customer called as often as it takes until she answers (at most <paramref name="tries"/> times).</summary>
    /// <param name="answer">Chance that a call is answered.</param>
    public static DayNeed Of(DateOnly date, IReadOnlyList<ForecastHour> hours, double dispersion, double answer, int tries, double haveQuarters)
    {
        // 1 + q + q² + … tries: the last one ends it either way.
        var each = (1 - Math.Pow(1 - answer, tries)) / Math.Max(answer, 1e-6);
        var mean = hours.Sum(hour => hour.Expected);
        // Hours of one day rise and fall together, so the day's spread is the hours' own.
        var (calls, high) = (mean * each, CountRules.Quantile(mean, dispersion, 0.95) * each);
        return new(date, calls, high, (int)Math.Ceiling(high / (QuartersOfShift * Occupancy)), haveQuarters / QuartersOfShift);
    }
}
