namespace Huifang.Feedback;

/// <summary>One thing that a customer said, in one form whatever the way it came.</summary>
/// <param name="Source">Where it came from: <c>call</c>, <c>note</c>, <c>survey</c>, <c>reply</c>, <c>import:…</c>.</param>
/// <param name="SourceId">Its id there; the same source and id is the same item.</param>
/// <param name="Words">Her words; secrets in them are taken out before they are stored.</param>
/// <param name="Rating">1–5, when she gave one.</param>
/// <param name="Topic">As the taxonomy names it, when it is known.</param>
public sealed record FeedbackItem(string Source, string SourceId, string? CustomerId, DateTimeOffset At, string Language, string Words, int? Rating = null, string? Topic = null)
{
    public string? FollowUpId { get; init; }
    public string? CallId { get; init; }
    public string Id { get; init; } = "";

    /// <summary>How many secrets were taken out of the words.</summary>
    public int Redacted { get; init; }
}
