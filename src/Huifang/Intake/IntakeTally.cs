using Huifang.Storage;

namespace Huifang.Intake;

/// <summary>One sender's day, as the page reconciles it.</summary>
public sealed record IntakeTally(string Sender, long Received, long Accepted, long Known, long Conflicts, long Quarantined, DateTimeOffset LastAt)
{
    /// <summary>Zero, or something was lost.</summary>
    public long Difference => Received - Accepted - Known - Conflicts - Quarantined;

    // A row per sender and day that every intake adds to, by the quick path: single events pay for it too.
    private static readonly Bulk<(IntakeTally Tally, string Day)> Rows = new("intake_tally",
        """
        on conflict (day, sender) do update set received = intake_tally.received + excluded.received, accepted = intake_tally.accepted + excluded.accepted,
          known = intake_tally.known + excluded.known, conflicts = intake_tally.conflicts + excluded.conflicts, quarantined = intake_tally.quarantined + excluded.quarantined, last_at = excluded.last_at
        """,
        ("sender", Column.Text, r => r.Tally.Sender), ("day", Column.Text, r => r.Day), ("received", Column.Number, r => r.Tally.Received), ("accepted", Column.Number, r => r.Tally.Accepted), ("known", Column.Number, r => r.Tally.Known),
        ("conflicts", Column.Number, r => r.Tally.Conflicts), ("quarantined", Column.Number, r => r.Tally.Quarantined), ("last_at", Column.Number, r => r.Tally.LastAt.ToUnixTimeMilliseconds()));

    internal static Task Add(Tx tx, IReadOnlyList<Sent> sent, IReadOnlyList<ItemAnswer> answers, DateTimeOffset now)
    {
        var counts = new Dictionary<string, long[]>(StringComparer.Ordinal);
        for (var i = 0; i < sent.Count; i++)
        {
            if (!counts.TryGetValue(sent[i].Sender, out var count)) counts[sent[i].Sender] = count = new long[4];
            count[(int)answers[i].Status]++;
        }
        return Rows.Insert(tx, [.. counts.Select(c => (new IntakeTally(c.Key, c.Value.Sum(), c.Value[0], c.Value[1], c.Value[2], c.Value[3], now), Day(now)))], returning: "");
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
