using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What came of an export.</summary>
/// <param name="Unreadable">Rows that became cases with the raw row attached.</param>
public sealed record ImportResult(int Rows, int Cases, int Joined, int Known, int Unreadable);

/// <summary>Brings exports of complaint platforms and regulators, row by row, each raw first. The same row twice is the same arrival.</summary>
public sealed class ComplaintImports(Store store, ComplaintIntake intake, ComplaintParts parts)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What ships, with the operator's own before it.</summary>
    public async Task<IReadOnlyList<ImportMapping>> Mappings(Tx tx)
    {
        var own = (await tx.Query<string>("select mapping from complaint_mappings order by id")).ConvertAll(text => ImportMapping.Read(JsonDocument.Parse(text).RootElement));
        return [.. own, .. ImportMapping.Shipped.Where(shipped => own.All(one => one.Id != shipped.Id))];
    }

    /// <summary>Saves a mapping. Throws <see cref="FormatException"/> with the path of what is wrong.</summary>
    public async Task Save(Tx tx, JsonElement json, string by)
    {
        var mapping = ImportMapping.Read(json);
        await tx.Run("insert into complaint_mappings (id, mapping, saved_at, saved_by) values (@Id, @text, @now, @by) on conflict (id) do update set mapping = excluded.mapping, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
            new { mapping.Id, text = json.GetRawText(), now = parts.Now, by });
    }

    /// <summary>Brings the rows of one export. A row has an id of its own: the platform's number, else what it says.</summary>
    public async Task<ImportResult> Bring(ImportMapping mapping, IEnumerable<IReadOnlyDictionary<string, string>> rows, CancellationToken stop = default)
    {
        var (all, cases, joined, known, unreadable) = (0, 0, 0, 0, 0);
        foreach (var row in rows)
        {
            all++;
            var (draft, wrong) = ImportRules.Read(mapping, row);
            var raw = JsonSerializer.SerializeToUtf8Bytes(new { mapping = mapping.Id, row }, Plain);
            var external = draft?.TheirNumber ?? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(raw).AsSpan(0, 16));
            var before = await store.Read(tx => IntakeTable.Find(tx, $"import:{mapping.Id}", external), stop);
            // What reads it after a crash reads the same row; a row without a meaning becomes a case with itself attached.
            var (brought, refusal) = await intake.Bring(mapping.Door, $"import:{mapping.Id}", external, draft is null ? "application/octet-stream" : JsonArrivalReader.ContentType, draft is null ? raw : JsonArrivalReader.Write(draft), stop);
            if (refusal is { } no) throw new IOException($"Row {all} could not be stored: {no}. Those before it were.");
            if (before is not null) known++;
            else if (wrong is not null) unreadable++;
            else if (brought!.Fate == IntakeFate.Joined) joined++;
            else cases++;
        }
        return new(all, cases, joined, known, unreadable);
    }
}
