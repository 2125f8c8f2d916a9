using System.Text.Json;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>Takes what people say that a record is about: as a label, to teach from and to compare people by, or as a correction that holds at once.</summary>
public sealed class LabelDesk(JournalDesk journal, FeedbackDesk feedback, FeedbackClock clock)
{
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(90);

    /// <summary>One text in this many is judged by a second person, who does not see what the first one said.</summary>
    public const int SecondEvery = 5;

    /// <summary>A person judges a record on the labelling page. When another has judged it alike, or she is the third, the reading changes.</summary>
    /// <returns>The field that was refused, or null.</returns>
    public async Task<string?> Label(Tx tx, string feedbackId, InsightLabel label, string by)
    {
        if (label.Wrong() is { } wrong) return wrong;
        if (await InsightTable.Find(tx, feedbackId) is not { } reading) return "feedback";
        await LabelTable.Save(tx, feedbackId, label, by, correction: false, clock.Now);
        var said = await LabelTable.Of(tx, feedbackId);
        var most = said.GroupBy(one => one.Topic).MaxBy(group => group.Count())!;
        // One judgement settles what the model would not decide; where the model was sure it takes two people to overrule it.
        if (reading.CorrectedBy is null && (reading.Abstained && said.Count == 1 || most.Count() >= 2)) await Apply(tx, reading, label with { Topic = most.Key }, by);
        await Tell(tx, "insight.labelled", feedbackId, label, by);
        return null;
    }

    /// <summary>Somebody who works with it says that it was read wrongly. It holds at once, and the next teaching learns from it.</summary>
    public async Task<string?> Correct(Tx tx, string feedbackId, InsightLabel label, string by)
    {
        if (label.Wrong() is { } wrong) return wrong;
        if (await InsightTable.Find(tx, feedbackId) is not { } reading) return "feedback";
        await LabelTable.Save(tx, feedbackId, label, by, correction: true, clock.Now);
        await Apply(tx, reading, label, by);
        await Tell(tx, "insight.corrected", feedbackId, label, by);
        return null;
    }

    /// <summary>The next text for this person: now and then one that another has judged, else what the model is least sure of.</summary>
    public async Task<IReadOnlyList<(FeedbackItem Item, Insight Reading)>> Next(Tx tx, string staff, string? source, int most)
    {
        var mine = await LabelTable.CountOf(tx, staff, clock.Now.AddDays(-365));
        var rows = await InsightTable.ToLabel(tx, staff, clock.Now - LookedBack, source, most);
        if (mine % SecondEvery == SecondEvery - 1 && await InsightTable.ForSecond(tx, staff, 1) is [var second] && await InsightTable.Find(tx, second) is { } again) rows.Insert(0, again);
        var items = (await feedback.Load(tx, [.. rows.Select(row => row.FeedbackId)])).ToDictionary(item => item.Id);
        return [.. rows.DistinctBy(row => row.FeedbackId).Where(row => items.TryGetValue(row.FeedbackId, out var item) && item.Words.Length > 0).Select(row => (items[row.FeedbackId], row.ToInsight()))];
    }

    public Task<long> CountUnsure(Tx tx) => InsightTable.CountUnsure(tx, clock.Now - LookedBack);

    public Task<long> CountToday(Tx tx, string staff, DateTimeOffset midnight) => LabelTable.CountOf(tx, staff, midnight);

    /// <summary>How alike two people judge, over everything that two have judged without seeing each other.</summary>
    public async Task<LabelAgreement> Agreement(Tx tx) => Agreements.Of(await LabelTable.Pairs(tx, 5000));

    /// <summary>Texts that two people judged differently and no third has settled.</summary>
    public Task<List<string>> Apart(Tx tx, int most) => LabelTable.Apart(tx, most);

