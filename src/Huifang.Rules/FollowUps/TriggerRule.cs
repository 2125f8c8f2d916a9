using System.Collections.Immutable;
using Huifang.Contacts;
using Huifang.Languages;

namespace Huifang.FollowUps;

/// <summary>How a condition compares.</summary>
public enum Comparison { Is, IsNot, OneOf, AtLeast, AtMost, IsPresent, IsAbsent }

/// <summary>One demand on a clear field of the event's data, or on an attribute of the customer.</summary>
/// <param name="Number">For <see cref="Comparison.AtLeast"/> and <see cref="Comparison.AtMost"/>; money in minor units.</param>
/// <param name="Currency">ISO 4217. When set, an event in another currency does not match: we never convert silently.</param>
public sealed record TriggerCondition(string Field, Comparison Is, ImmutableArray<string> Values, long? Number = null, string? Currency = null);

/// <summary>This many events of the rule's types, this one included, within a window that ends with it.</summary>
public sealed record TriggerCount(int AtLeast, TimeSpan Within);

/// <summary>Which customers a rule is for; empty demands nothing.</summary>
public sealed record TriggerAudience
{
    public ImmutableArray<string> SegmentsAny { get; init; } = [];
    public ImmutableArray<string> SegmentsNone { get; init; } = [];
    public ImmutableArray<string> Countries { get; init; } = [];
    public ImmutableArray<TriggerCondition> Attributes { get; init; } = [];
    /// <summary>Days since the customer joined, both inclusive; null: any.</summary>
    public int? JoinedDaysMin { get; init; }
    public int? JoinedDaysMax { get; init; }
}

/// <summary>A rule without an event: looked at once a day for every customer. Quiet: only those without any event for so long.</summary>
public sealed record TriggerPeriod(int EveryDays, int? QuietDays = null);

/// <summary>
/// When which customers get which follow-up. Data: versioned, validated, tried on history before it goes live, explained for every customer it passed over.
/// </summary>
public sealed record TriggerRule
{
    /// <summary>Lower case words joined by hyphens; the same through all versions.</summary>
    public required string Key { get; init; }
    public int Version { get; init; } = 1;
    public required Localized Name { get; init; }
    /// <summary>Types of events that wake it; empty when <see cref="Every"/> is set.</summary>
    public ImmutableArray<string> On { get; init; } = [];
    public TriggerPeriod? Every { get; init; }
    /// <summary>All must hold.</summary>
    public ImmutableArray<TriggerCondition> Where { get; init; } = [];
    public TriggerCount? Count { get; init; }
    /// <summary>Only the customer's first such event; the first with the same value of a field when one is named, such as <c>feature</c>.</summary>
    public bool First { get; init; }
    public string? FirstBy { get; init; }
    public TriggerAudience Who { get; init; } = new();

    /// <summary>From the event to the earliest contact.</summary>
    public TimeSpan Delay { get; init; }
    /// <summary>From the event to when the talk should have happened.</summary>
    public required TimeSpan AnswerWithin { get; init; }
    /// <summary>From the event to when it is pointless.</summary>
    public required TimeSpan ExpiresAfter { get; init; }
    /// <summary>What the talk is worth, 0–1000.</summary>
    public required int Value { get; init; }
    public required string Script { get; init; }
    public Purpose Purpose { get; init; } = Purpose.Service;
    /// <summary>In order of preference.</summary>
    public required ImmutableArray<Channel> Channels { get; init; }
    public string Skill { get; init; } = "general";
    /// <summary>At most this many follow-ups by this rule for one customer within the days.</summary>
    public required int CapMax { get; init; }
    public required int CapDays { get; init; }
    /// <summary>Only this share of customers, chosen by a fixed hash; 100 is all.</summary>
    public int SharePercent { get; init; } = 100;
    /// <summary>This share of the chosen is left alone, to learn whether the follow-up helps.</summary>
    public int HoldOutPercent { get; init; }
    /// <summary>Expected time of an agent, wrap-up included.</summary>
    public int AgentMinutes { get; init; } = 8;
}

/// <summary>What a rule looks at: one event of one customer. <paramref name="Data"/> is the clear part, a JSON object.</summary>
public sealed record TriggerFact(string Cause, string Type, string CustomerId, DateTimeOffset At, string Data);

/// <summary>An earlier event, with the values of its clear fields.</summary>
public sealed record PastEvent(string Type, DateTimeOffset At, ImmutableDictionary<string, string> Values);

/// <summary>A follow-up that a rule arranged before.</summary>
public sealed record PastArrangement(string RuleKey, DateTimeOffset At);

/// <summary>What rules may know of a customer. Nothing here identifies her.</summary>
public sealed record TriggerCustomer(string Id)
{
    public IReadOnlyCollection<string> Segments { get; init; } = [];
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;
    public string? Country { get; init; }
    public DateTimeOffset? Since { get; init; }
    /// <summary>Events before the one considered, as far back as <see cref="TriggerSet.Reach"/> asks.</summary>
    public IReadOnlyList<PastEvent> Past { get; init; } = [];
    public IReadOnlyList<PastArrangement> Arranged { get; init; } = [];
}

/// <summary>Why a rule that listens passed over an event.</summary>
public enum LeaveReason { Condition, TooFew, NotFirst, NotForThisCustomer, CapReached, NotInShare, TooLate, UnknownCustomer }

/// <summary>What a rule makes of an event. A closed list.</summary>
public abstract record TriggerDecision(TriggerRule Rule)
{
    /// <param name="IsHeldOut">It is for measurement only: the contact guard will leave the customer alone.</param>
    public sealed record Arrange(TriggerRule Rule, DateTimeOffset DueAt, DateTimeOffset AnswerBy, DateTimeOffset ExpiresAt, bool IsHeldOut) : TriggerDecision(Rule);

    /// <param name="Detail">Which condition or number, as text: <c>amount AtLeast 500000 CNY</c>, <c>1/2</c>.</param>
    public sealed record Leave(TriggerRule Rule, LeaveReason Why, string Detail) : TriggerDecision(Rule);
}
