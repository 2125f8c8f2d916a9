using Huifang.Feedback;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>One week of everything that was said.</summary>
public sealed record WeekLine(long Monday, long Items, long Negative, long Positive, long High, long Rated, long Stars)
{
    public double? NegativeShare => Items == 0 ? null : (double)Negative / Items;
    public double? Rating => Rated == 0 ? null : (double)Stars / Rated;
}

/// <summary>One value of a dimension, last week beside the four before.</summary>
public sealed record ValueLine(string Dim, string Value, long Items, double Negative, double Usual, double? Rating);

/// <summary>What an analyst opens a Monday meeting with.</summary>
/// <param name="Changes">Topics that changed beyond chance in the last seven days against the four weeks before; the surest first, at most five.</param>
/// <param name="Topics">The largest upper classes week by week, in the order of <paramref name="Weeks"/>.</param>
public sealed record MondayView(long From, long To, IReadOnlyList<WeekLine> Weeks, IReadOnlyList<Mover> Changes, IReadOnlyList<(string Class, IReadOnlyList<long> PerWeek)> Topics, IReadOnlyList<ValueLine> Values, IReadOnlyList<Alarm> Alarms, IReadOnlyList<InsightGroup> Groups)
{
    /// <summary>The last seven days against the seven before.</summary>
    public WeekLine Lately => Weeks[^1];
    public WeekLine Before => Weeks[^2];
}

/// <summary>Counts the last weeks for the Monday page, its exports and the weekly letter.</summary>
public sealed class MondayBoard(AlarmDesk alarms, GroupFinder groups, FeedbackClock clock, Ground ground)
{
    public const int Weeks = 12;
    private const int ChangesMax = 5, ClassesMax = 6;

    /// <summary>Twelve weeks that end today.</summary>
    public async Task<MondayView> Look(Tx tx)
    {
        var to = InsightDay.Of(clock.Now, ground.Zone);
        var from = to - 7 * Weeks + 1;
        var counts = await DayTable.Days(tx, Dims.All, "", from, to);
        int WeekOf(long day) => (int)((day - from) / 7);
        var weeks = Enumerable.Range(0, Weeks).Select(week =>
        {
            var of = counts.Where(one => one.Topic.Length == 0 && WeekOf(one.Day) == week).ToList();
            return new WeekLine(from + 7 * week, of.Sum(one => one.Items), of.Sum(one => one.Negative), of.Sum(one => one.Positive), of.Sum(one => one.High), of.Sum(one => one.Rated), of.Sum(one => one.Stars));
        }).ToList();
        var (lately, usual) = (weeks[^1].Items, weeks.Take(Weeks - 1).TakeLast(4).Sum(week => week.Items));
        var heard = counts.Where(one => Insight.IsNamed(one.Topic)).GroupBy(one => one.Topic)
            .Select(group => new Heard(group.Key, group.Where(one => WeekOf(one.Day) is >= Weeks - 5 and < Weeks - 1).Sum(one => one.Items), usual, group.Where(one => WeekOf(one.Day) == Weeks - 1).Sum(one => one.Items), lately)).ToList();
        var topics = counts.Where(one => Insight.IsNamed(one.Topic)).GroupBy(one => Taxonomy.ParentOf(one.Topic)).OrderByDescending(group => group.Sum(one => one.Items)).Take(ClassesMax)
            .Select(group => (group.Key, (IReadOnlyList<long>)[.. Enumerable.Range(0, Weeks).Select(week => group.Where(one => WeekOf(one.Day) == week).Sum(one => one.Items))])).ToList();
        return new(from, to, weeks, [.. Movers.Of(heard).Take(ChangesMax)], topics, await Values(tx, to), await alarms.Open(tx), await groups.All(tx));
    }

    private static async Task<IReadOnlyList<ValueLine>> Values(Tx tx, long to)
    {
        var (now, before) = (await DayTable.Values(tx, "", to - 6, to), await DayTable.Values(tx, "", to - 34, to - 7));
        return [.. now.Select(one =>
        {
            var usual = before.FirstOrDefault(other => other.Dim == one.Dim && other.Value == one.Value);
            return new ValueLine(one.Dim, one.Value, one.Items, (double)one.Negative / one.Items, usual.Items == 0 ? double.NaN : (double)usual.Negative / usual.Items, one.Rated == 0 ? null : (double)one.Stars / one.Rated);
        }).OrderBy(one => one.Dim, StringComparer.Ordinal).ThenByDescending(one => one.Items)];
    }
}
