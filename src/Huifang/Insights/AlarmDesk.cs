using System.Text.Json;
using Huifang.Calendars;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>Raises an alarm when a topic rises beyond chance, with its test, sentences as evidence, and how many people stand behind it.</summary>
public sealed class AlarmDesk(JournalDesk journal, FeedbackClock clock, Ground ground)
{
    /// <summary>Days of history that the test looks at.</summary>
    private const int Days = 120;

    /// <summary>Only what rose within these days is news.</summary>
    private const int NewsDays = 10;

    private const int EvidenceMax = 8;

    /// <summary>Different texts that a rise must have behind it.</summary>
    private const int VoicesMin = 5;

    /// <summary>Public holidays and the weekend days that are worked for them, where the house stands: on them nothing is learned of weekdays, and what everybody does then is no rise.</summary>
    private readonly IReadOnlySet<DateOnly> _holidays = HolidaysOf(ground.Zone.Id);

    /// <summary>Looks at every topic and raises what is new. Asked again over the same days it raises nothing twice.</summary>
    public async Task<int> Look(Tx tx)
    {
        var today = InsightDay.Of(clock.Now, ground.Zone);
        var first = today - Days + 1;
        var counts = await DayTable.Days(tx, Dims.All, "", first, today);
        var topics = counts.Where(one => Insight.IsNamed(one.Topic)).GroupBy(one => one.Topic)
            .Select(group => new TopicDays(group.Key, Series(group, first, Days))).ToList();
        if (topics.Count == 0) return 0;
        var begun = counts.Min(one => one.Day);
        var found = TrendAlarms.Find(topics, new TrendOptions(InsightDay.Date(first)) { WarmUp = (int)Math.Min(Days - 1, begun - first + 28), Holidays = _holidays });
        var raised = 0;
        foreach (var alarm in found.Where(one => InsightDay.Of(one.Day) > today - NewsDays))
        {
            var (day, since) = (InsightDay.Of(alarm.Day), InsightDay.Of(alarm.Since));
            if (await AlarmTable.AnyNear(tx, alarm.Topic, alarm.Kind.ToString(), since - 7, day + 7)) continue;
            // One text that many copied is one voice: it stands among the groups, and alone it is no rise.
            if (await InsightTable.Voices(tx, alarm.Topic, since, day) < VoicesMin) continue;
            var evidence = await InsightTable.Page(tx, new InsightFilter(alarm.Topic, Dims.All, "", since, day), surest: true, EvidenceMax);
            var id = clock.Ids.New();
            if (await AlarmTable.Insert(tx, new Alarm(id, alarm.Topic, alarm.Kind.ToString(), day, since, alarm.Test, alarm.P, alarm.Observed, alarm.Expected, [.. evidence.Select(row => row.FeedbackId)], await InsightTable.People(tx, alarm.Topic, since, day), clock.Now, null, null, null)) != 1) continue;
            await Tell(tx, "insight.alarmed", new { alarm = id, topic = alarm.Topic, kind = alarm.Kind.ToString(), observed = alarm.Observed, expected = alarm.Expected, p = alarm.P }, "house");
            raised++;
        }
        return raised;
    }

    private static HashSet<DateOnly> HolidaysOf(string zone)
    {
        var calendar = zone switch { "Asia/Shanghai" or "China Standard Time" => "CN", "Asia/Hong_Kong" => "HK", "Asia/Taipei" => "TW", "Asia/Singapore" => "SG", "Europe/London" => "UK", "America/New_York" => "US", _ => null };
        return calendar is null || CalendarShelf.Find(calendar) is not { } found ? [] : [.. found.Years.SelectMany(year => year.Holidays.Select(holiday => holiday.Date).Concat(year.MakeUpDays))];
    }

    public Task<List<Alarm>> Open(Tx tx, int most = 30) => AlarmTable.Open(tx, most);

    public Task<Alarm?> Find(Tx tx, string id) => AlarmTable.Find(tx, id);

