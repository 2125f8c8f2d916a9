using Huifang.Storage;

namespace Huifang.Feedback;

internal sealed record FeedbackRow(string Source, string SourceId, string Id, string? CustomerId, DateTimeOffset At, DateTimeOffset RecordedAt, string Language, byte[] Words, int Redacted, int? Rating, string? Topic)
{
    private FeedbackRow() : this("", "", "", null, default, default, "", [], 0, null, null) { }

    public string? FollowUpId { get; init; }
    public string? CallId { get; init; }
    public string? ComplaintId { get; init; }
    public string? Segment { get; init; }
    public string? AppVersion { get; init; }
    public string? Region { get; init; }
    public string? Channel { get; init; }
    public long? TextHash { get; init; }

    public FeedbackItem ToItem(string words) => new(Source, SourceId, CustomerId, At, Language, words, Rating, Topic)
    {
        Id = Id, FollowUpId = FollowUpId, CallId = CallId, ComplaintId = ComplaintId, Segment = Segment, AppVersion = AppVersion, Region = Region, Channel = Channel, Redacted = Redacted,
    };
}

internal static class FeedbackTable
{
    private const string Columns = "source, source_id as sourceid, id, customer_id as customerid, at, recorded_at as recordedat, language, words, redacted, rating, topic, follow_up_id as followupid, call_id as callid, complaint_id as complaintid, segment, app_version as appversion, region, channel, text_hash as texthash";

    private static readonly Bulk<FeedbackRow> Rows = new("feedback", "on conflict (source, source_id) do nothing",
        ("source", Column.Text, r => r.Source), ("source_id", Column.Text, r => r.SourceId), ("id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.CustomerId),
        ("at", Column.Number, r => r.At.ToUnixTimeMilliseconds()), ("recorded_at", Column.Number, r => r.RecordedAt.ToUnixTimeMilliseconds()), ("language", Column.Text, r => r.Language),
        ("words", Column.Bytes, r => r.Words), ("redacted", Column.Number, r => (long)r.Redacted), ("rating", Column.Number, r => (long?)r.Rating), ("topic", Column.Text, r => r.Topic),
        ("follow_up_id", Column.Text, r => r.FollowUpId), ("call_id", Column.Text, r => r.CallId), ("complaint_id", Column.Text, r => r.ComplaintId), ("segment", Column.Text, r => r.Segment),
        ("app_version", Column.Text, r => r.AppVersion), ("region", Column.Text, r => r.Region), ("channel", Column.Text, r => r.Channel), ("text_hash", Column.Number, r => r.TextHash));

    /// <returns>Those that were not there yet.</returns>
    public static async Task<IReadOnlyList<FeedbackRow>> Insert(Tx tx, IReadOnlyList<FeedbackRow> rows)
    {
        var given = await Rows.Insert(tx, rows, returning: "at");
        return [.. rows.Where((_, i) => given[i] is not null)];
    }

    public static Task<List<FeedbackRow>> Page(Tx tx, FeedbackFilter filter, int most) => tx.Query<FeedbackRow>(
        $"""
        select {Columns}
        from feedback
        where at < @before {(filter.Source is null ? "" : "and (source = @Source or source like @kind)")} {(filter.Topic is null ? "" : "and topic = @Topic")}
          {(filter.RatingMax is null ? "" : "and rating <= @RatingMax")} {(filter.CustomerId is null ? "" : "and customer_id = @CustomerId")}
        order by at desc, id limit {most}
        """, new { filter.Source, kind = $"{filter.Source}:%", filter.Topic, filter.RatingMax, filter.CustomerId, before = filter.Before ?? DateTimeOffset.MaxValue });

    public static async Task<List<FeedbackRow>> Load(Tx tx, IReadOnlyCollection<string> ids)
    {
        var rows = new List<FeedbackRow>(ids.Count);
        foreach (var part in ids.Chunk(500)) rows.AddRange(await tx.Query<FeedbackRow>($"select {Columns} from feedback where id in @part", new { part }));
        return rows;
    }

    public static Task<int> AddFile(Tx tx, string id, string feedbackId, string customerId, string mediaType, long bytes, byte[] content, DateTimeOffset at) => tx.Run(
        "insert into feedback_files (id, feedback_id, customer_id, media_type, bytes, content, at) values (@id, @feedbackId, @customerId, @mediaType, @bytes, @content, @at)", new { id, feedbackId, customerId, mediaType, bytes, content, at });

    public static Task<(string Id, string CustomerId, string MediaType, byte[] Content)?> File(Tx tx, string feedbackId) =>
        tx.One<(string, string, string, byte[])?>("select id, customer_id, media_type, content from feedback_files where feedback_id = @feedbackId", new { feedbackId });

    public static Task<List<string>> WithFiles(Tx tx, IReadOnlyCollection<string> ids) => tx.Query<string>("select feedback_id from feedback_files where feedback_id in @ids", new { ids });
}
