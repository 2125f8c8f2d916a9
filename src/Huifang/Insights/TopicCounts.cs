using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>How often a topic came up in some days, among how much.</summary>
public sealed record TopicPeriod(long Items, long All, IReadOnlyList<long> PerDay);

/// <summary>One record about a topic: whose it is, and what it hangs on.</summary>
public sealed record TopicMention(string FeedbackId, string? CustomerId, string? ComplaintId, string? CallId, DateTimeOffset At)
{
    private TopicMention() : this("", null, null, null, default) { }
}

/// <summary>Counts and mentions of topics, for those who act on them.</summary>
public sealed class TopicCounts
{
    public async Task<TopicPeriod> Of(Tx tx, string topic, long from, long to)
    {
        var (of, all) = (await DayTable.Topic(tx, topic, from, to), await DayTable.Topic(tx, "", from, to));
        var days = new long[to - from + 1];
        foreach (var one in of) days[one.Day - from] = one.Items;
        return new(of.Sum(one => one.Items), all.Sum(one => one.Items), days);
    }

    /// <summary>How often a topic came up in each source, of how much that was heard there, in two periods.</summary>
    public async Task<IReadOnlyList<HeardPart>> BySource(Tx tx, string topic, (long From, long To) before, (long From, long To) after)
    {
        var (topicBefore, allBefore) = (await DayTable.Sources(tx, topic, before.From, before.To), await DayTable.Sources(tx, "", before.From, before.To));
        var (topicAfter, allAfter) = (await DayTable.Sources(tx, topic, after.From, after.To), await DayTable.Sources(tx, "", after.From, after.To));
        return [.. allBefore.Keys.Union(allAfter.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(source =>
            new HeardPart(source, topicBefore.GetValueOrDefault(source), allBefore.GetValueOrDefault(source), topicAfter.GetValueOrDefault(source), allAfter.GetValueOrDefault(source)))];
    }

    /// <summary>Who spoke of a topic in these days, a page at a time in the order of ids.</summary>
    public Task<List<TopicMention>> Mentions(Tx tx, string topic, long from, long to, string after, int most) => tx.Query<TopicMention>(
        $"""
        select f.id as feedbackid, f.customer_id as customerid, f.complaint_id as complaintid, f.call_id as callid, f.at
        from insight_readings r join feedback f on f.id = r.feedback_id
        where r.topic = @topic and r.day >= @from and r.day <= @to and r.feedback_id > @after order by r.feedback_id limit {most}
        """, new { topic, from, to, after });
}
