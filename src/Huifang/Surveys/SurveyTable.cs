using System.Text.Json;
using Huifang.Languages;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>A survey without its questions.</summary>
public sealed record SurveyLine(string Id, string Name, SurveyState State, long? LiveVersion, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? EndedAt)
{
    private SurveyLine() : this("", "", default, null, default, "", null) { }

    /// <summary>The live version, as it is stored; null before the first.</summary>
    public string? Live { get; init; }

    /// <summary>What it is called in the live version; before the first it has no name.</summary>
    public Localized Title => Live is null ? new(Name, Name, Name) : JsonSerializer.Deserialize<SurveyDefinition>(Live)!.Title;

    public long Asked { get; init; }
    public long Shown { get; init; }
    public long Answered { get; init; }
}

/// <summary>One version with its questions.</summary>
public sealed record SurveyVersion(string SurveyId, long Version, SurveyDefinition Definition, DateTimeOffset? PublishedAt);

/// <summary>Somebody who was asked.</summary>
public sealed record SurveyAsk(string Id, string SurveyId, long Version, string? CustomerId, string Channel, DateTimeOffset AskedAt, DateTimeOffset? ShownAt, DateTimeOffset? AnsweredAt)
{
    private SurveyAsk() : this("", "", 0, null, "", default, null, null) { }
}

internal static class SurveyTable
{
    private const string Columns = "s.id, s.name, s.state, s.live_version as liveversion, s.made_at as madeat, s.made_by as madeby, s.ended_at as endedat, v.definition as live";

    public static Task<List<SurveyLine>> All(Tx tx) => tx.Query<SurveyLine>(
        $"select {Columns}, count(a.id) as asked, count(a.shown_at) as shown, count(a.answered_at) as answered from surveys s left join survey_asks a on a.survey_id = s.id left join survey_versions v on v.survey_id = s.id and v.version = s.live_version group by s.id, s.name, s.state, s.live_version, s.made_at, s.made_by, s.ended_at, v.definition order by s.made_at desc limit 200");

    public static Task<SurveyLine?> Find(Tx tx, string id) => tx.One<SurveyLine>(
        $"select {Columns}, count(a.id) as asked, count(a.shown_at) as shown, count(a.answered_at) as answered from surveys s left join survey_asks a on a.survey_id = s.id left join survey_versions v on v.survey_id = s.id and v.version = s.live_version where s.id = @id group by s.id, s.name, s.state, s.live_version, s.made_at, s.made_by, s.ended_at, v.definition", new { id });

    public static Task<List<string>> Running(Tx tx) => tx.Query<string>("select id from surveys where state = 'Running' order by made_at");

    public static Task<int> Insert(Tx tx, string id, string name, DateTimeOffset now, string by) => tx.Run("insert into surveys (id, name, state, made_at, made_by) values (@id, @name, 'Draft', @now, @by)", new { id, name, now, by });

    public static async Task<SurveyVersion?> Version(Tx tx, string id, long version) =>
        await tx.One<(string Definition, DateTimeOffset? At)?>("select definition, published_at from survey_versions where survey_id = @id and version = @version", new { id, version }) is var (definition, at) ? new(id, version, JsonSerializer.Deserialize<SurveyDefinition>(definition)!, at) : null;

    public static Task<long> Newest(Tx tx, string id) => tx.One<long>("select coalesce(max(version), 0) from survey_versions where survey_id = @id", new { id });

    /// <summary>Writes the draft; a version that was published is never written again.</summary>
    public static Task<int> SaveDraft(Tx tx, string id, long version, SurveyDefinition definition, DateTimeOffset now) => tx.Run(
        "insert into survey_versions (survey_id, version, definition, changed_at) values (@id, @version, @text, @now) on conflict (survey_id, version) do update set definition = excluded.definition, changed_at = excluded.changed_at where survey_versions.published_at is null",
        new { id, version, text = JsonSerializer.Serialize(definition), now });

    public static async Task<bool> Publish(Tx tx, string id, long version, string name, DateTimeOffset now, string by)
    {
        if (await tx.Run("update survey_versions set published_at = @now, published_by = @by where survey_id = @id and version = @version and published_at is null", new { id, version, now, by }) != 1) return false;
        return await tx.Run("update surveys set state = 'Running', live_version = @version, name = @name where id = @id and state <> 'Ended'", new { id, version, name }) == 1;
    }

