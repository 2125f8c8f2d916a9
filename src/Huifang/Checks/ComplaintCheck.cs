using Huifang.Storage;

namespace Huifang.Checks;

/// <summary>I7: every complaint has an owner and a live clock, never later than its pack allows; what came in is accounted for. I8: no refund twice, none above the limit without a second person.</summary>
internal static class ComplaintCheck
{
    private const int ShownMax = 100;

    /// <summary>What one person may give alone, in minor units; a currency that is not here needs a second one from the first cent.</summary>
    private const string Alone = "when 'CNY' then 2000 when 'HKD' then 2500 when 'TWD' then 10000 when 'SGD' then 500 when 'GBP' then 300 when 'USD' then 400 when 'EUR' then 300";

    /// <summary>A clock that has run out is said to be missed within this time.</summary>
    private static readonly TimeSpan Visible = TimeSpan.FromSeconds(60);

    public static async Task Run(Tx tx, List<Violation> found, Dictionary<string, long> looked, DateTimeOffset now)
    {
        looked["I7 complaints"] = await tx.One<long>("select count(*) from complaints");
        looked["I7 clocks"] = await tx.One<long>("select count(*) from complaint_clocks");
        looked["I7 arrivals"] = await tx.One<long>("select count(*) from complaint_intake");
        looked["I8 redress"] = await tx.One<long>("select count(*) from complaint_redress");
        await Owners(tx, found, now);
        await Clocks(tx, found, now);
        await Extensions(tx, found);
        await Arrivals(tx, found);
        await Money(tx, found);
    }

    private static async Task Owners(Tx tx, List<Violation> found, DateTimeOffset now)
    {
        foreach (var (id, owner) in await tx.Query<(string, string)>(
            $"select c.id, c.owner_id from complaints c left join staff s on s.id = c.owner_id where c.state in ('Received', 'Assessed', 'Investigating', 'Answered') and (s.id is null or s.disabled_at < @late) limit {ShownMax}", new { late = now - TimeSpan.FromMinutes(5) }))
            found.Add(new("I7", $"complaint {id}", $"its owner {owner} does not work here"));
        foreach (var id in await tx.Query<string>(
            $"""
            select c.id from complaints c where c.state in ('Received', 'Assessed', 'Investigating')
              and not exists (select 1 from complaint_clocks k where k.complaint_id = c.id and k.kind = 'FinalResponse' and k.round = c.reopened and k.state in ('Running', 'Stopped', 'Missed')) limit {ShownMax}
            """)) found.Add(new("I7", $"complaint {id}", "is worked on and no clock of its answer runs"));
    }

    private static async Task Clocks(Tx tx, List<Violation> found, DateTimeOffset now)
    {
        foreach (var (complaint, clock, due) in await tx.Query<(string, string, DateTimeOffset)>(
            $"select complaint_id, clock, due_at from complaint_clocks where state = 'Running' and binding = 1 and due_at < @late limit {ShownMax}", new { late = now - Visible }))
            found.Add(new("I7", $"complaint {complaint}", $"clock {clock} ran out at {due:O} and nobody said so"));
        // Written apart from the rules: plain days after receipt, with what each law allows at the very most on top of holidays and stops.
        foreach (var (pack, clock, days) in new[] { ("cn", "final", 15L), ("cn", "final-complex", 30), ("cn", "final-special", 60), ("hk", "final", 30), ("hk", "final-complex", 60), ("tw", "final", 30), ("us-cfpb", "final", 15), ("us-cfpb", "final-progress", 60), ("us-reg-e", "final-45", 45), ("us-reg-e", "final-90", 90) })
            foreach (var id in await tx.Query<string>(
                $"""
                select k.complaint_id from complaint_clocks k where k.pack = @pack and k.clock = @clock
                  and k.due_at - k.from_at > (@days + 1 + @rolled) * 86400000 + coalesce((select sum(coalesce(s.to_at, @now) - s.from_at) + count(*) * 86400000 from complaint_stops s where s.complaint_id = k.complaint_id), 0) + 3600000 limit {ShownMax}
                """, new { pack, clock, days, rolled = pack == "cn" ? 9L : 0L, now })) found.Add(new("I7", $"complaint {id}", $"clock {clock} of {pack} ends later than {days} days after it began"));
        await DeadlineCheck.Run(tx, found, now);
        foreach (var id in await tx.Query<string>(
            $"select k.complaint_id from complaint_clocks k join complaints c on c.id = k.complaint_id where k.round = 0 and k.kind = 'FinalResponse' and k.from_at > c.received_at limit {ShownMax}"))
            found.Add(new("I7", $"complaint {id}", "its clock began after it was received"));
    }

