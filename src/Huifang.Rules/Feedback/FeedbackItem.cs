namespace Huifang.Feedback;

/// <summary>One thing that a customer said, in one form whatever the way it came.</summary>
/// <param name="Source">Where it came from: a kind of <see cref="FeedbackSource"/>, with the place after a colon where there are several (<c>store:appgallery</c>).</param>
/// <param name="SourceId">Its id there; the same source and id is the same item.</param>
/// <param name="Words">Her words; secrets in them are taken out before they are stored.</param>
/// <param name="Rating">1–5, when she gave one.</param>
/// <param name="Topic">As the taxonomy or the source names it, when somebody has said so; what we make of the words stands with their reading.</param>
public sealed record FeedbackItem(string Source, string SourceId, string? CustomerId, DateTimeOffset At, string Language, string Words, int? Rating = null, string? Topic = null)
{
    public string? FollowUpId { get; init; }
    public string? CallId { get; init; }
    public string? ComplaintId { get; init; }
    public string Id { get; init; } = "";

    /// <summary>What the operator sorts the customer by; one lower case word.</summary>
    public string? Segment { get; init; }

    /// <summary>Version of the app that it is about, as the source writes it.</summary>
    public string? AppVersion { get; init; }

    /// <summary>Country or province, as the source writes it; ISO 3166 where it is known.</summary>
    public string? Region { get; init; }

    /// <summary>By which way she said it: app, web, sms, email, phone, chat.</summary>
    public string? Channel { get; init; }

    /// <summary>How many secrets were taken out of the words.</summary>
    public int Redacted { get; init; }
}

/// <summary>The kinds of places where customers say something.</summary>
public static class FeedbackSource
{
    public const string Call = "call", Note = "note", Survey = "survey", Button = "button", Store = "store", Social = "social", Complaint = "complaint", Interview = "interview", UserTest = "user-test", Chat = "chat", Import = "import";

    public static readonly IReadOnlyList<string> All = [Survey, Button, Store, Social, Call, Note, Complaint, Chat, Interview, UserTest, Import];

    /// <summary>The kind without the place: <c>store</c> of <c>store:appgallery</c>.</summary>
    public static string KindOf(string source) => source.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? source[..colon] : source;

    /// <summary>Known kinds, with a place of at most 40 letters, digits, points and dashes.</summary>
    public static bool IsKnown(string source) => All.Contains(KindOf(source)) && source.Length <= 60 && source.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '.' or '_');
}
