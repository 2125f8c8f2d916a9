using System.Globalization;
using Huifang.Accounts;
using Huifang.Calendars;
using Huifang.Languages;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Planning;

/// <summary>What the week's page shows: agents, their times and slots, and the day that is being written.</summary>
public sealed record PeopleView(
    DateOnly Monday, DateTimeOffset Now, ZoneClock Zone, IReadOnlyList<Agent> Agents, IReadOnlyList<AgentTime> Times, IReadOnlyList<Slot> Slots, IReadOnlyList<(string Id, string Name)> Others,
    Agent? Agent, DateOnly Day, bool MayEdit)
{
    public string? Said { get; init; }
    public string Tone { get; init; } = "jade";
    public IReadOnlyList<Slot> Outside { get; init; } = [];

    public DateOnly Today => Zone.LocalDate(Now);

    public IEnumerable<AgentTime> Of(string agentId, DateOnly day) => Times.Where(time => time.AgentId == agentId && Zone.LocalDate(time.From) == day);

    /// <summary>The chosen day as the form shows it: what is written, or what is usual, and two rows to fill in.</summary>
    public IReadOnlyList<(TimeKind? Kind, string From, string To)> Rows()
    {
        var written = Agent is null ? [] : Of(Agent.Id, Day).OrderBy(time => time.Kind).ThenBy(time => time.From).Select(time => ((TimeKind?)time.Kind, Clock(time.From), Clock(time.To))).ToList();
        if (written.Count == 0) written = [(TimeKind.Shift, "09:00", "18:00"), (TimeKind.Break, "12:00", "13:00")];
        return [.. written, (null, "", ""), (null, "", "")];
    }

    /// <summary>Rows of imported files that nobody has looked at.</summary>
    public IReadOnlyList<KeptRow> Kept { get; init; } = [];

    /// <summary>What the import that was just made says.</summary>
    public TimeImport? Imported { get; init; }

    public string Clock(DateTimeOffset at) => Zone.LocalTime(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    public (int Free, int Promised) SlotsOn(DateOnly day)
    {
        var that = Slots.Where(slot => Zone.LocalDate(slot.From) == day).ToList();
        return (that.Count(slot => slot.IsFree), that.Count(slot => !slot.IsFree));
    }
}

/// <summary>Agents, what they can, and a week of their shifts; a day is changed by a form, and the same form is what dragging sends.</summary>
public static class PeopleEndpoints
{
    public static void MapPeople(this WebApplication app)
    {
        app.MapGet("/people", Show).RequireAuthorization(Permission.SeePlan);
        app.MapPost("/people/{agent}/days/{day}", SetDay).RequireAuthorization(Permission.EditPlan).About(Thing.Staff, "agent");
        app.MapPost("/people/calendars", Import).RequireAuthorization(Permission.EditPlan);
        app.MapPost("/people/calendars/{row}/settle", Settle).RequireAuthorization(Permission.EditPlan);
        app.MapPost("/people/{agent}", SaveAgent).RequireAuthorization(Permission.EditPlan).About(Thing.Staff, "agent");
    }

    private static async Task<IResult> Show(HttpContext http, Store store, PeopleRoom room, string? week = null, string? agent = null, string? day = null) =>
        Page(await Load(http, store, room, week, agent, day));

    private static async Task<IResult> SetDay(string agent, string day, IFormCollection form, HttpContext http, Store store, PeopleRoom room)
    {
        if (Date(day) is not { } date) return Results.NotFound();
        var rows = new List<(TimeKind, TimeOnly, TimeOnly)>();
        string? wrong = null;
        foreach (var ((kind, from), to) in form["kind"].Zip(form["start"]).Zip(form["end"]))
            if (string.IsNullOrWhiteSpace(from) && string.IsNullOrWhiteSpace(to)) continue;
            else if (Enum.TryParse<TimeKind>(kind, out var what) && Time(from ?? "") is { } start && Time(to ?? "") is { } end) rows.Add((what, start, end));
            else wrong = "Refused.NotATime";
        if (form["off"] == "true") (rows, wrong) = ([], null);
        var answer = wrong is null ? await store.Write(tx => room.Planning.SetRows(tx, agent, date, rows, http.User.Id()), http.RequestAborted) : null;
        var view = await Load(http, store, room, day, agent, day);
        return Page(answer switch
        {
            DayAnswer.Written { Promised.Count: > 0 } written => view with { Said = "WrittenWithPromises", Tone = "amber", Outside = written.Promised },
            DayAnswer.Written => view with { Said = "Written" },
            DayAnswer.Refused refused => view with { Said = $"Refused.{refused.Reason}", Tone = "amber" },
            _ => view with { Said = wrong, Tone = "amber" },
        });
    }

    private static async Task<IResult> Import(HttpContext http, Store store, PeopleRoom room, Belongings belongings)
    {
        var form = await http.Form();
        var (week, agent) = (form["week"].ToString(), form["agent"].ToString());
        if (form.Files.FirstOrDefault(one => one.Length > 0) is not { } file || file.Length > ShiftFile.BytesMax)
            return Page((await Load(http, store, room, week, agent, null)) with { Said = "ImportNoFile", Tone = "amber" });
        var text = await ShiftFile.Text(file, http.RequestAborted);
        var signed = http.Features.Get<Signed>()!.Staff;
        var import = await store.Write(async tx =>
        {
            var known = new Dictionary<string, Agent>(StringComparer.OrdinalIgnoreCase);
            var logins = (await room.Accounts.All(tx)).ToDictionary(each => each.Id, each => each.Login, StringComparer.Ordinal);
            // A file names whom it likes; only those whose day she could write by hand are taken.
            foreach (var each in await room.Planning.Agents(tx))
                if (AccessRules.Decide(new(signed.Grants[Permission.EditPlan], (await belongings.OfStaff(tx, Thing.Staff, each.Id, signed)).Relation, default, default, null, false), room.Clock.Now) is null)
                    (known[each.Id], known[logins[each.Id]]) = (each, each);
            var told = ShiftFile.Read(file.FileName, text, known, agent, room.Clock.Now.ToUniversalTime());
            return await room.Imports.Take(tx, Path.GetFileName(file.FileName), told, http.User.Id());
        }, http.RequestAborted);
        var view = await Load(http, store, room, week, agent, null);
        return Page(view with { Imported = import, Outside = import.Promised, Said = import.Bad.Count > 0 ? "ImportedSome" : "Imported", Tone = import.Bad.Count > 0 ? "amber" : "jade" });
    }

    private static async Task<IResult> Settle(string row, HttpContext http, Store store, PeopleRoom room)
    {
        await store.Write(tx => room.Imports.Settle(tx, row, http.User.Id()), http.RequestAborted);
        return Results.Redirect("/people");
    }

    private static async Task<IResult> SaveAgent(string agent, IFormCollection form, HttpContext http, Store store, PeopleRoom room)
    {
        var skills = form["skills"].ToString().Split([',', ' ', '、', '，'], StringSplitOptions.RemoveEmptyEntries).Select(skill => skill.ToLowerInvariant()).Where(skill => skill.Length <= 40).Take(20).ToList();
        var languages = form["language"].OfType<string>().Where(Language.All.Contains).ToList();
        DayRefusal? refusal = null;
        await store.Write(async tx =>
        {
            if (await room.Accounts.Find(tx, agent) is not { } staff) { refusal = DayRefusal.UnknownAgent; return; }
            refusal = await room.Planning.SaveAgent(tx, new(agent, staff.Name, form["zone"].ToString() is { Length: > 0 } zone ? zone : room.Clock.Zone.Id, languages, skills.Count == 0 ? ["general"] : skills), http.User.Id());
        }, http.RequestAborted);
        var view = await Load(http, store, room, form["week"], agent, form["day"]);
        return Page(view with { Said = refusal is null ? "AgentSaved" : $"Refused.{refusal}", Tone = refusal is null ? "jade" : "amber" });
    }

    private static async Task<PeopleView> Load(HttpContext http, Store store, PeopleRoom room, string? week, string? agent, string? day)
    {
        var zone = ZoneClock.Of(room.Clock.Zone);
        var now = room.Clock.Now.ToUniversalTime();
        var shown = Date(week) ?? Date(day) ?? zone.LocalDate(now);
        var monday = shown.AddDays(-WeekHours.DayIndex(shown.DayOfWeek));
        return await store.Read(async tx =>
        {
            var agents = await room.Planning.Agents(tx);
            var staff = (await room.Accounts.All(tx)).Where(each => each.Roles.Contains(Role.Agent) && agents.All(known => known.Id != each.Id)).Select(each => (each.Id, each.Name)).ToList();
            var chosen = agents.FirstOrDefault(each => each.Id == agent) ?? (agent is not null && staff.FirstOrDefault(each => each.Id == agent) is { Id: not null } added ? new Agent(added.Id, added.Name, room.Clock.Zone.Id, [], []) : agents.FirstOrDefault());
            var start = zone.FirstAt(monday.ToDateTime(TimeOnly.MinValue));
            return new PeopleView(monday, now, zone, agents, await room.Planning.Times(tx, monday.AddDays(-1), monday.AddDays(7)), await room.Slots.Between(tx, start, zone.FirstAt(monday.AddDays(7).ToDateTime(TimeOnly.MinValue))), staff,
                chosen, Date(day) is { } wanted && wanted >= monday && wanted < monday.AddDays(7) ? wanted : zone.LocalDate(now) is var today && today >= monday && today < monday.AddDays(7) ? today : monday, http.User.May(Permission.EditPlan))
            {
                Kept = await room.Imports.Kept(tx),
            };
        }, http.RequestAborted);
    }

    private static DateOnly? Date(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 2000 and < 2200 ? date : null;

    private static TimeOnly? Time(string text) => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static RazorComponentResult Page(PeopleView view) => new RazorComponentResult<PeoplePage>(new { View = view });
}

/// <summary>The desks that the week's page asks.</summary>
public sealed record PeopleRoom(PlanningDesk Planning, TimeImports Imports, SlotDesk Slots, AccountDesk Accounts, StaffClock Clock);
