using System.Collections.Immutable;
using Huifang.Contacts;
using Huifang.FollowUps;

namespace Huifang.Surveys;

/// <summary>How a campaign reaches people.</summary>
public enum CampaignWay
{
    /// <summary>Each by the written channel that she put first.</summary>
    HerOrder,
    InApp,
    Email,
    Sms,
}

/// <summary>Whom a campaign means; empty demands nothing.</summary>
public sealed record CampaignAudience
{
    /// <summary>Segments, countries, attributes and time with us, as trigger rules know them.</summary>
    public TriggerAudience Who { get; init; } = new();
    public ImmutableArray<string> Languages { get; init; } = [];

    /// <summary>Only those with whom a follow-up of this trigger rule was finished within <see cref="Days"/>.</summary>
    public string? Talk { get; init; }

    /// <summary>Only those with an event of this type within <see cref="Days"/>.</summary>
    public string? Event { get; init; }

    /// <summary>Only those with an event about this product or feature within <see cref="Days"/>; of the type above when one is named.</summary>
    public string? Product { get; init; }

    /// <summary>How far back talks and events count, in days, 1–365.</summary>
    public int Days { get; init; } = 30;

    public bool AsksForEvents => Event is not null || Product is not null;
}

/// <summary>A survey sent to an audience. It does not change once it has been counted; another one is made instead.</summary>
/// <param name="AskMax">Ask at most so many, drawn by lot from all who may be asked; null: everybody.</param>
/// <param name="PerHour">So many leave in an hour, 1–100,000: a quota that fills stops the rest.</param>
/// <param name="WithinDays">A message that could not leave within so many days is not sent any more, 1–14.</param>
public sealed record CampaignPlan(CampaignAudience Audience, CampaignWay Way, int? AskMax = null, int PerHour = 1000, int WithinDays = 3)
{
    /// <summary>The one channel that it takes; null: each in her own order.</summary>
    public Channel? Only => Way switch { CampaignWay.HerOrder => null, CampaignWay.InApp => Channel.InApp, CampaignWay.Email => Channel.Email, CampaignWay.Sms => Channel.Sms, _ => throw new System.Diagnostics.UnreachableException() };
}

/// <summary>Where a campaign stands.</summary>
public enum CampaignState
{
    /// <summary>The dry run walks all customers; nothing is sent.</summary>
    Counting,
    Counted,

    /// <summary>A second person has given it.</summary>
    Sending,

    /// <summary>What still waits is being called back.</summary>
    Stopping,
    Stopped,
    Done,
}

/// <summary>What the house would do with one person now.</summary>
public enum CampaignFinding { Now, Later, Refused }

/// <summary>One person's finding with the one reason that decided it: a hold of surveys, a reason or check of the guard.</summary>
public readonly record struct CampaignAnswer(CampaignFinding Finding, string Why);

/// <summary>What is told of a campaign before anybody sends it.</summary>
public static class CampaignRules
{
    public const int DaysMax = 365, WithinDaysMax = 14, PerHourMax = 100_000, AskMaxMax = 10_000_000, PartMax = 20, PartLength = 60;

    /// <summary>Everything that keeps a campaign from being made; empty when nothing does.</summary>
    public static IReadOnlyList<SurveyFault> Check(CampaignPlan plan, SurveyDefinition survey)
    {
        var faults = new List<SurveyFault>();
        var audience = plan.Audience;
        if (audience.Days is < 1 or > DaysMax) faults.Add(new("days", "out-of-range"));
        if (plan.WithinDays is < 1 or > WithinDaysMax) faults.Add(new("withinDays", "out-of-range"));
        if (plan.PerHour is < 1 or > PerHourMax) faults.Add(new("perHour", "out-of-range"));
        if (plan.AskMax is < 1 or > AskMaxMax) faults.Add(new("askMax", "out-of-range"));
        if (audience.Who.JoinedDaysMin is < 0 or > 36500 || audience.Who.JoinedDaysMax is < 0 or > 36500 || audience.Who.JoinedDaysMin > audience.Who.JoinedDaysMax) faults.Add(new("joined", "out-of-range"));
        foreach (var (field, parts) in new[] { ("segments", audience.Who.SegmentsAny), ("segmentsNone", audience.Who.SegmentsNone), ("countries", audience.Who.Countries) })
            if (parts.Length > PartMax || parts.Any(part => part.Length > PartLength)) faults.Add(new(field, "too-long"));
        if (audience.Product is { Length: > PartLength }) faults.Add(new("product", "too-long"));
        if (plan.Way is CampaignWay.Sms or CampaignWay.HerOrder && SurveyByNumber.Question(survey) is null) faults.Add(new("way", "no-number"));
        return faults;
    }