    public static Task<int> End(Tx tx, string id, DateTimeOffset now) => tx.Run("update surveys set state = 'Ended', ended_at = @now where id = @id and state = 'Running'", new { id, now });

    private const string AskColumns = "id, survey_id as surveyid, version, customer_id as customerid, channel, asked_at as askedat, shown_at as shownat, answered_at as answeredat";

    public static Task<SurveyAsk?> FindAsk(Tx tx, string id) => tx.One<SurveyAsk>($"select {AskColumns} from survey_asks where id = @id", new { id });

    /// <summary>One occasion asks once.</summary>
    public static async Task<bool> Ask(Tx tx, SurveyAsk ask, string once, string? campaignId = null) => await tx.Run(
        "insert into survey_asks (id, survey_id, version, customer_id, channel, once, asked_at, campaign_id) values (@Id, @SurveyId, @Version, @CustomerId, @Channel, @once, @AskedAt, @campaignId) on conflict (once) do nothing", new { ask.Id, ask.SurveyId, ask.Version, ask.CustomerId, ask.Channel, once, ask.AskedAt, campaignId }) == 1;

    /// <summary>When these customers were asked what. Whom a withheld message would have asked was not asked.</summary>
    public static Task<List<(string Customer, string SurveyId, DateTimeOffset At)>> AskedOf(Tx tx, string[] customerIds, DateTimeOffset since) =>
        tx.Query<(string, string, DateTimeOffset)>("select customer_id, survey_id, asked_at from survey_asks where customer_id in @customerIds and asked_at >= @since and withheld is null", new { customerIds, since });

    /// <summary>Her message has left; another channel may have refused before.</summary>
    public static Task<int> Sent(Tx tx, string id, string channel, DateTimeOffset at) => tx.Run("update survey_asks set sent_at = coalesce(sent_at, @at), sent_by = coalesce(sent_by, @channel), withheld = null where id = @id", new { id, channel, at });

    /// <summary>Nothing left for her, and why. What has left or was answered stays so.</summary>
    public static Task<int> Withheld(Tx tx, string id, string why) => tx.Run("update survey_asks set withheld = @why where id = @id and sent_at is null and shown_at is null and answered_at is null", new { id, why });

    /// <summary>The survey that lies in her portal and is not answered yet.</summary>
    public static Task<SurveyAsk?> Waiting(Tx tx, string customerId, DateTimeOffset since) => tx.One<SurveyAsk>($"select {AskColumns} from survey_asks where customer_id = @customerId and answered_at is null and withheld is null and asked_at >= @since order by asked_at desc limit 1", new { customerId, since });

    public static Task<int> Shown(Tx tx, string id, long version, DateTimeOffset now) => tx.Run("update survey_asks set shown_at = @now, version = @version where id = @id and shown_at is null", new { id, version, now });

    /// <summary>Of two that send the same form one is the answer.</summary>
    public static async Task<bool> Answered(Tx tx, string id, DateTimeOffset now) => await tx.Run("update survey_asks set answered_at = @now, shown_at = coalesce(shown_at, @now) where id = @id and answered_at is null", new { id, now }) == 1;

    private static readonly Bulk<(string Ask, SurveyAnswer Answer, byte[]? Words)> Answers = new("survey_answers", "on conflict do nothing", ("ask_id", Column.Text, r => r.Ask), ("question_id", Column.Text, r => r.Answer.QuestionId), ("row_id", Column.Text, r => r.Answer.RowId), ("value", Column.Text, r => r.Answer.Value), ("words", Column.Bytes, r => r.Words));

    public static Task Save(Tx tx, string askId, IReadOnlyList<(SurveyAnswer Answer, byte[]? Words)> answers) => Answers.Insert(tx, [.. answers.Select(one => (askId, one.Answer, one.Words))], returning: "");

    public static Task<List<(string Question, string Row, string Value, long Count)>> Counts(Tx tx, string surveyId) => tx.Query<(string, string, string, long)>(
        "select w.question_id, w.row_id, w.value, count(*) from survey_answers w join survey_asks a on a.id = w.ask_id where a.survey_id = @surveyId and w.value is not null group by w.question_id, w.row_id, w.value", new { surveyId });

    public static Task<List<(long Version, string Channel, long Asked, long Shown, long Answered)>> Funnel(Tx tx, string surveyId) => tx.Query<(long, string, long, long, long)>(
        "select version, channel, count(*), count(shown_at), count(answered_at) from survey_asks where survey_id = @surveyId group by version, channel order by version desc, channel", new { surveyId });
}
