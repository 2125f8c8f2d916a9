using System.Runtime.CompilerServices;

namespace Huifang.Contacts;

/// <summary>What the guard says. A closed list: switch over it without a default.</summary>
public abstract record ContactVerdict
{
    private ContactVerdict(in ContactReasons reasons) => Reasons = reasons;

    /// <summary>Every check with what it found, passed ones too.</summary>
    public ContactReasons Reasons { get; }

    /// <summary>The contact may begin at the instant asked about.</summary>
    public sealed record Allow(Duties Duties, ContactReasons Reasons) : ContactVerdict(in Reasons);

    /// <summary>Not now. <paramref name="Until"/> is the first instant at which, by what is known today, it would be allowed.</summary>
    public sealed record Hold(DateTimeOffset Until, ContactReasons Reasons) : ContactVerdict(in Reasons);

    /// <summary>Not at all.</summary>
    public sealed record Drop(DropReason Reason, ContactReasons Reasons) : ContactVerdict(in Reasons);

    /// <summary>The matter is dealt with in another follow-up that is open anyway.</summary>
    public sealed record Merge(string Into, ContactReasons Reasons) : ContactVerdict(in Reasons);

    /// <summary>Not on this channel, but on that one; ask again for it at the moment of contact.</summary>
    public sealed record Reroute(Channel Channel, ContactReasons Reasons) : ContactVerdict(in Reasons);
}

/// <summary>The one reason that decided a drop; the first in the guard's order.</summary>
public enum DropReason
{
    Suppressed, Unreachable, NoConsent, ConsentWithdrawn, NoLawfulBasis, HeldOut, UnknownJurisdiction, UnknownZone, UnknownCalendar, NoTimeFits, AlreadyDone, TooLate,
}

/// <summary>The checks, in the guard's order. What <see cref="ContactReason.Fact"/> and <see cref="ContactReason.Seen"/> mean stands with each.</summary>
public enum ContactCheck : byte
{
    /// <summary>Not on the do-not-contact list. Fact: since when, Unix ms. Seen: <see cref="SilenceCause"/>.</summary>
    Suppression,
    /// <summary>A usable contact point. Seen: the channel.</summary>
    Reach,
    /// <summary>The purpose that the law sees. Seen: <see cref="Purpose"/>.</summary>
    Purpose,
    /// <summary>Consent or lawful basis. Fact: given or withdrawn when, Unix ms. Seen: <see cref="ConsentBasis"/>, or -1 when there is no entry.</summary>
    Permission,
    /// <summary>Not in the hold-out group.</summary>
    HoldOut,
    /// <summary>We know the law. Seen: number of packs beside the house's.</summary>
    Jurisdiction,
    /// <summary>We know where the customer is. Seen: number of zones; Fact: offset of the first, minutes.</summary>
    Zone,
    /// <summary>Legal and house hours. Seen: local minute of the day; Fact when held: next instant, Unix ms.</summary>
    Hours,
    /// <summary>No public holiday. Seen: local day since 1970-01-01; Fact when held: next instant, Unix ms.</summary>
    Holidays,
    /// <summary>The customer's own hours. Seen: local minute of the week, -1 when none are set; Fact when held: next instant, Unix ms.</summary>
    OwnHours,
    /// <summary>Contacts within a day. Seen: how many; Fact: the cap, or when held the next instant, Unix ms.</summary>
    DayCap,
    /// <summary>Contacts within a week; as <see cref="DayCap"/>.</summary>
    WeekCap,
    /// <summary>Contacts within a month; as <see cref="DayCap"/>.</summary>
    MonthCap,
    /// <summary>Time since the last contact; as <see cref="DayCap"/>.</summary>
    Gap,
    /// <summary>One open follow-up a cause, several due reasons in one contact. Seen: how many open follow-ups were looked at.</summary>
    Duplicate,
    /// <summary>Still worth doing. Fact: the last instant, Unix ms, 0 when there is none.</summary>
    Expiry,
}

/// <summary>What a check came to.</summary>
public enum Finding : byte { NotChecked, Passed, Exempt, Provisional, Changed, Held, Dropped, Merged }

/// <summary>One check, what it saw, and the rule that it went by. 16 bytes; words are made only when somebody reads them.</summary>
/// <param name="Rule">Index into <see cref="ContactReasons.Rules"/>, -1 for none.</param>
public readonly record struct ContactReason(ContactCheck Check, Finding Finding, short Rule, int Seen, long Fact);

/// <summary>All checks of one decision, in order, without an allocation of their own.</summary>
public struct ContactReasons(IReadOnlyList<RuleRef> rules) : IEquatable<ContactReasons>
{
    public const int Count = 16;
    private Slots slots;

    /// <summary>The names that <see cref="ContactReason.Rule"/> points at.</summary>
    public readonly IReadOnlyList<RuleRef> Rules => rules ?? [];

    public readonly ContactReason this[ContactCheck check] => slots[(int)check];

    public readonly RuleRef? RuleOf(ContactReason reason) => reason.Rule >= 0 && reason.Rule < Rules.Count ? Rules[reason.Rule] : null;

    /// <summary>The checks that were made, in order.</summary>
    public readonly IEnumerable<ContactReason> Made()
    {
        var made = new List<ContactReason>(Count);
        foreach (var reason in slots) if (reason.Finding != Finding.NotChecked) made.Add(reason);
        return made;
    }

    internal void Set(ContactCheck check, Finding finding, short rule, int seen = 0, long fact = 0) => slots[(int)check] = new(check, finding, rule, seen, fact);

    public readonly bool Equals(ContactReasons other)
    {
        for (var index = 0; index < Count; index++)
        {
            var (mine, theirs) = (slots[index], other.slots[index]);
            if (mine.Finding == Finding.NotChecked && theirs.Finding == Finding.NotChecked) continue;
            if (mine with { Rule = 0 } != theirs with { Rule = 0 } || RuleOf(mine) != other.RuleOf(theirs)) return false;
        }
        return true;
    }

    public override readonly bool Equals(object? obj) => obj is ContactReasons other && Equals(other);
    public override readonly int GetHashCode() { var hash = new HashCode(); foreach (var reason in slots) if (reason.Finding != Finding.NotChecked) hash.Add((reason.Check, reason.Finding, reason.Seen, reason.Fact)); return hash.ToHashCode(); }

    [InlineArray(Count)]
    private struct Slots { private ContactReason first; }
}
