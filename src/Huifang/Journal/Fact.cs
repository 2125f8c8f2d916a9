namespace Huifang.Journal;

/// <summary>
/// One thing that happened. <paramref name="Data"/> is a JSON object that identifies nobody; words and personal details go
/// into <paramref name="Private"/> and are sealed under the customer's key. <paramref name="Source"/> + <paramref name="Id"/> make it the same fact when it is told twice.
/// </summary>
public sealed record Fact(string Source, string Id, string Kind, string? CustomerId, DateTimeOffset At, string Actor, string Data, string? Private = null)
{
    /// <summary>Facts of our own rooms carry this source.</summary>
    public const string Care = "care";

    /// <summary>Its place in the journal, once it stands there.</summary>
    public long Seq { get; init; }
}
