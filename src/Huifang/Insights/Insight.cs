namespace Huifang.Insights;

/// <summary>What we make of one record: what a model read in it, or what a person said of it.</summary>
/// <param name="Topic">The likeliest topic, or <see cref="Unsure"/> when the model abstained.</param>
/// <param name="Topics">Every guess of the model, likeliest first.</param>
public sealed record Insight(string FeedbackId, DateTimeOffset At, string Model, string Topic, double Probability, IReadOnlyList<Guess> Topics, string Sentiment, string Intent, string Severity, string NeedsContact, string Language)
{
    /// <summary>The topic of what the model would not decide.</summary>
    public const string Unsure = "unsure";

    /// <summary>The topic of a rating without words: there is nothing to read.</summary>
    public const string NoWords = "no-words";

    /// <summary>Whether a topic is one of the taxonomy, and not what stands for none.</summary>
    public static bool IsNamed(string topic) => topic is not ("" or Unsure or NoWords);

    public bool Fraud { get; init; }
    public bool Abstained { get; init; }
    public string? CorrectedBy { get; init; }
    public DateTimeOffset? CorrectedAt { get; init; }
}

/// <summary>What a person says that a record is about. What she leaves out stays as it was read.</summary>
public sealed record InsightLabel(string Topic, string? Sentiment = null, string? Intent = null, string? Severity = null, string? NeedsContact = null)
{
    /// <summary>The field that names nothing we know; null when all is well.</summary>
    public string? Wrong() =>
        Taxonomy.Shipped.Find(Topic) is null ? "topic"
        : Unknown(Axes.Sentiment, Sentiment) ? "sentiment" : Unknown(Axes.Intent, Intent) ? "intent" : Unknown(Axes.Severity, Severity) ? "severity" : Unknown(Axes.NeedsContact, NeedsContact) ? "needsContact" : null;

    private static bool Unknown(string axis, string? label) => label is not null && !Axes.Labels(axis).Contains(label);
}

/// <summary>A rise that was found, with its test and its evidence.</summary>
public sealed record Alarm(string Id, string Topic, string Kind, long Day, long Since, string Test, double P, double Observed, double Expected, IReadOnlyList<string> Evidence, long Affected, DateTimeOffset RaisedAt, DateTimeOffset? ClosedAt, string? ClosedBy, string? ClosedWhy)
{
    public bool IsOpen => ClosedAt is null;
}

/// <summary>Days of the operator's calendar as numbers since 1970-01-01, as the counts are kept.</summary>
public static class InsightDay
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static long Of(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime).DayNumber - Epoch;

    /// <summary>The nearest day that a calendar has: a number may come from an address that somebody typed.</summary>
    public static DateOnly Date(long day) => DateOnly.FromDayNumber((int)(Math.Clamp(day, -Epoch, DateOnly.MaxValue.DayNumber - Epoch) + Epoch));

    public static long Of(DateOnly day) => day.DayNumber - Epoch;
}
