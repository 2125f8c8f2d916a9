using System.Text.Json;
using Huifang.Approvals;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>What the page of one campaign shows.</summary>
/// <param name="Dry">What the dry run found, by reason.</param>
/// <param name="Found">What was found when it was sent: time has passed since the dry run.</param>
public sealed record CampaignView(Campaign Campaign, SurveyLine Survey, SurveyDefinition Definition, IReadOnlyList<CampaignCount> Dry, IReadOnlyList<CampaignCount> Found)
{
    public CampaignFunnel Funnel { get; init; } = new(0, 0, 0, 0, 0);
    public IReadOnlyList<(string Why, long People)> WithheldBy { get; init; } = [];
    public IReadOnlyList<(string Channel, long Sent, long Shown, long Answered)> Channels { get; init; } = [];
    public IReadOnlyList<(long Day, long Sent, long Shown, long Answered)> Days { get; init; } = [];

    /// <summary>Everybody the audience means.</summary>
    public long Wanted => Dry.Sum(one => one.People);
    public long MayBeAsked => Dry.Where(one => one.Finding != CampaignFinding.Refused).Sum(one => one.People);
    public long Refused => Wanted - MayBeAsked;
}

/// <summary>Surveys sent to an audience: made and counted without a message, begun only with a second person's leave, and stopped by anybody who works here.</summary>
public sealed class CampaignDesk(JournalDesk journal, FeedbackClock clock)
{
    /// <summary>Keeps the plan; the dry run begins. The survey must be running.</summary>
    public async Task<(string? Id, IReadOnlyList<SurveyFault> Faults)> Make(Tx tx, string surveyId, CampaignPlan plan, string by)
    {
        if (await SurveyTable.Find(tx, surveyId) is not { State: SurveyState.Running, LiveVersion: { } live } || await SurveyTable.Version(tx, surveyId, live) is not { } version) return (null, [new("survey", "not-running")]);
        if (CampaignRules.Check(plan, version.Definition) is { Count: > 0 } faults) return (null, faults);
        var id = clock.Ids.New();
        await CampaignTable.Insert(tx, new(id, surveyId, live, plan, CampaignState.Counting, null, "", 0, clock.Now, by, null, null, null, null));
        await Tell(tx, "survey.campaign-made", id, by);
        return (id, []);
    }

    public Task<Campaign?> Find(Tx tx, string id) => CampaignTable.Find(tx, id);

    /// <summary>A survey's campaigns with how far each has come.</summary>
    public async Task<IReadOnlyList<(Campaign Campaign, long Wanted, CampaignFunnel Funnel)>> OfSurvey(Tx tx, string surveyId)
    {
        var lines = new List<(Campaign, long, CampaignFunnel)>();
        foreach (var one in await CampaignTable.OfSurvey(tx, surveyId)) lines.Add((one, (await CampaignTable.Counts(tx, one.Id, CampaignTable.Dry)).Sum(count => count.People), await CampaignTable.Funnel(tx, one.Id)));
        return lines;
    }

    /// <param name="offset">Where the house's days begin, from UTC.</param>
    public async Task<CampaignView?> Look(Tx tx, string id, TimeSpan offset)
    {
        if (await CampaignTable.Find(tx, id) is not { } campaign || await SurveyTable.Find(tx, campaign.SurveyId) is not { } survey || await SurveyTable.Version(tx, survey.Id, campaign.Version) is not { } version) return null;
        return new(campaign, survey, version.Definition, await CampaignTable.Counts(tx, id, CampaignTable.Dry), await CampaignTable.Counts(tx, id, CampaignTable.Sent))
        {
            Funnel = await CampaignTable.Funnel(tx, id), WithheldBy = await CampaignTable.WithheldBy(tx, id), Channels = await CampaignTable.ByChannel(tx, id), Days = await CampaignTable.Days(tx, id, (long)offset.TotalMilliseconds),
        };
    }

