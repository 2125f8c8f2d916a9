using System.Text.Json;
using Huifang.Contacts;
using Huifang.Scripts;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Calls;

internal static class CallTable
{
    private const string Columns =
        """
        id, follow_up_id as followupid, customer_id as customerid, agent_id as agentid, purpose, channel, script_key as scriptkey, script_version as scriptversion, language,
        decision_id as decisionid, verification, rev, recording, taken_at as takenat, armed_at as armedat, joined_at as joinedat, ended_at as endedat, finished_at as finishedat, outcome
        """;

    public static Task<int> Insert(Tx tx, Call call, byte[] sealKey) => tx.Run(
        """
        insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at)
        values (@Id, @FollowUpId, @CustomerId, @AgentId, @purpose, @channel, @ScriptKey, @ScriptVersion, @Language, @DecisionId, @sealKey, @TakenAt)
        """, new { call.Id, call.FollowUpId, call.CustomerId, call.AgentId, purpose = call.Purpose.ToString(), channel = call.Channel.ToString(), call.ScriptKey, call.ScriptVersion, call.Language, call.DecisionId, sealKey, call.TakenAt });

    public static async Task<Call?> Find(Tx tx, string id) => Read(await tx.One<Row>($"select {Columns} from calls where id = @id", new { id }));

    /// <summary>What the agent has in hand: at most one.</summary>
    public static async Task<Call?> OpenOfAgent(Tx tx, string agentId) => Read(await tx.One<Row>($"select {Columns} from calls where agent_id = @agentId and finished_at is null", new { agentId }));

    public static async Task<List<Call>> LiveOf(Tx tx, string customerId) =>
        [.. (await tx.Query<Row>($"select {Columns} from calls where customer_id = @customerId and armed_at is not null and ended_at is null", new { customerId })).Select(row => Read(row)!)];

    public static async Task<List<Call>> Open(Tx tx, int most = 500) =>
        [.. (await tx.Query<Row>($"select {Columns} from calls where finished_at is null order by taken_at limit {most}")).Select(row => Read(row)!)];

    public static async Task<List<Call>> OfCustomer(Tx tx, string customerId, int most = 50) =>
        [.. (await tx.Query<Row>($"select {Columns} from calls where customer_id = @customerId order by taken_at desc limit {most}", new { customerId })).Select(row => Read(row)!)];

    public static async Task<List<Call>> Recent(Tx tx, DateTimeOffset before, int most = 50) =>
        [.. (await tx.Query<Row>($"select {Columns} from calls where taken_at < @before order by taken_at desc limit {most}", new { before })).Select(row => Read(row)!)];

    public static Task<byte[]?> SealKey(Tx tx, string id) => tx.One<byte[]>("select seal_key from calls where id = @id", new { id });

    /// <summary>Of two steps of a verification at once, the second finds another rev and changes nothing.</summary>
    public static async Task<bool> Step(Tx tx, Call call, CallVerification next, DateTimeOffset? armedAt = null, DateTimeOffset? joinedAt = null) =>
        await tx.Run(
            """
            update calls set verification = @verification, rev = rev + 1, armed_at = coalesce(armed_at, @armedAt), joined_at = coalesce(joined_at, @joinedAt)
            where id = @Id and rev = @Rev and finished_at is null and ended_at is null
            """, new { call.Id, call.Rev, verification = JsonSerializer.Serialize(next), armedAt = Ms(armedAt), joinedAt = Ms(joinedAt) }) == 1;

    public static async Task<bool> End(Tx tx, string id, CallVerification? ended, DateTimeOffset now) =>
        await tx.Run("update calls set ended_at = @now, verification = coalesce(@verification, verification), rev = rev + 1 where id = @id and ended_at is null",
            new { id, now, verification = ended is null ? null : JsonSerializer.Serialize(ended) }) == 1;

    /// <summary>Calls that were announced and never picked up make way after ten minutes.</summary>
    public static Task<int> EndLapsed(Tx tx, string customerId, DateTimeOffset now) => tx.Run(
        "update calls set ended_at = @now, rev = rev + 1 where customer_id = @customerId and armed_at <= @lapsed and joined_at is null and ended_at is null",
        new { customerId, now, lapsed = now - CallVerification.ArmedLife });

    public static async Task<bool> Finish(Tx tx, string id, string agentId, CallOutcome outcome, DateTimeOffset now) =>
        await tx.Run("update calls set finished_at = @now, ended_at = coalesce(ended_at, @now), outcome = @outcome where id = @id and agent_id = @agentId and finished_at is null",
            new { id, agentId, outcome = outcome.ToString(), now }) == 1;

    /// <summary>The leave under which it rings.</summary>
    public static async Task<bool> Cleared(Tx tx, string id, string decisionId) =>
        await tx.Run("update calls set decision_id = @decisionId where id = @id and finished_at is null", new { id, decisionId }) == 1;

    /// <summary>Taken before an instant, and never rung.</summary>
    public static Task<List<(string Id, string AgentId)>> Forgotten(Tx tx, DateTimeOffset before, int most = 200) => tx.Query<(string, string)>(
        $"select id, agent_id from calls where finished_at is null and armed_at is null and taken_at <= @before order by taken_at limit {most} SKIP_LOCKED", new { before });

    public static Task<bool> AnyForgotten(Tx tx, DateTimeOffset before) =>
        tx.One<bool>("select case when exists (select 1 from calls where finished_at is null and armed_at is null and taken_at <= @before) then 1 else 0 end", new { before });