    /// <summary>What people agree on, to teach from: corrections, and labels that nobody contradicts or two share.</summary>
    internal async Task<IReadOnlyList<(string FeedbackId, InsightLabel Label)>> Agreed(Tx tx)
    {
        var agreed = new List<(string, InsightLabel)>();
        foreach (var text in (await LabelTable.All(tx, 200_000)).GroupBy(one => one.FeedbackId))
        {
            var all = text.OrderByDescending(one => one.At).ToList();
            if (all.FirstOrDefault(one => one.Correction) is { } corrected) agreed.Add((text.Key, corrected.ToLabel()));
            else if (all.GroupBy(one => one.Topic).OrderByDescending(group => group.Count()).First() is var most && (most.Count() >= 2 || all.Count == 1)) agreed.Add((text.Key, most.First().ToLabel()));
        }
        return agreed;
    }

    private async Task Apply(Tx tx, ReadingRow reading, InsightLabel label, string by)
    {
        var after = reading with { Topic = label.Topic, Sentiment = label.Sentiment ?? reading.Sentiment, Intent = label.Intent ?? reading.Intent, Severity = label.Severity ?? reading.Severity, NeedsContact = label.NeedsContact ?? reading.NeedsContact };
        if (await InsightTable.Correct(tx, reading, after, by, clock.Now) == 1) await DayTable.Add(tx, [(reading, -1), (after, 1)]);
    }

    private Task Tell(Tx tx, string kind, string feedbackId, InsightLabel label, string by) =>
        journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), kind, null, clock.Now, by, JsonSerializer.Serialize(new { feedback = feedbackId, topic = label.Topic })));
}

internal sealed record LabelRow(string FeedbackId, string ByWhom, DateTimeOffset At, string Topic, string? Sentiment, string? Intent, string? Severity, string? NeedsContact, bool Correction)
{
    private LabelRow() : this("", "", default, "", null, null, null, null, false) { }

    public InsightLabel ToLabel() => new(Topic, Sentiment, Intent, Severity, NeedsContact);
}

internal static class LabelTable
{
    private const string Columns = "feedback_id as feedbackid, by_whom as bywhom, at, topic, sentiment, intent, severity, needs_contact as needscontact, correction";

    public static Task<int> Save(Tx tx, string feedbackId, InsightLabel label, string by, bool correction, DateTimeOffset now) => tx.Run(
        """
        insert into insight_labels (feedback_id, by_whom, at, topic, sentiment, intent, severity, needs_contact, correction) values (@feedbackId, @by, @now, @Topic, @Sentiment, @Intent, @Severity, @NeedsContact, @correction)
        on conflict (feedback_id, by_whom) do update set at = excluded.at, topic = excluded.topic, sentiment = excluded.sentiment, intent = excluded.intent, severity = excluded.severity, needs_contact = excluded.needs_contact, correction = excluded.correction
        """, new { feedbackId, by, now, label.Topic, label.Sentiment, label.Intent, label.Severity, label.NeedsContact, correction });

    public static Task<List<LabelRow>> Of(Tx tx, string feedbackId) => tx.Query<LabelRow>($"select {Columns} from insight_labels where feedback_id = @feedbackId order by at", new { feedbackId });

    public static Task<List<LabelRow>> All(Tx tx, int most) => tx.Query<LabelRow>($"select {Columns} from insight_labels order by at desc limit {most}");

    public static Task<long> CountOf(Tx tx, string staff, DateTimeOffset since) => tx.One<long>("select count(*) from insight_labels where by_whom = @staff and at >= @since and correction = 0", new { staff, since });

    public static Task<List<(string First, string Second)>> Pairs(Tx tx, int most) => tx.Query<(string, string)>(
        $"select a.topic, b.topic from insight_labels a join insight_labels b on b.feedback_id = a.feedback_id and a.by_whom < b.by_whom where a.correction = 0 and b.correction = 0 order by b.at desc limit {most}");

    public static Task<List<string>> Apart(Tx tx, int most) => tx.Query<string>(
        $"select feedback_id from insight_labels where correction = 0 group by feedback_id having count(*) = 2 and count(distinct topic) = 2 order by max(at) desc limit {most}");
}
