using Huifang.Contacts;
using Huifang.Languages;

namespace Huifang.Messages;

/// <summary>Where a message stands.</summary>
public enum MessageState
{
    Queued,
    /// <summary>A sender has it in hand.</summary>
    Leased,
    /// <summary>A line has taken it; an in-app message lies in the inbox.</summary>
    Sent,
    /// <summary>The network says that it arrived; an in-app message was read.</summary>
    Delivered,
    /// <summary>Tries are used up.</summary>
    Failed,
    /// <summary>The number or address refuses for good.</summary>
    Bounced,
    /// <summary>The contact guard forbade it, or it was too late to be of use. Nothing was sent.</summary>
    Withheld,
}

/// <summary>Who writes, and from where. Bound from configuration by the composition root.</summary>
/// <param name="BaseAddress">Where customers' links lead, without a slash at the end.</param>
public sealed record MessageSettings(Localized Operator, string BaseAddress, string FromMail)
{
    public static readonly MessageSettings Demo = new(new("青桥钱包", "青橋錢包", "Qingqiao Wallet"), "http://127.0.0.1:5080", "care@qingqiao.example");
}

/// <summary>Something to tell a customer. Times stay instants until it is sent, so that "tomorrow" is right when it is read.</summary>
/// <param name="Once">Names the occasion; a second draft for the same one is not queued.</param>
/// <param name="NotAfter">After this it is no use any more and is withheld.</param>
public sealed record MessageDraft(string CustomerId, string Template, Purpose Purpose, string Once, DateTimeOffset NotAfter)
{
    public string? FollowUpId { get; init; }
    /// <summary>Values of the template other than slot, zone, operator and link.</summary>
    public IReadOnlyDictionary<string, Localized> Values { get; init; } = new Dictionary<string, Localized>();
    public DateTimeOffset? SlotFrom { get; init; }
    public DateTimeOffset? SlotTo { get; init; }
    public string? SlotId { get; init; }
    /// <summary>The path of the link, such as <c>/r/…</c>.</summary>
    public string? Path { get; init; }
    /// <summary>An appointment goes with it as a calendar file.</summary>
    public bool WithCalendar { get; init; }
    /// <summary>When the customer asked for this herself; it is then no contact of ours.</summary>
    public DateTimeOffset? BookedAt { get; init; }
    /// <summary>Not before.</summary>
    public DateTimeOffset? NotBefore { get; init; }
    /// <summary>On this channel or not at all; null: in her own order.</summary>
    public Channel? Only { get; init; }
}

/// <summary>The words as they left, and where to. Sealed in the row.</summary>
public sealed record MessageBody(string To, string Subject, string Text, string? Action, string? Link, string? Calendar);

/// <summary>One message of the outbox, without its words.</summary>
public sealed record Message(
    string Id, string Once, string CustomerId, string? FollowUpId, string Template, Purpose Purpose, Channel Channel, string Language, MessageState State, string? Reason,
    DateTimeOffset QueuedAt, DateTimeOffset TryAt, DateTimeOffset NotAfter, int Tries, string? DecisionId, string? PointId, string? LineId, string? InsteadOf, DateTimeOffset? BookedAt,
    DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? OpenedAt);

/// <summary>What a customer wrote back.</summary>
/// <param name="Meaning">The kind of <see cref="Reply"/>, with the stars of a rating: <c>Stop</c>, <c>Accept</c>, <c>Rating 4</c>, <c>Words</c>.</param>
public sealed record ReceivedReply(string Id, Channel Channel, DateTimeOffset ReceivedAt, string? CustomerId, string? MessageId, string? FollowUpId, string Meaning, DateTimeOffset? SettledAt, string? SettledBy);
