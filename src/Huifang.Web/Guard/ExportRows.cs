using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace Huifang.Guard;

/// <summary>
/// Rows of an export: CSV with a header, a JSON array of objects, or one object a line. Read as they are needed, so that the file's size does not matter.
/// A file that is no UTF-8 is read as GB 18030, as spreadsheets in China save it; what is neither shows its broken signs. What is no file of rows throws <see cref="FormatException"/> or <see cref="JsonException"/>.
/// </summary>
public static class ExportRows
{
    private const int ProbeBytes = 256 * 1024;

    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(Stream stream, string name)
    {
        using var text = new StreamReader(stream, stream.CanSeek ? Guess(stream) : Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) foreach (var row in Array(text)) yield return row;
        else if (name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) while (text.ReadLine() is { } line) { if (line.Trim().Length > 0) yield return Line(line); }
        else foreach (var row in Csv(text)) yield return row;
    }

    private static Encoding Guess(Stream stream)
    {
        var probe = new byte[(int)Math.Min(ProbeBytes, stream.Length)];
        stream.ReadExactly(probe);
        stream.Position = 0;
        if (probe is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] || IsText(new UTF8Encoding(false, true), probe)) return Encoding.UTF8;
        var chinese = Mail.Charsets.Find("gb18030");
        return chinese is not null && IsText(chinese, probe) ? chinese : Encoding.UTF8;
    }

    private static bool IsText(Encoding encoding, byte[] probe)
    {
        var strict = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        // The probe may end in the middle of a sign.
        for (var cut = 0; cut < 4 && cut < probe.Length; cut++)
            try { _ = strict.GetCharCount(probe, 0, probe.Length - cut); return true; }
            catch (DecoderFallbackException) when (probe.Length == ProbeBytes) { }
            catch (DecoderFallbackException) { return false; }
        return probe.Length == 0;
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

    private static Dictionary<string, string> Line(string line)
    {
        using var json = JsonDocument.Parse(line);
        return Row(json.RootElement);
    }

    private static Dictionary<string, string> Row(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("A row is not an object.");
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        // Of two fields of one name the last counts, as readers of JSON do.
        foreach (var field in json.EnumerateObject()) if (field.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array)) row[field.Name] = field.Value.ToString();
        return row;
    }
}
