using Huifang.Accounts;
using Huifang.Customers;
using Huifang.Data;
using Huifang.Planning;
using Huifang.Scripts;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.FollowUps;

/// <summary>What the page of one rule shows.</summary>
public sealed record RuleView(string Key, IReadOnlyList<TriggerVersion> Versions, RuleForm Form, TriggerRule? Candidate, IReadOnlyList<FieldProblem> Problems, bool MayEdit, DateTimeOffset Now, TimeZoneInfo Zone)
{
    public bool IsNew => Key == "new";
    public TriggerVersion? Draft => Versions.FirstOrDefault(version => version.State == TriggerState.Draft);
    public TriggerVersion? Live => Versions.FirstOrDefault(version => version.State == TriggerState.Live);
    public Trial? Trial { get; init; }
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Staff { get; init; } = new Dictionary<string, string>();
    public (string Key, string Tone)? Said { get; init; }

    public IReadOnlyList<(string Key, string Title)> Scripts { get; } = [.. ShippedScripts.All.Select(script => (script.Key, script.Title.In(PageLanguage.Current)))];

    public string At(DateTimeOffset at) => Languages.When.Instant(at, Now, Zone, PageLanguage.Current);
    public string Who(string id) => Staff.GetValueOrDefault(id, id);
}

/// <summary>Trigger rules: the list, the editor with immediate checks, trials, going live. Every change binds the form, which demands the antiforgery token.</summary>
public static class RulesEndpoints
{
    public static void MapRules(this WebApplication app)
    {
        app.MapGet("/rules", List).RequireAuthorization(Accounts.Permission.SeeRules);
        app.MapGet("/rules/{key}", Show).RequireAuthorization(Accounts.Permission.SeeRules);
        var edit = app.MapGroup("/rules/{key}").RequireAuthorization(Accounts.Permission.EditRules);
        edit.MapPost("check", Check);
        edit.MapPost("", Save);
        edit.MapPost("try", Try);
        edit.MapPost("live", GoLive);
        edit.MapPost("stop", Stop);
        edit.MapPost("drop", Drop);
    }

    private static async Task<IResult> List(HttpContext http, Store store, TriggerDesk desk) =>
        new RazorComponentResult<RulesPage>(new { Lines = await store.Read(desk.List, http.RequestAborted), MayEdit = http.User.May(Accounts.Permission.EditRules) });

    private static async Task<IResult> Show(string key, HttpContext http, Store store, TriggerDesk desk, AccountDesk accounts, StaffClock clock) =>
        await Load(key, http, store, desk, accounts, clock) is { } view ? Page(view) : Results.NotFound();

    private static RazorComponentResult Check(string key, IFormCollection posted)
    {
        var (rule, problems) = TriggerReader.Read(RuleForm.From(posted).ToJson());
        return new RazorComponentResult<RuleCheck>(new { Rule = rule, Problems = problems });
    }

    private static async Task<IResult> Save(string key, IFormCollection posted, HttpContext http, Store store, TriggerDesk desk, AccountDesk accounts, StaffClock clock)
    {
        var form = RuleForm.From(posted);
        var answer = await store.Write(tx => desk.SaveDraft(tx, form.ToJson(), http.User.Id()), http.RequestAborted);
        if (answer is DraftAnswer.Kept kept) return Results.Redirect($"/rules/{kept.Rule.Key}");
        return await Load(key, http, store, desk, accounts, clock) is { } view ? Page(Typed(view, form) with { Said = ("NotKept", "amber") }) : Results.NotFound();
    }

    /// <summary>Keeps the draft and tries exactly it on the last 30 days.</summary>
    private static async Task<IResult> Try(string key, IFormCollection posted, HttpContext http, Store store, TriggerDesk desk, TrialDesk trials, SlotDesk slots, RuleRoom room)
    {
        var form = RuleForm.From(posted);
        if (await store.Write(tx => desk.SaveDraft(tx, form.ToJson(), http.User.Id()), http.RequestAborted) is not DraftAnswer.Kept kept)
            return await Load(key, http, store, desk, room.Accounts, room.Clock) is { } wrong ? Page(Typed(wrong, form) with { Said = ("NotKept", "amber") }) : Results.NotFound();
        var live = (await store.Read(tx => desk.Versions(tx, kept.Rule.Key), http.RequestAborted)).FirstOrDefault(version => version.State == TriggerState.Live)?.Rule;
        var (trial, names) = await store.Read(async tx =>
        {
            var tried = await trials.Run(tx, kept.Rule, live, room.Clock.Zone, await slots.CapacityByDay(tx, room.Clock.Zone));
            var people = await room.Customers.Load(tx, tried.Result.Sample.Take(12).Select(shown => shown.CustomerId));
            return (tried, people.ToDictionary(person => person.Key, person => Initial(person.Value.Name), StringComparer.Ordinal));
        }, http.RequestAborted);
        await store.Write(tx => desk.Tried(tx, kept.Rule), http.RequestAborted);
        var view = await Load(kept.Rule.Key, http, store, desk, room.Accounts, room.Clock);
        return Page(view! with { Trial = trial, Names = names });
    }

