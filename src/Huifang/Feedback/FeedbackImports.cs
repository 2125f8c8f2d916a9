using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Feedback;

/// <summary>What came of a file or a feed: rows = kept + known + bad.</summary>
public sealed record FeedbackImport(string Id, string Name, string MappingId, DateTimeOffset At, string ByWhom, long RowsRead, long Kept, long Known, long Bad)
{
    private FeedbackImport() : this("", "", "", default, "", 0, 0, 0, 0) { }
}

/// <summary>A row that says nothing that we can read, as it came.</summary>
public sealed record BadRow(string Id, string ImportId, long Place, string Field, string Reason, string Raw, DateTimeOffset At);

/// <summary>Takes exports row by row: what can be read becomes a record once, what cannot is kept as it came and shown to a person.</summary>
public sealed class FeedbackImports(Store store, FeedbackDesk desk, JournalDesk journal, Vault vault, FeedbackClock clock)
{
    private const int BatchMax = 500;
    private const int RawMax = 16 * 1024;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What ships, with the operator's own before it.</summary>
    public async Task<IReadOnlyList<FeedbackMapping>> Mappings(Tx tx)
    {
        var own = (await FeedbackImportTable.Mappings(tx)).ConvertAll(text => { using var json = JsonDocument.Parse(text); return FeedbackMapping.Read(json.RootElement); });
        return [.. own, .. FeedbackMapping.Shipped.Where(shipped => own.All(one => one.Id != shipped.Id))];
    }

    public async Task Save(Tx tx, FeedbackMapping mapping, string by)
    {
        await FeedbackImportTable.SaveMapping(tx, mapping.Id, mapping.Write(), clock.Now, by);
        await journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), "feedback.mapping-saved", null, clock.Now, by, JsonSerializer.Serialize(new { mapping = mapping.Id, source = mapping.Source })));
    }

    /// <summary>Brings the rows, a few hundred in one transaction; a file that breaks off in the middle keeps what came before and says so with a bad row.</summary>
    public async Task<FeedbackImport> Bring(FeedbackMapping mapping, string name, IEnumerable<IReadOnlyDictionary<string, string>> rows, string by, CancellationToken stop = default)
    {
        var import = new FeedbackImport(clock.Ids.New(), name.Length > 120 ? name[..120] : name, mapping.Id, clock.Now, by, 0, 0, 0, 0);
        var place = 0L;
        foreach (var part in Safely(rows).Chunk(BatchMax))
        {
            var (items, bad) = (new List<FeedbackItem>(), new List<BadRow>());
            foreach (var (row, broken) in part)
            {
                place++;
                var (item, wrong) = broken is null ? FeedbackRows.Read(mapping, row, clock.Now, words => $"words-{vault.BlindTerm(words):x16}") : (null, broken);
                if (item is not null) items.Add(item);
                else bad.Add(new(clock.Ids.New(), import.Id, place, wrong!.Field, wrong.Reason, Raw(row), clock.Now));
            }
            var kept = await store.Write(async tx =>
            {
                await FeedbackImportTable.AddBad(tx, bad, raw => vault.SealForHouse(raw));
                return await desk.Keep(tx, items, by);
            }, stop);
            import = import with { RowsRead = import.RowsRead + part.Length, Kept = import.Kept + kept, Known = import.Known + items.Count - kept, Bad = import.Bad + bad.Count };
        }
        await store.Write(async tx =>
        {
            await FeedbackImportTable.Insert(tx, import);
            await journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), "feedback.imported", null, clock.Now, by, JsonSerializer.Serialize(new { import = import.Id, mapping = mapping.Id, rows = import.RowsRead, kept = import.Kept, known = import.Known, bad = import.Bad })));
        }, stop);
        return import;
    }

    public Task<List<FeedbackImport>> Latest(Tx tx, int most = 20) => FeedbackImportTable.Latest(tx, most);

    public async Task<IReadOnlyList<BadRow>> Open(Tx tx, int most = 50) =>
        (await FeedbackImportTable.OpenBad(tx, most)).ConvertAll(row => new BadRow(row.Id, row.ImportId, row.Place, row.Field, row.Reason, vault.OpenForHouse(row.Raw) ?? "", row.At));

    public Task<long> CountOpen(Tx tx) => FeedbackImportTable.CountOpen(tx);

    /// <summary>A person has looked at it.</summary>
    public async Task<bool> Settle(Tx tx, string id, string by)
    {
        if (await FeedbackImportTable.Settle(tx, id, clock.Now, by) != 1) return false;
        await journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), "feedback.row-settled", null, clock.Now, by, JsonSerializer.Serialize(new { row = id })));
        return true;
    }

    // What a customer wrote into a row that we cannot read may hold a secret as well.
    private static string Raw(IReadOnlyDictionary<string, string> row)
    {
        var text = JsonSerializer.Serialize(row, Plain);
        return FeedbackWords.Keep(text.Length > RawMax ? text[..RawMax] : text).Words;
    }

    // The file itself may be broken in the middle: that is one bad row at its end, and what came before stays.
    private static IEnumerable<(IReadOnlyDictionary<string, string> Row, BadField? Broken)> Safely(IEnumerable<IReadOnlyDictionary<string, string>> rows)
    {
        using var each = rows.GetEnumerator();
        while (true)
        {
            BadField? broken = null;
            try { if (!each.MoveNext()) yield break; }
            catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidDataException) { broken = new("file", "broken-off"); }
            yield return broken is null ? (each.Current, null) : (new Dictionary<string, string> { ["file"] = "…" }, broken);
            if (broken is not null) yield break;
        }
    }
}

/// <summary>Time and new ids, for those who need both.</summary>
public sealed class FeedbackClock(TimeProvider time, Ids ids, Ground ground)
{
    public DateTimeOffset Now => time.GetUtcNow();
    public Ids Ids => ids;

    /// <summary>Where the house's days begin.</summary>
    public Ground Ground => ground;
}
