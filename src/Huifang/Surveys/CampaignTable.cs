using System.Collections.Immutable;
using System.Text.Json;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>A campaign as it stands.</summary>
/// <param name="Version">The version of the survey that was counted and given; another one is not sent by it.</param>
/// <param name="Cursor">The last customer that was looked at in this state.</param>
/// <param name="Reason">Why it was stopped: <c>quota</c>, <c>ended</c>, <c>changed</c>, <c>by-hand</c>.</param>
public sealed record Campaign(string Id, string SurveyId, long Version, CampaignPlan Plan, CampaignState State, string? Reason, string Cursor, long Walked, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? CountedAt, DateTimeOffset? BegunAt, string? BegunBy, DateTimeOffset? EndedAt);

/// <summary>How many people came to one finding.</summary>
public sealed record CampaignCount(CampaignFinding Finding, string Why, long People);

/// <summary>Asked, sent, kept back, shown and answered are five things.</summary>
public sealed record CampaignFunnel(long Asked, long Sent, long Withheld, long Shown, long Answered)
{
    private CampaignFunnel() : this(0, 0, 0, 0, 0) { }
}

internal static class CampaignTable
{
    /// <summary>The dry run, and the sending.</summary>
    public const string Dry = "dry", Sent = "sent";

    private const string Columns =
        "id, survey_id as surveyid, version, plan, state, reason, cursor, walked, made_at as madeat, made_by as madeby, counted_at as countedat, begun_at as begunat, begun_by as begunby, ended_at as endedat";

    public static Task<int> Insert(Tx tx, Campaign one) => tx.Run(
        "insert into survey_campaigns (id, survey_id, version, plan, state, cursor, walked, made_at, made_by) values (@Id, @SurveyId, @Version, @plan, @state, '', 0, @MadeAt, @MadeBy)",
        new { one.Id, one.SurveyId, one.Version, plan = JsonSerializer.Serialize(one.Plan), state = one.State.ToString(), one.MadeAt, one.MadeBy });

    public static async Task<Campaign?> Find(Tx tx, string id) => (await tx.One<Row>($"select {Columns} from survey_campaigns where id = @id", new { id }))?.Open();

    /// <summary>The second of two nodes waits here for the first's commit and then sees its cursor.</summary>
    public static async Task<Campaign?> Lock(Tx tx, string id) => (await tx.One<Row>($"select {Columns} from survey_campaigns where id = @id FOR_UPDATE", new { id }))?.Open();

    public static async Task<List<Campaign>> OfSurvey(Tx tx, string surveyId) =>
        (await tx.Query<Row>($"select {Columns} from survey_campaigns where survey_id = @surveyId order by made_at desc limit 100", new { surveyId })).ConvertAll(row => row.Open());

    /// <summary>Those that have something to do.</summary>
    public static Task<List<string>> Busy(Tx tx) => tx.Query<string>("select id from survey_campaigns where state in ('Counting', 'Sending', 'Stopping') order by made_at limit 50");

    /// <summary>One step on. Of two nodes that walked the same page the second finds another cursor, and its counts are not added.</summary>
    public static async Task<bool> Step(Tx tx, Campaign from, string cursor, int people) => await tx.Run(
        "update survey_campaigns set cursor = @cursor, walked = walked + @people where id = @Id and state = @state and cursor = @Cursor0",
        new { from.Id, state = from.State.ToString(), Cursor0 = from.Cursor, cursor, people = (long)people }) == 1;

    /// <summary>From one state into the next; the walk begins anew.</summary>
    public static async Task<bool> Move(Tx tx, string id, CampaignState[] from, CampaignState to, DateTimeOffset now, string? reason = null, string? by = null) => await tx.Run(
        """
        update survey_campaigns set state = @to, reason = coalesce(@reason, reason), cursor = '', walked = case when @to = 'Sending' then 0 else walked end,
          counted_at = case when @to = 'Counted' then @now else counted_at end, begun_at = case when @to = 'Sending' then @now else begun_at end, begun_by = coalesce(@by, begun_by),
          ended_at = case when @to in ('Stopping', 'Stopped', 'Done') then coalesce(ended_at, @now) else ended_at end
        where id = @id and state in @from
        """, new { id, from = from.Select(state => state.ToString()).ToArray(), to = to.ToString(), now, reason, by }) == 1;

    public static async Task Count(Tx tx, string campaignId, string stage, IEnumerable<CampaignAnswer> answers)
    {
        foreach (var one in answers.GroupBy(answer => answer))
            await tx.Run(
                """
                insert into survey_campaign_counts (campaign_id, stage, finding, why, people) values (@campaignId, @stage, @finding, @why, @people)
                on conflict (campaign_id, stage, finding, why) do update set people = survey_campaign_counts.people + excluded.people
                """, new { campaignId, stage, finding = one.Key.Finding.ToString(), why = one.Key.Why, people = one.LongCount() });
    }

    public static async Task<List<CampaignCount>> Counts(Tx tx, string campaignId, string stage) =>
        (await tx.Query<(string Finding, string Why, long People)>("select finding, why, people from survey_campaign_counts where campaign_id = @campaignId and stage = @stage order by people desc, why", new { campaignId, stage }))
            .ConvertAll(row => new CampaignCount(Enum.Parse<CampaignFinding>(row.Finding), row.Why, row.People));

