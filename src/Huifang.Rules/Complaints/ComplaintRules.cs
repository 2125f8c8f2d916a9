namespace Huifang.Complaints;

/// <summary>What is needed to decide that a complaint may be answered and closed.</summary>
public sealed record ClosingFacts(ComplaintOutcome? Outcome, RootCause? RootCause, string? Category, int Resolutions, bool HasLetter, bool LetterUnfinished, int OpenTasks, int PendingMoney);

/// <summary>A person who could own a complaint.</summary>
/// <param name="Load">How many open ones she has.</param>
/// <param name="IsSenior">Whether she may decide what agents may not.</param>
public sealed record Candidate(string StaffId, string Language, int Load, bool IsSenior);

/// <summary>The decisions about a complaint that are the same everywhere. Source of the stages: ISO 10002:2018, 8.</summary>
public static class ComplaintRules
{
    public const int WordsMax = 20_000;
    public const int FileBytesMax = 25 * 1024 * 1024;
    public const int FilesMax = 20;

    /// <summary>Shares of the time, in working hours, at which owner, supervisor and compliance are told.</summary>
    public static readonly double[] WarningShares = [.5, .75, .9];

    public static bool IsOpen(ComplaintState state) => state is ComplaintState.Received or ComplaintState.Assessed or ComplaintState.Investigating or ComplaintState.Answered;

    /// <summary>Whether our own work is done: only the customer may still say something.</summary>
    public static bool IsWorking(ComplaintState state) => state is ComplaintState.Received or ComplaintState.Assessed or ComplaintState.Investigating;

    /// <summary>The states from which a step may lead to another. A table, because a person will ask.</summary>
    public static ComplaintState[] From(ComplaintState to) => to switch
    {
        ComplaintState.Received => [ComplaintState.Answered, ComplaintState.Closed, ComplaintState.Withdrawn],
        ComplaintState.Assessed => [ComplaintState.Received],
        ComplaintState.Investigating => [ComplaintState.Received, ComplaintState.Assessed],
        ComplaintState.Answered => [ComplaintState.Received, ComplaintState.Assessed, ComplaintState.Investigating],
        ComplaintState.Closed => [ComplaintState.Answered],
        ComplaintState.Withdrawn or ComplaintState.Merged => [ComplaintState.Received, ComplaintState.Assessed, ComplaintState.Investigating, ComplaintState.Answered],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Everything that keeps the answer from leaving, all of it, because the owner will work through the list.</summary>
    public static IReadOnlyList<ComplaintRefusal> Missing(ClosingFacts facts)
    {
        var missing = new List<ComplaintRefusal>();
        if (facts.Outcome is null) missing.Add(ComplaintRefusal.NoOutcome);
        if (facts.RootCause is null) missing.Add(ComplaintRefusal.NoRootCause);
        if (facts.Category is null) missing.Add(ComplaintRefusal.NoCategory);
        if (facts.Resolutions == 0) missing.Add(ComplaintRefusal.NoResolution);
        if (!facts.HasLetter) missing.Add(ComplaintRefusal.NoLetter);
        if (facts.LetterUnfinished) missing.Add(ComplaintRefusal.LetterUnfinished);
        if (facts.OpenTasks > 0) missing.Add(ComplaintRefusal.TasksOpen);
        if (facts.PendingMoney > 0) missing.Add(ComplaintRefusal.MoneyPending);
        return missing;
    }

    /// <summary>Who takes it on: seniors for what is critical or comes from a regulator, else whoever speaks the language; the least loaded first, then by id, so that it is the same everywhere. Null only when there is nobody at all.</summary>
    public static string? Route(IReadOnlyList<Candidate> people, string language, Severity severity, ComplaintDoor door)
    {
        var senior = severity == Severity.Critical || door == ComplaintDoor.Regulator;
        return people.OrderBy(person => person.IsSenior == senior ? 0 : 1).ThenBy(person => person.Language == language ? 0 : 1).ThenBy(person => person.Load).ThenBy(person => person.StaffId, StringComparer.Ordinal).FirstOrDefault()?.StaffId;
    }

    /// <summary>A first guess until a person has assessed it: fraud and frozen money are high, a claim over the limit is critical.</summary>
    public static Severity Guess(string? category, string? subcategory, long? amount) => (category, subcategory) switch
    {
        ("security_fraud", "scam_victim") => amount >= CriticalFrom ? Severity.Critical : Severity.High,
        ("security_fraud", _) => Severity.High,
        ("account_access", "locked_or_frozen" or "balance_wrong") => Severity.High,
        ("app_quality" or "info_howto" or "feature_request" or "praise", _) => Severity.Low,
        _ => amount >= CriticalFrom ? Severity.High : Severity.Medium,
    };

    /// <summary>Minor units of the customer's currency from which a loss is critical.</summary>
    public const long CriticalFrom = 1_000_000;

    /// <summary>
    /// The chance to miss a deadline, 0–1, from the share of its working time that is gone and the stage it has reached: a complaint that nobody has looked at
    /// when half of the time is over is worse off than one whose answer is written. Logistic; not measured on an operator's data yet, so it orders the queue and decides nothing.
    /// </summary>
    public static double Risk(double used, ComplaintState state, int openTasks, Severity severity)
    {
        if (used >= 1) return 1;
        var score = 7 * (used - .75) + (state switch { ComplaintState.Received => 1.2, ComplaintState.Assessed => .6, ComplaintState.Investigating => 0, _ => -4 })
            + .25 * Math.Min(openTasks, 4) + (severity == Severity.Critical ? .5 : 0);
        return 1 / (1 + Math.Exp(-score));
    }

    /// <summary>When a pack changes while a complaint is open: a stricter deadline holds at once, a looser one waits for a person.</summary>
    public static bool MayMoveSilently(DateTimeOffset before, DateTimeOffset after) => after <= before;
}
