using System.Text.Json;
using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Approvals;

/// <summary>What a role may do is changed by two people: an administrator proposes, somebody of another role approves.</summary>
public sealed class RoleApproval(RoleDesk roles, ApprovalDesk approvals) : IApprovedAct
{
    public static readonly ApprovalKind Changes = new("role.change", Permission.ApproveStaff, TimeSpan.FromDays(3));

    public string Kind => Changes.Key;

    /// <summary>Asks that a role gets a permission with this reach, or loses it (null).</summary>
    public async Task<ApprovalAnswer> Ask(Tx tx, Role role, string permission, Reach? reach, string why, ApprovalParty by)
    {
        var now = (await roles.All(tx))[role];
        return await approvals.Ask(tx, Kind, new { role = role.ToString(), permission, before = now.TryGetValue(permission, out var held) ? held.ToString() : "None", reach = reach?.ToString() ?? "None" }, why, by);
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload)
    {
        string Field(string name) => payload.GetProperty(name).GetString()!;
        var role = Enum.Parse<Role>(Field("role"));
        var held = (await roles.All(tx))[role].TryGetValue(Field("permission"), out var reach) ? reach.ToString() : "None";
        if (held != Field("before")) return "changed-meanwhile";
        await roles.Set(tx, role, Field("permission"), Enum.TryParse<Reach>(Field("reach"), out var wanted) ? wanted : null, approval.DecidedBy!.Id);
        return null;
    }
}
