using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace Huifang.Complaints;

/// <summary>Rows of an export: CSV with a header, a JSON array of objects, or one object a line. Read as they are needed, so that the file's size does not matter.</summary>
public static class ExportRows
{
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(Stream stream, string name)
    {
        using var text = new StreamReader(stream, System.Text.Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) foreach (var row in Array(text)) yield return row;
        else if (name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) while (text.ReadLine() is { } line) { if (line.Trim().Length > 0) yield return Row(JsonDocument.Parse(line).RootElement); }
        else foreach (var row in Csv(text)) yield return row;
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Csv(StreamReader text)
    {
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { MissingFieldFound = null, BadDataFound = null, DetectDelimiter = true, TrimOptions = TrimOptions.Trim });
        if (!csv.Read() || !csv.ReadHeader()) yield break;
        var header = csv.HeaderRecord!;
        while (csv.Read())
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < header.Length; i++) if (csv.GetField(i) is { Length: > 0 } cell) row[header[i].Trim('\uFEFF').Trim()] = cell;
            yield return row;
        }
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Array(StreamReader text)
    {
        using var json = JsonDocument.Parse(text.ReadToEnd());
        if (json.RootElement.ValueKind != JsonValueKind.Array) throw new FormatException("Not a list of objects.");
        return [.. json.RootElement.EnumerateArray().Select(Row)];
    }

    private static Dictionary<string, string> Row(JsonElement json) => json.ValueKind != JsonValueKind.Object ? throw new FormatException("A row is not an object.")
        : json.EnumerateObject().Where(field => field.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array)).ToDictionary(field => field.Name, field => field.Value.ToString(), StringComparer.Ordinal);
}
