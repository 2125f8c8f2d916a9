using Huifang.Storage;

namespace Huifang.Feedback;

internal sealed record FeedbackRow(string Source, string SourceId, string Id, string? CustomerId, DateTimeOffset At, DateTimeOffset RecordedAt, string Language, byte[] Words, int Redacted, int? Rating, string? Topic, string? FollowUpId, string? CallId)
{
    private FeedbackRow() : this("", "", "", null, default, default, "", [], 0, null, null, null, null) { }
}

internal static class FeedbackTable
{
    private static readonly Bulk<FeedbackRow> Rows = new("feedback", "on conflict (source, source_id) do nothing",
        ("source", Column.Text, r => r.Source), ("source_id", Column.Text, r => r.SourceId), ("id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.CustomerId),
        ("at", Column.Number, r => r.At.ToUnixTimeMilliseconds()), ("recorded_at", Column.Number, r => r.RecordedAt.ToUnixTimeMilliseconds()), ("language", Column.Text, r => r.Language),
        ("words", Column.Bytes, r => r.Words), ("redacted", Column.Number, r => (long)r.Redacted), ("rating", Column.Number, r => (long?)r.Rating), ("topic", Column.Text, r => r.Topic),
        ("follow_up_id", Column.Text, r => r.FollowUpId), ("call_id", Column.Text, r => r.CallId));

    /// <returns>Those that were not there yet.</returns>
    public static async Task<IReadOnlyList<FeedbackRow>> Insert(Tx tx, IReadOnlyList<FeedbackRow> rows)
    {
        var given = await Rows.Insert(tx, rows, returning: "at");
        return [.. rows.Where((_, i) => given[i] is not null)];
    }

    public static Task<List<FeedbackRow>> Page(Tx tx, FeedbackFilter filter, int most) => tx.Query<FeedbackRow>(
        $"""
        select source, source_id as sourceid, id, customer_id as customerid, at, recorded_at as recordedat, language, words, redacted, rating, topic, follow_up_id as followupid, call_id as callid
        from feedback
        where at < @before {(filter.Source is null ? "" : "and source = @Source")} {(filter.Topic is null ? "" : "and topic = @Topic")}
          {(filter.RatingMax is null ? "" : "and rating <= @RatingMax")} {(filter.CustomerId is null ? "" : "and customer_id = @CustomerId")}
        order by at desc, id limit {most}
        """, new { filter.Source, filter.Topic, filter.RatingMax, filter.CustomerId, before = filter.Before ?? DateTimeOffset.MaxValue });
}
