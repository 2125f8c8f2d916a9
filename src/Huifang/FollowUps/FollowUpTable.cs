using Dapper;
using Huifang.Contacts;
using Huifang.Storage;

namespace Huifang.FollowUps;

internal static class FollowUpTable
{
    private const string Columns =
        """
        id, customer_id as customerid, rule_key as rulekey, rule_version as ruleversion, cause_seq as causeseq, purpose, channel, script_key as scriptkey, value,
        state, arranged_at as arrangedat, due_at as dueat, answer_by as answerby, expires_at as expiresat, promised_from as promisedfrom, promised_to as promisedto,
        slot_id as slotid, agent_id as agentid, language, skill, attempts, outcome, reason, merged_into as mergedinto, by_customer as bycustomer
        """;

    private static readonly Bulk<FollowUp> Rows = new("follow_ups", "on conflict (rule_key, cause_seq) do nothing",
        ("id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.CustomerId), ("rule_key", Column.Text, r => r.RuleKey), ("rule_version", Column.Number, r => (long)r.RuleVersion),
        ("cause_seq", Column.Number, r => r.CauseSeq), ("purpose", Column.Text, r => r.Purpose.ToString()), ("channel", Column.Text, r => r.Channel.ToString()),
        ("script_key", Column.Text, r => r.ScriptKey), ("value", Column.Number, r => (long)r.Value), ("state", Column.Text, r => r.State.ToString()), ("reason", Column.Text, r => r.Reason),
        ("arranged_at", Column.Number, r => Ms(r.ArrangedAt)), ("due_at", Column.Number, r => Ms(r.DueAt)), ("answer_by", Column.Number, r => Ms(r.AnswerBy)),
        ("expires_at", Column.Number, r => Ms(r.ExpiresAt)), ("language", Column.Text, r => r.Language), ("skill", Column.Text, r => r.Skill),
        ("merged_into", Column.Text, r => r.MergedInto),
        ("by_customer", Column.Number, r => r.ByCustomer ? 1L : 0L), ("changed_at", Column.Number, r => Ms(r.ArrangedAt)));

    /// <returns>Which of the rows are new; the others have had their follow-up for this cause.</returns>
    public static async Task<IReadOnlyList<FollowUp>> Insert(Tx tx, IReadOnlyList<FollowUp> rows)
    {
        var given = await Rows.Insert(tx, rows, returning: "cause_seq");
        return [.. rows.Where((_, i) => given[i] is not null)];
    }

    public static Task<FollowUp?> Find(Tx tx, string id) => tx.One<FollowUp>($"select {Columns} from follow_ups where id = @id", new { id });

    public static Task<FollowUp?> OfCause(Tx tx, string rule, long seq) => tx.One<FollowUp>($"select {Columns} from follow_ups where rule_key = @rule and cause_seq = @seq", new { rule, seq });

    public static Task<List<FollowUp>> Load(Tx tx, string[] ids) => tx.Query<FollowUp>($"select {Columns} from follow_ups where id in @ids", new { ids });

    public static Task<List<FollowUp>> OfCustomer(Tx tx, string customerId, int most = 50) =>
        tx.Query<FollowUp>($"select {Columns} from follow_ups where customer_id = @customerId order by arranged_at desc limit {most}", new { customerId });

    /// <summary>Open ones with something to see: promised first, then invited, the newest first.</summary>
    public static Task<List<FollowUp>> Lively(Tx tx, int most) => tx.Query<FollowUp>(
        $"""
        select {Columns} from follow_ups where state in ('Booked', 'Invited', 'Calling')
        order by case state when 'Booked' then 0 when 'Calling' then 0 else 1 end, due_at limit {most}
        """);

    public static Task<List<FollowUp>> OpenOf(Tx tx, IReadOnlyCollection<string> customerIds) => tx.Query<FollowUp>(
        $"select {Columns} from follow_ups where customer_id in @ids and state in ('Arranged', 'Invited', 'Booked', 'Calling', 'Waiting')", new { ids = customerIds.ToArray() });

    /// <summary>Of two that change it at once, the second finds another state and changes nothing.</summary>
    public static async Task<bool> Move(Tx tx, string id, FollowUpState[] from, FollowUpState to, DateTimeOffset now, string? reason = null, DateTimeOffset? dueAt = null, Channel? channel = null) =>
        await tx.Run(
            """
            update follow_ups set state = @to, reason = coalesce(@reason, reason), due_at = coalesce(@dueAt, due_at), channel = coalesce(@channel, channel), ready = 0, changed_at = @now
            where id = @id and state in @from
            """, new { id, to = to.ToString(), from = from.Select(s => s.ToString()).ToArray(), reason, dueAt = Ms(dueAt), channel = channel?.ToString(), now }) == 1;

    public static async Task<bool> Book(Tx tx, string id, string slotId, DateTimeOffset promisedFrom, DateTimeOffset promisedTo, string? agentId, DateTimeOffset now) =>
        await tx.Run(
            """
            update follow_ups set state = 'Booked', slot_id = @slotId, promised_from = @promisedFrom, promised_to = @promisedTo, due_at = @promisedFrom, agent_id = @agentId,
              by_customer = 1, reason = null, ready = 0, changed_at = @now
            where id = @id and state in ('Arranged', 'Invited', 'Booked', 'Waiting')
            """, new { id, slotId, promisedFrom, promisedTo, agentId, now }) == 1;

    /// <summary>The promise is gone (broken, or given up by her); what it held is free again.</summary>
    public static async Task<bool> Unbook(Tx tx, string id, FollowUpState from, FollowUpState to, string reason, DateTimeOffset now) =>
        await tx.Run(
            """
            update follow_ups set state = @to, slot_id = null, promised_from = null, promised_to = null, agent_id = null, reason = @reason, ready = 0, changed_at = @now
            where id = @id and state = @from
            """, new { id, from = from.ToString(), to = to.ToString(), reason, now }) == 1;

    /// <summary>
    /// The promise that is due for this agent: hers first, then those that nobody kept for a minute. One whose time is over is no promise any more: it is apologised for
    /// and offered anew, also when the watch was down and comes second. Two agents asking at once: on SQLite
    /// the second runs after the first's commit and sees it gone; on PostgreSQL it skips the locked row.
    /// </summary>
    public static Task<FollowUp?> TakePromised(Tx tx, string agentId, string[] languages, string[] skills, DateTimeOffset now, TimeSpan early, string[] except) => tx.One<FollowUp>(
        $"""
        update follow_ups set state = 'Calling', agent_id = @agentId, attempts = attempts + 1, ready = 0, changed_at = @now
        where state = 'Booked' and id = (
          select id from follow_ups
          where state = 'Booked' and skill in @skills and language in @languages and due_at <= @soon and promised_to > @now and (agent_id is null or agent_id = @agentId or due_at <= @late) and id not in @except
          order by case when agent_id = @agentId then 0 else 1 end, due_at, id limit 1 SKIP_LOCKED)
        returning {Columns}
        """, new { agentId, languages, skills, now, soon = now + early, late = now - TimeSpan.FromMinutes(1), except });

    // Where calling now is worth most against waiting; what a colleague was given for now a little later, so that hard talks stay shared out.
    private static readonly string Turn = $"worth_now - case when planned_agent <> @agentId and planned_at <= @soon then {Planning.CallNow.OfColleague} else 0 end desc, value desc, answer_by, id";

    /// <summary>
    /// The next ones that wait: the first few of each skill and language, from the head of an index, never a walk over the queue. Only candidates; <see cref="TakeWaiting"/> claims one.
    /// </summary>
    public static Task<List<string>> Waiting(Tx tx, string agentId, string[] languages, string[] skills, int perLane, string[] except, DateTimeOffset now, TimeSpan early)
    {
        var args = new DynamicParameters(new { agentId, except, soon = now + early });
        const string columns = "id, planned_agent, planned_at, worth_now, value, answer_by";
        var lanes = skills.SelectMany(skill => languages.Select(language => (skill, language))).Select((lane, i) =>
        {
            args.Add($"s{i}", lane.skill);
            args.Add($"l{i}", lane.language);
            return $"""
                select * from (select {columns} from follow_ups where state = 'Waiting' and ready = 1 and skill = @s{i} and language = @l{i} and id not in @except
                order by worth_now desc, value desc, answer_by, id limit {perLane}) lane{i}
                """;
        });
        return tx.Query<string>($"select id from ({string.Join(" union all ", lanes)}) q order by {Turn} limit {perLane}", args);
    }

    /// <summary>Claims the first of the candidates that nobody else has; null when all went to others meanwhile.</summary>
    public static Task<FollowUp?> TakeWaiting(Tx tx, string agentId, string[] candidates, DateTimeOffset now, TimeSpan early) => tx.One<FollowUp>(
        $"""
        update follow_ups set state = 'Calling', agent_id = @agentId, attempts = attempts + 1, ready = 0, changed_at = @now
        where state = 'Waiting' and id = (
          select id from follow_ups where id in @candidates and state = 'Waiting' order by {Turn} limit 1 SKIP_LOCKED)
        returning {Columns}
        """, new { agentId, candidates, now, soon = now + early });

    /// <summary>Those that a plan must find a place for, without the ones that have a promise or are being called.</summary>
    public static Task<List<FollowUp>> ToPlan(Tx tx, DateTimeOffset now) => tx.Query<FollowUp>(
        $"select {Columns} from follow_ups where state in ('Arranged', 'Invited', 'Waiting') and expires_at > @now order by id", new { now });

    /// <summary>Another agent keeps the promise at the same time; the customer's time stands.</summary>
    public static async Task<bool> TakeOver(Tx tx, string id, string fromSlot, string slotId, string agentId, DateTimeOffset now) =>
        await tx.Run("update follow_ups set slot_id = @slotId, agent_id = @agentId, changed_at = @now where id = @id and state = 'Booked' and slot_id = @fromSlot", new { id, fromSlot, slotId, agentId, now }) == 1;

    public static async Task<bool> Take(Tx tx, string id, string agentId, DateTimeOffset now) =>
        await tx.Run(
            "update follow_ups set state = 'Calling', agent_id = @agentId, attempts = attempts + 1, ready = 0, changed_at = @now where id = @id and (state in ('Waiting', 'Invited', 'Arranged') or state = 'Booked' and promised_to > @now)",
            new { id, agentId, now }) == 1;

    public static async Task<bool> Finish(Tx tx, string id, string agentId, FollowUpState to, string outcome, string? reason, DateTimeOffset? dueAt, Channel? channel, DateTimeOffset now) =>
        await tx.Run(
            """
            update follow_ups set state = @to, outcome = @outcome, reason = @reason, due_at = coalesce(@dueAt, due_at), channel = coalesce(@channel, channel),
              slot_id = case when @to = 'Finished' then slot_id else null end, promised_from = case when @to = 'Finished' then promised_from else null end,
              promised_to = case when @to = 'Finished' then promised_to else null end, ready = 0, changed_at = @now
            where id = @id and state = 'Calling' and agent_id = @agentId
            """, new { id, agentId, to = to.ToString(), outcome, reason, dueAt = Ms(dueAt), channel = channel?.ToString(), now }) == 1;

    public static async Task<bool> Merge(Tx tx, string id, string into, DateTimeOffset now) =>
        await tx.Run("update follow_ups set state = 'Merged', merged_into = @into, changed_at = @now where id = @id and state in ('Arranged', 'Invited', 'Waiting')", new { id, into, now }) == 1;

    public static Task<int> MakeReady(Tx tx, DateTimeOffset now) => tx.Run(
        "update follow_ups set state = 'Waiting', ready = 1, changed_at = @now where id in (select id from follow_ups where state in ('Waiting', 'Invited') and ready = 0 and due_at <= @now limit 5000)", new { now });

    public static Task<List<FollowUp>> Expire(Tx tx, DateTimeOffset now, int most) => tx.Query<FollowUp>(
        $"""
        update follow_ups set state = 'Expired', reason = 'time-ran-out', changed_at = @now
        where id in (select id from follow_ups where state in ('Arranged', 'Invited', 'Waiting') and expires_at <= @now limit {most} SKIP_LOCKED) returning {Columns}
        """, new { now });

    public static Task<List<FollowUp>> Overdue(Tx tx, DateTimeOffset now, int most) => tx.Query<FollowUp>(
        $"select {Columns} from follow_ups where state = 'Booked' and promised_to <= @now order by promised_to limit {most}", new { now });

    private static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();
    private static long? Ms(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();
}
