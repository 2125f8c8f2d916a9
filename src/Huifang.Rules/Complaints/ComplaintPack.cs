using System.Collections.Immutable;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Complaints;

/// <summary>What must have happened when a clock runs out.</summary>
public enum ClockKind
{
    Acknowledge, FirstResponse, Update, InterimReply, FinalResponse,
    /// <summary>Money back for the time of the investigation (Reg E).</summary>
    ProvisionalCredit,
    /// <summary>Telling the customer what was done or found.</summary>
    Notify,
    /// <summary>Putting an error right.</summary>
    Correct,
    /// <summary>How long the customer may take the matter on: an appeal, an ombudsman, a regulator.</summary>
    Referral,
    /// <summary>Telling the authority.</summary>
    ReportToAuthority,
    /// <summary>Settled by then, a simpler answer will do; nothing is breached when it runs out.</summary>
    EarlyResolution,
}

/// <summary>The event from which a clock runs.</summary>
public enum ClockStart { Received, Updated, Credited, Determined, Investigated, Answered }

public enum ClockUnit { Minutes, Hours, WorkingHours, WorkingDays, Days, Weeks, Months }

/// <summary>At which moment of its last day a clock runs out.</summary>
public enum ClockEnd { EndOfDay, CloseOfBusiness }

/// <summary>What is special about a matter and picks other clocks. The names are stored.</summary>
public enum CaseFact
{
    /// <summary>Not about a payment or e-money service (UK: the eight-week rule).</summary>
    NotPayment,
    /// <summary>The transfer happened within 30 days after the first deposit (Reg E).</summary>
    NewAccount,
    /// <summary>A point-of-sale debit (Reg E).</summary>
    PointOfSale,
    /// <summary>Not initiated within a state (Reg E).</summary>
    ForeignInitiated,
    /// <summary>Investigated under Reg E beyond ten business days, so provisional credit is due.</summary>
    ErrorNotice,
    /// <summary>The customer was deceived into paying (UK reimbursement rule).</summary>
    PushPaymentScam,
    /// <summary>An unauthorised or erroneous transaction.</summary>
    UnauthorisedTransaction,
    /// <summary>Personal data leaked with adverse effect.</summary>
    DataLeak,
}

/// <summary>What a person has to do before an extension counts.</summary>
[Flags]
public enum ExtensionDuty
{
    None = 0,
    /// <summary>Tell the customer why it takes longer and until when, in an interim reply.</summary>
    TellReason = 1,
    /// <summary>Approval by a second, senior person.</summary>
    Approval = 2,
}

/// <summary>One clock as written in a pack. The amount is 1–1,000 of its unit.</summary>
public sealed record ClockRule
{
    public required string Id { get; init; }
    public required ClockKind Kind { get; init; }
    public required ClockStart From { get; init; }
    public required int Amount { get; init; }
    public required ClockUnit Unit { get; init; }
    public required Localized Text { get; init; }
    public required Source Source { get; init; }
    public ClockEnd End { get; init; }
    /// <summary>When the last day is a public holiday, the first day after it is the last day.</summary>
    public bool RollsOverHolidays { get; init; }
    /// <summary>Counts only in matters with one of these; empty: in all.</summary>
    public ImmutableArray<CaseFact> When { get; init; } = [];
    /// <summary>Does not count in matters with one of these.</summary>
    public ImmutableArray<CaseFact> Unless { get; init; } = [];
    /// <summary>The clocks that this one may replace, by an extension that a person decides.</summary>
    public ImmutableArray<string> Extends { get; init; } = [];
    public ExtensionDuty Duties { get; init; }
    /// <summary>Whether an allowed stop holds it.</summary>
    public bool CanStop { get; init; }
    /// <summary>Our own promise rather than the law's.</summary>
    public bool IsOwn { get; init; }
    /// <summary>Whether something is breached when it runs out; the customer's own time and what would merely be easier bind nobody.</summary>
    public bool IsBinding => Kind is not (ClockKind.Referral or ClockKind.EarlyResolution);

    public bool AppliesTo(IReadOnlyCollection<CaseFact> facts) => (When.Length == 0 || When.Any(facts.Contains)) && !Unless.Any(facts.Contains);
}

/// <summary>A reason for which the clocks of a pack may stand still, and its source.</summary>
/// <param name="DaysMax">At most so many days in all; null: as long as the reason lasts.</param>
public sealed record StopRule(string Reason, Localized Text, Source Source, int? DaysMax);

/// <summary>What a final answer must say about where else the customer can go.</summary>
public sealed record ReferralWording(Localized Text, Source Source);

/// <summary>The complaint rules of one regime at one version: data with sources, not code; not legal advice.</summary>
public sealed record ComplaintPack
{
    public required string Id { get; init; }
    public required string Version { get; init; }
    public required string Jurisdiction { get; init; }
    public required ImmutableArray<string> Members { get; init; }
    public required DateOnly InForceFrom { get; init; }
    public DateOnly? InForceUntil { get; init; }
    public required Localized Title { get; init; }
    public required WorkingTime Time { get; init; }
    /// <summary>What comes in on a day off or after closing counts from the next working day. A permission that our packs do not use unless it is set.</summary>
    public bool LateReceiptCountsNextDay { get; init; }
    public required ImmutableArray<ClockRule> Clocks { get; init; }
    public required ImmutableArray<StopRule> Stops { get; init; }
    public required ReferralWording Referral { get; init; }
    /// <summary>How long a closed file is kept.</summary>
    public required int KeepYears { get; init; }

    public ClockRule? Clock(string id) => Clocks.FirstOrDefault(clock => clock.Id == id);

    public bool IsInForce(DateOnly on) => on >= InForceFrom && (InForceUntil is not { } until || on < until);

    public bool Covers(string jurisdiction) =>
        string.Equals(Jurisdiction, jurisdiction, StringComparison.OrdinalIgnoreCase) || Members.Contains(jurisdiction, StringComparer.OrdinalIgnoreCase);

    public override string ToString() => $"{Id}@{Version}";
}
