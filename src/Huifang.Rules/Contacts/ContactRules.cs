using System.Collections.Immutable;

namespace Huifang.Contacts;

/// <summary>
/// The contact guard: one pure function between us and every customer. Order: suppression → consent or lawful basis → hold-out → law and place →
/// legal hours and holidays → the customer's own hours → caps → duplicates → deadline. It fails closed, and it keeps every reason.
/// </summary>
public static class ContactRules
{
    /// <summary>How far ahead a hold looks for a permitted instant.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(62);

    /// <summary>
    /// Decides. A drop comes before a merge, a merge before a hold; when only the channel is at fault, the customer's other channels are tried in order.
    /// About 0.3 µs; allocates only the verdict when the contact is allowed.
    /// </summary>
    public static ContactVerdict Decide(ContactQuestion question)
    {
        var verdict = Weigh(question, question.Channel);
        if (verdict is not ContactVerdict.Drop { Reason: var reason } || !IsOfTheChannel(reason)) return verdict;
        foreach (var other in question.Others)
            if (other != question.Channel && Weigh(question, other) is ContactVerdict.Allow or ContactVerdict.Hold)
                return new ContactVerdict.Reroute(other, verdict.Reasons);
        return verdict;
    }

    /// <summary>
    /// The instants out of <paramref name="starts"/> at which the contact would be allowed, for offering slots. A slot that the customer will pick is booked,
    /// so caps don't stand in its way, but law, holidays and the customer's usual hours do: we don't propose what she didn't ask for.
    /// </summary>
    public static ImmutableArray<DateTimeOffset> Permitted(ContactQuestion question, IEnumerable<DateTimeOffset> starts)
    {
        var open = question with { Customer = question.Customer with { Past = [], Open = [] } };
        return [.. starts.Where(start => Weigh(open with { At = start }, question.Channel) is ContactVerdict.Allow)];
    }

    private static ContactVerdict Weigh(ContactQuestion question, Channel channel)
    {
        var weighing = new ContactWeighing(question, channel);
        weighing.CheckSuppression();
        weighing.CheckReach();
        weighing.CheckPermission();
        weighing.CheckHoldOut();
        weighing.CheckPlace();
        weighing.CheckHours();
        weighing.CheckHolidays();
        weighing.CheckOwnHours();
        weighing.CheckCaps();
        weighing.CheckDuplicates();
        return weighing.Verdict();
    }

    private static bool IsOfTheChannel(DropReason reason) => reason is DropReason.Suppressed or DropReason.Unreachable
        or DropReason.NoConsent or DropReason.ConsentWithdrawn or DropReason.NoLawfulBasis or DropReason.NoTimeFits;
}
