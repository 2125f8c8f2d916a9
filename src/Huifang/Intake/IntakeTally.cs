using Huifang.Storage;

namespace Huifang.Intake;

/// <summary>One sender's day, as the page reconciles it.</summary>
public sealed record IntakeTally(string Sender, long Received, long Accepted, long Known, long Conflicts, long Quarantined, DateTimeOffset LastAt)
{
    /// <summary>Zero, or something was lost.</summary>
    public long Difference => Received - Accepted - Known - Conflicts - Quarantined;

    private static readonly string AddSql =
        """
        insert into intake_tally (sender, day, received, accepted, known, conflicts, quarantined, last_at) values (@sender, @day, @received, @accepted, @known, @conflicts, @quarantined, @now)
        on conflict (day, sender) do update set received = intake_tally.received + excluded.received, accepted = intake_tally.accepted + excluded.accepted,
          known = intake_tally.known + excluded.known, conflicts = intake_tally.conflicts + excluded.conflicts, quarantined = intake_tally.quarantined + excluded.quarantined, last_at = excluded.last_at
        """;

    internal static Task<int> Add(Tx tx, string sender, int received, IReadOnlyList<ItemAnswer> answers, DateTimeOffset now)
    {
        var counts = new long[4];
        foreach (var answer in answers) counts[(int)answer.Status]++;
        return tx.Run(AddSql, new { sender, day = Day(now), received, accepted = counts[0], known = counts[1], conflicts = counts[2], quarantined = counts[3], now });
    }

    /// <summary>Everybody's figures from a day on, the largest difference first.</summary>
    public static Task<List<IntakeTally>> Since(Tx tx, DateTimeOffset from) => tx.Query<IntakeTally>(
        """
        select sender, cast(sum(received) as bigint) as received, cast(sum(accepted) as bigint) as accepted, cast(sum(known) as bigint) as known,
          cast(sum(conflicts) as bigint) as conflicts, cast(sum(quarantined) as bigint) as quarantined, max(last_at) as lastat
        from intake_tally where day >= @day group by sender order by sum(received - accepted - known - conflicts - quarantined) desc, sum(received) desc limit 200
        """, new { day = Day(from) });

    private static string Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
