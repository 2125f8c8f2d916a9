namespace Huifang.Insights;

/// <summary>A label with the calibrated probability (0–1) that it is right.</summary>
public readonly record struct Guess(string Label, double Probability);

/// <summary>
/// What the words of one text were understood to say. Every guess carries its probability; when the topic is too unsure to be acted on,
/// <see cref="Abstained"/> is true and a person decides.
/// </summary>
/// <param name="Topics">Ids of the taxonomy ("transfer.not_received"), likeliest first, never empty; more than one when several fit.</param>
/// <param name="Sentiment">negative, neutral or positive.</param>
/// <param name="Intent">problem, question, wish or praise.</param>
/// <param name="Severity">low, medium or high.</param>
/// <param name="NeedsContact">yes or no: whether somebody should talk to the customer.</param>
/// <param name="Language">zh-Hans, zh-Hant, en or other.</param>
public sealed record Reading(IReadOnlyList<Guess> Topics, Guess Sentiment, Guess Intent, Guess Severity, Guess NeedsContact, string Language, bool Abstained)
{
    /// <summary>True when fraud or a loss of security may be behind the words, judged by a floor of its own: a missed fraud is worse than a wrong topic.</summary>
    public bool MayBeFraud { get; init; }
}

/// <summary>A text with what people said of it: for each axis (see <see cref="Axes"/>) the labels that hold. An axis that is missing was not judged.</summary>
public sealed record LabelledText(string Text, IReadOnlyDictionary<string, string[]> Labels);

/// <summary>The axes along which a text is understood.</summary>
public static class Axes
{
    public const string Topic = "topic";
    public const string Sentiment = "sentiment";
    public const string Intent = "intent";
    public const string Severity = "severity";
    public const string NeedsContact = "needs_contact";

    public static readonly IReadOnlyList<string> All = [Topic, Sentiment, Intent, Severity, NeedsContact];

    /// <summary>The labels that an axis may have; those of topics are the taxonomy's.</summary>
    public static IReadOnlyList<string> Labels(string axis) => axis switch
    {
        Sentiment => ["negative", "neutral", "positive"],
        Intent => ["problem", "question", "wish", "praise"],
        Severity => ["low", "medium", "high"],
        NeedsContact => ["yes", "no"],
        Topic => [.. Taxonomy.Shipped.Classes.Select(topic => topic.Id)],
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "is no axis"),
    };
}
