using Huifang.Storage;

namespace Huifang.Feedback;

internal static class FeedbackImportTable
{
    public static Task<List<string>> Mappings(Tx tx) => tx.Query<string>("select mapping from feedback_mappings order by id");

    public static Task<int> SaveMapping(Tx tx, string id, string mapping, DateTimeOffset now, string by) => tx.Run(
        "insert into feedback_mappings (id, mapping, saved_at, saved_by) values (@id, @mapping, @now, @by) on conflict (id) do update set mapping = excluded.mapping, saved_at = excluded.saved_at, saved_by = excluded.saved_by", new { id, mapping, now, by });

    public static Task<int> Insert(Tx tx, FeedbackImport import) => tx.Run(
        "insert into feedback_imports (id, name, mapping_id, at, by_whom, rows_read, kept, known, bad) values (@Id, @Name, @MappingId, @At, @ByWhom, @RowsRead, @Kept, @Known, @Bad)", import);

    public static Task<List<FeedbackImport>> Latest(Tx tx, int most) => tx.Query<FeedbackImport>(
        $"select id, name, mapping_id as mappingid, at, by_whom as bywhom, rows_read as rowsread, kept, known, bad from feedback_imports order by at desc limit {most}");

    private static Bulk<(BadRow Row, byte[] Raw)> BadRows { get; } = new("feedback_bad_rows", "on conflict do nothing", ("id", Column.Text, r => r.Row.Id), ("import_id", Column.Text, r => r.Row.ImportId), ("row_no", Column.Number, r => r.Row.Place),
        ("field", Column.Text, r => r.Row.Field), ("reason", Column.Text, r => r.Row.Reason), ("raw", Column.Bytes, r => r.Raw), ("at", Column.Number, r => r.Row.At.ToUnixTimeMilliseconds()));

    public static Task AddBad(Tx tx, IReadOnlyList<BadRow> rows, Func<string, byte[]> seal) => BadRows.Insert(tx, [.. rows.Select(row => (row, seal(row.Raw)))], returning: "");

    public static Task<List<(string Id, string ImportId, long Place, string Field, string Reason, byte[] Raw, DateTimeOffset At)>> OpenBad(Tx tx, int most) =>
        tx.Query<(string, string, long, string, string, byte[], DateTimeOffset)>($"select id, import_id, row_no, field, reason, raw, at from feedback_bad_rows where settled_at is null order by at desc, row_no limit {most}");

    public static Task<long> CountOpen(Tx tx) => tx.One<long>("select count(*) from feedback_bad_rows where settled_at is null");

    public static Task<int> Settle(Tx tx, string id, DateTimeOffset now, string by) => tx.Run("update feedback_bad_rows set settled_at = @now, settled_by = @by where id = @id and settled_at is null", new { id, now, by });

    private const string FeedColumns = "id, name, url, mapping_id as mappingid, items, every_minutes as everyminutes, state, try_at as tryat, tries, error, fetched_at as fetchedat, kept";

    public static Task<int> Insert(Tx tx, FeedbackFeed feed, DateTimeOffset now, string by) => tx.Run(
        "insert into feedback_feeds (id, name, url, mapping_id, items, every_minutes, state, try_at, tries, kept, made_at, made_by) values (@Id, @Name, @Url, @MappingId, @Items, @every, @State, @now, 0, 0, @now, @by)",
        new { feed.Id, feed.Name, feed.Url, feed.MappingId, feed.Items, every = (long)feed.EveryMinutes, feed.State, now, by });

    public static Task<List<FeedbackFeed>> Feeds(Tx tx) => tx.Query<FeedbackFeed>($"select {FeedColumns} from feedback_feeds order by made_at limit 100");

    public static Task<bool> AnyDue(Tx tx, DateTimeOffset now) => tx.One<bool>("select count(*) from (select 1 from feedback_feeds where state = 'Live' and try_at <= @now and (leased_until is null or leased_until < @now) limit 1) any_one", new { now });

    /// <summary>Leases what is due. Two nodes: on PostgreSQL each skips what the other holds; on SQLite the second finds it leased. A lease that ran out is taken again.</summary>
    public static Task<List<FeedbackFeed>> Lease(Tx tx, DateTimeOffset now, DateTimeOffset until, int most) => tx.Query<FeedbackFeed>(
        $"""
        update feedback_feeds set leased_until = @until, tries = tries + 1
        where id in (select id from feedback_feeds where state = 'Live' and try_at <= @now and (leased_until is null or leased_until < @now) order by try_at limit {most} SKIP_LOCKED)
        returning {FeedColumns}
        """, new { now, until });

    public static Task<int> Record(Tx tx, string id, string? error, long kept, DateTimeOffset tryAt, DateTimeOffset now) => tx.Run(
        "update feedback_feeds set leased_until = null, error = @error, kept = kept + @kept, try_at = @tryAt, tries = case when @failed = 0 then 0 else tries end, fetched_at = case when @failed = 0 then @now else fetched_at end where id = @id",
        new { id, error, kept, tryAt, now, failed = error is null ? 0L : 1L });

    public static Task<int> SetState(Tx tx, string id, string state, DateTimeOffset now) => tx.Run("update feedback_feeds set state = @state, try_at = @now, tries = 0 where id = @id and state <> @state", new { id, state, now });
}
