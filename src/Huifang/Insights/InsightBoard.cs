using Huifang.Feedback;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>What is asked of the board: how far back, one value of one dimension, one topic.</summary>
/// <param name="Weeks">4, 8 or 26; the newer half is compared with the older.</param>
public sealed record InsightQuestion(int Weeks, string Dim, string Value, string? Topic)
{
    public bool Surest { get; init; } = true;
}

/// <summary>One line of the list of topics.</summary>
/// <param name="Share">Of all records of the newer half, and <paramref name="Before"/> of the older; 0–1.</param>
public sealed record TopicLine(string Key, long Items, double Share, double Before)
{
    public double Change => Share - Before;
}

/// <summary>How much more often one value stands among the records of a topic than among all.</summary>
public sealed record Company(string Dim, string Value, double Share, double Usual, Effect Effect);

/// <summary>A record with what was read in it, and how many others say the same word for word.</summary>
public sealed record SaidLine(FeedbackItem Item, Insight Reading, long Copies);

/// <summary>Everything that the insight page shows.</summary>
public sealed record InsightView(InsightQuestion Question, long From, long Middle, long To, IReadOnlyList<TopicLine> Classes, IReadOnlyList<TopicLine> Topics, string Topic, IReadOnlyList<long> Daily, IReadOnlyList<long> AllDaily)
{
    public IReadOnlyList<Alarm> Alarms { get; init; } = [];
    public Alarm? Alarm { get; init; }
    public IReadOnlyList<Company> Company { get; init; } = [];
    public IReadOnlyList<SaidLine> Said { get; init; } = [];
    public IReadOnlyList<InsightGroup> Groups { get; init; } = [];
    public IReadOnlyList<(string Dim, string Value, long Items)> Values { get; init; } = [];
    public long Unsure { get; init; }
    public long Items => AllDaily.Sum();
}

/// <summary>Reads what the insight page shows: counts from the counts by day, words from the few records that are shown.</summary>
public sealed class InsightBoard(FeedbackDesk feedback, AlarmDesk alarms, GroupFinder groups, FeedbackClock clock, Ground ground)
{
    private const int SaidMax = 20;

    public long Today => InsightDay.Of(clock.Now, ground.Zone);

    public async Task<InsightView> Look(Tx tx, InsightQuestion question)
    {
        var to = Today;
        var (days, half) = (question.Weeks * 7, question.Weeks * 7 / 2);
        var (from, middle) = (to - days + 1, to - half + 1);
        var counts = await DayTable.Days(tx, question.Dim, question.Value, from, to);
        var (all, lately) = (counts.Where(one => one.Topic.Length == 0).ToList(), counts.Where(one => one.Topic.Length == 0 && one.Day >= middle).Sum(one => one.Items));
        var before = all.Sum(one => one.Items) - lately;
        TopicLine Line(string key, IEnumerable<DayCount> of)
        {
            var (now, was) = (of.Where(one => one.Day >= middle).Sum(one => one.Items), of.Where(one => one.Day < middle).Sum(one => one.Items));
            return new(key, now, lately == 0 ? 0 : (double)now / lately, before == 0 ? 0 : (double)was / before);
        }
        var classes = counts.Where(one => one.Topic.Length > 0).GroupBy(one => Taxonomy.ParentOf(one.Topic)).Select(group => Line(group.Key, group)).OrderByDescending(line => line.Items).ToList();
        var open = await alarms.Open(tx);
        var topic = question.Topic is { Length: > 0 } asked ? asked : open.Count > 0 ? open[0].Topic : classes.Count > 0 ? classes[0].Key : "";
        bool Under(string key) => key == topic || Taxonomy.ParentOf(key) == topic;
        var view = new InsightView(question, from, middle, to, classes,
            [.. counts.Where(one => Taxonomy.ParentOf(one.Topic) == Taxonomy.ParentOf(topic) && one.Topic.Contains('.', StringComparison.Ordinal)).GroupBy(one => one.Topic).Select(group => Line(group.Key, group)).OrderByDescending(line => line.Items)],
            topic, Daily(counts.Where(one => one.Topic.Length > 0 && Under(one.Topic)), from, days), Daily(all, from, days));
        var page = await InsightTable.Page(tx, new InsightFilter(topic, question.Dim, question.Value, middle, to), question.Surest, 4 * SaidMax);
        return view with
        {
            Alarms = open, Alarm = open.FirstOrDefault(one => one.Topic == topic) ?? (await alarms.OfTopic(tx, topic, from, to)).FirstOrDefault(),
            Company = topic.Contains('.', StringComparison.Ordinal) ? await Companions(tx, topic, middle, to) : [],
            Said = [.. (await Said(tx, page)).DistinctBy(line => line.Copies > 1 ? line.Item.Words : line.Item.Id).Take(SaidMax)], Groups = await groups.All(tx), Unsure = await InsightTable.CountUnsure(tx, clock.Now.AddDays(-90)),
            Values = [.. (await DayTable.Values(tx, "", from, to)).Select(one => (one.Dim, one.Value, one.Items)).OrderByDescending(one => one.Items)],
        };
    }

