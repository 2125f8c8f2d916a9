using System.Text.Json;
using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang.Approvals;

/// <summary>What a member of staff does here, in which team, and whether she still works here: proposed by an administrator, approved by somebody of another role.</summary>
public sealed class StaffApproval(AccountDesk accounts, ApprovalDesk approvals) : IApprovedAct
{
    public static readonly ApprovalKind Changes = new("staff.change", Permission.ApproveStaff, TimeSpan.FromDays(3));

    public string Kind => Changes.Key;

    /// <summary>Asks for a change of roles, team, or that she leaves (no roles count then).</summary>
    /// <returns>Null when nobody of that id works here, or nothing would change.</returns>
    public async Task<ApprovalAnswer?> Ask(Tx tx, string staffId, IReadOnlyList<Role> roles, string team, bool leaves, string why, ApprovalParty by)
    {
        if (await accounts.Find(tx, staffId) is not { } staff || (roles.Count == 0 && !leaves)) return null;
        var (before, after) = (Say(staff.Roles, staff.Team, staff.DisabledAt is not null), Say(leaves ? staff.Roles : roles, team, leaves));
        if (before == after) return null;
        return await approvals.Ask(tx, Kind, new { staff = staffId, name = staff.Name, before, after }, why, by);
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload)
    {
        string Field(string name) => payload.GetProperty(name).GetString()!;
        if (await accounts.Find(tx, Field("staff")) is not { } staff || Say(staff.Roles, staff.Team, staff.DisabledAt is not null) != Field("before")) return "changed-meanwhile";
        if (Field("after").Split(" · ") is not [var roles, var team, var works]) return "changed-meanwhile";
        await accounts.Change(tx, staff.Id, [.. roles.Split(", ").Select(Enum.Parse<Role>)], team, works == "left", approval.DecidedBy!.Id);
        return null;
    }

    // One text that two people can compare and the act is done by.
    private static string Say(IEnumerable<Role> roles, string team, bool left) => $"{string.Join(", ", roles.Distinct().Order())} · {team} · {(left ? "left" : "works")}";
}
