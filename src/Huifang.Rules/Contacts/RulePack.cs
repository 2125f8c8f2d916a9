using System.Collections.Immutable;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Contacts;

/// <summary>What a rule of a pack is about. One kind, one check (see <see cref="ContactCheck"/>), except duties, words and notes, which decide nothing by themselves.</summary>
public enum PackRuleKind
{
    Suppression, Reach, Sells, Permission, HoldOut, Jurisdiction, Zone, Hours, Holidays, OwnHours, Cap, OwnCap, Gap, Merge, Expiry,
    /// <summary>Something that whoever makes the contact must do; see <see cref="Duties"/>.</summary>
    Duty,
    /// <summary>Words that withdraw consent when a customer sends them.</summary>
    Keywords,
    /// <summary>A rule that other parts keep (retention, abandoned calls); shown, not decided here.</summary>
    Note,
}

/// <summary>What must be on file before we may contact. The larger, the stricter.</summary>
public enum Permission
{
    /// <summary>Nothing: a warning about the customer's own money.</summary>
    None,
    /// <summary>A recorded lawful basis: contract, legal duty, or consent.</summary>
    LawfulBasis,
    /// <summary>Consent for this purpose and channel, with evidence.</summary>
    Consent,
}

/// <summary>What comes with a permitted contact. They are never waived, not for a booked call and not for a fraud confirmation.</summary>
[Flags]
public enum Duties
{
    None = 0,
    /// <summary>Say who calls, for whom and why, before anything else.</summary>
    SayWhoWeAre = 1,
    /// <summary>Announce recording and record only after a positive answer; a refusal leads to an unrecorded call.</summary>
    AskToRecord = 2,
    /// <summary>Verify both sides before anything personal is said.</summary>
    VerifyBothSides = 4,
    /// <summary>Show a number that can be called back.</summary>
    ShowOurNumber = 8,
    /// <summary>Name the sender in the message.</summary>
    NameTheSender = 16,
    /// <summary>Say in the message how to stop.</summary>
    SayHowToStop = 32,
    /// <summary>Put no link into an SMS.</summary>
    NoLinksInSms = 64,
    /// <summary>Say in the first sentence that the voice is automated.</summary>
    SayItIsAutomated = 128,
}

/// <summary>A rule as written in a pack: whom it covers, what it demands, in words of three languages, with its source.</summary>
public sealed record PackRule
{
    public required string Id { get; init; }
    public required PackRuleKind Kind { get; init; }
    public required Localized Text { get; init; }
    public required Source Source { get; init; }
    /// <summary>Purposes it covers.</summary>
    public required ImmutableArray<Purpose> Purposes { get; init; }
    /// <summary>Channels it covers.</summary>
    public required ImmutableArray<Channel> Channels { get; init; }
    /// <summary>Hours: when a contact may begin, in the customer's local time.</summary>
    public WeekHours? Hours { get; init; }
    public Permission Needs { get; init; }
    /// <summary>Cap, gap and merge: the rolling window.</summary>
    public TimeSpan Window { get; init; }
    /// <summary>Cap: at most this many contacts within the window.</summary>
    public int Max { get; init; }
    /// <summary>Cap and gap: which earlier contacts count, of any purpose.</summary>
    public ImmutableArray<Channel> Counts { get; init; } = [];
    public Duties Duty { get; init; }
    public ImmutableArray<string> Words { get; init; } = [];
}

/// <summary>
/// The contact rules of one jurisdiction, or of the house, at one version. Data, not code; not legal advice.
/// </summary>
public sealed record RulePack
{
    public required string Id { get; init; }
    public required string Version { get; init; }
    /// <summary>ISO 3166 country (UK for the United Kingdom), <c>EU</c>, or <c>house</c>.</summary>
    public required string Jurisdiction { get; init; }
    /// <summary>Other tags that this pack answers for, such as the member states of the EU.</summary>
    public required ImmutableArray<string> Members { get; init; }
    public required DateOnly InForceFrom { get; init; }
    public DateOnly? InForceUntil { get; init; }
    public required Localized Title { get; init; }
    /// <summary>Whose public holidays are kept; null for the house, which keeps those of every pack beside it.</summary>
    public BusinessCalendar? Calendar { get; init; }
    public required ImmutableArray<PackRule> Rules { get; init; }

    public bool IsInForce(DateOnly on) => on >= InForceFrom && (InForceUntil is not { } until || on < until);

    public bool Covers(string jurisdiction) =>
        string.Equals(Jurisdiction, jurisdiction, StringComparison.OrdinalIgnoreCase) || Members.Contains(jurisdiction, StringComparer.OrdinalIgnoreCase);

    public override string ToString() => $"{Id}@{Version}";
}

/// <summary>Names one rule of one version of a pack: <c>cn-contact@2026.11#hours</c>.</summary>
public sealed record RuleRef(string Pack, string Version, string Rule)
{
    public override string ToString() => $"{Pack}@{Version}#{Rule}";
}