    /// <summary>The words behind any number: the records of a topic and a value in these days.</summary>
    public async Task<IReadOnlyList<SaidLine>> Words(Tx tx, InsightFilter filter, int most) => await Said(tx, await InsightTable.Page(tx, filter, surest: false, most));

    /// <summary>These records with their readings, in this order.</summary>
    public async Task<IReadOnlyList<SaidLine>> Of(Tx tx, IReadOnlyList<string> ids)
    {
        var rows = (await InsightTable.Load(tx, ids)).ToDictionary(row => row.FeedbackId);
        return await Said(tx, [.. ids.Where(rows.ContainsKey).Select(id => rows[id])]);
    }

    private async Task<IReadOnlyList<SaidLine>> Said(Tx tx, IReadOnlyList<ReadingRow> rows)
    {
        if (rows.Count == 0) return [];
        string[] ids = [.. rows.Select(row => row.FeedbackId)];
        var items = (await feedback.Load(tx, ids)).ToDictionary(item => item.Id);
        var copies = (await tx.Query<(string Id, long Count)>("select f.id, (select count(*) from feedback o where o.text_hash = f.text_hash) from feedback f where f.id in @ids and f.text_hash is not null", new { ids })).ToDictionary(one => one.Id, one => one.Count);
        return [.. rows.Where(row => items.ContainsKey(row.FeedbackId)).Select(row => new SaidLine(items[row.FeedbackId], row.ToInsight(), copies.GetValueOrDefault(row.FeedbackId, 1)))];
    }

    // Which app version, region, segment, source stand out among what is said about this topic.
    private static async Task<IReadOnlyList<Company>> Companions(Tx tx, string topic, long from, long to)
    {
        var (of, all) = (await DayTable.Values(tx, topic, from, to), await DayTable.Values(tx, "", from, to));
        var found = new List<Company>();
        foreach (var dim in all.GroupBy(one => one.Dim))
        {
            var (whole, part) = (dim.Sum(one => one.Items), of.Where(one => one.Dim == dim.Key).Sum(one => one.Items));
            if (part < 5 || whole == part) continue;
            foreach (var value in dim)
            {
                var here = of.FirstOrDefault(one => one.Dim == dim.Key && one.Value == value.Value).Items;
                var effect = BeforeAfter.Shares(value.Items - here, whole - part, here, part);
                found.Add(new(dim.Key, value.Value, effect.After, effect.Before, effect));
            }
        }
        return [.. found.Where(one => one.Share > 0.05).OrderBy(one => one.Effect.P).ThenByDescending(one => one.Share).Take(8)];
    }

    private static long[] Daily(IEnumerable<DayCount> counts, long from, int days)
    {
        var series = new long[days];
        foreach (var one in counts) series[one.Day - from] += one.Items;
        return series;
    }
}
