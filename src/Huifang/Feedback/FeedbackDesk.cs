using System.Text.Json;
using Huifang.Journal;
using Huifang.Redaction;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Feedback;

/// <summary>Keeps what customers say: redacted, sealed, once.</summary>
public sealed class FeedbackDesk(JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    /// <returns>How many were new.</returns>
    public async Task<int> Keep(Tx tx, IReadOnlyList<FeedbackItem> items, string by = "house")
    {
        if (items.Count == 0) return 0;
        var now = time.GetUtcNow();
        var keys = await vault.KeysFor(tx, items.Where(i => i.CustomerId is not null).Select(i => i.CustomerId!));
        var rows = items.Select(item =>
        {
            var redacted = Redactor.Redact(item.Words);
            var words = item.CustomerId is null ? vault.SealForHouse(redacted.Text) : keys[item.CustomerId].Seal(redacted.Text);
            return new FeedbackRow(item.Source, item.SourceId, ids.New(), item.CustomerId, item.At, now, item.Language, words, redacted.Spans.Count, item.Rating, item.Topic, item.FollowUpId, item.CallId);
        }).ToList();
        var kept = await FeedbackTable.Insert(tx, rows);
        await journal.Append(tx, [.. kept.Select(row => new Fact(Fact.Care, ids.New(), "feedback.received", row.CustomerId, row.At, by,
            JsonSerializer.Serialize(new { feedback = row.Id, source = row.Source, rating = row.Rating, topic = row.Topic })))]);
        return kept.Count;
    }

    public async Task<IReadOnlyList<FeedbackItem>> Page(Tx tx, FeedbackFilter filter, int most = 50)
    {
        var rows = await FeedbackTable.Page(tx, filter, most);
        var keys = await vault.KeysOf(tx, rows.Where(r => r.CustomerId is not null).Select(r => r.CustomerId!).Distinct().ToList());
        return rows.ConvertAll(row => new FeedbackItem(row.Source, row.SourceId, row.CustomerId, row.At, row.Language,
            (row.CustomerId is null ? vault.OpenForHouse(row.Words) : keys.GetValueOrDefault(row.CustomerId)?.Open(row.Words)) ?? "", row.Rating, row.Topic)
        { Id = row.Id, FollowUpId = row.FollowUpId, CallId = row.CallId, Redacted = row.Redacted });
    }
}

/// <summary>Which feedback to show; all fields may be left out.</summary>
public sealed record FeedbackFilter(string? Source = null, string? Topic = null, int? RatingMax = null, string? CustomerId = null, DateTimeOffset? Before = null);
