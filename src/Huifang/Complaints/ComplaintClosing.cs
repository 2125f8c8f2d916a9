using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>How complaints end, and how they begin again.</summary>
public sealed class ComplaintClosing(ComplaintParts parts, ClockDesk clocks, ComplaintLetters letters, ComplaintMail mail, AccountDesk accounts)
{
    /// <summary>After the answer the customer may ask for a review for so long; afterwards the file is closed.</summary>
    public static readonly TimeSpan AppealWithin = TimeSpan.FromDays(30);

    /// <summary>What still keeps the answer from leaving; empty when it may.</summary>
    public async Task<IReadOnlyList<ComplaintRefusal>> Missing(Tx tx, Complaint complaint, ComplaintOutcome? outcome, RootCause? cause)
    {
        var money = await CaseTable.Redress(tx, complaint.Id);
        var draft = await letters.Draft(tx, complaint.Id);
        return ComplaintRules.Missing(new(outcome, cause, complaint.Category, money.Count(one => one.State == "Given"), draft is not null, draft is not null && LetterTemplates.HasBlanks(draft.Body),
            (await CaseTable.Tasks(tx, complaint.Id)).Count(task => task.DoneAt is null), money.Count(one => one.State == "Proposed")));
    }

    /// <summary>The answer leaves: outcome, root cause, letter, clocks and the fact that the follow-up waits for, in one transaction.</summary>
    public async Task<(Handled Handled, IReadOnlyList<ComplaintRefusal> Missing)> Answer(Tx tx, string id, ComplaintOutcome? outcome, RootCause? cause, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return (ComplaintRefusal.NoSuchComplaint, []);
        if (!ComplaintRules.IsWorking(complaint.State)) return (ComplaintRefusal.NotNow, []);
        if (await Missing(tx, complaint, outcome, cause) is { Count: > 0 } missing) return (missing[0], missing);
        // Of two who answer at once, the second finds it answered.
        if (!await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Answered), ComplaintState.Answered, parts.Now)) return (ComplaintRefusal.NotNow, []);
        await ComplaintTable.Find(tx, id, outcome!.Value, cause!.Value, parts.Now);
        complaint = (await ComplaintTable.Find(tx, id))!;
        await letters.Send(tx, complaint);
        await clocks.Meet(tx, id, ClockKind.FinalResponse, ClockKind.InterimReply, ClockKind.FirstResponse, ClockKind.Update);
        await clocks.End(tx, id);
        await clocks.Begin(tx, complaint, ClockStart.Answered, parts.Now);
        await parts.Tell(tx, complaint, "complaint.resolved", by, new { outcome = outcome.ToString(), cause = cause.ToString(), category = complaint.Category, severity = complaint.Severity.ToString(), status = "answered" }, null, shown: true);
        await mail.Answered(tx, complaint);
        return (complaint, []);
    }

    /// <summary>Nothing is left to do: she said so, or nobody objected in time.</summary>
    public async Task<Handled> Close(Tx tx, string id, string by, string why)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Closed), ComplaintState.Closed, parts.Now)) return ComplaintRefusal.NotNow;
        await clocks.End(tx, id);
        await parts.Tell(tx, complaint, "complaint.closed", by, new { why }, null, shown: true);
        if (why == "satisfied") await parts.Tell(tx, complaint, "complaint.satisfied", by);
        return complaint with { State = ComplaintState.Closed };
    }

    /// <summary>She takes it back: the procedure ends the same day. She can bring it again.</summary>
    public async Task<Handled> Withdraw(Tx tx, string id, string? words, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Withdrawn), ComplaintState.Withdrawn, parts.Now)) return ComplaintRefusal.NotNow;
        await clocks.End(tx, id);
        await parts.Tell(tx, complaint, "complaint.withdrawn", by, null, words, shown: true);
        return complaint with { State = ComplaintState.Withdrawn };
    }

    /// <summary>It was not solved after all: the same person goes on, the clocks begin anew, and the customer is told.</summary>
    public async Task<Handled> Reopen(Tx tx, string id, string? words, string by, string why)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Received), ComplaintState.Received, parts.Now)) return ComplaintRefusal.NotNow;
        return await Begin(tx, complaint, complaint.OwnerId, "complaint.reopened", words, by, why);
    }

    /// <summary>She does not agree with the answer: somebody who was not involved looks at it anew.</summary>
    public async Task<Handled> Appeal(Tx tx, string id, string? words, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (complaint.AnsweredAt is null || complaint.State is not (ComplaintState.Answered or ComplaintState.Closed)) return ComplaintRefusal.NotNow;
        if (parts.Now > complaint.AnsweredAt + AppealWithin) return ComplaintRefusal.TooLateToAppeal;
        var involved = (await CaseTable.Story(tx, id, shownOnly: false)).Select(entry => entry.Actor).Append(complaint.OwnerId).ToHashSet(StringComparer.Ordinal);
        var loads = (await ComplaintTable.Loads(tx)).ToDictionary(load => load.OwnerId, load => (int)load.Count, StringComparer.Ordinal);
        var people = (await accounts.All(tx)).Where(staff => staff.DisabledAt is null && staff.May(Permission.WorkComplaints) && !involved.Contains(staff.Id))
            .Select(staff => new Candidate(staff.Id, staff.Language, loads.GetValueOrDefault(staff.Id), staff.May(Permission.DecideComplaints))).ToList();
        if (ComplaintRules.Route(people, complaint.Language, Severity.Critical, complaint.Door) is not { } owner) return ComplaintRefusal.NobodyToOwn;
        if (!await ComplaintTable.Move(tx, id, ComplaintRules.From(ComplaintState.Received), ComplaintState.Received, parts.Now)) return ComplaintRefusal.NotNow;
        return await Begin(tx, complaint, owner, "complaint.appealed", words, by, "appeal");
    }

    private async Task<Handled> Begin(Tx tx, Complaint complaint, string owner, string kind, string? words, string by, string why)
    {
        await clocks.End(tx, complaint.Id);
        await ComplaintTable.Reopened(tx, complaint.Id, parts.Now);
        if (owner != complaint.OwnerId) await ComplaintTable.Assign(tx, complaint.Id, complaint.OwnerId, owner, parts.Now);
        complaint = (await ComplaintTable.Find(tx, complaint.Id))!;
        await clocks.Begin(tx, complaint, ClockStart.Received, parts.Now);
        await clocks.Begin(tx, complaint, ClockStart.Updated, parts.Now);
        await clocks.Meet(tx, complaint.Id, ClockKind.Acknowledge);
        await parts.Tell(tx, complaint, kind, by, new { why, owner }, words, shown: true);
        await mail.Reopened(tx, complaint);
        return (await ComplaintTable.Find(tx, complaint.Id))!;
    }
}
