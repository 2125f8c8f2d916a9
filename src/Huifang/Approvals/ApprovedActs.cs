using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Approvals;

/// <summary>A room does what was approved. Registered beside its <see cref="ApprovalKind"/>.</summary>
public interface IApprovedAct
{
    /// <summary>The kind it does.</summary>
    string Kind { get; }

    /// <summary>Does exactly what the payload says, in this transaction. Called once per approval: with its end the approval is over.</summary>
    /// <param name="payload">The approved payload.</param>
    /// <returns>Null when it is done; otherwise a word for why it could not be done any more (a draft that is gone, a balance that is spent).</returns>
    Task<string?> Do(Tx tx, Approval approval, JsonElement payload);
}

/// <summary>Has each given act done by its room, once: doing it and ending the approval are one transaction.</summary>
public sealed class ApprovedActs(IEnumerable<IApprovedAct> acts, JournalDesk journal, Vault vault, ApprovalParts parts) : IReaction
{
    public string Listener => "approvals";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts)
        {
            using var data = JsonDocument.Parse(fact.Data);
            if (await ApprovalTable.Find(tx, data.RootElement.GetProperty("approval").GetString()!) is { State: nameof(ApprovalState.Given) } row) await Do(tx, row);
        }
    }

    private async Task Do(Tx tx, ApprovalRow row)
    {
        var (approval, now) = (row.Open(vault), parts.Time.GetUtcNow());
        var refusal = !ApprovalSeal.Holds(vault, row) ? "payload-changed" : now - approval.DecidedAt > ApprovalRules.DoWithin ? "too-late" : null;
        if (refusal is null)
        {
            var act = acts.SingleOrDefault(act => act.Kind == approval.Kind) ?? throw new InvalidOperationException($"No room does the approved act '{approval.Kind}'.");
            using var payload = JsonDocument.Parse(approval.Payload);
            refusal = await act.Do(tx, approval, payload.RootElement);
        }
        // Whoever else did it in the meantime has ended it; throwing undoes what was done here a second time.
        if (!await ApprovalTable.End(tx, row.Id, refusal is null ? ApprovalState.Done : ApprovalState.Failed, refusal, now)) throw new InvalidOperationException($"The approval {row.Id} ended while its act was being done.");
        await journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), refusal is null ? "approval.done" : "approval.failed", approval.CustomerId, now, approval.DecidedBy!.Id,
            JsonSerializer.Serialize(new { approval = row.Id, kind = row.Kind, hash = row.PayloadHash, reason = refusal })));
    }
}
