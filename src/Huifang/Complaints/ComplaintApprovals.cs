using System.Text.Json;
using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Money above one person's limit: proposed by the owner, given by a second person at the desk of approvals.</summary>
public sealed class RedressApproval(RedressDesk redress, ApprovalDesk approvals) : IApprovedAct
{
    public static readonly ApprovalKind GivesMoney = new("complaint.redress", Permission.ApproveMoney, TimeSpan.FromDays(7));

    public string Kind => GivesMoney.Key;

    /// <summary>Gives what one person may, and asks a second one for the rest, in one transaction.</summary>
    public async Task<Handled> Propose(Tx tx, string id, Resolution kind, long? amount, string? currency, string? transactionId, string reason, ApprovalParty by)
    {
        var before = (await redress.Waiting(tx, id)).Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        var done = await redress.Propose(tx, id, kind, amount, currency, transactionId, reason, by.Id);
        if (!done.Ok || (await redress.Waiting(tx, id)).FirstOrDefault(one => !before.Contains(one.Id)) is not { } waits) return done;
        var asked = await approvals.Ask(tx, Kind, new { complaint = done.Complaint!.Number, redress = waits.Id, what = waits.Kind, amount = waits.Amount, currency = waits.Currency, transaction = waits.TransactionId ?? "" }, reason, by, done.Complaint.CustomerId);
        if (asked.Approval is { } approval) await redress.Asked(tx, waits.Id, approval.Id);
        return done;
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload) =>
        (await redress.Decide(tx, payload.GetProperty("redress").GetString()!, true, approval.DecidedBy!.Id)).Refusal?.ToString();
}

/// <summary>The longest time that a pack allows only with a second person's approval.</summary>
public sealed class ExtensionApproval(ClockDesk clocks, ApprovalDesk approvals, ComplaintParts parts) : IApprovedAct
{
    public static readonly ApprovalKind MoreTime = new("complaint.extension", Permission.DecideComplaints, TimeSpan.FromDays(3));

    public string Kind => MoreTime.Key;

    /// <summary>Extends at once where the owner may; asks a second person where the pack says so.</summary>
    public async Task<Handled> Extend(Tx tx, string id, string extension, string reason, ApprovalParty by)
    {
        var done = await clocks.Extend(tx, id, extension, reason, by.Id, null);
        if (done.Refusal != ComplaintRefusal.NeedsSecondPerson) return done;
        var complaint = (await ComplaintTable.Find(tx, id))!;
        await approvals.Ask(tx, Kind, new { complaint = complaint.Number, id, extension, reason }, reason, by, complaint.CustomerId);
        await parts.Write(tx, complaint, "complaint.extension-asked", by.Id, new { extension }, reason);
        return ComplaintRefusal.NeedsSecondPerson;
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload) =>
        (await clocks.Extend(tx, payload.GetProperty("id").GetString()!, payload.GetProperty("extension").GetString()!, payload.GetProperty("reason").GetString()!, approval.AskedBy.Id, approval.DecidedBy!.Id)).Refusal?.ToString();
}
