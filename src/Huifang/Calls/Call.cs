using Huifang.Contacts;

namespace Huifang.Calls;

/// <summary>A talk as the desk has it. <see cref="Rev"/> rises with every step of the verification, so that of two steps at once only one counts.</summary>
public sealed record Call
{
    public required string Id { get; init; }
    public required string FollowUpId { get; init; }
    public required string CustomerId { get; init; }
    public required string AgentId { get; init; }
    public Purpose Purpose { get; init; }
    public Channel Channel { get; init; }
    public required string ScriptKey { get; init; }
    public int ScriptVersion { get; init; }
    public required string Language { get; init; }
    /// <summary>The guard's decision that allowed this contact.</summary>
    public required string DecisionId { get; init; }
    public CallVerification? Verification { get; init; }
    public long Rev { get; init; }
    public RecordingConsent Recording { get; init; }
    public DateTimeOffset TakenAt { get; init; }
    public DateTimeOffset? ArmedAt { get; init; }
    public DateTimeOffset? JoinedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public CallOutcome? Outcome { get; init; }

    public Level Level => Verification?.Level ?? Level.V0;
    public bool IsLive(DateTimeOffset now) => EndedAt is null && Verification?.IsLive(now) == true;
}

/// <summary>Why a verb of the desk did nothing.</summary>
public enum CallRefusal
{
    NoSuchCall,
    /// <summary>It is another agent's, or another customer's.</summary>
    NotYours,
    AlreadyFinished,
    /// <summary>Finish what you have before you take the next.</summary>
    OneAtATime,
    NothingWaits,
    /// <summary>Required questions have no answer yet.</summary>
    QuestionsOwed,
    AnswerNotTaken,
    /// <summary>The customer has not agreed to being recorded.</summary>
    NoConsent,
    /// <summary>Somebody else was quicker; look again.</summary>
    Overtaken,
    /// <summary>A customer is called by one of us at a time.</summary>
    CustomerIsBusy,
    StillOnTheLine,
    /// <summary>Since it was taken the guard has closed the door: she withdrew, it is night where she is now, another call came between.</summary>
    NotAllowedAnyMore,
}

/// <summary>What a verb gave, or why not.</summary>
public readonly record struct Done<T>(T? Value, CallRefusal? Refusal, string? Detail = null)
{
    public static implicit operator Done<T>(T value) => new(value, null);
    public static implicit operator Done<T>(CallRefusal refusal) => new(default, refusal);
    public bool Ok => Refusal is null;
}

/// <summary>One thing that happened in a call.</summary>
public sealed record CallMoment(DateTimeOffset At, string Kind, string Detail);

/// <summary>The note of a call as it is kept, and which kinds of secrets were taken out of it.</summary>
public sealed record CallNote(string Words, IReadOnlyList<string> Refused, DateTimeOffset ChangedAt);
