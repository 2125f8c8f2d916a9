using System.Collections.Immutable;
using Huifang.Calendars;

namespace Huifang.Contacts;

/// <summary>
/// Several packs as one, compiled for the hot path: hours intersected, days off joined, every cap kept, the strictest permission.
/// Made once for each combination of jurisdictions by <see cref="PackShelf.For"/>.
/// </summary>
public sealed class ContactPack
{
    private readonly ContactCell[] cells = new ContactCell[Enum.GetValues<Purpose>().Length * Channels.Count];
    private readonly PackRule[] rules;

    public ContactPack(ImmutableArray<RulePack> packs)
    {
        Packs = packs;
        rules = [.. packs.SelectMany(pack => pack.Rules)];
        Refs = [.. packs.SelectMany(pack => pack.Rules.Select(rule => new RuleRef(pack.Id, pack.Version, rule.Id)))];
        BusinessCalendar[] calendars = [.. packs.Select(pack => pack.Calendar).OfType<BusinessCalendar>().Distinct()];
        foreach (var purpose in Enum.GetValues<Purpose>())
            foreach (var channel in Enum.GetValues<Channel>())
                cells[Index(purpose, channel)] = new(rules, calendars, purpose, channel);
    }

    public ImmutableArray<RulePack> Packs { get; }

    /// <summary>The names of all rules, in the order that <see cref="ContactReason.Rule"/> counts.</summary>
    public ImmutableArray<RuleRef> Refs { get; }

    public bool LinksInSms(Purpose purpose) => !DutiesOf(purpose, Channel.Sms).HasFlag(Duties.NoLinksInSms);

    public Duties DutiesOf(Purpose purpose, Channel channel) => Cell(purpose, channel).Duties;

    /// <summary>When a contact may begin by law and house rule, in the customer's local time, holidays aside.</summary>
    public WeekHours HoursOf(Purpose purpose, Channel channel) => Cell(purpose, channel).Hours;

    public PackRule RuleAt(int index) => rules[index];

    internal ContactCell Cell(Purpose purpose, Channel channel) => cells[Index(purpose, channel)];

    private static int Index(Purpose purpose, Channel channel) => (int)purpose * Channels.Count + (int)channel;
}

/// <summary>Everything that the packs say about one purpose on one channel.</summary>
internal sealed class ContactCell
{
    private readonly short[] ruleOf = new short[Enum.GetValues<PackRuleKind>().Length];
    private readonly (WeekHours Hours, short Rule)[] hours;

    public ContactCell(PackRule[] rules, BusinessCalendar[] calendars, Purpose purpose, Channel channel)
    {
        Array.Fill(ruleOf, (short)-1);
        var caps = new List<ContactCap>();
        var windows = new List<(WeekHours, short)>();
        Hours = WeekHours.Always;
        for (short index = 0; index < rules.Length; index++)
        {
            var rule = rules[index];
            if (!rule.Purposes.Contains(purpose) || !rule.Channels.Contains(channel)) continue;
            if (ruleOf[(int)rule.Kind] < 0) ruleOf[(int)rule.Kind] = index;
            if (rule.Kind is PackRuleKind.Cap or PackRuleKind.Gap) caps.Add(ContactCap.Of(rule, index));
            if (rule.Kind == PackRuleKind.Hours)
            {
                windows.Add((rule.Hours!, index));
                if (rule.Hours!.Minutes < Hours.Minutes) ruleOf[(int)PackRuleKind.Hours] = index;
                Hours = Hours.And(rule.Hours);
            }
            if (rule.Kind == PackRuleKind.Permission && rule.Needs > Needs) (Needs, ruleOf[(int)PackRuleKind.Permission]) = (rule.Needs, index);
            if (rule.Kind == PackRuleKind.Merge) MergeWithinMs = (long)rule.Window.TotalMilliseconds;
            Duties |= rule.Duty;
        }
        hours = [.. windows];
        Caps = [.. caps];
        KeepsHolidays = ruleOf[(int)PackRuleKind.Holidays] >= 0;
        Calendars = KeepsHolidays ? calendars : [];
        Off = Calendars.Length == 0 ? DaySet.Empty : new([.. Calendars.SelectMany(calendar => calendar.Years).SelectMany(year => year.Holidays).Select(holiday => holiday.Date).Distinct()]);
    }

    public WeekHours Hours { get; }
    public Permission Needs { get; }
    public bool KeepsHolidays { get; }
    public BusinessCalendar[] Calendars { get; }
    public DaySet Off { get; }
    public ContactCap[] Caps { get; }
    public long MergeWithinMs { get; }
    public Duties Duties { get; }
    public bool KeepsOwnHours => RuleOf(PackRuleKind.OwnHours) >= 0;

    /// <summary>The packs' caps and the customer's own, where she may set one.</summary>
    public ContactCap[] CapsFor(ContactCustomer customer) =>
        customer.MonthMax is { } max && RuleOf(PackRuleKind.OwnCap) is >= 0 and var rule ? [.. Caps, ContactCap.Own(max, rule)] : Caps;

    /// <summary>The binding rule of a kind, -1 when there is none; for hours the narrowest, for permission the strictest.</summary>
    public short RuleOf(PackRuleKind kind) => ruleOf[(int)kind];

    /// <summary>The rule whose hours a moment of the week offends.</summary>
    public short HoursOffendedAt(long weekMs)
    {
        foreach (var (window, rule) in hours)
            if (!window.Contains(weekMs)) return rule;
        return RuleOf(PackRuleKind.Hours);
    }
}

/// <summary>At most <paramref name="Max"/> contacts on the counted channels within a rolling window.</summary>
/// <param name="Check">A gap has a check of its own; caps are told apart by how long they look back.</param>
internal sealed record ContactCap(ContactCheck Check, ChannelSet Counts, int Max, long WindowMs, short Rule)
{
    private static readonly ChannelSet Noticed = ChannelSet.Of(Channel.Voice, Channel.Phone, Channel.Sms, Channel.Email, Channel.Push);

    public static ContactCap Of(PackRule rule, short index) => new(
        rule.Kind == PackRuleKind.Gap ? ContactCheck.Gap
        : rule.Window <= TimeSpan.FromDays(1) ? ContactCheck.DayCap
        : rule.Window <= TimeSpan.FromDays(7) ? ContactCheck.WeekCap
        : ContactCheck.MonthCap,
        ChannelSet.Of(rule.Counts.AsSpan()), rule.Max, (long)rule.Window.TotalMilliseconds, index);

    /// <summary>The customer's own "not more often than".</summary>
    public static ContactCap Own(int monthMax, short rule) => new(ContactCheck.MonthCap, Noticed, monthMax, (long)TimeSpan.FromDays(30).TotalMilliseconds, rule);
}
