namespace Huifang.Sight;

/// <summary>Why an alarm about somebody's looking was raised.</summary>
public enum SightAlarm
{
    /// <summary>A customer who is nobody was opened or asked for: no work leads there.</summary>
    Decoy,

    /// <summary>Far more different customers in an hour than colleagues see.</summary>
    ManyCustomers,

    /// <summary>Many records asked for that she had nothing to do with.</summary>
    Probing,

    /// <summary>Far more fields unmasked in a day than colleagues do.</summary>
    ManyUnmaskings,

    /// <summary>The hour's or the day's budget is spent: nothing more is shown.</summary>
    OverBudget,

    /// <summary>A broken glass that nobody reviewed in time.</summary>
    ReviewLate,
}

/// <summary>How much one person may see. Counted over the last sixty minutes and the last twenty-four hours.</summary>
public sealed record SightBudget
{
    /// <summary>Different customers in an hour at which nothing more is shown by choice; what the queue hands out goes on and only alarms.</summary>
    public int CustomersPerHourMax { get; init; } = 30;

    /// <summary>The alarm is never below the first and never above the second, whatever colleagues do, so that a quiet or a corrupted team cannot move it far.</summary>
    public (int Least, int Most) CustomersAlarm { get; init; } = (8, 15);

    public int UnmaskingsPerDayMax { get; init; } = 120;
    public (int Least, int Most) UnmaskingsAlarm { get; init; } = (20, 60);

    /// <summary>Refused requests in an hour that are no mistake any more.</summary>
    public int RefusedPerHourAlarm { get; init; } = 5;

    /// <summary>So many times the colleagues' median is remarkable.</summary>
    public double PeersFactor { get; init; } = 3;
}

/// <summary>What somebody has seen, counting the look that is being weighed, and what her colleagues usually see.</summary>
/// <param name="PeersPerHour">Median of different customers in a working hour over the last seven days, of everybody else; 0 when nothing is known.</param>
/// <param name="PeersUnmaskings">The same of fields unmasked in a day.</param>
public sealed record SightUse(int CustomersThisHour, int RefusedThisHour, int UnmaskingsToday, double PeersPerHour, double PeersUnmaskings);

/// <summary>What is to be done about a look: shown or not, and which alarms it raises, each with the figure and what would have been in order.</summary>
public sealed record SightVerdict(bool IsShown, IReadOnlyList<(SightAlarm Alarm, int Figure, int Allowed)> Alarms);

/// <summary>
/// Budgets of looking. A bribed agent works within her permissions, so the number tells. Source: the threat list (Coinbase 2025: 69,461 records over months,
/// unnoticed); the figures are defaults of ours, to be set by the operator.
/// </summary>
public static class SightRules
{
    /// <summary>How long a broken glass stays open.</summary>
    public static readonly TimeSpan GlassLife = TimeSpan.FromMinutes(15);

    /// <summary>How long an unmasked field stays unmasked.</summary>
    public static readonly TimeSpan UnmaskLife = TimeSpan.FromSeconds(60);

    /// <summary>A reason shorter than this says nothing.</summary>
    public const int ReasonLengthMin = 10;

    /// <param name="byChoice">The person chose whom to look at; false when the queue handed her the customer.</param>
    public static SightVerdict Weigh(SightBudget budget, SightUse use, bool byChoice)
    {
        var alarms = new List<(SightAlarm, int, int)>();
        var customers = Threshold(use.PeersPerHour, budget.PeersFactor, budget.CustomersAlarm);
        var unmaskings = Threshold(use.PeersUnmaskings, budget.PeersFactor, budget.UnmaskingsAlarm);
        if (use.CustomersThisHour > customers) alarms.Add((SightAlarm.ManyCustomers, use.CustomersThisHour, customers));
        if (use.UnmaskingsToday > unmaskings) alarms.Add((SightAlarm.ManyUnmaskings, use.UnmaskingsToday, unmaskings));
        if (use.RefusedThisHour >= budget.RefusedPerHourAlarm) alarms.Add((SightAlarm.Probing, use.RefusedThisHour, budget.RefusedPerHourAlarm - 1));
        var over = use.CustomersThisHour > budget.CustomersPerHourMax || use.UnmaskingsToday > budget.UnmaskingsPerDayMax;
        if (over) alarms.Add((SightAlarm.OverBudget, Math.Max(use.CustomersThisHour, use.UnmaskingsToday), budget.CustomersPerHourMax));
        return new(!(over && byChoice), alarms);
    }

    /// <summary>So many times what colleagues do, held between two fixed bounds.</summary>
    public static int Threshold(double peers, double factor, (int Least, int Most) bounds) => (int)Math.Clamp(Math.Ceiling(peers * factor), bounds.Least, bounds.Most);

    /// <summary>The middle value; the mean of the two middle ones; 0 for none.</summary>
    public static double Median(IReadOnlyList<int> values)
    {
        if (values.Count == 0) return 0;
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2.0;
    }
}
