using System.Collections.Frozen;

namespace Huifang.Accounts;

/// <summary>
/// What may be done. Routes name one of these; roles hold them, each with its reach, as data: what ships stands here, and an operator's changes
/// in the table <c>role_permissions</c> go before it.
/// </summary>
public static class Permission
{
    public const string Desk = "desk";
    public const string Supervise = "supervise";
    public const string SeeCustomers = "customers.see";
    public const string SeeRules = "rules.see";
    public const string EditRules = "rules.edit";
    public const string SeeScripts = "scripts.see";
    public const string EditScripts = "scripts.edit";
    public const string SeeIntake = "intake.see";
    public const string SettleIntake = "intake.settle";
    public const string SeePlan = "plan.see";
    public const string EditPlan = "plan.edit";
    public const string SeeMessages = "messages.see";
    public const string SeeCalls = "calls.see";
    public const string PlayRecordings = "recordings.play";
    public const string SeeFigures = "figures.see";
    public const string SeeFeedback = "feedback.see";
    public const string Administer = "administer";

    /// <summary>Import what customers say elsewhere, label, correct, ask them in surveys, and lead improvements.</summary>
    public const string WorkFeedback = "feedback.work";

    /// <summary>The second pair of eyes on what the house understands by itself: a model of the customers' words goes live.</summary>
    public const string ApproveInsight = "approve.insight";

    /// <summary>The board of complaints and each of them.</summary>
    public const string SeeComplaints = "complaints.see";

    /// <summary>Put a complaint on record for a customer, from a call or a chat.</summary>
    public const string FileComplaints = "complaints.file";

    /// <summary>Own complaints: assess, investigate, write, answer.</summary>
    public const string WorkComplaints = "complaints.work";

    /// <summary>What an owner alone may not: approve extensions, hand over, settle what is no complaint, export.</summary>
    public const string DecideComplaints = "complaints.decide";

    /// <summary>The list of staff, their roles and what each role may do.</summary>
    public const string SeeStaff = "staff.see";

    /// <summary>Propose a change of staff or roles; somebody else approves it.</summary>
    public const string EditStaff = "staff.edit";

    /// <summary>Open a record without a case in hand, for a reason, for fifteen minutes; somebody else is told and reviews it.</summary>
    public const string BreakGlass = "sight.break-glass";

    /// <summary>Who looked at whom, alarms, and the review of broken glass.</summary>
    public const string ReviewSight = "sight.review";

    /// <summary>The second pair of eyes on money: refunds and goodwill above a limit.</summary>
    public const string ApproveMoney = "approve.money";

    /// <summary>The second pair of eyes on what the house does by itself: trigger rules, rule packs.</summary>
    public const string ApproveRules = "approve.rules";

    /// <summary>The second pair of eyes on a person's data: erasure, exports.</summary>
    public const string ApprovePrivacy = "approve.privacy";

    /// <summary>The second pair of eyes on accounts of customers: unfreezing, limits, identity checks.</summary>
    public const string ApproveRisk = "approve.risk";

    /// <summary>The second pair of eyes on staff: who works here, and what roles may do.</summary>
    public const string ApproveStaff = "approve.staff";

    /// <summary>The audit log, with proofs: who did and saw what, of everybody.</summary>
    public const string SeeAudit = "audit.see";

    /// <summary>Requests about people's own data, times of keeping, legal holds: see them, and propose changes that somebody else approves.</summary>
    public const string Privacy = "privacy";

    /// <summary>The master keys, keys of the wallet's systems, webhooks.</summary>
    public const string Integrate = "integrate";

    private static readonly FrozenDictionary<Role, FrozenDictionary<string, Reach>> Held = new Dictionary<Role, FrozenDictionary<string, Reach>>
    {
        [Role.Agent] = Grants((Reach.Own, [Desk, SeeCustomers]), (Reach.Team, [SeeComplaints, WorkComplaints]), (Reach.All, [SeeScripts, SeeRules, SeePlan, FileComplaints])),
        [Role.Supervisor] = Grants((Reach.Own, [Desk, SeeCustomers]), (Reach.Team, [SeeCalls, PlayRecordings, EditPlan]),
            (Reach.All, [Supervise, BreakGlass, SeeRules, EditRules, SeeScripts, EditScripts, SeeIntake, SettleIntake, SeePlan, SeeMessages, SeeFigures, SeeFeedback, WorkFeedback, ApproveInsight, SeeStaff, ApproveMoney, SeeComplaints, FileComplaints, WorkComplaints, DecideComplaints])),
        [Role.Analyst] = Grants((Reach.All, [SeeComplaints, SeeRules, EditRules, SeeScripts, EditScripts, SeeFigures, SeeFeedback, WorkFeedback, SeePlan])),
        [Role.Compliance] = Grants((Reach.Own, [SeeCustomers]),
            (Reach.All, [SeeRules, SeeScripts, SeeIntake, SettleIntake, SeeMessages, SeeCalls, PlayRecordings, SeeFigures, SeeFeedback, SeePlan, SeeStaff, BreakGlass, ReviewSight, ApproveRules, ApprovePrivacy, ApproveStaff, ApproveMoney, ApproveInsight, SeeAudit, Privacy, SeeComplaints, FileComplaints, WorkComplaints, DecideComplaints])),
        [Role.Risk] = Grants((Reach.Own, [SeeCustomers]), (Reach.All, [SeeRules, SeeIntake, SettleIntake, SeeFigures, BreakGlass, ApproveRisk])),
        [Role.Administrator] = Grants((Reach.All, [Administer, SeeAudit, Privacy, Integrate, SeeRules, EditRules, SeeScripts, EditScripts, SeeIntake, SettleIntake, SeePlan, EditPlan, SeeMessages, SeeFigures, SeeStaff, EditStaff])),
    }.ToFrozenDictionary();

    /// <summary>Every permission there is, in alphabetical order.</summary>
    public static readonly IReadOnlyList<string> All = [.. Held.Values.SelectMany(grants => grants.Keys).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What a role may do where no operator has changed it.</summary>
    public static IReadOnlyDictionary<string, Reach> Shipped(Role role) => Held[role];

    /// <summary>Everything that these roles may do together, as shipped; of two reaches the further one.</summary>
    public static IReadOnlyDictionary<string, Reach> Of(IEnumerable<Role> roles) => Together(roles.Select(role => Shipped(role)));

    /// <summary>Several roles' permissions in one: of two reaches the further one.</summary>
    public static IReadOnlyDictionary<string, Reach> Together(IEnumerable<IReadOnlyDictionary<string, Reach>> grants) =>
        grants.SelectMany(each => each).GroupBy(grant => grant.Key, StringComparer.Ordinal).ToDictionary(grant => grant.Key, grant => grant.Max(each => each.Value), StringComparer.Ordinal);

    private static FrozenDictionary<string, Reach> Grants(params (Reach Reach, string[] Permissions)[] groups) =>
        groups.SelectMany(group => group.Permissions.Select(permission => KeyValuePair.Create(permission, group.Reach))).ToFrozenDictionary(StringComparer.Ordinal);
}
