using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Spectre.Console;

namespace Huifang.Commands;

/// <summary>Reads JSON Lines, plain or gzipped, with a bar on standard error. A line that cannot be read is counted and said, and never stops the rest.</summary>
internal static class InsightFiles
{
    private static readonly string[] TextNames = ["text", "body", "content", "review", "comment", "message", "narrative", "utterance", "sentence", "query"];

    /// <summary>Every object of the files, in order. "-" is standard input.</summary>
    internal static IEnumerable<JsonElement> Rows(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            using var raw = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var stream = IsPacked(raw, file) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var reader = new StreamReader(stream);
            var (number, wrong) = (0, 0);
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (string.IsNullOrWhiteSpace(line)) continue;
                JsonElement row;
                try { row = JsonElement.Parse(line); }
                catch (JsonException) { if (wrong++ < 5) Console.Error.WriteLine($"{file}:{number} is no JSON; left out."); continue; }
                if (row.ValueKind != JsonValueKind.Object) { if (wrong++ < 5) Console.Error.WriteLine($"{file}:{number} is no object; left out."); continue; }
                yield return row;
            }
        }
    }

    private static bool IsPacked(Stream raw, string file)
    {
        if (!raw.CanSeek) return file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var packed = raw.ReadByte() == 0x1F && raw.ReadByte() == 0x8B;
        raw.Position = 0;
        return packed;
    }

    /// <summary>The text of a row: the field that was named, else the first of the usual names that is there, else null.</summary>
    internal static string? Text(JsonElement row, string? field)
    {
        if (field is not null) return row.TryGetProperty(field, out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        foreach (var name in TextNames) if (row.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String) return found.GetString();
        return null;
    }

    /// <summary>The labels of a row: one text, a number, or a list of texts. Null when the field is missing or blank: nobody judged.</summary>
    internal static string[]? Labels(JsonElement row, string field)
    {
        if (!row.TryGetProperty(field, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } label ? [label] : null,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [value.GetRawText()],
            JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())],
            _ => null,
        };
    }

    internal static string? Id(JsonElement row) => row.TryGetProperty("id", out var id) ? id.ValueKind == JsonValueKind.String ? id.GetString() : id.GetRawText() : null;

    /// <summary>Runs work with a bar on standard error; without a terminal there, with a line for every step.</summary>
    internal static T WithBar<T>(string what, Func<Action<double, string>, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            var said = "";
            Console.Error.WriteLine($"{what} …");
            return work((done, now) => { if (now != said) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done,4:P0} {said = now}")); });
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            var bar = progress.AddTask(Markup.Escape(what), maxValue: 1);
            return work((done, now) => { bar.Value = done; bar.Description = Markup.Escape(now); });
        });
    }
}
