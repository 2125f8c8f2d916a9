using System.Text.Json;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>One reading with what it is counted by.</summary>
internal sealed record ReadingRow(string FeedbackId, DateTimeOffset At, long Day, string Model, string Topic, double Probability, string Topics, string Sentiment, string Intent, string Severity, string NeedsContact, string Language, bool Fraud, bool Abstained, string Source)
{
    private ReadingRow() : this("", default, 0, "", "", 0, "", "", "", "", "", "", false, false, "") { }

    public string? Segment { get; init; }
    public string? Region { get; init; }
    public string? AppVersion { get; init; }
    public string? CorrectedBy { get; init; }
    public DateTimeOffset? CorrectedAt { get; init; }
    public int? Rating { get; init; }

    public Insight ToInsight() => new(FeedbackId, At, Model, Topic, Probability, JsonSerializer.Deserialize<List<Guess>>(Topics)!, Sentiment, Intent, Severity, NeedsContact, Language) { Fraud = Fraud, Abstained = Abstained, CorrectedBy = CorrectedBy, CorrectedAt = CorrectedAt };
}

internal static class InsightTable
{
    private const string Columns = "r.feedback_id as feedbackid, r.at, r.day, r.model, r.topic, r.probability, r.topics, r.sentiment, r.intent, r.severity, r.needs_contact as needscontact, r.language, r.fraud, r.abstained, r.source, r.segment, r.region, r.app_version as appversion, r.corrected_by as correctedby, r.corrected_at as correctedat";

    private static readonly Bulk<(ReadingRow Row, long Now)> Rows = new("insight_readings", "on conflict (feedback_id) do nothing",
        ("feedback_id", Column.Text, r => r.Row.FeedbackId), ("at", Column.Number, r => r.Row.At.ToUnixTimeMilliseconds()), ("day", Column.Number, r => r.Row.Day), ("model", Column.Text, r => r.Row.Model), ("topic", Column.Text, r => r.Row.Topic), ("probability", Column.Real, r => r.Row.Probability),
        ("topics", Column.Text, r => r.Row.Topics), ("sentiment", Column.Text, r => r.Row.Sentiment), ("intent", Column.Text, r => r.Row.Intent), ("severity", Column.Text, r => r.Row.Severity), ("needs_contact", Column.Text, r => r.Row.NeedsContact), ("language", Column.Text, r => r.Row.Language),
        ("fraud", Column.Number, r => r.Row.Fraud ? 1L : 0L), ("abstained", Column.Number, r => r.Row.Abstained ? 1L : 0L), ("source", Column.Text, r => r.Row.Source), ("segment", Column.Text, r => r.Row.Segment), ("region", Column.Text, r => r.Row.Region), ("app_version", Column.Text, r => r.Row.AppVersion), ("read_at", Column.Number, r => r.Now));

    /// <returns>Those that had no reading yet: a fact told twice is counted once.</returns>
    public static async Task<IReadOnlyList<ReadingRow>> Insert(Tx tx, IReadOnlyList<ReadingRow> rows, DateTimeOffset now)
    {
        var given = await Rows.Insert(tx, [.. rows.Select(row => (row, now.ToUnixTimeMilliseconds()))], returning: "at");
        return [.. rows.Where((_, i) => given[i] is not null)];
    }

    public static Task<ReadingRow?> Find(Tx tx, string feedbackId) =>
        tx.One<ReadingRow>($"select {Columns}, f.rating from insight_readings r join feedback f on f.id = r.feedback_id where r.feedback_id = @feedbackId", new { feedbackId });

    public static async Task<List<ReadingRow>> Load(Tx tx, IReadOnlyCollection<string> ids)
    {
        var rows = new List<ReadingRow>(ids.Count);
        foreach (var part in ids.Chunk(500)) rows.AddRange(await tx.Query<ReadingRow>($"select {Columns} from insight_readings r where r.feedback_id in @part", new { part }));
        return rows;
    }

    /// <summary>Changes a reading as long as nobody else changed it meanwhile: of two corrections at once the second sees the first.</summary>
    public static Task<int> Correct(Tx tx, ReadingRow before, ReadingRow after, string by, DateTimeOffset now) => tx.Run(
        "update insight_readings set topic = @Topic, probability = 1, sentiment = @Sentiment, intent = @Intent, severity = @Severity, needs_contact = @NeedsContact, abstained = 0, corrected_by = @by, corrected_at = @now where feedback_id = @FeedbackId and topic = @was and sentiment = @felt and severity = @bad",
        new { after.Topic, after.Sentiment, after.Intent, after.Severity, after.NeedsContact, after.FeedbackId, by, now, was = before.Topic, felt = before.Sentiment, bad = before.Severity });

