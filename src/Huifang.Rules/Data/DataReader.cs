using System.Globalization;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Data;

/// <summary>Reads shipped JSON strictly. Every failure is a <see cref="FormatException"/> that names the path, because the reader is a person who edits the file.</summary>
public readonly struct DataReader(JsonElement element, string path)
{
    private readonly JsonElement json = element;

    public string Path => path;
    public JsonElement Element => json;

    public bool Has(string name)
    {
        try { return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null; }
        catch (InvalidOperationException) { throw Wrong("has a name that is not whole text"); }
    }


    public DataReader At(string name) => Has(name) ? new(json.GetProperty(name), $"{path}.{name}") : throw Wrong($"has no \"{name}\"");

    public IEnumerable<DataReader> List(string name) => Has(name) ? At(name).Items() : [];

    public IEnumerable<DataReader> Items()
    {
        if (json.ValueKind != JsonValueKind.Array) throw Wrong("is not a list");
        var items = new List<DataReader>();
        foreach (var item in json.EnumerateArray()) items.Add(new(item, $"{path}[{items.Count}]"));
        return items;
    }

    public string Text()
    {
        if (json.ValueKind != JsonValueKind.String) throw Wrong("is not a text");
        try { return json.GetString()!; }
        catch (InvalidOperationException) { throw Wrong("is not whole text"); }
    }

    public string Text(string name) => At(name).Text();
    public string? TextOrNull(string name) => Has(name) ? Text(name) : null;
    public int Int(string name) => At(name).json is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : throw At(name).Wrong("is not a whole number");
    public bool Flag(string name) => Has(name) && At(name).json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw At(name).Wrong("is not true or false"),
    };

    public T Enum<T>() where T : struct, Enum =>
        System.Enum.TryParse<T>(Text(), false, out var value) && System.Enum.IsDefined(value) ? value : throw Wrong($"is not one of {string.Join(", ", System.Enum.GetNames<T>())}");

    public DateOnly Date() => DateOnly.TryParseExact(Text(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Wrong("is not a date like 2026-11-22");
    public DateOnly Date(string name) => At(name).Date();

    public TimeOnly Time(string name) =>
        TimeOnly.TryParseExact(Text(name), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw At(name).Wrong("is not a time like 09:00");

    public Localized Localized(string name)
    {
        var text = At(name);
        var localized = new Localized(text.Text("zh-Hans"), text.Text("zh-Hant"), text.Text("en"));
        return localized.Missing().Any() ? throw text.Wrong("is blank in a language") : localized;
    }

    public Source Source(string name)
    {
        var source = At(name);
        return new(source.Text("title"), source.Text("mark") switch
        {
            "P" => SourceMark.Primary,
            "S" => SourceMark.Secondary,
            "K" => SourceMark.Knowledge,
            _ => throw source.Wrong("has a mark other than P, S or K"),
        }, source.TextOrNull("url"));
    }

    public FormatException Wrong(string what) => new($"{path} {what}.");
}
