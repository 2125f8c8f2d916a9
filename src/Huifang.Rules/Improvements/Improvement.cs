using Huifang.Languages;

namespace Huifang.Improvements;

/// <summary>How far an improvement has come.</summary>
public enum ImprovementState
{
    /// <summary>Somebody has said what should change.</summary>
    Idea,

    /// <summary>It has an owner who works on it.</summary>
    Working,

    /// <summary>It is with customers since a day; its effect is measured.</summary>
    Shipped,

    /// <summary>The public page tells of it, and those who raised it are told.</summary>
    Published,

    /// <summary>It will not be done; the reason stands with it.</summary>
    Dropped,
}

/// <summary>Why a verb was not done.</summary>
public enum ImprovementRefusal
{
    NoSuchImprovement,

    /// <summary>It has no title.</summary>
    TitleMissing,

    /// <summary>The state does not allow it: only what ships may be published, what is dropped stays so.</summary>
    NotNow,

    /// <summary>A public text is missing in one of the three languages.</summary>
    TextsMissing,

    /// <summary>Nobody raised it: an improvement is made because of something that was said.</summary>
    NoEvidence,

    /// <summary>Whoever should own it does not work here.</summary>
    OwnerUnknown,

    /// <summary>A day in the future, or before the improvement was thought of.</summary>
    DayOutOfRange,

    /// <summary>A reason is missing.</summary>
    ReasonMissing,
}

/// <summary>A change that is made because of what customers said.</summary>
/// <param name="No">Its number for people.</param>
/// <param name="Topic">The topic that it should make rarer.</param>
/// <param name="Expected">By how much less the topic should come up, in percent of before; null when nobody said.</param>
/// <param name="SinceDay">From which day on those who spoke of the topic count as having raised it (days since 1970-01-01).</param>
/// <param name="ShippedDay">The first day on which customers had it.</param>
public sealed record Improvement(string Id, long No, string Topic, Localized Title, ImprovementState State, string? OwnerId, int? Expected, long SinceDay, long? ShippedDay, DateTimeOffset MadeAt, string MadeBy)
{
    public string Number => $"GJ-{No}";

    /// <summary>What customers said, and what we did: for the public page, in three languages.</summary>
    public Localized? YouSaid { get; init; }
    public Localized? WeDid { get; init; }
    public string? AlarmId { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
    public string? Reason { get; init; }

    public bool IsOpen => State is ImprovementState.Idea or ImprovementState.Working;
}

/// <summary>What may be done with an improvement, and when.</summary>
public static class ImprovementRules
{
    public const int TitleMax = 80, TextMax = 600;

    /// <summary>Days before and after the first day that are compared; at most this many on either side.</summary>
    public const int EffectDays = 28;

    /// <summary>After so few days an effect is not spoken of.</summary>
    public const int EffectDaysMin = 5;

    /// <summary>Why it may not ship on that day; null when it may.</summary>
    public static ImprovementRefusal? Ship(Improvement improvement, long day, long today) => improvement.State switch
    {
        ImprovementState.Published or ImprovementState.Dropped => ImprovementRefusal.NotNow,
        _ when day > today || day < improvement.SinceDay => ImprovementRefusal.DayOutOfRange,
        _ => null,
    };

    /// <summary>Why it may not be published; null when it may: it has shipped, both texts stand in three languages, and somebody raised it.</summary>
    public static ImprovementRefusal? Publish(Improvement improvement, long evidence) =>
        improvement.State != ImprovementState.Shipped ? ImprovementRefusal.NotNow
        : improvement is not { YouSaid: { } said, WeDid: { } did } || said.Missing().Concat(did.Missing()).Concat(improvement.Title.Missing()).Any() ? ImprovementRefusal.TextsMissing
        : evidence == 0 ? ImprovementRefusal.NoEvidence : null;

    /// <summary>Why it may not be dropped; null when it may.</summary>
    public static ImprovementRefusal? Drop(Improvement improvement, string? reason) =>
        !improvement.IsOpen ? ImprovementRefusal.NotNow : string.IsNullOrWhiteSpace(reason) ? ImprovementRefusal.ReasonMissing : null;

    /// <summary>The days that are compared: as many before as after, without the first day itself, which is half and half. Null while too few have passed.</summary>
    public static (long BeforeFrom, long BeforeTo, long AfterFrom, long AfterTo)? Compared(long shipped, long today)
    {
        var days = Math.Min(EffectDays, today - shipped);
        return days < EffectDaysMin ? null : (shipped - days, shipped - 1, shipped + 1, shipped + days);
    }
}