    /// <summary>The records of a topic ('' for all) and one value of one dimension, the surest or the newest first.</summary>
    public static Task<List<ReadingRow>> Page(Tx tx, InsightFilter filter, bool surest, int most) => tx.Query<ReadingRow>(
        $"""
        select {Columns} from insight_readings r
        where r.day >= @From and r.day <= @To {(filter.Topic.Length == 0 ? "" : filter.IsClass ? "and r.topic like @under" : "and r.topic = @Topic")} {(filter.Dim == Dims.All ? "" : $"and r.{Dims.ColumnOf(filter.Dim)} = @Value")} {(filter.Sentiment is null ? "" : "and r.sentiment = @Sentiment")} {(filter.Severity is null ? "" : "and r.severity = @Severity")}
        order by {(surest ? "r.probability desc, r.at desc" : "r.at desc")}, r.feedback_id limit {most}
        """, new { filter.From, filter.To, filter.Topic, under = $"{filter.Topic}.%", filter.Value, filter.Sentiment, filter.Severity });

    /// <summary>How many people stand behind a topic in these days.</summary>
    public static Task<long> People(Tx tx, string topic, long from, long to) => tx.One<long>(
        "select count(distinct f.customer_id) from insight_readings r join feedback f on f.id = r.feedback_id where r.topic = @topic and r.day >= @from and r.day <= @to and f.customer_id is not null", new { topic, from, to });

    /// <summary>How many different texts speak of a topic in these days.</summary>
    public static Task<long> Voices(Tx tx, string topic, long from, long to) => tx.One<long>(
        "select count(distinct coalesce(cast(f.text_hash as text), f.id)) from insight_readings r join feedback f on f.id = r.feedback_id where r.topic = @topic and r.day >= @from and r.day <= @to", new { topic, from, to });

    /// <summary>What the model was least sure of and nobody has judged yet, for this person; what another has judged comes again now and then, so that two agree.</summary>
    public static Task<List<ReadingRow>> ToLabel(Tx tx, string staff, DateTimeOffset since, string? source, int most) => tx.Query<ReadingRow>(
        $"""
        select {Columns} from insight_readings r
        where r.at >= @since and r.corrected_by is null and r.topic <> 'no-words' {(source is null ? "" : "and r.source = @source")} and not exists (select 1 from insight_labels l where l.feedback_id = r.feedback_id and l.by_whom = @staff)
        order by r.abstained desc, r.probability, r.feedback_id limit {most}
        """, new { since, staff, source });

    public static Task<List<string>> ForSecond(Tx tx, string staff, int most) => tx.Query<string>(
        $"""
        select l.feedback_id from insight_labels l
        where l.by_whom <> @staff and not exists (select 1 from insight_labels o where o.feedback_id = l.feedback_id and o.by_whom <> l.by_whom)
        order by l.at desc limit {most}
        """, new { staff });

    public static Task<long> CountUnsure(Tx tx, DateTimeOffset since) => tx.One<long>("select count(*) from insight_readings where abstained = 1 and corrected_by is null and at >= @since", new { since });

    /// <summary>Texts that were said word for word alike, with how often, by how many and since when.</summary>
    public static Task<List<(long Hash, long Items, long People, DateTimeOffset First, DateTimeOffset Last, string Sample)>> Copies(Tx tx, DateTimeOffset since, int least, int most) => tx.Query<(long, long, long, DateTimeOffset, DateTimeOffset, string)>(
        $"select text_hash, count(*), count(distinct customer_id), min(at), max(at), min(id) from feedback where at >= @since and text_hash is not null group by text_hash having count(*) >= {least} order by count(*) desc limit {most}", new { since });

    /// <summary>What the model would not decide and nobody judged, the newest first.</summary>
    public static Task<List<string>> Unsure(Tx tx, DateTimeOffset since, int most) => tx.Query<string>($"select feedback_id from insight_readings where abstained = 1 and corrected_by is null and at >= @since order by at desc limit {most}", new { since });

    public static Task<List<string>> Newest(Tx tx, DateTimeOffset since, int most) => tx.Query<string>($"select feedback_id from insight_readings where at >= @since order by at desc limit {most}", new { since });

    public static Task<List<string>> OfHash(Tx tx, long hash, DateTimeOffset since, int most) => tx.Query<string>($"select id from feedback where text_hash = @hash and at >= @since order by at desc limit {most}", new { hash, since });
}

/// <summary>By what counts are kept. One at a time: a filter names one value of one of them.</summary>
public static class Dims
{
    public const string All = "all", Source = "source", Segment = "segment", Region = "region", Version = "version", Language = "language";

    public static readonly IReadOnlyList<string> Named = [Source, Segment, Region, Version, Language];

    internal static string ColumnOf(string dim) => dim switch { Source => "source", Segment => "segment", Region => "region", Version => "app_version", Language => "language", _ => throw new ArgumentOutOfRangeException(nameof(dim), dim, "is no dimension") };
}

/// <summary>Which records or counts are looked at.</summary>
/// <param name="Topic">A topic, an upper class, or '' for all.</param>
/// <param name="From">First day, as <see cref="InsightDay"/> counts them.</param>
public sealed record InsightFilter(string Topic, string Dim, string Value, long From, long To)
{
    public string? Sentiment { get; init; }
    public string? Severity { get; init; }

    public bool IsClass => Insight.IsNamed(Topic) && !Topic.Contains('.', StringComparison.Ordinal);
}
