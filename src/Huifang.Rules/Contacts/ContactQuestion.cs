using System.Collections.Immutable;
using Huifang.Calendars;

namespace Huifang.Contacts;

/// <summary>May we contact this customer, for this purpose, on this channel, at this instant? Everything the guard may know stands here.</summary>
public sealed record ContactQuestion
{
    public required ContactCustomer Customer { get; init; }
    public required Purpose Purpose { get; init; }
    public required Channel Channel { get; init; }
    /// <summary>The instant of the contact, not of the asking.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The binding rules; null when the law is not known, which drops the contact.</summary>
    public required ContactPack? Pack { get; init; }
    /// <summary>When the customer asked for this contact or picked its time; null when we thought of it. Booked contacts ignore caps, holidays and usual hours, nothing else.</summary>
    public DateTimeOffset? BookedAt { get; init; }
    /// <summary>The script has a line that sells; the contact is then marketing, whatever it is called.</summary>
    public bool Sells { get; init; }
    /// <summary>The customer is in the randomised group that is left alone to measure the effect.</summary>
    public bool IsHeldOut { get; init; }
    /// <summary>The follow-up that asks; it is never merged into itself.</summary>
    public string? FollowUpId { get; init; }
    /// <summary>What made it due, such as the id of an event. One cause has at most one contact a purpose.</summary>
    public string? Cause { get; init; }
    /// <summary>Channels to try, in the customer's order, when this one is not permitted.</summary>
    public ImmutableArray<Channel> Others { get; init; } = [];
    /// <summary>After this the contact has no point any more.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The purpose that the law sees.</summary>
    public Purpose TreatedAs => Sells ? Purpose.Marketing : Purpose;
}

/// <summary>What the guard knows of a customer. Opaque ids only, nothing that identifies a person.</summary>
public sealed record ContactCustomer
{
    public required string Id { get; init; }
    /// <summary>Where the customer may be. Empty means unknown: no call. Several: a contact must be fine in all of them.</summary>
    public ImmutableArray<ZoneClock> Zones { get; init; } = [];
    /// <summary>Channels with a usable contact point.</summary>
    public ImmutableArray<Channel> Reachable { get; init; } = [];
    public ImmutableArray<Silence> Silences { get; init; } = [];
    public ImmutableArray<ConsentFact> Consents { get; init; } = [];
    /// <summary>When the customer said we may call or write, local time; null when nothing was said.</summary>
    public WeekHours? OwnHours { get; init; }
    /// <summary>Her own limit of contacts in 30 days, over everything but warnings; null when she set none.</summary>
    public int? MonthMax { get; init; }
    /// <summary>Contacts of at least the last 30 days, newest first, attempts included.</summary>
    public ImmutableArray<PastContact> Past { get; init; } = [];
    public ImmutableArray<OpenFollowUp> Open { get; init; } = [];
    public ImmutableArray<FinishedCause> Finished { get; init; } = [];
}

/// <summary>Why somebody is on the do-not-contact list.</summary>
public enum SilenceCause
{
    /// <summary>The customer asked.</summary>
    CustomerAsked,
    /// <summary>The number or address belongs to somebody else.</summary>
    WrongPerson,
    Deceased,
    /// <summary>A court, a regulator, or a register such as TPS or DNC.</summary>
    Register,
    /// <summary>The customer asked for silence until a date.</summary>
    Pause,
    /// <summary>Our own decision, with a note elsewhere.</summary>
    House,
}

/// <summary>Silence, on some channels and purposes; for good, or until an instant.</summary>
public readonly record struct Silence(ChannelSet Channels, PurposeSet Purposes, DateTimeOffset Since, SilenceCause Cause, DateTimeOffset? Until = null)
{
    /// <summary>"Never contact me again": all channels, everything but warnings about the customer's own money.</summary>
    public static Silence Everything(DateTimeOffset since) => new(ChannelSet.All, PurposeSet.All.Without(Purpose.Security), since, SilenceCause.CustomerAsked);
}

/// <summary>On what ground we may process and contact (GDPR art. 6, PIPL art. 13).</summary>
public enum ConsentBasis { Consent, Contract, LegalDuty, LegitimateInterest }

/// <summary>One entry of the consent record. The latest decides; for a channel of its own also that channel's latest.</summary>
/// <param name="Channel">Null: for every channel.</param>
/// <param name="IsGiven">False: withdrawn or objected.</param>
/// <param name="Until">A consent that ends by itself.</param>
public readonly record struct ConsentFact(Purpose Purpose, Channel? Channel, bool IsGiven, DateTimeOffset At, ConsentBasis Basis = ConsentBasis.Consent, DateTimeOffset? Until = null);

/// <summary>A contact that was made or tried.</summary>
public readonly record struct PastContact(DateTimeOffset At, Channel Channel, Purpose Purpose);

/// <summary>A follow-up of the customer that is not finished yet.</summary>
public sealed record OpenFollowUp(string Id, string Cause, Purpose Purpose, DateTimeOffset At, bool IsBooked);

/// <summary>A cause that the customer has been contacted about, to the end.</summary>
public sealed record FinishedCause(string Cause, Purpose Purpose);

/// <summary>Channels as bits.</summary>
public readonly record struct ChannelSet(int Bits)
{
    public static readonly ChannelSet All = new((1 << Channels.Count) - 1);
    public static ChannelSet Of(params ReadOnlySpan<Channel> channels) { var bits = 0; foreach (var channel in channels) bits |= 1 << (int)channel; return new(bits); }
    public bool Contains(Channel channel) => (Bits >> (int)channel & 1) == 1;
}

/// <summary>Purposes as bits.</summary>
public readonly record struct PurposeSet(int Bits)
{
    public static readonly PurposeSet All = new((1 << 5) - 1);
    public static PurposeSet Of(params ReadOnlySpan<Purpose> purposes) { var bits = 0; foreach (var purpose in purposes) bits |= 1 << (int)purpose; return new(bits); }
    public bool Contains(Purpose purpose) => (Bits >> (int)purpose & 1) == 1;
    public PurposeSet Without(Purpose purpose) => new(Bits & ~(1 << (int)purpose));
}