    public Task<List<Alarm>> OfTopic(Tx tx, string topic, long from, long to) => AlarmTable.OfTopic(tx, topic, from, to);

    /// <summary>A person has dealt with it and says how.</summary>
    public async Task<bool> Close(Tx tx, string id, string why, string by)
    {
        if (string.IsNullOrWhiteSpace(why) || await AlarmTable.Close(tx, id, why.Length > 300 ? why[..300] : why, by, clock.Now) != 1) return false;
        await Tell(tx, "insight.alarm-closed", new { alarm = id }, by);
        return true;
    }

    private Task Tell(Tx tx, string kind, object data, string by) => journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), kind, null, clock.Now, by, JsonSerializer.Serialize(data)));

    internal static int[] Series(IEnumerable<DayCount> counts, long first, int days)
    {
        var series = new int[days];
        foreach (var one in counts) if (one.Day >= first && one.Day < first + days) series[one.Day - first] += (int)one.Items;
        return series;
    }
}

internal static class AlarmTable
{
    private sealed record Row(string Id, string Topic, string Kind, long Day, long Since, string Test, double P, double Observed, double Expected, string Evidence, long Affected, DateTimeOffset RaisedAt, DateTimeOffset? ClosedAt, string? ClosedBy, string? ClosedWhy)
    {
        private Row() : this("", "", "", 0, 0, "", 0, 0, 0, "", 0, default, null, null, null) { }

        public Alarm ToAlarm() => new(Id, Topic, Kind, Day, Since, Test, P, Observed, Expected, JsonSerializer.Deserialize<List<string>>(Evidence)!, Affected, RaisedAt, ClosedAt, ClosedBy, ClosedWhy);
    }

    private const string Columns = "id, topic, kind, day, since, test, p, observed, expected, evidence, affected, raised_at as raisedat, closed_at as closedat, closed_by as closedby, closed_why as closedwhy";

    /// <summary>Of two nodes that find the same rise one raises it.</summary>
    public static Task<int> Insert(Tx tx, Alarm alarm) => tx.Run(
        "insert into insight_alarms (id, topic, kind, day, since, test, p, observed, expected, evidence, affected, raised_at) values (@Id, @Topic, @Kind, @Day, @Since, @Test, @P, @Observed, @Expected, @evidence, @Affected, @RaisedAt) on conflict (topic, kind, day) do nothing",
        new { alarm.Id, alarm.Topic, alarm.Kind, alarm.Day, alarm.Since, alarm.Test, alarm.P, alarm.Observed, alarm.Expected, evidence = JsonSerializer.Serialize(alarm.Evidence), alarm.Affected, alarm.RaisedAt });

    public static Task<bool> AnyNear(Tx tx, string topic, string kind, long from, long to) => tx.One<bool>("select count(*) from (select 1 from insight_alarms where topic = @topic and kind = @kind and day >= @from and since <= @to limit 1) any_one", new { topic, kind, from, to });

    public static async Task<List<Alarm>> Open(Tx tx, int most) => (await tx.Query<Row>($"select {Columns} from insight_alarms where closed_at is null order by p, observed desc limit {most}")).ConvertAll(row => row.ToAlarm());

    public static async Task<Alarm?> Find(Tx tx, string id) => (await tx.One<Row>($"select {Columns} from insight_alarms where id = @id", new { id }))?.ToAlarm();

    public static async Task<List<Alarm>> OfTopic(Tx tx, string topic, long from, long to) => (await tx.Query<Row>($"select {Columns} from insight_alarms where topic = @topic and day >= @from and day <= @to order by day desc limit 20", new { topic, from, to })).ConvertAll(row => row.ToAlarm());

    public static Task<int> Close(Tx tx, string id, string why, string by, DateTimeOffset now) => tx.Run("update insight_alarms set closed_at = @now, closed_by = @by, closed_why = @why where id = @id and closed_at is null", new { id, why, by, now });
}
