using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Huifang.Planning;

/// <summary>Reads an uploaded file of agents' time: CSV with the columns agent, kind, from, to, or one agent's iCalendar file.</summary>
public static class ShiftFile
{
    public const long BytesMax = 2 * 1024 * 1024;

    private const int RowsMax = 20_000;
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(366);

    public static async Task<string> Text(IFormFile file, CancellationToken stop)
    {
        using var reader = new StreamReader(file.OpenReadStream(), new UTF8Encoding(false, throwOnInvalidBytes: false));
        return await reader.ReadToEndAsync(stop);
    }

    /// <param name="agents">By id and by login: those whose time may be written.</param>
    /// <param name="agent">Whose calendar an iCalendar file is.</param>
    public static ToldTimes Read(string name, string text, IReadOnlyDictionary<string, Agent> agents, string agent, DateTimeOffset now)
    {
        if (!text.TrimStart('\ufeff').StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)) return ToldTimeRules.Read(Rows(text), agents);
        return agents.TryGetValue(agent, out var whose) ? CalendarFile.Read(text, whose, now.AddDays(-1), now + Ahead) : new([], [new(1, name, DayRefusal.UnknownAgent)]);
    }

    private static List<ToldRow> Rows(string text)
    {
        using var csv = new CsvReader(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = null, MissingFieldFound = null, DetectDelimiter = true, TrimOptions = TrimOptions.Trim, PrepareHeaderForMatch = args => args.Header.ToLowerInvariant(),
        });
        var rows = new List<ToldRow>();
        if (!csv.Read() || !csv.ReadHeader()) return rows;
        string Field(string column) => csv.TryGetField<string>(column, out var value) ? value ?? "" : "";
        while (rows.Count < RowsMax && csv.Read()) rows.Add(new(csv.Parser.RawRow, csv.Parser.RawRecord.Trim(), Field("agent"), Field("kind"), Field("from"), Field("to")));
        return rows;
    }
}