    public static Task<int> SetRecording(Tx tx, string id, RecordingConsent consent) => tx.Run("update calls set recording = @recording where id = @id", new { id, recording = consent.ToString() });

    public static Task<int> Answer(Tx tx, string callId, string questionId, string? value, byte[]? words, DateTimeOffset at) => tx.Run(
        """
        insert into call_answers (call_id, question_id, value, words, at) values (@callId, @questionId, @value, @words, @at)
        on conflict (call_id, question_id) do update set value = excluded.value, words = excluded.words, at = excluded.at
        """, new { callId, questionId, value, words, at });

    public static Task<int> Unanswer(Tx tx, string callId, string questionId) => tx.Run("delete from call_answers where call_id = @callId and question_id = @questionId", new { callId, questionId });

    public static async Task<List<Answer>> Answers(Tx tx, string callId, DataKey? key) =>
        [.. (await tx.Query<AnswerRow>("select question_id as questionid, value, words from call_answers where call_id = @callId order by at, question_id", new { callId }))
            .Select(row => new Answer(row.QuestionId, row.Value, key?.Open(row.Words)))];

    public static Task<int> Note(Tx tx, string callId, byte[] words, string refused, DateTimeOffset at) => tx.Run(
        """
        insert into call_notes (call_id, words, refused, changed_at) values (@callId, @words, @refused, @at)
        on conflict (call_id) do update set words = excluded.words, refused = excluded.refused, changed_at = excluded.changed_at
        """, new { callId, words, refused, at });

    public static async Task<CallNote?> NoteOf(Tx tx, string callId, DataKey? key) =>
        await tx.One<NoteRow>("select words, refused, changed_at as changedat from call_notes where call_id = @callId", new { callId }) is { } row && key?.Open(row.Words) is { } words
            ? new CallNote(words, row.Refused.Split(' ', StringSplitOptions.RemoveEmptyEntries), row.ChangedAt) : null;

    public static Task<int> Moment(Tx tx, string callId, string kind, DateTimeOffset at, string detail = "{}") =>
        tx.Run("insert into call_moments (call_id, at, kind, detail) values (@callId, @at, @kind, @detail)", new { callId, at, kind, detail });

    public static Task<List<CallMoment>> Moments(Tx tx, string callId) => tx.Query<CallMoment>("select at, kind, detail from call_moments where call_id = @callId order by seq limit 2000", new { callId });

    public static Task<int> Prompted(Tx tx, string nonce, string customerId, string callId, DateTimeOffset at) =>
        tx.Run("insert into call_prompts (nonce, customer_id, call_id, at) values (@nonce, @customerId, @callId, @at)", new { nonce, customerId, callId, at });

    public static async Task<int> PromptsSince(Tx tx, string customerId, DateTimeOffset since) =>
        (int)await tx.One<long>("select count(*) from call_prompts where customer_id = @customerId and at > @since", new { customerId, since });

    /// <summary>The latest change of her phone, mail or device after we first had her record.</summary>
    public static async Task<DateTimeOffset?> ContactDataChangedAt(Tx tx, string customerId) =>
        await tx.One<long?>(
            """
            select max(p.changed_at) from contact_points p join customers c on c.id = p.customer_id
            where p.customer_id = @customerId and p.changed_at > c.created_at + 60000
            """, new { customerId }) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static Call? Read(Row? row) => row is null ? null : new Call
    {
        Id = row.Id, FollowUpId = row.FollowUpId, CustomerId = row.CustomerId, AgentId = row.AgentId, Purpose = Enum.Parse<Purpose>(row.Purpose), Channel = Enum.Parse<Channel>(row.Channel),
        ScriptKey = row.ScriptKey, ScriptVersion = (int)row.ScriptVersion, Language = row.Language, DecisionId = row.DecisionId,
        Verification = row.Verification is null ? null : JsonSerializer.Deserialize<CallVerification>(row.Verification), Rev = row.Rev, Recording = Enum.Parse<RecordingConsent>(row.Recording),
        TakenAt = row.TakenAt, ArmedAt = row.ArmedAt, JoinedAt = row.JoinedAt, EndedAt = row.EndedAt, FinishedAt = row.FinishedAt, Outcome = row.Outcome is null ? null : Enum.Parse<CallOutcome>(row.Outcome),
    };

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string FollowUpId { get; set; } = "";
        public string CustomerId { get; set; } = "";
        public string AgentId { get; set; } = "";
        public string Purpose { get; set; } = "";
        public string Channel { get; set; } = "";
        public string ScriptKey { get; set; } = "";
        public long ScriptVersion { get; set; }
        public string Language { get; set; } = "";
        public string DecisionId { get; set; } = "";
        public string? Verification { get; set; }
        public long Rev { get; set; }
        public string Recording { get; set; } = "";
        public DateTimeOffset TakenAt { get; set; }
        public DateTimeOffset? ArmedAt { get; set; }
        public DateTimeOffset? JoinedAt { get; set; }
        public DateTimeOffset? EndedAt { get; set; }
        public DateTimeOffset? FinishedAt { get; set; }
        public string? Outcome { get; set; }
    }

    private sealed class AnswerRow
    {
        public string QuestionId { get; set; } = "";
        public string? Value { get; set; }
        public byte[]? Words { get; set; }
    }

    private sealed class NoteRow
    {
        public byte[] Words { get; set; } = [];
        public string Refused { get; set; } = "";
        public DateTimeOffset ChangedAt { get; set; }
    }
}
