using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.Storage;

namespace Huifang.Intake;

/// <summary>How an import went, line by line.</summary>
public sealed record ImportCounts
{
    public long Lines { get; set; }
    public long Skipped { get; set; }
    public long Accepted { get; set; }
    public long Known { get; set; }
    public long Conflicts { get; set; }
    public long Quarantined { get; set; }
}

/// <summary>The file as a whole cannot be imported; the sentence says why and what to do.</summary>
public sealed class ImportRefused(string sentence) : Exception(sentence);

/// <summary>
/// Reads a file in batches; each batch and the place reached are one transaction, so an import that was broken off goes on where it was.
/// A line that cannot be read goes to the quarantine, and the others are not held back.
/// </summary>
public sealed class FileImport(Store store, IntakeDesk intake, CustomerDesk customers, ConsentDesk consents, TimeProvider time)
{
    private const int BatchLines = 1000;
    private const int LineCharsMax = 256 * 1024;

    public async Task<ImportCounts> Run(string what, FileInfo file, Action<long> progress, CancellationToken stop)
    {
        await using var raw = file.OpenRead();
        var name = file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file.Name[..^3] : file.Name;
        await using Stream text = name.Length == file.Name.Length ? raw : new GZipStream(raw, CompressionMode.Decompress);
        using var reader = new StreamReader(text, new UTF8Encoding(false, throwOnInvalidBytes: false));
        var lines = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" => CsvLines(reader, what),
            ".jsonl" or ".ndjson" or ".json" => JsonLines(reader),
            var other => throw new ImportRefused($"A file that ends in {other} cannot be read; use .jsonl or .csv, gzipped or not."),
        };

