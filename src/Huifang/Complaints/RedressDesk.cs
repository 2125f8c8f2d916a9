using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What was or will be done for the customer.</summary>
public sealed record Redress(string Id, Resolution Kind, long? Amount, string? Currency, string? TransactionId, string Reason, string State, string ProposedBy, DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? ApprovalId);

/// <summary>Gives explanation, correction, money, apology. Money above a person's limit waits for a second one, and no transaction is refunded twice (I8).</summary>
public sealed class RedressDesk(ComplaintParts parts)
{
    public const string Proposed = "Proposed";
    public const string Given = "Given";
    public const string Declined = "Declined";

    /// <summary>Gives it at once, or proposes it when somebody else has to agree.</summary>
    public async Task<Handled> Propose(Tx tx, string id, Resolution kind, long? amount, string? currency, string? transactionId, string reason, string by)
    {
        if (await ComplaintTable.Find(tx, id) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (!ComplaintRules.IsWorking(complaint.State)) return ComplaintRefusal.NotNow;
        if (string.IsNullOrWhiteSpace(reason)) return ComplaintRefusal.ReasonMissing;
        var money = kind is Resolution.Refund or Resolution.Goodwill or Resolution.Insurance;
        if (money && (amount is null or <= 0 || currency is null || !Money.Currency.IsKnown(currency))) return ComplaintRefusal.NoAmount;
        if (money && amount > RedressPolicy.Max) return ComplaintRefusal.OverLimit;
        transactionId = ComplaintDesk.Blank(transactionId);
        if (kind == Resolution.Refund && transactionId is null) return ComplaintRefusal.NoAmount;
        if (kind == Resolution.Refund && (await CaseTable.Transactions(tx, id)).FirstOrDefault(one => one.TransactionId == transactionId) is { Amount: { } paid, Currency: { } unit } && (amount > paid || currency != unit)) return ComplaintRefusal.OverLimit;

        // Goodwill adds up: ten small ones are one large one.
        var before = (await CaseTable.Redress(tx, id)).Where(one => one.State != Declined && one.Currency == currency).Sum(one => one.Amount ?? 0);
        var second = money && (kind == Resolution.Insurance || RedressPolicy.NeedsSecond(before + amount!.Value, currency!));
        var row = new RedressRow(parts.NewId(), id, kind.ToString(), money ? amount : null, money ? currency : null, transactionId, await parts.Seal(tx, complaint.CustomerId, reason), second ? Proposed : Given, by, parts.Now, second ? null : by, second ? null : parts.Now, null);
        if (!await CaseTable.Propose(tx, row)) return ComplaintRefusal.RefundedAlready;
        await Told(tx, complaint, row, second ? "complaint.money-proposed" : money ? "complaint.money-given" : "complaint.done-for-her", by, shown: !second);
        return complaint;
    }

    /// <summary>A second person gives or declines it: never the one who proposed it, and not the owner either when she did.</summary>
    public async Task<Handled> Decide(Tx tx, string redressId, bool give, string by)
    {
        if (await CaseTable.FindRedress(tx, redressId) is not { } row || await ComplaintTable.Find(tx, row.ComplaintId) is not { } complaint) return ComplaintRefusal.NoSuchComplaint;
        if (row.ProposedBy == by) return ComplaintRefusal.SamePerson;
        if (!await CaseTable.Decide(tx, redressId, give ? Given : Declined, by, parts.Now)) return ComplaintRefusal.NotNow;
        await Told(tx, complaint, row with { DecidedBy = by }, give ? "complaint.money-given" : "complaint.money-declined", by, shown: give);
        return complaint;
    }

    /// <summary>What waits for a second person.</summary>
    internal async Task<List<RedressRow>> Waiting(Tx tx, string id) => (await CaseTable.Redress(tx, id)).FindAll(row => row.State == Proposed);

    internal Task<int> Asked(Tx tx, string redressId, string approvalId) => tx.Run("update complaint_redress set approval_id = @approvalId where id = @redressId", new { redressId, approvalId });

    /// <summary>The second person refused, or nobody answered in time.</summary>
    internal async Task NotApproved(Tx tx, string approvalId, string by)
    {
        if (await tx.One<string>("select id from complaint_redress where approval_id = @approvalId and state = 'Proposed'", new { approvalId }) is { } id) await Decide(tx, id, false, by);
    }

    public async Task<IReadOnlyList<Redress>> Of(Tx tx, Complaint complaint)
    {
        var found = new List<Redress>();
        foreach (var row in await CaseTable.Redress(tx, complaint.Id))
            found.Add(new(row.Id, Enum.Parse<Resolution>(row.Kind), row.Amount, row.Currency, row.TransactionId, await parts.Open(tx, complaint.CustomerId, row.Reason) ?? "", row.State, row.ProposedBy, row.ProposedAt, row.DecidedBy, row.DecidedAt, row.ApprovalId));
        return found;
    }

    // "refund-ordered" for the wallet: the redress's id is its idempotency key there.
    private Task Told(Tx tx, Complaint complaint, RedressRow row, string kind, string by, bool shown) =>
        parts.Tell(tx, complaint, kind, by, new { redress = row.Id, what = row.Kind, amount = row.Amount, currency = row.Currency, transaction = row.TransactionId, proposedBy = row.ProposedBy, decidedBy = row.DecidedBy }, shown: shown);
}
