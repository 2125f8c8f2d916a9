using System.Text.Json;
using Huifang.Languages;
using Huifang.Storage;

namespace Huifang.Improvements;

/// <summary>Something that an improvement is made because of.</summary>
/// <param name="Kind">feedback, complaint or call.</param>
/// <param name="Ref">Its id there.</param>
public sealed record Evidence(string Kind, string Ref, string? CustomerId, DateTimeOffset At);

internal static class ImprovementTable
{
    private sealed record Row(string Id, long No, string Topic, string Title, ImprovementState State, string? OwnerId, int? Expected, long SinceDay, long? ShippedDay, DateTimeOffset MadeAt, string MadeBy)
    {
        private Row() : this("", 0, "", "", default, null, null, 0, null, default, "") { }

        public string? YouSaid { get; init; }
        public string? WeDid { get; init; }
        public string? AlarmId { get; init; }
        public DateTimeOffset? PublishedAt { get; init; }
        public string? Reason { get; init; }

        public Improvement ToImprovement() => new(Id, No, Topic, Words(Title)!, State, OwnerId, Expected, SinceDay, ShippedDay, MadeAt, MadeBy) { YouSaid = Words(YouSaid), WeDid = Words(WeDid), AlarmId = AlarmId, PublishedAt = PublishedAt, Reason = Reason };
    }

    private const string Columns = "id, no, topic, title, state, owner_id as ownerid, expected, since_day as sinceday, shipped_day as shippedday, made_at as madeat, made_by as madeby, you_said as yousaid, we_did as wedid, alarm_id as alarmid, published_at as publishedat, reason";

    public static Task<int> Insert(Tx tx, Improvement i) => tx.Run(
        "insert into improvements (id, topic, title, state, owner_id, expected, since_day, alarm_id, made_at, made_by, changed_at) values (@Id, @Topic, @title, @state, @OwnerId, @Expected, @SinceDay, @AlarmId, @MadeAt, @MadeBy, @MadeAt)",
        new { i.Id, i.Topic, title = Text(i.Title), state = i.State.ToString(), i.OwnerId, i.Expected, i.SinceDay, i.AlarmId, i.MadeAt, i.MadeBy });

    public static async Task<Improvement?> Find(Tx tx, string id) => (await tx.One<Row>($"select {Columns} from improvements where id = @id", new { id }))?.ToImprovement();

    public static async Task<List<Improvement>> All(Tx tx, int most) => (await tx.Query<Row>($"select {Columns} from improvements order by changed_at desc, no desc limit {most}")).ConvertAll(row => row.ToImprovement());

    public static async Task<List<Improvement>> Published(Tx tx, int most) => (await tx.Query<Row>($"select {Columns} from improvements where state = 'Published' order by published_at desc, no desc limit {most}")).ConvertAll(row => row.ToImprovement());

    public static async Task<List<Improvement>> ShippedSince(Tx tx, long day, int most) => (await tx.Query<Row>($"select {Columns} from improvements where shipped_day >= @day and state in ('Shipped', 'Published') order by shipped_day desc, no desc limit {most}", new { day })).ConvertAll(row => row.ToImprovement());

    public static async Task<List<Improvement>> OfTopic(Tx tx, string topic, int most) => (await tx.Query<Row>($"select {Columns} from improvements where topic = @topic and state <> 'Dropped' order by changed_at desc limit {most}", new { topic })).ConvertAll(row => row.ToImprovement());

    public static Task<int> Describe(Tx tx, string id, Localized title, Localized said, Localized did, string? owner, int? expected, ImprovementState state, DateTimeOffset now) => tx.Run(
        "update improvements set title = @title, you_said = @said, we_did = @did, owner_id = @owner, expected = @expected, state = @state, changed_at = @now where id = @id", new { id, title = Text(title), said = Text(said), did = Text(did), owner, expected, state = state.ToString(), now });