    public static async Task<CampaignFunnel> Funnel(Tx tx, string campaignId) => (await tx.One<CampaignFunnel>(
        "select count(*) as asked, count(sent_at) as sent, count(withheld) as withheld, count(shown_at) as shown, count(answered_at) as answered from survey_asks where campaign_id = @campaignId", new { campaignId }))!;

    public static Task<List<(string Why, long People)>> WithheldBy(Tx tx, string campaignId) =>
        tx.Query<(string, long)>("select withheld, count(*) from survey_asks where campaign_id = @campaignId and withheld is not null group by withheld order by count(*) desc", new { campaignId });

    /// <summary>By what it was sent, with what came of it.</summary>
    public static Task<List<(string Channel, long Sent, long Shown, long Answered)>> ByChannel(Tx tx, string campaignId) => tx.Query<(string, long, long, long)>(
        "select sent_by, count(*), count(shown_at), count(answered_at) from survey_asks where campaign_id = @campaignId and sent_by is not null group by sent_by order by sent_by", new { campaignId });

    /// <summary>How much was sent, shown and answered on each of the house's days.</summary>
    public static Task<List<(long Day, long Sent, long Shown, long Answered)>> Days(Tx tx, string campaignId, long offsetMs) => tx.Query<(long, long, long, long)>(
        """
        select day, sum(sent) as sent, sum(shown) as shown, sum(answered) as answered from (
          select (sent_at + @offsetMs) / 86400000 as day, 1 as sent, 0 as shown, 0 as answered from survey_asks where campaign_id = @campaignId and sent_at is not null
          union all select (shown_at + @offsetMs) / 86400000, 0, 1, 0 from survey_asks where campaign_id = @campaignId and shown_at is not null
          union all select (answered_at + @offsetMs) / 86400000, 0, 0, 1 from survey_asks where campaign_id = @campaignId and answered_at is not null) each_one
        group by day order by day limit 400
        """, new { campaignId, offsetMs });

    public static Task<long> AskedSince(Tx tx, string campaignId, DateTimeOffset since) => tx.One<long>("select count(*) from survey_asks where campaign_id = @campaignId and asked_at > @since", new { campaignId, since });

    public static Task<List<string>> Unsent(Tx tx, string campaignId, int most) =>
        tx.Query<string>($"select id from survey_asks where campaign_id = @campaignId and sent_at is null and withheld is null and answered_at is null order by asked_at limit {most}", new { campaignId });

    public static Task<int> Withhold(Tx tx, string[] askIds, string why) => tx.Run("update survey_asks set withheld = @why where id in @askIds and sent_at is null and answered_at is null", new { askIds, why });

    /// <summary>The next customers by id, with what an audience may ask of them; nothing that identifies anybody is opened.</summary>
    public static async Task<List<(TriggerCustomer Customer, string Language)>> People(Tx tx, string after, int most) =>
        (await tx.Query<PersonRow>($"select id, language, segments, attributes, country, since, created_at as made from customers where id > @after order by id limit {most}", new { after })).ConvertAll(row => (new TriggerCustomer(row.Id)
        {
            Segments = row.Segments is "[]" ? [] : JsonSerializer.Deserialize<string[]>(row.Segments)!,
            Attributes = row.Attributes is "{}" ? ImmutableDictionary<string, string>.Empty : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Attributes)!,
            Country = row.Country, Since = row.Since ?? row.Made,
        }, row.Language));

    /// <summary>Those with whom a follow-up of this rule was finished.</summary>
    public static Task<List<string>> Talked(Tx tx, string[] ids, string rule, DateTimeOffset since) =>
        tx.Query<string>("select distinct customer_id from follow_ups where customer_id in @ids and rule_key = @rule and state = 'Finished' and changed_at > @since", new { ids, rule, since });

    /// <summary>What the wallet told of them, the clear part.</summary>
    public static Task<List<(string Customer, string Kind, DateTimeOffset At, string Data)>> Events(Tx tx, string[] ids, string? kind, DateTimeOffset since) => tx.Query<(string, string, DateTimeOffset, string)>(
        "select customer_id, kind, at, data from journal where customer_id in @ids and at > @since and (@kind = '' or kind = @kind) and source not in ('care', 'period') order by at desc limit 100000", new { ids, kind = kind ?? "", since });

    private sealed class PersonRow
    {
        public string Id { get; init; } = "";
        public string Language { get; init; } = "";
        public string Segments { get; init; } = "[]";
        public string Attributes { get; init; } = "{}";
        public string? Country { get; init; }
        public DateTimeOffset? Since { get; init; }
        public DateTimeOffset Made { get; init; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string SurveyId { get; init; } = "";
        public long Version { get; init; }
        public string Plan { get; init; } = "";
        public string State { get; init; } = "";
        public string? Reason { get; init; }
        public string Cursor { get; init; } = "";
        public long Walked { get; init; }
        public DateTimeOffset MadeAt { get; init; }
        public string MadeBy { get; init; } = "";
        public DateTimeOffset? CountedAt { get; init; }
        public DateTimeOffset? BegunAt { get; init; }
        public string? BegunBy { get; init; }
        public DateTimeOffset? EndedAt { get; init; }

        public Campaign Open() => new(Id, SurveyId, Version, JsonSerializer.Deserialize<CampaignPlan>(Plan)!, Enum.Parse<CampaignState>(State), Reason, Cursor, Walked, MadeAt, MadeBy, CountedAt, BegunAt, BegunBy, EndedAt);
    }
}
