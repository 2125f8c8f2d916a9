using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>Who was called when, and whether she answered: what the chance of answering is learned from. What was given back without ringing is no try.</summary>
public sealed class CallTries
{
    /// <summary>Older tries say little about today.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(180);

    /// <summary>So many of the latest are enough to learn what everybody does.</summary>
    public const int LearnedMax = 50_000;

    private const string Columns =
        """
        select c.customer_id as customer, c.channel, c.taken_at as at, c.outcome, u.time_zone as zone from calls c
        join contact_decisions d on d.id = c.decision_id and d.undone_at is null
        join customers u on u.id = c.customer_id
        """;

    /// <summary>The latest tries of everybody, newest first.</summary>
    public async Task<List<CallTry>> Latest(Tx tx, DateTimeOffset now, int most = LearnedMax) =>
        Read(await tx.Query<Row>($"{Columns} where c.taken_at > @since and c.outcome is not null order by c.taken_at desc limit {most}", new { since = now - Remembered }));

    /// <summary>All tries of these customers.</summary>
    public async Task<ILookup<string, CallTry>> Of(Tx tx, IEnumerable<string> customerIds, DateTimeOffset now)
    {
        var found = new List<CallTry>();
        foreach (var ids in customerIds.Distinct(StringComparer.Ordinal).Chunk(500))
            found.AddRange(Read(await tx.Query<Row>($"{Columns} where c.customer_id in @ids and c.taken_at > @since and c.outcome is not null", new { ids, since = now - Remembered })));
        return found.ToLookup(one => one.CustomerId, StringComparer.Ordinal);
    }

    private static List<CallTry> Read(List<Row> rows) =>
    [
        .. rows.Select(row => new CallTry(row.Customer, Enum.Parse<Channel>(row.Channel), row.At, AnswerTime.At(row.At, ZoneClock.Find(row.Zone) ?? ZoneClock.Of(TimeZoneInfo.Utc)), Enum.Parse<CallOutcome>(row.Outcome).Reached())),
    ];

    private sealed record Row(string Customer, string Channel, DateTimeOffset At, string Outcome, string? Zone);
}
