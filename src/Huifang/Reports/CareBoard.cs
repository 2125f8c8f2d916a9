using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Reports;

/// <summary>How a stretch of days went. Every figure has rows behind it that <see cref="FollowUpList"/> shows.</summary>
public sealed record CareFigures(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DateOnly> Days)
{
    public IReadOnlyList<DayFigures> ByDay { get; init; } = [];
    public IReadOnlyList<(string Rule, long Arranged, long Talked, long Left)> ByRule { get; init; } = [];
    public IReadOnlyList<(string State, string Reason, long Count)> NoContact { get; init; } = [];
    public IReadOnlyList<(int Stars, long Count)> Ratings { get; init; } = [];

    public long Kept => ByDay.Sum(d => d.Kept);
    public long Broken => ByDay.Sum(d => d.Broken);
    public long Moved => ByDay.Sum(d => d.Moved);
    public long Tried => ByDay.Sum(d => d.Tried);
    public long Reached => ByDay.Sum(d => d.Reached);
    public long Rated => Ratings.Sum(r => r.Count);

    /// <summary>Promises that were kept, of those that came due; null when none did.</summary>
    public double? KeptShare => Share(Kept, Kept + Broken);
    public double? ReachShare => Share(Reached, Tried);
    public double? Satisfaction => Rated == 0 ? null : Ratings.Sum(r => (double)r.Stars * r.Count) / Rated;

    private static double? Share(long part, long whole) => whole == 0 ? null : 100.0 * part / whole;
}

/// <summary>One day of the operator's calendar.</summary>
public sealed record DayFigures(DateOnly Day, long Kept, long Broken, long Moved, long Tried, long Reached, long Arranged, double? Satisfaction)
{
    public double? KeptShare => Kept + Broken == 0 ? null : 100.0 * Kept / (Kept + Broken);
    public double? ReachShare => Tried == 0 ? null : 100.0 * Reached / Tried;
}

/// <summary>Counts what happened, by day, rule and reason.</summary>
public sealed class CareBoard
{
    private const string Talked = "('Satisfied', 'NeedsMore', 'Complaint')";

    /// <param name="now">In the operator's zone; its offset decides where a day begins.</param>
    public async Task<CareFigures> Look(Tx tx, DateTimeOffset now, int days)
    {
        var today = DateOnly.FromDateTime(now.DateTime);
        var from = new DateTimeOffset(today.AddDays(1 - days).ToDateTime(TimeOnly.MinValue), now.Offset);
        var args = new { from, to = now, shift = (long)now.Offset.TotalMilliseconds };

        var promises = await tx.Query<(long Day, string Kind, long Count)>("select (at + @shift) / 86400000, kind, count(*) from journal where kind in ('promise.kept', 'promise.broken', 'follow-up.moved') and at >= @from and at <= @to group by 1, 2", args);
        var calls = (await tx.Query<(long Day, long Tried, long Reached)>($"select (taken_at + @shift) / 86400000, count(*), sum(case when outcome in {Talked} then 1 else 0 end) from calls where taken_at >= @from and taken_at <= @to and finished_at is not null group by 1", args)).ToDictionary(c => c.Day);
        var arranged = (await tx.Query<(long Day, long Count)>("select (arranged_at + @shift) / 86400000, count(*) from follow_ups where arranged_at >= @from and arranged_at <= @to group by 1", args)).ToDictionary(c => c.Day, c => c.Count);
        var ratings = await tx.Query<(long Day, string Stars, long Count)>("select (c.taken_at + @shift) / 86400000, a.value, count(*) from calls c join call_answers a on a.call_id = c.id where c.taken_at >= @from and c.taken_at <= @to and a.question_id in ('overall', 'satisfied') and a.value is not null group by 1, 2 union all select (at + @shift) / 86400000, cast(rating as text), count(*) from feedback where source = 'survey' and rating is not null and at >= @from and at <= @to group by 1, 2", args);
        var rules = await tx.Query<(string, long, long, long)>("select rule_key, count(*), sum(case when state = 'Finished' then 1 else 0 end), sum(case when state in ('Dropped', 'Expired', 'Declined', 'Withdrawn', 'Merged') then 1 else 0 end) from follow_ups where arranged_at >= @from and arranged_at <= @to group by rule_key order by 2 desc limit 20", args);
        var left = await tx.Query<(string, string, long)>("select state, coalesce(reason, ''), count(*) from follow_ups where arranged_at >= @from and arranged_at <= @to and state in ('Dropped', 'Expired', 'Declined', 'Withdrawn', 'Merged') group by 1, 2 order by 3 desc limit 12", args);

        IReadOnlyList<DateOnly> all = [.. Enumerable.Range(0, days).Select(i => today.AddDays(i + 1 - days))];
        return new CareFigures(from, now, all)
        {
            ByDay = [.. all.Select(day => Of(day, promises, calls, arranged, ratings))],
            ByRule = rules, NoContact = left,
            Ratings = [.. ratings.Where(r => int.TryParse(r.Stars, out _)).GroupBy(r => int.Parse(r.Stars, System.Globalization.CultureInfo.InvariantCulture)).OrderBy(g => g.Key).Select(g => (g.Key, g.Sum(r => r.Count)))],
        };
    }

    private static DayFigures Of(DateOnly day, List<(long Day, string Kind, long Count)> promises, Dictionary<long, (long Day, long Tried, long Reached)> calls, Dictionary<long, long> arranged, List<(long Day, string Stars, long Count)> ratings)
    {
        var number = (long)day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        long Promise(string kind) => promises.Where(p => p.Day == number && p.Kind == kind).Sum(p => p.Count);
        var (_, tried, reached) = calls.GetValueOrDefault(number);
        var rated = ratings.Where(r => r.Day == number && int.TryParse(r.Stars, out _)).ToList();
        var sum = rated.Sum(r => int.Parse(r.Stars, System.Globalization.CultureInfo.InvariantCulture) * (double)r.Count);
        return new(day, Promise("promise.kept"), Promise("promise.broken"), Promise("follow-up.moved"), tried, reached, arranged.GetValueOrDefault(number), rated.Count == 0 ? null : sum / rated.Sum(r => r.Count));
    }
}

/// <summary>Which follow-ups to list; every field may be left out.</summary>
public sealed record FollowUpFilter(string? State = null, string? Rule = null, string? Reason = null, int Days = 30);

/// <summary>The rows behind the figures. Nobody's name: who may see whom is decided on the follow-up's own page.</summary>
public sealed class FollowUpList
{
    public const int PageSize = 50;

    public Task<List<FollowUp>> Page(Tx tx, FollowUpFilter filter, DateTimeOffset now, int page) => tx.Query<FollowUp>(
        $"""
        select id, customer_id as customerid, rule_key as rulekey, rule_version as ruleversion, cause_seq as causeseq, purpose, channel, script_key as scriptkey, value,
          state, arranged_at as arrangedat, due_at as dueat, answer_by as answerby, expires_at as expiresat, promised_from as promisedfrom, promised_to as promisedto,
          slot_id as slotid, agent_id as agentid, language, skill, attempts, outcome, reason, merged_into as mergedinto, by_customer as bycustomer
        from follow_ups
        where arranged_at >= @from {(filter.State is null ? "" : "and state = @State")} {(filter.Rule is null ? "" : "and rule_key = @Rule")} {(filter.Reason is null ? "" : "and coalesce(reason, '') = @Reason")}
        order by arranged_at desc, id limit {PageSize + 1} offset {Math.Clamp(page, 0, 200) * PageSize}
        """, new { from = now.AddDays(-filter.Days), filter.State, filter.Rule, filter.Reason });
}
