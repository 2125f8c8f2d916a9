namespace Huifang.Shell;

/// <summary>A room of the staff's house as the rail shows it. Roles null means everybody who is signed in.</summary>
public sealed record StaffRoom(string Name, string Path, string Icon, params string[] Roles)
{
    /// <summary>In the order of the rail.</summary>
    public static readonly IReadOnlyList<StaffRoom> All =
    [
        new("desk", "/desk", "headset", "agent", "supervisor"),
        new("live", "/live", "broadcast", "supervisor", "risk", "administrator"),
        new("customers", "/customers", "users"),
        new("feedback", "/feedback", "message-2"),
        new("outbox", "/outbox", "send"),
        new("intake", "/intake", "inbox", "supervisor", "analyst", "compliance", "administrator"),
        new("rules", "/rules", "git-branch", "supervisor", "analyst", "compliance", "administrator"),
        new("scripts", "/scripts", "list-check", "agent", "supervisor", "analyst", "compliance", "administrator"),
        new("packs", "/packs", "scale", "supervisor", "compliance", "administrator"),
        new("people", "/people", "id-badge-2", "supervisor", "administrator"),
        new("dashboard", "/dashboard", "chart-bar"),
    ];

    public bool IsOpenTo(System.Security.Claims.ClaimsPrincipal who) => Roles.Length == 0 || Roles.Any(who.IsInRole);
}