        var counts = new ImportCounts();
        var mark = new ImportMark($"{what}:{file.Name}:{file.Length}");
        counts.Skipped = await store.Read(tx => mark.Reached(tx), stop);
        var sender = $"import:{file.Name}";
        try
        {
            foreach (var batch in lines.Chunk(BatchLines))
            {
                stop.ThrowIfCancellationRequested();
                counts.Lines += batch.Length;
                if (counts.Lines <= counts.Skipped) continue;
                await Take(what, batch, sender, counts, stop);
                await store.Write(tx => mark.Reach(tx, counts.Lines, time.GetUtcNow()), stop);
                progress(raw.Position);
            }
        }
        catch (InvalidDataException broken) { throw new ImportRefused($"The file breaks off after line {counts.Lines}: {broken.Message} What came before it was taken; mend the file and start again."); }
        progress(file.Length);
        return counts;
    }

    private async Task Take(string what, string[] lines, string sender, ImportCounts counts, CancellationToken stop)
    {
        if (what == "events")
        {
            var readings = lines.Select(line => EventReader.Read(Encoding.UTF8.GetBytes(line), time.GetUtcNow())).ToList();
            foreach (var answer in await intake.Take(readings, sender, IntakeDesk.LineContent, stop)) Count(counts, answer.Status);
            return;
        }
        var read = lines.Select(line => (Line: line, Json: Parse(line))).ToList();
        await store.Write(async tx =>
        {
            if (what == "customers")
            {
                var drafts = new List<CustomerDraft>();
                foreach (var (line, json) in read)
                    if (json is null) await Quarantine(tx, line, "", UnreadableReason.NotJson, sender, counts);
                    else if (CustomerReader.Read(json.Value) is var (draft, fault) && draft is null) await Quarantine(tx, line, $"{fault!.Field}: {fault.Reason}", UnreadableReason.NotText, sender, counts);
                    else drafts.Add(draft!);
                await customers.Save(tx, drafts, sender);
                counts.Accepted += drafts.Count;
            }
            else
            {
                var given = new List<Consent>();
                foreach (var (line, json) in read)
                    if (json is null) await Quarantine(tx, line, "", UnreadableReason.NotJson, sender, counts);
                    else if (CustomerReader.ReadConsent(json.Value, sender, time.GetUtcNow()) is var (consent, fault) && consent is null) await Quarantine(tx, line, $"{fault!.Field}: {fault.Reason}", UnreadableReason.NotText, sender, counts);
                    else given.Add(consent!);
                var added = await consents.Import(tx, given);
                counts.Accepted += added;
                counts.Known += given.Count - added;
            }
            return true;
        }, stop);
    }

    private async Task Quarantine(Tx tx, string line, string field, UnreadableReason reason, string sender, ImportCounts counts)
    {
        counts.Quarantined++;
        await intake.Keep(tx, new Reading.Unreadable(reason, field, Encoding.UTF8.GetBytes(line)), sender, IntakeDesk.LineContent);
    }

    private static void Count(ImportCounts counts, ItemStatus status)
    {
        switch (status)
        {
            case ItemStatus.Accepted: counts.Accepted++; break;
            case ItemStatus.Known: counts.Known++; break;
            case ItemStatus.Conflict: counts.Conflicts++; break;
            case ItemStatus.Quarantined: counts.Quarantined++; break;
        }
    }

    private static JsonElement? Parse(string line)
    {
        try { using var document = JsonDocument.Parse(line); return document.RootElement.Clone(); }
        catch (JsonException) { return null; }
    }

    private static IEnumerable<string> JsonLines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            yield return line.Length <= LineCharsMax ? line : line[..LineCharsMax];
        }
    }

    /// <summary>A row becomes a JSON object: <c>data.amount</c> is a field of data, numbers and true/false in data are such. Throws <see cref="ImportRefused"/> when it is no such file.</summary>
    /// <param name="what">events, customers or consents.</param>
    public static IEnumerable<string> CsvLines(TextReader reader, string what)
    {
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null, MissingFieldFound = null, MaxFieldSize = LineCharsMax });
        bool Next()
        {
            // A quotation mark that is never closed makes one field of the rest of the file.
            try { return csv.Read(); }
            catch (MaxFieldSizeException) { throw new ImportRefused($"Row {csv.Parser.Row} of the CSV file has a field of more than {LineCharsMax} letters; is a quotation mark missing? What came before it was taken; mend the file and start again."); }
        }
        if (!Next() || !csv.ReadHeader()) throw new ImportRefused("The CSV file is empty; its first line must name the columns.");
        var columns = csv.HeaderRecord!;
        var needed = what switch { "events" => new[] { "id", "source", "type", "subject" }, "customers" => ["id"], _ => ["customer", "purpose", "channel", "given", "at", "wording"] };
        if (needed.Except(columns).ToList() is { Count: > 0 } missing) throw new ImportRefused($"The CSV file lacks the columns {string.Join(", ", missing)}; its first line names: {string.Join(", ", columns)}.");
        while (Next())
        {
            var json = new JsonObject();
            if (what == "events") json["specversion"] = "1.0";
            for (var i = 0; i < columns.Length; i++)
                if (csv.GetField(i) is { Length: > 0 } value) Put(json, columns[i], value);
            yield return json.ToJsonString();
        }
    }

    private static void Put(JsonObject json, string column, string value)
    {
        if (column.IndexOf('.', StringComparison.Ordinal) is not (> 0 and var dot)) { json[column] = value; return; }
        var (parent, name) = (column[..dot], column[(dot + 1)..]);
        if (json[parent] is not JsonObject inner) json[parent] = inner = [];
        inner[name] = parent != "data" ? value : long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : bool.TryParse(value, out var flag) ? flag : value;
    }
}

/// <summary>How far a file has been imported; the same name and size is the same file.</summary>
internal sealed record ImportMark(string Name)
{
    public Task<long> Reached(Tx tx) => tx.One<long>("select reached from imports where name = @Name", new { Name });

    public Task<int> Reach(Tx tx, long line, DateTimeOffset at) => tx.Run(
        "insert into imports (name, reached, at) values (@Name, @line, @at) on conflict (name) do update set reached = excluded.reached, at = excluded.at", new { Name, line, at });
}
