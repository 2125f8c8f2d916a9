using Huifang.Approvals;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Accounts;

/// <summary>A member of staff as the list shows her.</summary>
public sealed record StaffLine(Staff Staff, int Passkeys, int RecoveryCodes, IReadOnlyList<Session> Sessions);

/// <summary>Who works here, and what each role may do.</summary>
public sealed record StaffView(IReadOnlyList<StaffLine> People, IReadOnlyDictionary<Role, IReadOnlyDictionary<string, Reach>> Roles, StaffLine? Chosen, bool MayEdit)
{
    public string? Said { get; init; }
}

/// <summary>Staff and roles. A change of either is proposed here and done when somebody else has given it; ending somebody's sessions holds at once.</summary>
public static class StaffEndpoints
{
    public static void MapStaff(this WebApplication app)
    {
        app.MapGet("/staff", Show).RequireAuthorization(Permission.SeeStaff);
        var edit = app.MapGroup("/staff").RequireAuthorization(Permission.EditStaff).NeedsFreshProof();
        edit.MapPost("{id}", Change);
        edit.MapPost("{id}/sessions/end", EndSessions);
        edit.MapPost("roles", ChangeRole);
    }

    private static async Task<IResult> Show(HttpContext http, StaffRoomDesks desks, StaffClock clock, string? id = null, string? said = null) =>
        new RazorComponentResult<StaffPage>(new { View = await desks.Look(http, id) with { Said = said is "asked" or "nothing" or "why" or "already" or "ended" ? said : null }, Clock = clock });

    private static async Task<IResult> Change(string id, IFormCollection form, HttpContext http, StaffRoomDesks desks)
    {
        var why = form["why"].ToString();
        if (string.IsNullOrWhiteSpace(why)) return Back(id, "why");
        var roles = form["role"].Select(role => Enum.TryParse<Role>(role, out var known) && Enum.IsDefined(known) ? known : (Role?)null).OfType<Role>().Distinct().ToList();
        var team = form["team"].ToString().Trim();
        if (team.Length is 0 or > 40 || team.Any(letter => !char.IsLetterOrDigit(letter) && letter is not ('-' or ' '))) return Back(id, "nothing");
        var answer = await desks.Store.Write(async tx => await desks.People.Ask(tx, id, roles, team, form["leaves"] == "true", why, await desks.Approvals.Party(tx, http.Signed(), Permission.EditStaff)), http.RequestAborted);
        return Back(id, answer is null ? "nothing" : answer.Value.Ok ? "asked" : "already");
    }

    private static async Task<IResult> ChangeRole(IFormCollection form, HttpContext http, StaffRoomDesks desks)
    {
        var (permission, why) = (form["permission"].ToString(), form["why"].ToString());
        if (string.IsNullOrWhiteSpace(why)) return Back(null, "why");
        if (!Permission.All.Contains(permission) || !Enum.TryParse<Role>(form["role"], out var role) || !Enum.IsDefined(role)) return Back(null, "nothing");
        Reach? reach = Enum.TryParse<Reach>(form["reach"], out var wanted) && Enum.IsDefined(wanted) ? wanted : null;
        var answer = await desks.Store.Write(async tx => await desks.Roles.Ask(tx, role, permission, reach, why, await desks.Approvals.Party(tx, http.Signed(), Permission.EditStaff)), http.RequestAborted);
        return Back(null, answer.Ok ? "asked" : "already");
    }

    private static async Task<IResult> EndSessions(string id, HttpContext http, StaffRoomDesks desks)
    {
        await desks.Store.Write(tx => desks.Sessions.EndAll(tx, id, http.Signed().SessionId, http.User.Id()), http.RequestAborted);
        return Back(id, "ended");
    }

    private static IResult Back(string? id, string said) => Results.Redirect($"/staff?said={said}{(id is null ? "" : $"&id={Uri.EscapeDataString(id)}")}");
}

/// <summary>The desks that the page of staff asks.</summary>
public sealed record StaffRoomDesks(Store Store, StaffApproval People, RoleApproval Roles, ApprovalDesk Approvals, StaffReads Reads)
{
    public SessionDesk Sessions => Reads.Sessions;

    public Task<StaffView> Look(HttpContext http, string? id) => Store.Read(async tx =>
    {
        var people = new List<StaffLine>();
        foreach (var staff in await Reads.Accounts.All(tx))
            people.Add(new(staff, (await Reads.Passkeys.Of(tx, staff.Id)).Count, await Reads.Recovery.Left(tx, staff.Id), await Reads.Sessions.Of(tx, staff.Id)));
        return new StaffView(people, await Reads.Roles.All(tx), people.FirstOrDefault(line => line.Staff.Id == id), http.User.May(Permission.EditStaff));
    }, http.RequestAborted);
}

/// <summary>What that page reads.</summary>
public sealed record StaffReads(AccountDesk Accounts, PasskeyDesk Passkeys, RecoveryCodes Recovery, SessionDesk Sessions, RoleDesk Roles);
