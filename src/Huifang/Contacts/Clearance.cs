using System.Collections.Immutable;

namespace Huifang.Contacts;

/// <summary>When the guard is asked: while planning, or in the transaction that makes the contact.</summary>
public enum ContactStage { Planned, AtContact }

/// <summary>A contact that somebody would like to make.</summary>
public sealed record ContactWish(string CustomerId, Purpose Purpose, Channel Channel)
{
    public ContactStage Stage { get; init; } = ContactStage.AtContact;
    /// <summary>The instant of the contact; null: now.</summary>
    public DateTimeOffset? At { get; init; }
    public string? FollowUpId { get; init; }
    /// <summary>The cause's place in the journal, as text; null when there is none.</summary>
    public string? Cause { get; init; }
    /// <summary>When the customer asked for it or picked its time; null when we thought of it.</summary>
    public DateTimeOffset? BookedAt { get; init; }
    public bool Sells { get; init; }
    public bool IsHeldOut { get; init; }
    /// <summary>Channels to try when this one is not permitted, in order.</summary>
    public ImmutableArray<Channel> Others { get; init; } = [];
    public DateTimeOffset? NotAfter { get; init; }
}

/// <summary>
/// Leave to make one contact, now. Whatever reaches a customer demands one, and only <see cref="ContactDesk"/> can make it,
/// so the guard cannot be skipped. It is as good as the transaction in which it was given.
/// </summary>
public sealed class Clearance
{
    internal Clearance(string decisionId, ContactWish wish, DateTimeOffset at, Duties duties) => (DecisionId, Wish, At, Duties) = (decisionId, wish, at, duties);

    public string DecisionId { get; }
    public DateTimeOffset At { get; }
    public string CustomerId => Wish.CustomerId;
    public Purpose Purpose => Wish.Purpose;
    public Channel Channel => Wish.Channel;
    public string? FollowUpId => Wish.FollowUpId;

    /// <summary>What whoever uses it must do.</summary>
    public Duties Duties { get; }

    private ContactWish Wish { get; }
}

/// <summary>The guard's stored answer; <paramref name="Clearance"/> is there when the contact may be made now.</summary>
public sealed record ContactAnswer(string DecisionId, ContactVerdict Verdict, Clearance? Clearance);