    /// <summary>Asks the second person; the rule goes live when she has given it.</summary>
    private static async Task<IResult> GoLive(string key, IFormCollection posted, HttpContext http, Store store, TriggerDesk desk, RuleRoom room)
    {
        var why = posted["why"].ToString();
        var refusal = string.IsNullOrWhiteSpace(why) ? "WhyNeeded" : await store.Write(async tx => await room.Approval.Ask(tx, key, why, await room.Approvals.Party(tx, http.Signed(), Accounts.Permission.EditRules)), http.RequestAborted);
        if (refusal is null) return Results.Redirect($"/rules/{Uri.EscapeDataString(key)}?said=asked");
        return await Load(key, http, store, desk, room.Accounts, room.Clock) is { } view ? Page(view with { Said = ($"Refused.{refusal}", "amber") }) : Results.NotFound();
    }

    private static async Task<IResult> Stop(string key, IFormCollection _, HttpContext http, Store store, TriggerDesk desk)
    {
        await store.Write(tx => desk.Stop(tx, key, http.User.Id()), http.RequestAborted);
        return Results.Redirect($"/rules/{Uri.EscapeDataString(key)}?said=stopped");
    }

    private static async Task<IResult> Drop(string key, IFormCollection _, HttpContext http, Store store, TriggerDesk desk)
    {
        await store.Write(tx => desk.DropDraft(tx, key), http.RequestAborted);
        return Results.Redirect((await store.Read(tx => desk.Versions(tx, key), http.RequestAborted)).Count == 0 ? "/rules" : $"/rules/{Uri.EscapeDataString(key)}");
    }

    private static async Task<RuleView?> Load(string key, HttpContext http, Store store, TriggerDesk desk, AccountDesk accounts, StaffClock clock)
    {
        var (versions, staff) = await store.Read(async tx => (key == "new" ? [] : await desk.Versions(tx, key), (await accounts.All(tx)).ToDictionary(each => each.Id, each => each.Name, StringComparer.Ordinal)), http.RequestAborted);
        if (versions.Count == 0 && key != "new") return null;
        var shown = versions.FirstOrDefault(version => version.State == TriggerState.Draft) ?? versions.FirstOrDefault(version => version.State == TriggerState.Live) ?? versions.FirstOrDefault();
        var form = shown is null ? RuleForm.Blank() : RuleForm.From(shown.Rule);
        return new(key, versions, form, shown?.Rule, shown is null ? TriggerReader.Read(form.ToJson()).Problems : [], http.User.May(Accounts.Permission.EditRules), clock.Now.ToUniversalTime(), clock.Zone)
        {
            Staff = staff,
            Said = http.Request.Query["said"].ToString() switch { "asked" => ("NowAsked", "jade"), "stopped" => ("NowStopped", "jade"), _ => null },
        };
    }

    /// <summary>The page with what the person typed and everything that is wrong with it.</summary>
    private static RuleView Typed(RuleView view, RuleForm form)
    {
        var (rule, problems) = TriggerReader.Read(form.ToJson());
        return view with { Form = form, Candidate = rule, Problems = problems };
    }

    /// <summary>What may be seen of a customer whom nobody talks with: the first letter or character.</summary>
    private static string Initial(string? name) => string.IsNullOrEmpty(name) ? "—" : $"{name[..1]}••";

    private static RazorComponentResult Page(RuleView view) => new RazorComponentResult<RulePage>(new { View = view });
}

/// <summary>What a trial's page needs besides the rules.</summary>
public sealed record RuleRoom(AccountDesk Accounts, CustomerDesk Customers, RuleApproval Approval, Approvals.ApprovalDesk Approvals, StaffClock Clock);