    // The longest time that the Chinese rules allow needs a second person; written here a second time.
    private static async Task Extensions(Tx tx, List<Violation> found)
    {
        foreach (var (seq, actor, data) in await tx.Query<(long, string, string)>("select seq, actor, data from journal where kind = 'complaint.extended' order by seq"))
        {
            using var json = System.Text.Json.JsonDocument.Parse(data);
            var approvedBy = json.RootElement.TryGetProperty("approvedBy", out var second) ? second.GetString() : null;
            if (approvedBy == actor || approvedBy is null && json.RootElement.GetProperty("to").GetString() == "final-special") found.Add(new("I7", $"fact {seq}", "takes longer than one person may allow, and no second one agreed"));
        }
    }

    private static async Task Arrivals(Tx tx, List<Violation> found)
    {
        foreach (var (id, fate) in await tx.Query<(string, string)>(
            $"select i.id, i.fate from complaint_intake i left join complaints c on c.id = i.complaint_id where (i.fate in ('Case', 'Joined') and c.id is null) or (i.fate = 'Spam' and coalesce(i.reason, '') = '') or i.fate not in ('Waiting', 'Case', 'Joined', 'Spam') limit {ShownMax}"))
            found.Add(new("I7", $"arrival {id}", $"is said to be {fate}, and there is nothing to show for it"));
        foreach (var id in await tx.Query<string>($"select c.id from complaint_intake i join complaints c on c.id = i.complaint_id where i.fate = 'Case' and c.received_at > i.received_at limit {ShownMax}"))
            found.Add(new("I7", $"complaint {id}", "is said to have been received later than it arrived"));
        foreach (var id in await tx.Query<string>($"select id from complaint_intake where fate = 'Waiting' and tries >= 8 limit {ShownMax}"))
            found.Add(new("I7", $"arrival {id}", "arrived and could not be filed after eight tries; it waits for a person"));
        foreach (var id in await tx.Query<string>(
            $"select c.id from complaints c where not exists (select 1 from complaint_intake i where i.complaint_id = c.id) and not exists (select 1 from complaint_entries e where e.complaint_id = c.id and e.kind in ('complaint.split-from', 'complaint.merged')) limit {ShownMax}"))
            found.Add(new("I7", $"complaint {id}", "came from nowhere: no arrival stands behind it"));
    }

    private static async Task Money(Tx tx, List<Violation> found)
    {
        foreach (var (transaction, times) in await tx.Query<(string, long)>(
            $"select transaction_id, count(*) from complaint_redress where kind = 'Refund' and state = 'Given' and transaction_id is not null group by transaction_id having count(*) > 1 limit {ShownMax}"))
            found.Add(new("I8", $"transaction {transaction}", $"was refunded {times} times"));
        foreach (var id in await tx.Query<string>(
            $"select id from complaint_redress where state = 'Given' and amount is not null and amount > case currency {Alone} else 0 end and (decided_by is null or decided_by = proposed_by) limit {ShownMax}"))
            found.Add(new("I8", $"redress {id}", "is above what one person may give, and nobody else decided it"));
        // Ten small ones are one large one: what one person gave alone, for one complaint.
        foreach (var (id, currency) in await tx.Query<(string, string)>(
            $"""
            select complaint_id, currency from complaint_redress where state = 'Given' and amount is not null and decided_by = proposed_by
            group by complaint_id, currency having sum(amount) > case currency {Alone} else 0 end limit {ShownMax}
            """)) found.Add(new("I8", $"complaint {id}", $"one person gave more {currency} for it alone than she may"));
    }
}
