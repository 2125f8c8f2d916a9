using Huifang.Contacts;

namespace Huifang.FollowUps;

/// <summary>Where a follow-up stands. Every one ends in a state of the second group, with a reason.</summary>
public enum FollowUpState
{
    /// <summary>Decided; the invitation is on its way.</summary>
    Arranged,
    /// <summary>The customer was asked and has not answered.</summary>
    Invited,
    /// <summary>The customer has a slot: a promise.</summary>
    Booked,
    /// <summary>An agent has taken it.</summary>
    Calling,
    /// <summary>To be tried again, not before <see cref="FollowUp.DueAt"/>.</summary>
    Waiting,

    /// <summary>The talk took place.</summary>
    Finished,
    /// <summary>The customer said no, this time.</summary>
    Declined,
    /// <summary>She withdrew consent, or never wants calls.</summary>
    Withdrawn,
    /// <summary>Its time ran out.</summary>
    Expired,
    /// <summary>The contact guard forbids it for good, or tries are used up.</summary>
    Dropped,
    /// <summary>It became part of another follow-up.</summary>
    Merged,
}

/// <summary>A wanted talk with one customer for one cause.</summary>
/// <param name="RuleKey">The trigger rule that asked for it, or <c>by-hand</c>, <c>asked</c> (by the customer), <c>api</c>.</param>
/// <param name="CauseSeq">The fact in the journal that is its cause. One cause and rule make one follow-up, ever.</param>
/// <param name="Value">What it is worth to have this talk, 0–1000; the planner's and the queue's weight.</param>
/// <param name="DueAt">Not before; the promised start once booked.</param>
/// <param name="AnswerBy">The deadline by which the talk should have happened.</param>
/// <param name="ExpiresAt">After this it is pointless and ends as <see cref="FollowUpState.Expired"/>.</param>
public sealed record FollowUp(
    string Id, string CustomerId, string RuleKey, int RuleVersion, long CauseSeq, Purpose Purpose, Channel Channel, string ScriptKey, int Value,
    FollowUpState State, DateTimeOffset ArrangedAt, DateTimeOffset DueAt, DateTimeOffset AnswerBy, DateTimeOffset ExpiresAt)
{
    // Rows are read into an empty one, property by property.
    private FollowUp() : this("", "", "", 0, 0, default, default, "", 0, default, default, default, default, default) { }

    /// <summary>The promised slot, when <see cref="FollowUpState.Booked"/>.</summary>
    public DateTimeOffset? PromisedFrom { get; init; }
    public DateTimeOffset? PromisedTo { get; init; }
    public string? SlotId { get; init; }

    /// <summary>Who called or is to call.</summary>
    public string? AgentId { get; init; }

    /// <summary>What the agent must speak and know.</summary>
    public string Language { get; init; } = "zh-Hans";
    public string Skill { get; init; } = "general";

    /// <summary>How often it was tried so far.</summary>
    public int Attempts { get; init; }
    public string? Outcome { get; init; }

    /// <summary>Why it is in its state, as a key that pages put into words.</summary>
    public string? Reason { get; init; }
    public string? MergedInto { get; init; }

    /// <summary>The customer booked or asked for it herself: exempt from frequency caps.</summary>
    public bool ByCustomer { get; init; }

    /// <summary>She asked for this talk herself, by the portal or a missed call; withdrawing a general consent does not unsay that.</summary>
    public bool IsAskedByCustomer() => RuleKey == "asked";

    public bool IsOpen => State <= FollowUpState.Waiting;
}
