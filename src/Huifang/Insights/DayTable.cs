using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>Counts of one day, topic and value of a dimension.</summary>
/// <param name="Rated">How many gave a rating, and <paramref name="Stars"/> their sum.</param>
public sealed record DayCount(string Topic, long Day, long Items, long Negative, long Positive, long High, long Rated, long Stars)
{
    private DayCount() : this("", 0, 0, 0, 0, 0, 0, 0) { }
}

internal static class DayTable
{
    private sealed record Delta(string Dim, string Value, string Topic, long Day, long Items, long Negative, long Positive, long High, long Rated, long Stars);

    private static readonly Bulk<Delta> Deltas = new("insight_days",
        "on conflict (dim, value, topic, day) do update set items = insight_days.items + excluded.items, negative = insight_days.negative + excluded.negative, positive = insight_days.positive + excluded.positive, high = insight_days.high + excluded.high, rated = insight_days.rated + excluded.rated, stars = insight_days.stars + excluded.stars",
        ("dim", Column.Text, d => d.Dim), ("value", Column.Text, d => d.Value), ("topic", Column.Text, d => d.Topic), ("day", Column.Number, d => d.Day), ("items", Column.Number, d => d.Items), ("negative", Column.Number, d => d.Negative),
        ("positive", Column.Number, d => d.Positive), ("high", Column.Number, d => d.High), ("rated", Column.Number, d => d.Rated), ("stars", Column.Number, d => d.Stars));

    /// <summary>Adds readings to the counts (or takes them off, with <paramref name="sign"/> −1), each place once and in one order, so that two nodes never wait for each other in a ring.</summary>
    public static Task Add(Tx tx, IEnumerable<(ReadingRow Row, int Sign)> rows)
    {
        var sums = new SortedDictionary<(string, string, string, long), long[]>(Comparer<(string Dim, string Value, string Topic, long Day)>.Create((a, b) =>
            string.CompareOrdinal(a.Dim, b.Dim) is not 0 and var dim ? dim : string.CompareOrdinal(a.Value, b.Value) is not 0 and var value ? value : string.CompareOrdinal(a.Topic, b.Topic) is not 0 and var topic ? topic : a.Day.CompareTo(b.Day)));
        foreach (var (row, sign) in rows)
            foreach (var (dim, value) in Places(row))
                foreach (var topic in new[] { "", row.Topic })
                {
                    if (!sums.TryGetValue((dim, value, topic, row.Day), out var sum)) sums[(dim, value, topic, row.Day)] = sum = new long[6];
                    sum[0] += sign;
                    if (row.Sentiment == "negative") sum[1] += sign;
                    if (row.Sentiment == "positive") sum[2] += sign;
                    if (row.Severity == "high") sum[3] += sign;
                    if (row.Rating is { } stars) { sum[4] += sign; sum[5] += sign * stars; }
                }
        return Deltas.Insert(tx, [.. sums.Where(pair => pair.Value.Any(one => one != 0)).Select(pair => new Delta(pair.Key.Item1, pair.Key.Item2, pair.Key.Item3, pair.Key.Item4, pair.Value[0], pair.Value[1], pair.Value[2], pair.Value[3], pair.Value[4], pair.Value[5]))], returning: "");
    }

    private static IEnumerable<(string Dim, string Value)> Places(ReadingRow row)
    {
        yield return (Dims.All, "");
        yield return (Dims.Source, row.Source);
        yield return (Dims.Language, row.Language);
        if (row.Segment is { } segment) yield return (Dims.Segment, segment);
        if (row.Region is { } region) yield return (Dims.Region, region);
        if (row.AppVersion is { } version) yield return (Dims.Version, version);
    }

    private const string Columns = "topic, day, items, negative, positive, high, rated, stars";

    /// <summary>Every topic ('' is all together) of one value, day by day.</summary>
    public static Task<List<DayCount>> Days(Tx tx, string dim, string value, long from, long to) =>
        tx.Query<DayCount>($"select {Columns} from insight_days where dim = @dim and value = @value and day >= @from and day <= @to", new { dim, value, from, to });

    public static Task<List<DayCount>> Topic(Tx tx, string topic, long from, long to) =>
        tx.Query<DayCount>($"select {Columns} from insight_days where dim = 'all' and value = '' and topic = @topic and day >= @from and day <= @to", new { topic, from, to });

    /// <summary>Sums by source for a topic ('' for all).</summary>
    public static async Task<Dictionary<string, long>> Sources(Tx tx, string topic, long from, long to) => (await tx.Query<(string Source, long Items)>(
        "select value, cast(sum(items) as bigint) from insight_days where dim = 'source' and topic = @topic and day >= @from and day <= @to group by value", new { topic, from, to })).ToDictionary(one => one.Source, one => one.Items, StringComparer.Ordinal);

    /// <summary>Sums by value of every dimension for a topic ('' for all).</summary>
    public static Task<List<(string Dim, string Value, long Items, long Negative, long High, long Rated, long Stars)>> Values(Tx tx, string topic, long from, long to) => tx.Query<(string, string, long, long, long, long, long)>(
        "select dim, value, cast(sum(items) as bigint), cast(sum(negative) as bigint), cast(sum(high) as bigint), cast(sum(rated) as bigint), cast(sum(stars) as bigint) from insight_days where dim in ('source', 'segment', 'region', 'version', 'language') and topic = @topic and day >= @from and day <= @to group by dim, value having sum(items) > 0", new { topic, from, to });
}
