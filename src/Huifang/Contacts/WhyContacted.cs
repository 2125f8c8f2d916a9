using Huifang.Storage;

namespace Huifang.Contacts;

/// <summary>One check of the guard as it stood when the contact was planned and when it was made.</summary>
public sealed record CheckTwice(ContactCheck Check, ContactReason? Planned, RuleRef? PlannedRule, ContactReason? AtContact, RuleRef? AtContactRule);

/// <summary>What the agent's page shows: the latest decision of each stage, every check of both side by side, and all decisions before.</summary>
public sealed record WhyFollowUp(ContactDecision? Planned, ContactDecision? AtContact, IReadOnlyList<CheckTwice> Checks, IReadOnlyList<ContactDecision> All);

/// <summary>Why was, or wasn't, there a contact? Reads what the guard stored; decides nothing.</summary>
public sealed class WhyContacted
{
    public async Task<WhyFollowUp> OfFollowUp(Tx tx, string followUpId)
    {
        var all = await ContactTable.OfFollowUp(tx, followUpId);
        var planned = all.FirstOrDefault(decision => decision.Stage == ContactStage.Planned);
        var made = all.FirstOrDefault(decision => decision.Stage == ContactStage.AtContact && decision.Channel.IsCall()) ?? all.FirstOrDefault(decision => decision.Stage == ContactStage.AtContact);
        var checks = Enum.GetValues<ContactCheck>().Select(check => Twice(check, planned, made)).Where(twice => twice.Planned is not null || twice.AtContact is not null);
        return new(planned, made, [.. checks], all);
    }

    /// <summary>The newest decisions about a customer, for her own page and for the agent's history.</summary>
    public Task<List<ContactDecision>> OfCustomer(Tx tx, string customerId, int most = 50) => ContactTable.OfCustomer(tx, customerId, most);

    public Task<ContactDecision?> Find(Tx tx, string decisionId) => ContactTable.Find(tx, decisionId);

    private static CheckTwice Twice(ContactCheck check, ContactDecision? planned, ContactDecision? made)
    {
        var (first, firstRule) = Reason(check, planned);
        var (second, secondRule) = Reason(check, made);
        return new(check, first, firstRule, second, secondRule);
    }

    private static (ContactReason?, RuleRef?) Reason(ContactCheck check, ContactDecision? decision) =>
        decision?.Verdict is { } verdict && verdict.Reasons[check] is { Finding: not Finding.NotChecked } reason ? (reason, verdict.Reasons.RuleOf(reason)) : (null, null);
}
