using Microsoft.Extensions.Localization;

namespace Huifang.Feedback;

/// <summary>The texts of the feedback pages.</summary>
public sealed class FeedbackText;

/// <summary>Names of sources as people read them.</summary>
public static class FeedbackWordsOf
{
    /// <summary>The kind in the reader's language, and the place where there is one: 应用商店 · appgallery.</summary>
    public static string Source(IStringLocalizer<FeedbackText> texts, string source)
    {
        var kind = FeedbackSource.KindOf(source);
        var name = texts[$"Source.{kind}"] is { ResourceNotFound: false } known ? known.Value : kind;
        return kind.Length == source.Length ? name : $"{name} {source[(kind.Length + 1)..]}";
    }
}
