using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Feedback;

/// <summary>Keeps what customers say: redacted, sealed, once.</summary>
public sealed class FeedbackDesk(JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    /// <returns>How many were new.</returns>
    public async Task<int> Keep(Tx tx, IReadOnlyList<FeedbackItem> items, string by = "house") => (await KeepEach(tx, items, by)).Count;

    /// <returns>The ids of those that were new, by their source id.</returns>
    public async Task<IReadOnlyDictionary<string, string>> KeepEach(Tx tx, IReadOnlyList<FeedbackItem> items, string by = "house")
    {
        if (items.Count == 0) return new Dictionary<string, string>();
        var now = time.GetUtcNow();
        var keys = await vault.KeysFor(tx, items.Where(i => i.CustomerId is not null).Select(i => i.CustomerId!));
        var rows = items.Select(item =>
        {
            var (clean, secrets) = FeedbackWords.Keep(item.Words);
            var words = item.CustomerId is null ? vault.SealForHouse(clean) : keys[item.CustomerId].Seal(clean);
            return new FeedbackRow(item.Source, item.SourceId, ids.New(), item.CustomerId, item.At, now, item.Language, words, secrets, item.Rating, item.Topic)
            {
                FollowUpId = item.FollowUpId, CallId = item.CallId, ComplaintId = item.ComplaintId, Segment = item.Segment, AppVersion = item.AppVersion, Region = item.Region, Channel = item.Channel,
                TextHash = FeedbackWords.Likeness(clean) is { } likeness ? vault.BlindTerm(likeness) : null,
            };
        }).ToList();
        var kept = await FeedbackTable.Insert(tx, rows);
        await journal.Append(tx, [.. kept.Select(row => new Fact(Fact.Care, ids.New(), "feedback.received", row.CustomerId, row.At, by,
            JsonSerializer.Serialize(new { feedback = row.Id, source = row.Source, rating = row.Rating, topic = row.Topic })))]);
        return kept.ToDictionary(row => row.SourceId, row => row.Id, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<FeedbackItem>> Page(Tx tx, FeedbackFilter filter, int most = 50) => await Open(tx, await FeedbackTable.Page(tx, filter, most));

    /// <summary>The records of these ids, in no order; what an erased person said comes without words.</summary>
    public async Task<IReadOnlyList<FeedbackItem>> Load(Tx tx, IReadOnlyCollection<string> feedbackIds) => await Open(tx, await FeedbackTable.Load(tx, feedbackIds));

    /// <summary>Keeps a picture with what she said. It is sealed with her key and ends with it.</summary>
    public async Task Attach(Tx tx, string feedbackId, string customerId, string mediaType, byte[] picture)
    {
        var id = ids.New();
        var box = (await vault.KeyFor(tx, customerId)).SealBytes(picture, System.Text.Encoding.UTF8.GetBytes(id));
        await FeedbackTable.AddFile(tx, id, feedbackId, customerId, mediaType, picture.Length, box, time.GetUtcNow());
    }

    /// <summary>The picture that came with a record; null when there is none or it cannot be read any more.</summary>
    public async Task<(string MediaType, byte[] Content)?> Picture(Tx tx, string feedbackId) =>
        await FeedbackTable.File(tx, feedbackId) is var (id, customerId, mediaType, box) && (await vault.KeyOf(tx, customerId))?.OpenBytes(box, System.Text.Encoding.UTF8.GetBytes(id)) is { } content ? (mediaType, content) : null;

    /// <summary>Which of these records have a picture.</summary>
    public async Task<IReadOnlySet<string>> WithPictures(Tx tx, IReadOnlyCollection<string> feedbackIds) => feedbackIds.Count == 0 ? new HashSet<string>() : (await FeedbackTable.WithFiles(tx, feedbackIds)).ToHashSet();

    private async Task<IReadOnlyList<FeedbackItem>> Open(Tx tx, List<FeedbackRow> rows)
    {
        var keys = await vault.KeysOf(tx, rows.Where(r => r.CustomerId is not null).Select(r => r.CustomerId!).Distinct().ToList());
        return rows.ConvertAll(row => row.ToItem((row.CustomerId is null ? vault.OpenForHouse(row.Words) : keys.GetValueOrDefault(row.CustomerId)?.Open(row.Words)) ?? ""));
    }
}

/// <summary>Which feedback to show; all fields may be left out.</summary>
/// <param name="Source">A source, or a kind with all its places.</param>
public sealed record FeedbackFilter(string? Source = null, string? Topic = null, int? RatingMax = null, string? CustomerId = null, DateTimeOffset? Before = null);
