using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.FollowUps;

namespace Huifang.Planning;

/// <summary>A follow-up as the plan sees it.</summary>
/// <param name="Value">What the talk is worth, 1 to 100.</param>
/// <param name="Urgency">What a day of waiting costs, in steps of the plan's delay cost: 1, 3 or 6.</param>
/// <param name="Window">Runs of blocks in which she may be called, first and end by turns, ascending; empty when there is none.</param>
/// <param name="Chances">How likely she is to answer at the ten kinds of her time, by <see cref="AnswerTime.Index"/>.</param>
/// <param name="IsHard">A talk that takes something out of whoever holds it; these are shared out evenly.</param>
public sealed record PlanCall(string FollowUpId, int Value, int Urgency, string Language, string Skill, int[] Window, double[] Chances, ZoneClock Zone, bool IsHard)
{
    /// <summary>1 to 100 out of a follow-up's 0 to 1000.</summary>
    public static int ValueOf(FollowUp followUp) => Math.Clamp((followUp.Value + 5) / 10, 1, 100);

    /// <summary>A warning cannot wait; otherwise the nearer the day by which she should have her answer, the more a day costs.</summary>
    public static int UrgencyOf(FollowUp followUp, DateTimeOffset now) =>
        followUp.Purpose == Purpose.Security || followUp.AnswerBy - now < TimeSpan.FromDays(1) ? 6 : followUp.Purpose == Purpose.Complaint || followUp.AnswerBy - now < TimeSpan.FromDays(3) ? 3 : 1;

    /// <summary>Complaints, warnings, and whoever was tried in vain.</summary>
    public static bool Hard(FollowUp followUp) => followUp.Purpose is Purpose.Complaint or Purpose.Security || followUp.Attempts >= 2;

    public bool Allows(int block)
    {
        for (var run = 0; run < Window.Length; run += 2)
            if (block >= Window[run] && block < Window[run + 1]) return true;
        return false;
    }

    /// <summary>How likely she is to answer in a block, per mille.</summary>
    public int ChanceIn(int block, PlanSpan span) => (int)Math.Round(1000 * Chances[AnswerTime.At(span.At(block), Zone).Index]);
}

/// <summary>An agent as the plan sees her.</summary>
/// <param name="Free">Her quarters of the span that can be given to calls: shift, less all that takes time, less what is promised.</param>
public sealed record PlanPerson(string Id, IReadOnlyList<string> Languages, IReadOnlyList<string> Skills, bool[] Free)
{
    /// <summary>Agents who can the same are one type; the solver plans types and people share out what their type gets.</summary>
    public string Type { get; } = $"{string.Join(',', Languages.Order(StringComparer.Ordinal))}|{string.Join(',', Skills.Order(StringComparer.Ordinal))}";

    public bool Can(string language, string skill) => Languages.Contains(language) && Skills.Contains(skill);

    public int FreeIn(int block) => (Free[block * 2] ? 1 : 0) + (Free[block * 2 + 1] ? 1 : 0);
}

/// <summary>Why a follow-up has no place in the plan.</summary>
public enum UnplannedReason
{
    /// <summary>Law, holidays, her own hours and the deadline leave no time together.</summary>
    NoTime,
    /// <summary>No agent on duty in her times speaks the language and knows the matter.</summary>
    NobodyCan,
    /// <summary>Every place that would do is worth more to others.</summary>
    Outbid,
    /// <summary>So late, and so unlikely to be answered, that the call would cost more than it brings.</summary>
    NotWorth,
}

/// <summary>What the plan says about one follow-up.</summary>
/// <param name="Block">Its half hour, or -1 when it has none.</param>
/// <param name="At">The quarter of an hour at which it is to be called.</param>
/// <param name="From">From when on, that same day, it may be called without losing anything: an agent who is early may take it.</param>
/// <param name="Gain">What this call adds to the plan's objective.</param>
/// <param name="Price">What one more place at that time for those agents would be worth.</param>
/// <param name="Chance">Likely to answer then, per mille.</param>
/// <param name="OtherAt">The best other half hour for it; null when there is none.</param>
/// <param name="OtherLoss">What the plan would lose if it were moved there.</param>
public sealed record PlannedCall(string FollowUpId, int Block, string? AgentType, string? AgentId, DateTimeOffset? At, DateTimeOffset? From, long Gain, long Price, int Chance, DateTimeOffset? OtherAt, long OtherLoss, UnplannedReason? Reason)
{
    public bool IsPlanned => Block >= 0;

    /// <summary>What calling now is worth against waiting, see <see cref="CallNow"/>.</summary>
    public long Now { get; init; } = CallNow.NotNow;
}

/// <summary>Places and their worth, for one type of agent in one block.</summary>
public sealed record PlanCell(string AgentType, int Block, int Capacity, int Used, long Price);
