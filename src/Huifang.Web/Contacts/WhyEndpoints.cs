using System.Text.Json;
using Huifang.Accounts;
using Huifang.Calendars;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Shell;
using Huifang.Storage;
using Microsoft.Extensions.Localization;

namespace Huifang.Contacts;

/// <summary>A rule that looked at the same cause and did nothing.</summary>
public sealed record OtherRule(string Rule, string Why);

/// <summary>What the why page of a follow-up shows.</summary>
public sealed record WhyView(FollowUp FollowUp, WhyFollowUp Why, TriggerVersion? Rule, IReadOnlyList<OtherRule> Others, bool ForCustomer, bool MayTalk, ContactWords Words, ContactWords CustomerWords, IStringLocalizer<ContactText> T, PackShelf Shelf)
{
    public bool Is => FollowUp.State is not (FollowUpState.Dropped or FollowUpState.Merged or FollowUpState.Expired or FollowUpState.Withdrawn or FollowUpState.Declined);

    public TriggerSentence? Sentence { get; } = Rule is null ? null : TriggerSentence.Of(Rule.Rule, PageLanguage.Current);

    /// <summary>Who asked for it when no rule did: a known key, else "other".</summary>
    public string ByKey => FollowUp.RuleKey is "by-hand" or "asked" or "api" ? FollowUp.RuleKey : "other";

    public string Lead => (Rule is null ? T[$"By.{ByKey}"] : T["LeadRule", Rule.Rule.Name.In(PageLanguage.Current)]).Value;

    public string Verdict => (Why.AtContact ?? Why.Planned)?.Verdict is { } verdict ? $"{Words.Verdict(verdict)}{T["Stop"]}" : T["NotWeighed"].Value;

    public string? Second => Why is { Planned.Verdict: { } planned, AtContact.Verdict: { } made }
        ? planned.GetType() == made.GetType() ? T["SameTwice"].Value : T["ChangedSince", Words.Verdict(planned)].Value : null;

    public string Stages => string.Join("　", new[] { Why.Planned is { } planned ? T["PlannedAt", At(planned.DecidedAt)].Value : null, Why.AtContact is { } made ? T["MadeAt", At(made.DecidedAt)].Value : null }.OfType<string>());

    public IEnumerable<string> Packs => Why.Checks.SelectMany(twice => new[] { twice.PlannedRule, twice.AtContactRule }).OfType<RuleRef>().Select(rule => $"{rule.Pack} {rule.Version}").Distinct();

    public (RuleRef Rule, PackRule Written)? RuleOf(CheckTwice twice) =>
        (twice.AtContactRule ?? twice.PlannedRule) is { } rule && Shelf.Find(rule) is { } written ? (rule, written) : null;

    public string At(DateTimeOffset at) => Words.Day(at);
}

/// <summary>Why there is this follow-up, for colleagues and as the customer sees it; and the customer's own page.</summary>
public static class WhyEndpoints
{
    public static void MapWhy(this WebApplication app)
    {
        app.MapGet("/follow-ups/{id}/why", Show).RequireAuthorization(Accounts.Permission.SeeRules);
        app.MapGet("/follow-ups/{id}", (string id) => Results.Redirect($"/follow-ups/{Uri.EscapeDataString(id)}/why")).RequireAuthorization(Accounts.Permission.SeeRules);
        app.MapGet("/me/why", Mine).RequireAuthorization(StaffSession.PortalScheme);
        app.MapGet("/me/why/{id}", MineOne).RequireAuthorization(StaffSession.PortalScheme).About(Thing.Decision);
    }

    private static async Task<IResult> Show(string id, HttpContext http, Store store, FollowUpDesk followUps, WhyContacted why, TriggerDesk rules, CustomerDesk customers, PackShelf shelf, StaffClock clock, IStringLocalizer<ContactText> text)
    {
        var view = await store.Read(async tx =>
        {
            if (await followUps.Find(tx, id) is not { } followUp) return null;
            var customer = await customers.Find(tx, followUp.CustomerId);
            var rule = (await rules.Versions(tx, followUp.RuleKey)).FirstOrDefault(version => version.Rule.Version == followUp.RuleVersion);
            var now = clock.Now.ToUniversalTime();
            return new WhyView(followUp, await why.OfFollowUp(tx, id), rule, Others(await rules.ConsideredOf(tx, followUp.CauseSeq), followUp.RuleKey, text), http.Request.Query["for"] == "customer",
                http.User.May(Accounts.Permission.Desk), new(PageLanguage.Current, ZoneClock.Of(clock.Zone), now), WordsFor(customer, PageLanguage.Current, now), text, shelf);
        }, http.RequestAborted);
        return view is null ? Results.NotFound() : new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<WhyPage>(new { View = view });
    }

    private static Task<IResult> Mine(HttpContext http, Store store, WhyContacted why, CustomerDesk customers, TimeProvider time) =>
        MyPage(http, store, customers, time, false, (tx, me) => why.OfCustomer(tx, me, 40));

    private static Task<IResult> MineOne(string id, HttpContext http, Store store, WhyContacted why, CustomerDesk customers, TimeProvider time) =>
        MyPage(http, store, customers, time, true, async (tx, me) => await why.Find(tx, id) is { } decision && decision.CustomerId == me ? [decision]
            : [.. (await why.OfCustomer(tx, me, 100)).Where(one => one.FollowUpId == id)]);

    private static async Task<IResult> MyPage(HttpContext http, Store store, CustomerDesk customers, TimeProvider time, bool one, Func<Tx, string, Task<List<ContactDecision>>> load)
    {
        var me = http.User.Id();
        var (customer, decisions) = await store.Read(async tx => (await customers.Find(tx, me), await load(tx, me)), http.RequestAborted);
        if (one && decisions.Count == 0) return Results.NotFound();
        return new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<MyWhyPage>(new { Decisions = (IReadOnlyList<ContactDecision>)decisions, Words = WordsFor(customer, PageLanguage.Current, time.GetUtcNow()), One = one });
    }

    private static ContactWords WordsFor(Customer? customer, string language, DateTimeOffset now) => new(language, ZoneClock.Find(customer?.TimeZone) ?? ZoneClock.Of(TimeZoneInfo.Utc), now);

    private static List<OtherRule> Others(Consideration? considered, string mine, IStringLocalizer<ContactText> text)
    {
        if (considered is null) return [];
        using var json = JsonDocument.Parse(considered.Reasons);
        return json.RootElement.ValueKind != JsonValueKind.Array ? [] :
        [
            .. json.RootElement.EnumerateArray()
                .Where(reason => reason.TryGetProperty("Rule", out var rule) && rule.GetString() != mine)
                .Select(reason => new OtherRule(TriggerShelf.Shipped.FirstOrDefault(rule => rule.Key == reason.GetProperty("Rule").GetString())?.Name.In(PageLanguage.Current) ?? reason.GetProperty("Rule").GetString()!,
                    text[$"Leave.{reason.GetProperty("Why").GetString()}"])),
        ];
    }
}
