namespace Huifang.Insights;

/// <summary>What rose.</summary>
public enum TrendKind
{
    /// <summary>More texts about the topic than the days before let expect.</summary>
    Volume,

    /// <summary>A larger part of all texts is about the topic, though their number may be as ever.</summary>
    Share,
}

/// <summary>How often a topic came up, one number a day. Where a model named the topics, the sum of its probabilities for the topic says more than a count of its first choices: it is no whole number.</summary>
public sealed record TopicDays(string Topic, IReadOnlyList<double> PerDay)
{
    public TopicDays(string topic, IReadOnlyList<int> perDay) : this(topic, [.. perDay.Select(count => (double)count)]) { }
}

/// <summary>A rise with the test that found it.</summary>
/// <param name="Day">The day on which it was found; nothing later was looked at.</param>
/// <param name="Since">The day on which the rise seems to have begun.</param>
/// <param name="Test">What was asked of the numbers, in English, with its figures.</param>
/// <param name="P">How likely so much or more would be by chance, over the days from <paramref name="Since"/>.</param>
/// <param name="Observed">Texts from <paramref name="Since"/> to <paramref name="Day"/>.</param>
/// <param name="Expected">Texts that the days before let expect in that time.</param>
public sealed record TrendAlarm(DateOnly Day, DateOnly Since, string Topic, TrendKind Kind, string Test, double P, double Observed, double Expected);

/// <param name="FirstDay">The day of the first number.</param>
public sealed record TrendOptions(DateOnly FirstDay)
{
    /// <summary>Days that are unlike their weekday; they teach the season nothing, and what is expected of them is their own week's quietest or busiest.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>Days of history before the first alarm may be raised.</summary>
    public int WarmUp { get; init; } = 42;

    /// <summary>False alarms a week that are borne, for all topics together.</summary>
    public double FalsePerWeek { get; init; } = 0.15;

    /// <summary>An alarm for a topic is not repeated within this many days.</summary>
    public int QuietDays { get; init; } = 7;
}
