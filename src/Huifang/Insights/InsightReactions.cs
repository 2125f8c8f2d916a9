using System.Text.Json;
using Huifang.Contacts;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Insights;

/// <summary>Reads every new record as soon as it is committed, counts it, and says aloud what somebody should hear: a low score, something severe.</summary>
public sealed class InsightReactions(FeedbackDesk feedback, LiveModel model, JournalDesk journal, FeedbackClock clock, FollowUpDesk followUps) : IReaction
{
    /// <summary>Older than this, a low score is history and no reason to call.</summary>
    private static readonly TimeSpan StillNews = TimeSpan.FromDays(14);

    private const int LowAtMost = 2;

    public string Listener => "insights";
    public Task Ready => model.Shipped;

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        var ids = facts.Select(fact => { using var data = JsonDocument.Parse(fact.Data); return data.RootElement.GetProperty("feedback").GetString()!; }).Distinct().ToList();
        var items = await feedback.Load(tx, ids);
        if (items.Count == 0) return;
        var understanding = await model.Of(tx);
        var fresh = await InsightTable.Insert(tx, [.. items.Select(item => Read(item, understanding))], clock.Now);
        await DayTable.Add(tx, fresh.Select(row => (row, 1)));
        var byId = items.ToDictionary(item => item.Id);
        var aloud = new List<Fact>();
        foreach (var row in fresh)
            // How a complaint was solved is asked by the complaint, which opens again by itself: nobody calls beside it.
            if (byId[row.FeedbackId].FollowUpId is not { } asked || (await followUps.Find(tx, asked))?.Purpose != Purpose.Complaint) aloud.AddRange(Aloud(byId[row.FeedbackId], row));
        await journal.Append(tx, aloud);
    }

    private ReadingRow Read(FeedbackItem item, Understanding understanding)
    {
        var reading = understanding.Of(item.Words);
        var nothing = string.IsNullOrWhiteSpace(item.Words);
        // What somebody has said it is about already, such as the owner of a complaint, is not guessed.
        var told = item.Topic is { } topic && Taxonomy.Shipped.Find(topic) is not null ? topic : null;
        var abstained = told is null && !nothing && reading.Abstained;
        return new ReadingRow(item.Id, item.At, InsightDay.Of(item.At, clock.Ground.Zone), understanding.Version, told ?? (nothing ? Insight.NoWords : abstained ? Insight.Unsure : reading.Topics[0].Label), told is not null ? 1 : nothing ? 0 : reading.Topics[0].Probability, JsonSerializer.Serialize(reading.Topics),
            // A rating says how she feels more surely than her words.
            item.Rating switch { <= 2 => "negative", >= 5 => "positive", _ => reading.Sentiment.Label }, reading.Intent.Label, reading.Severity.Label, reading.NeedsContact.Label, item.Language, reading.MayBeFraud, abstained, FeedbackSource.KindOf(item.Source))
        {
            Segment = item.Segment, Region = item.Region, AppVersion = item.AppVersion, Rating = item.Rating,
        };
    }

    // The trigger rules decide whether anybody calls. A complaint has an owner, and a call had an agent: they know already.
    private IEnumerable<Fact> Aloud(FeedbackItem item, ReadingRow row)
    {
        if (item.CustomerId is null || item.ComplaintId is not null || item.CallId is not null || item.At < clock.Now - StillNews) yield break;
        if (item.Rating is <= LowAtMost) yield return Say("feedback.low", new { feedback = item.Id, source = row.Source, score = item.Rating, topic = row.Topic });
        else if (row is { Severity: "high", Abstained: false }) yield return Say("feedback.severe", new { feedback = item.Id, source = row.Source, severity = row.Severity, topic = row.Topic, fraud = row.Fraud });

        Fact Say(string kind, object data) => new(Fact.Care, clock.Ids.New(), kind, item.CustomerId, clock.Now, "house", JsonSerializer.Serialize(data));
    }
}