    /// <summary>Whether the audience means this customer.</summary>
    /// <param name="customer">With her events within the audience's days in <see cref="TriggerCustomer.Past"/> when it asks for them.</param>
    /// <param name="talked">A follow-up of the audience's rule was finished with her within its days.</param>
    public static bool Means(CampaignAudience audience, TriggerCustomer customer, string language, bool talked, DateTimeOffset now) =>
        (audience.Languages.IsEmpty || audience.Languages.Contains(language, StringComparer.Ordinal))
        && TriggerRules.WhyNot(audience.Who, customer, now) is null
        && (audience.Talk is null || talked)
        && (!audience.AsksForEvents || customer.Past.Any(past => past.At > now.AddDays(-audience.Days) && IsAbout(audience, past)));

    /// <summary>The share of those who may be asked that is drawn, 0–1.</summary>
    /// <param name="mayBeAsked">How many the dry run found.</param>
    public static double Share(CampaignPlan plan, long mayBeAsked) => plan.AskMax is not { } most || mayBeAsked <= most ? 1 : (double)most / mayBeAsked;

    /// <summary>Whether the lot falls on her: fixed for a campaign, so that walking on after a crash draws the same people.</summary>
    public static bool IsDrawn(string campaignId, string customerId, double share) => share >= 1 || TriggerRules.Draw("campaign", campaignId, customerId) < share;

    /// <summary>What the guard's verdict means for a campaign whose messages may wait until <paramref name="notAfter"/>. What only time would heal, but not in time, is told by the check that holds.</summary>
    public static CampaignAnswer Of(ContactVerdict verdict, DateTimeOffset notAfter) => verdict switch
    {
        ContactVerdict.Allow => new(CampaignFinding.Now, ""),
        ContactVerdict.Hold hold => new(hold.Until < notAfter ? CampaignFinding.Later : CampaignFinding.Refused, Holding(verdict) ?? nameof(DropReason.NoTimeFits)),
        ContactVerdict.Drop { Reason: DropReason.TooLate or DropReason.NoTimeFits } drop => new(CampaignFinding.Refused, Holding(verdict) ?? drop.Reason.ToString()),
        ContactVerdict.Drop drop => new(CampaignFinding.Refused, drop.Reason.ToString()),
        ContactVerdict.Merge => new(CampaignFinding.Refused, "Merged"),
        // A campaign that takes one channel takes no other.
        ContactVerdict.Reroute => new(CampaignFinding.Refused, nameof(DropReason.Unreachable)),
    };

    /// <summary>The check that holds the longest is the one to name: caps before hours.</summary>
    private static string? Holding(ContactVerdict verdict)
    {
        ContactCheck[] longest = [ContactCheck.Suppression, ContactCheck.MonthCap, ContactCheck.WeekCap, ContactCheck.DayCap, ContactCheck.Gap, ContactCheck.Holidays, ContactCheck.OwnHours, ContactCheck.Hours];
        foreach (var check in longest) if (verdict.Reasons[check].Finding == Finding.Held) return check.ToString();
        return null;
    }

    private static bool IsAbout(CampaignAudience audience, PastEvent past) =>
        (audience.Event is null || past.Type == audience.Event)
        && (audience.Product is not { } product || (past.Values.TryGetValue("product", out var one) && one == product) || (past.Values.TryGetValue("feature", out var other) && other == product));
}
