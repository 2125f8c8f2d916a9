using Huifang.FollowUps;

namespace Huifang.Planning;

/// <summary>One half hour of the house: places, how many of them the plan uses, how many are promised, and whether more was wanted.</summary>
/// <param name="Lacking">Calls that would have been made then if there were more places.</param>
public sealed record PlanHalfHour(DateTimeOffset At, int Places, int Planned, int Promised, int Lacking, long Price)
{
    public double Load => Places + Promised == 0 ? 0 : (double)(Planned + Promised) / (Places + Promised);
}

/// <summary>What an agent has in one half hour.</summary>
public enum AgentHalf { Off, Free, Planned, Promised, Break, Past }

/// <summary>An agent's day in half hours.</summary>
public sealed record AgentLine(Agent Agent, IReadOnlyList<AgentHalf> Halves, int Planned, int Promised, int Hard);

/// <summary>A call in the plan with what a supervisor reads about it.</summary>
/// <param name="Shown">The customer as she may be named to whoever looks.</param>
public sealed record CallInPlan(PlanRow Row, FollowUp FollowUp, string Shown, string? AgentName);

/// <summary>Why this call is at this time, with all that the plan knows.</summary>
/// <param name="Able">Agents who speak the language and know the matter.</param>
/// <param name="Best">The kind of time at which she is likeliest to answer, and how likely.</param>
/// <param name="Chances">By kind of time.</param>
public sealed record CallWhy(CallInPlan Call, int Able, AnswerTime Best, IReadOnlyList<double> Chances, int Tries);

/// <summary>What booking costs the plan: mean price of a half hour as customers are offered them, and as they would be in the order of time.</summary>
public sealed record OfferEffect(long Offered, long Soonest, int Offers);

/// <summary>The planning board.</summary>
public sealed record PlanView(
    DateTimeOffset Now, MadePlan? Plan, IReadOnlyList<PlanHalfHour> Halves, IReadOnlyList<AgentLine> Agents, IReadOnlyList<MoreHour> More, IReadOnlyList<CallInPlan> Selected, DateTimeOffset? SelectedAt,
    IReadOnlyList<CallInPlan> Left, CallWhy? Why, OfferEffect Offers, PlanSpan Span, DateOnly Day);
