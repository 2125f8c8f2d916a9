using System.Text.Json;
using Huifang.Approvals;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>A trigger rule decides whom we call without asking anybody, so a second person lets it go live: exactly the text that was tried.</summary>
public sealed class RuleApproval(TriggerDesk rules, ApprovalDesk approvals) : IApprovedAct
{
    /// <summary>The kind of act: the draft of a rule takes the place of what is live.</summary>
    public static readonly ApprovalKind GoesLive = new("rule.live", Accounts.Permission.ApproveRules, TimeSpan.FromDays(3));

    public string Kind => GoesLive.Key;

    /// <summary>Asks a second person to let the draft go live.</summary>
    /// <returns>Why it cannot be asked for, or null.</returns>
    public async Task<string?> Ask(Tx tx, string key, string why, ApprovalParty by)
    {
        if ((await rules.Versions(tx, key)).FirstOrDefault(version => version.State == TriggerState.Draft) is not { } draft) return nameof(LiveRefusal.NoDraft);
        if (draft.TriedAt is null) return nameof(LiveRefusal.NotTried);
        return (await approvals.Ask(tx, Kind, new { rule = key, version = draft.Rule.Version, text = TriggerWriter.Write(draft.Rule) }, why, by)).Refusal?.ToString();
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload)
    {
        var key = payload.GetProperty("rule").GetString()!;
        var draft = (await rules.Versions(tx, key)).FirstOrDefault(version => version.State == TriggerState.Draft);
        if (draft is null || draft.Rule.Version != payload.GetProperty("version").GetInt32() || TriggerWriter.Write(draft.Rule) != payload.GetProperty("text").GetString()) return "draft-changed";
        return (await rules.GoLive(tx, key, approval.DecidedBy!.Id)) is { } refusal ? refusal == LiveRefusal.NotTried ? "draft-not-tried" : "draft-changed" : null;
    }
}
