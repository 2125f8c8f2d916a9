using Huifang.Storage;

namespace Huifang.Sight;

internal static class LookTable
{
    private const string Columns = "seq, staff_id as staffid, customer_id as customerid, at, what, field, because, because_id as becauseid, granted, until";

    public static Task<int> Insert(Tx tx, string staffId, string customerId, DateTimeOffset at, string what, string? field, Because because, bool granted, DateTimeOffset? until) => tx.Run(
        "insert into sight_looks (staff_id, customer_id, at, what, field, because, because_id, granted, until) values (@staffId, @customerId, @at, @what, @field, @kind, @id, @granted, @until)",
        new { staffId, customerId, at, what, field, kind = because.Kind, id = because.Id, granted, until = until?.ToUnixTimeMilliseconds() });

    public static async Task<(int Customers, int Refused, int Unmaskings)> Use(Tx tx, string staffId, DateTimeOffset now)
    {
        var row = await tx.One<(long, long, long)>(
            """
            select (select count(distinct customer_id) from sight_looks where staff_id = @staffId and at > @hour and granted = 1),
                   (select count(distinct customer_id) from sight_looks where staff_id = @staffId and at > @hour and granted = 0),
                   (select count(*) from sight_looks where staff_id = @staffId and at > @day and what = 'unmask' and granted = 1)
            """, new { staffId, hour = now.AddHours(-1), day = now.AddDays(-1) });
        return ((int)row.Item1, (int)row.Item2, (int)row.Item3);
    }

    /// <summary>Per person and hour, how many different customers; for everybody's usual measure.</summary>
    public static Task<List<(string StaffId, long Customers)>> HoursOfAll(Tx tx, DateTimeOffset since) => tx.Query<(string, long)>(
        "select staff_id, count(distinct customer_id) from sight_looks where at > @since and granted = 1 group by staff_id, at / 3600000", new { since });

    /// <summary>Per person and day, how many fields unmasked.</summary>
    public static Task<List<(string StaffId, long Unmaskings)>> DaysOfAll(Tx tx, DateTimeOffset since) => tx.Query<(string, long)>(
        "select staff_id, count(*) from sight_looks where at > @since and granted = 1 and what = 'unmask' group by staff_id, at / 86400000", new { since });

    /// <summary>Until when a field is unmasked for this person and customer; null when it is not.</summary>
    public static async Task<List<(string Field, DateTimeOffset Until)>> Unmasked(Tx tx, string staffId, string customerId, DateTimeOffset now) =>
        (await tx.Query<(string, long)>("select field, max(until) from sight_looks where staff_id = @staffId and customer_id = @customerId and what = 'unmask' and granted = 1 and until > @now group by field", new { staffId, customerId, now }))
            .ConvertAll(row => (row.Item1, DateTimeOffset.FromUnixTimeMilliseconds(row.Item2)));

    public static Task<List<Look>> OfCustomer(Tx tx, string customerId, int most = 200) =>
        tx.Query<Look>($"select {Columns} from sight_looks where customer_id = @customerId order by at desc, seq desc limit {most}", new { customerId });

    public static Task<List<Look>> Recent(Tx tx, string? staffId, int most = 100) =>
        tx.Query<Look>($"select {Columns} from sight_looks where (@staffId = '' or staff_id = @staffId) order by at desc, seq desc limit {most}", new { staffId = staffId ?? "" });
}

internal static class AlarmTable
{
    private const string Columns = "id, staff_id as staffid, kind, at, customer_id as customerid, figure, allowed, settled_at as settledat, settled_by as settledby, settled_words as settledwords";

    /// <summary>Two looks that cross the line at once: one alarm.</summary>
    public static async Task<bool> Raise(Tx tx, string id, string once, string staffId, SightAlarm kind, DateTimeOffset at, string? customerId, int figure, int allowed) => await tx.Run(
        "insert into sight_alarms (id, once, staff_id, kind, at, customer_id, figure, allowed) values (@id, @once, @staffId, @kind, @at, @customerId, @figure, @allowed) on conflict do nothing",
        new { id, once, staffId, kind = kind.ToString(), at, customerId, figure, allowed }) == 1;

    public static Task<List<AlarmRow>> Open(Tx tx) => tx.Query<AlarmRow>($"select {Columns} from sight_alarms where settled_at is null order by at desc limit 200");

    public static Task<List<AlarmRow>> Recent(Tx tx) => tx.Query<AlarmRow>($"select {Columns} from sight_alarms where settled_at is not null order by at desc limit 50");

    public static async Task<bool> Settle(Tx tx, string id, string by, byte[] words, DateTimeOffset now) =>
        await tx.Run("update sight_alarms set settled_at = @now, settled_by = @by, settled_words = @words where id = @id and settled_at is null and staff_id <> @by", new { id, by, words, now }) == 1;
}