    /// <summary>Of two people who move it at once the second finds it moved.</summary>
    public static async Task<bool> Move(Tx tx, string id, ImprovementState from, ImprovementState to, DateTimeOffset now, long? shippedDay = null, string? reason = null, DateTimeOffset? published = null) => await tx.Run(
        "update improvements set state = @to, changed_at = @now, shipped_day = coalesce(@shippedDay, shipped_day), reason = coalesce(@reason, reason), published_at = coalesce(@published, published_at) where id = @id and state = @from",
        new { id, from = from.ToString(), to = to.ToString(), now, shippedDay, reason, published = published?.ToUnixTimeMilliseconds() }) == 1;

    private static readonly Bulk<(string Id, Evidence Evidence, string By)> EvidenceRows = new("improvement_evidence", "on conflict (improvement_id, kind, ref) do nothing",
        ("improvement_id", Column.Text, r => r.Id), ("kind", Column.Text, r => r.Evidence.Kind), ("ref", Column.Text, r => r.Evidence.Ref), ("customer_id", Column.Text, r => r.Evidence.CustomerId), ("at", Column.Number, r => r.Evidence.At.ToUnixTimeMilliseconds()), ("added_by", Column.Text, r => r.By));

    public static Task Add(Tx tx, string id, IEnumerable<Evidence> evidence, string by) => EvidenceRows.Insert(tx, [.. evidence.Select(one => (id, one, by))], returning: "");

    public static Task<(long Items, long People)> Count(Tx tx, string id) => tx.One<(long, long)>("select count(*), count(distinct customer_id) from improvement_evidence where improvement_id = @id", new { id });

    public static Task<List<(string Id, long People)>> People(Tx tx, IReadOnlyCollection<string> ids) => tx.Query<(string, long)>("select improvement_id, count(distinct customer_id) from improvement_evidence where improvement_id in @ids group by improvement_id", new { ids });

    public static Task<List<(string Kind, long Count)>> Kinds(Tx tx, string id) => tx.Query<(string, long)>("select kind, count(*) from improvement_evidence where improvement_id = @id group by kind order by kind", new { id });

    public static Task<List<string>> Newest(Tx tx, string id, string kind, int most) => tx.Query<string>($"select ref from improvement_evidence where improvement_id = @id and kind = @kind order by at desc, ref limit {most}", new { id, kind });

    private static readonly Bulk<(string Id, string Customer, string Once, long At)> Notices = new("improvement_notices", "on conflict (improvement_id, customer_id) do nothing",
        ("improvement_id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.Customer), ("once", Column.Text, r => r.Once), ("at", Column.Number, r => r.At));

    /// <summary>People who raised it and have no notice yet.</summary>
    public static Task<List<string>> Untold(Tx tx, string id, int most) => tx.Query<string>(
        $"select distinct e.customer_id from improvement_evidence e where e.improvement_id = @id and e.customer_id is not null and not exists (select 1 from improvement_notices n where n.improvement_id = e.improvement_id and n.customer_id = e.customer_id) order by 1 limit {most}", new { id });

    public static Task Told(Tx tx, string id, IEnumerable<(string Customer, string Once)> people, DateTimeOffset now) => Notices.Insert(tx, [.. people.Select(one => (id, one.Customer, one.Once, now.ToUnixTimeMilliseconds()))], returning: "");

    /// <summary>What became of the notices, by the state of their messages; "none" for people who cannot be written to.</summary>
    public static Task<List<(string State, long Count)>> NoticeStates(Tx tx, string id) => tx.Query<(string, long)>(
        "select coalesce(m.state, 'none'), count(*) from improvement_notices n left join messages m on m.once = n.once where n.improvement_id = @id group by 1", new { id });

    private static string Text(Localized words) => JsonSerializer.Serialize(words);
    private static Localized? Words(string? json) => json is null ? null : JsonSerializer.Deserialize<Localized>(json);
}
