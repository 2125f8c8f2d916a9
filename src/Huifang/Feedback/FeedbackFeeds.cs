using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Feedback;

/// <summary>An address that is asked again and again for new reviews.</summary>
/// <param name="Items">Where in the answer the list stands: names with points between them (<c>feed.entry</c>); empty when the answer is the list.</param>
/// <param name="State">Live or Paused.</param>
/// <param name="Error">A word for why the last try failed; null when it did not.</param>
public sealed record FeedbackFeed(string Id, string Name, string Url, string MappingId, string Items, int EveryMinutes, string State, DateTimeOffset TryAt, int Tries, string? Error, DateTimeOffset? FetchedAt, long Kept)
{
    private FeedbackFeed() : this("", "", "", "", "", 0, "", default, 0, null, null, 0) { }

    public const string Live = "Live", Paused = "Paused";
}

/// <summary>What an address answered.</summary>
/// <param name="Error">A word for why not; null when there is a body.</param>
public sealed record FeedAnswer(string? Body, string? Error);

/// <summary>Asks an address on the internet for its reviews. One call is one try, with an end to time and size; what the network does is an answer, never an exception.</summary>
public interface IFeedLine
{
    Task<FeedAnswer> Fetch(Uri address, CancellationToken stop);

    /// <summary>Why an address may not be asked; null when it may.</summary>
    string? Refuse(string address);
}

/// <summary>Keeps which addresses are asked, and how often.</summary>
public sealed class FeedDesk(IFeedLine line, JournalDesk journal, FeedbackImports imports, FeedbackClock clock)
{
    /// <returns>What was refused, as field and reason; null when it is added.</returns>
    public async Task<BadField?> Add(Tx tx, string name, string url, string mappingId, string items, int everyMinutes, string by)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 80) return new("name", "missing");
        if (line.Refuse(url) is { } reason) return new("url", reason);
        if ((await imports.Mappings(tx)).All(mapping => mapping.Id != mappingId)) return new("mapping", "unknown");
        if (everyMinutes is < 5 or > 10080) return new("everyMinutes", "out-of-range");
        if (items.Length > 200) return new("items", "too-long");
        var feed = new FeedbackFeed(clock.Ids.New(), name.Trim(), url, mappingId, items.Trim(), everyMinutes, FeedbackFeed.Live, clock.Now, 0, null, null, 0);
        await FeedbackImportTable.Insert(tx, feed, clock.Now, by);
        await Tell(tx, feed.Id, "added", by);
        return null;
    }

    public async Task<bool> SetLive(Tx tx, string id, bool live, string by)
    {
        if (await FeedbackImportTable.SetState(tx, id, live ? FeedbackFeed.Live : FeedbackFeed.Paused, clock.Now) != 1) return false;
        await Tell(tx, id, live ? "live" : "paused", by);
        return true;
    }

    public Task<List<FeedbackFeed>> All(Tx tx) => FeedbackImportTable.Feeds(tx);

    private Task Tell(Tx tx, string id, string what, string by) => journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), "feedback.feed-changed", null, clock.Now, by, JsonSerializer.Serialize(new { feed = id, what })));
}

/// <summary>Asks the feeds that are due: lease, fetch outside any transaction, keep, record. The same review told twice is the same record.</summary>
public sealed class FeedReader(Store store, IFeedLine line, FeedbackImports imports, FeedbackClock clock) : IWork
{
    private const int BatchMax = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    public string Name => "feedback feeds";
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task<bool> Round(CancellationToken stop)
    {
        if (!await store.Read(tx => FeedbackImportTable.AnyDue(tx, clock.Now), stop)) return false;
        var (batch, mappings) = await store.Write(async tx => (await FeedbackImportTable.Lease(tx, clock.Now, clock.Now + Lease, BatchMax), await imports.Mappings(tx)), stop);
        foreach (var feed in batch)
        {
            var (error, kept) = await Read(feed, mappings.FirstOrDefault(one => one.Id == feed.MappingId), stop);
            // After failures ever longer, at most a day.
            var wait = TimeSpan.FromMinutes(error is null ? feed.EveryMinutes : Math.Min(1440, feed.EveryMinutes * Math.Pow(2, Math.Min(feed.Tries, 8))));
            await store.Write(tx => FeedbackImportTable.Record(tx, feed.Id, error, kept, clock.Now + wait, clock.Now), stop);
        }
        return batch.Count == BatchMax;
    }

    private async Task<(string? Error, long Kept)> Read(FeedbackFeed feed, FeedbackMapping? mapping, CancellationToken stop)
    {
        if (mapping is null) return ("no-mapping", 0);
        var answer = await line.Fetch(new Uri(feed.Url), stop);
        if (answer.Body is null) return (answer.Error ?? "empty", 0);
        try
        {
            using var json = JsonDocument.Parse(answer.Body, new JsonDocumentOptions { MaxDepth = 32 });
            if (FeedRows.Find(json.RootElement, feed.Items) is not { ValueKind: JsonValueKind.Array } list) return ("no-list", 0);
            return (null, (await imports.Bring(mapping, feed.Name, list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Select(FeedRows.Flatten), "feed", stop)).Kept);
        }
        catch (JsonException) { return ("not-json", 0); }
    }
}

/// <summary>Makes rows of JSON: nested fields are named with points (<c>author.name</c>).</summary>
public static class FeedRows
{
    public static JsonElement? Find(JsonElement root, string path)
    {
        foreach (var part in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(part, out var next)) return null;
            root = next;
        }
        return root;
    }

    public static IReadOnlyDictionary<string, string> Flatten(JsonElement json)
    {
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk(json, "", row, 0);
        return row;
    }

    private static void Walk(JsonElement json, string name, Dictionary<string, string> row, int depth)
    {
        if (depth > 8 || row.Count > 500) return;
        if (json.ValueKind == JsonValueKind.Object) foreach (var field in json.EnumerateObject()) Walk(field.Value, name.Length == 0 ? field.Name : $"{name}.{field.Name}", row, depth + 1);
        else if (json.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) row[name] = json.ToString();
    }
}
