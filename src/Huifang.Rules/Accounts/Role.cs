namespace Huifang.Accounts;

/// <summary>What a member of staff is here to do. A person may have several.</summary>
public enum Role { Agent, Supervisor, Analyst, Compliance, Risk, Administrator }

/// <summary>What may be done. Routes name one of these; roles hold them as data.</summary>
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

    private static readonly IReadOnlyDictionary<Role, string[]> Held = new Dictionary<Role, string[]>
    {
        [Role.Agent] = [Desk, SeeCustomers, SeeScripts, SeeRules, SeePlan],
        [Role.Supervisor] = [Desk, Supervise, SeeCustomers, SeeRules, EditRules, SeeScripts, EditScripts, SeeIntake, SettleIntake, SeePlan, EditPlan, SeeMessages, SeeCalls, PlayRecordings, SeeFigures, SeeFeedback],
        [Role.Analyst] = [SeeRules, EditRules, SeeScripts, EditScripts, SeeFigures, SeeFeedback, SeePlan],
        [Role.Compliance] = [SeeRules, SeeScripts, SeeIntake, SettleIntake, SeeMessages, SeeCalls, PlayRecordings, SeeFigures, SeeFeedback, SeeCustomers, SeePlan],
        [Role.Risk] = [SeeCustomers, SeeRules, SeeIntake, SettleIntake, SeeFigures],
        [Role.Administrator] = [Administer, SeeRules, EditRules, SeeScripts, EditScripts, SeeIntake, SettleIntake, SeePlan, EditPlan, SeeMessages, SeeFigures],
    };

    public static readonly IReadOnlyList<string> All = [.. Held.Values.SelectMany(p => p).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Everything that these roles may do together.</summary>
    public static IReadOnlySet<string> Of(IEnumerable<Role> roles) => roles.SelectMany(role => Held[role]).ToHashSet(StringComparer.Ordinal);
}
