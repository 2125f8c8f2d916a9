using Huifang.Accounts;

namespace Huifang.Shell;

/// <summary>A room of the staff's house as the rail shows it, to those who hold its permission.</summary>
public sealed record StaffRoom(string Name, string Path, string Icon, string? Permission)
{
    /// <summary>In the order of the rail.</summary>
    public static readonly IReadOnlyList<StaffRoom> All =
    [
        new("desk", "/desk", "headset", Accounts.Permission.Desk),
        new("live", "/live", "broadcast", Accounts.Permission.Supervise),
        new("complaints", "/complaints", "message-report", Accounts.Permission.SeeComplaints),
        new("customers", "/customers", "users", Accounts.Permission.SeeCustomers),
        new("insight", "/insight", "bulb", Accounts.Permission.SeeFeedback),
        new("outbox", "/outbox", "send", Accounts.Permission.SeeMessages),
        new("intake", "/intake", "inbox", Accounts.Permission.SeeIntake),
        new("rules", "/rules", "git-branch", Accounts.Permission.SeeRules),
        new("scripts", "/scripts", "list-check", Accounts.Permission.SeeScripts),
        new("packs", "/packs", "scale", Accounts.Permission.SeeRules),
        new("sight", "/sight", "eye-check", Accounts.Permission.ReviewSight),
        new("approvals", "/approvals", "checks", null),
        new("staff", "/staff", "user-shield", Accounts.Permission.SeeStaff),
        new("plan", "/plan", "calendar-time", Accounts.Permission.SeePlan),
        new("people", "/people", "id-badge-2", Accounts.Permission.SeePlan),
        new("audit", "/audit", "fingerprint", Accounts.Permission.SeeAudit),
        new("privacy", "/privacy", "user-shield", Accounts.Permission.Privacy),
        new("integrations", "/integrations", "plug-connected", Accounts.Permission.Integrate),
        new("dashboard", "/dashboard", "chart-bar", Accounts.Permission.SeeFigures),
    ];

    public bool IsOpenTo(System.Security.Claims.ClaimsPrincipal who) => Permission is null ? who.HasClaim(claim => claim.Type == Accounts.StaffSession.SessionClaim) : who.HasClaim(Accounts.StaffSession.PermissionClaim, Permission);
}