    /// <summary>Nothing more is asked, and what still waits is called back.</summary>
    public async Task<bool> Stop(Tx tx, string id, string reason, string by)
    {
        // A dry run has nothing to call back.
        var stopped = await CampaignTable.Move(tx, id, [CampaignState.Sending], CampaignState.Stopping, clock.Now, reason) || await CampaignTable.Move(tx, id, [CampaignState.Counting, CampaignState.Counted], CampaignState.Stopped, clock.Now, reason);
        if (stopped) await Tell(tx, "survey.campaign-stopped", id, by, reason);
        return stopped;
    }

    internal async Task<bool> Begin(Tx tx, string id, string by)
    {
        if (!await CampaignTable.Move(tx, id, [CampaignState.Counted], CampaignState.Sending, clock.Now, by: by)) return false;
        await Tell(tx, "survey.campaign-begun", id, by);
        return true;
    }

    internal async Task Finish(Tx tx, string id)
    {
        if (await CampaignTable.Move(tx, id, [CampaignState.Sending], CampaignState.Done, clock.Now)) await Tell(tx, "survey.campaign-done", id, "house");
    }

    private Task Tell(Tx tx, string kind, string id, string by, string? reason = null) => journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), kind, null, clock.Now, by, JsonSerializer.Serialize(new { campaign = id, reason })));
}

/// <summary>A campaign decides whom we contact without asking anybody, so a second person lets it begin, with its figures before her eyes.</summary>
public sealed class CampaignApproval(CampaignDesk campaigns, ApprovalDesk approvals) : IApprovedAct
{
    public static readonly ApprovalKind Begins = new("survey.campaign", Accounts.Permission.ApproveRules, TimeSpan.FromDays(3));

    public string Kind => Begins.Key;

    /// <returns>Why it cannot be asked for, or null.</returns>
    public async Task<string?> Ask(Tx tx, string id, string why, ApprovalParty by)
    {
        if (await campaigns.Look(tx, id, TimeSpan.Zero) is not { Campaign.State: CampaignState.Counted } view) return "not-counted";
        if (Stale(view) is { } stale) return stale;
        return (await approvals.Ask(tx, Kind, Payload(view), why, by)).Refusal?.ToString();
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload)
    {
        var id = payload.GetProperty("campaign").GetString()!;
        if (await campaigns.Look(tx, id, TimeSpan.Zero) is not { Campaign.State: CampaignState.Counted } view || ApprovalSeal.Canonical(Payload(view)) != approval.Payload) return "campaign-gone";
        return Stale(view) ?? (await campaigns.Begin(tx, id, approval.DecidedBy!.Id) ? null : "campaign-gone");
    }

    /// <summary>Everything that is sent, to whom and how fast: nothing else can begin under this leave.</summary>
    private static object Payload(CampaignView view)
    {
        var (plan, audience) = (view.Campaign.Plan, view.Campaign.Plan.Audience);
        static string? List(IReadOnlyCollection<string> parts) => parts.Count == 0 ? null : string.Join(' ', parts);
        return new
        {
            campaign = view.Campaign.Id, survey = view.Definition.Title.ZhHans, version = view.Campaign.Version, way = plan.Way.ToString(),
            segments = List(audience.Who.SegmentsAny), segmentsNone = List(audience.Who.SegmentsNone), countries = List(audience.Who.Countries), languages = List(audience.Languages), joinedMin = audience.Who.JoinedDaysMin, joinedMax = audience.Who.JoinedDaysMax,
            talk = audience.Talk, @event = audience.Event, product = audience.Product, days = audience.Days,
            wanted = view.Wanted, refused = view.Refused, most = Math.Min(plan.AskMax ?? view.MayBeAsked, view.MayBeAsked), perHour = plan.PerHour, withinDays = plan.WithinDays,
        };
    }

    private static string? Stale(CampaignView view) => view.Survey.State != SurveyState.Running ? "survey-ended" : view.Survey.LiveVersion != view.Campaign.Version ? "survey-changed" : null;
}
