using System.Globalization;
using System.Text.Json;

namespace Huifang.Data;

/// <summary>What is wrong with a piece of data that a person wrote, and where. <paramref name="Code"/> is put into words by pages.</summary>
/// <param name="Path">Such as <c>where[0].number</c>; empty for the whole.</param>
/// <param name="Allowed">What would work, when it can be said shortly.</param>
public sealed record FieldProblem(string Path, string Code, string Allowed = "");

/// <summary>
/// Reads fields of a JSON object and writes down each that has the wrong kind, with its path, instead of stopping at the first. A field that nobody
/// asked for is a problem too: a misspelt condition must not silently open what it was to close.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement json;
    private readonly string path;
    private readonly List<FieldProblem> problems;
    private readonly List<JsonFields> objects;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public JsonFields(JsonElement json) : this(json, "", [], []) { }

    private JsonFields(JsonElement json, string path, List<FieldProblem> problems, List<JsonFields> objects)
    {
        (this.json, this.path, this.problems, this.objects) = (json, path, problems, objects);
        objects.Add(this);
        if (json.ValueKind != JsonValueKind.Object) problems.Add(new(path, "not-an-object"));
    }

    /// <summary>Call when everything has been read.</summary>
    public IReadOnlyList<FieldProblem> Close()
    {
        foreach (var each in objects.Where(each => each.json.ValueKind == JsonValueKind.Object))
            problems.AddRange(each.json.EnumerateObject().Where(field => !each.asked.Contains(field.Name)).Select(field => new FieldProblem(each.Path(field.Name), "unknown-field", string.Join(", ", each.asked.Order(StringComparer.Ordinal)))));
        return problems;
    }

    public JsonFields? At(string name) => Find(name) is { } value ? new(value, Path(name), problems, objects) : null;

    public IEnumerable<JsonFields> Items(string name) => List(name).Select((item, index) => new JsonFields(item, $"{Path(name)}[{index}]", problems, objects)).ToList();

    public string Text(string name) => TextOrNull(name) ?? "";

    public string? TextOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } words ? words : null,
        _ => Wrong<string>(name, "not-a-text"),
    };

    public List<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var item in List(name))
            if (item.ValueKind == JsonValueKind.String) texts.Add(item.GetString()!);
            else problems.Add(new($"{Path(name)}[{texts.Count}]", "not-a-text"));
        return texts;
    }

    public int Whole(string name, int otherwise) => WholeOrNull(name) ?? otherwise;

    public int? WholeOrNull(string name) => LongOrNull(name) is not { } number ? null : number is >= int.MinValue and <= int.MaxValue ? (int)number : Wrong<int?>(name, "not-a-whole-number");

    public long? LongOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        _ => Wrong<long?>(name, "not-a-whole-number"),
    };

    public bool Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => Wrong<bool>(name, "not-yes-or-no"),
    };

    public DateTimeOffset? Instant(string name) => TextOrNull(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && text.Length >= 16 && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10) ? at.ToUniversalTime()
        : Wrong<DateTimeOffset?>(name, "not-an-instant", "2026-11-24T14:00:00+08:00");

    public TimeOnly? Time(string name) => TextOrNull(name) is not { } text ? null
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : Wrong<TimeOnly?>(name, "not-a-time", "09:00");

    public void Missing(string name) => problems.Add(new(Path(name), "missing"));

    public T Name<T>(string name, T otherwise) where T : struct, Enum => TextOrNull(name) is not { } text ? otherwise : Parse<T>(text, Path(name)) ?? otherwise;

    public IEnumerable<T> Names<T>(string name) where T : struct, Enum =>
        Texts(name).Select((text, index) => Parse<T>(text, $"{Path(name)}[{index}]")).OfType<T>().ToList();

    private T? Parse<T>(string text, string where) where T : struct, Enum
    {
        if (Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)) return value;
        problems.Add(new(where, "not-one-of", string.Join(", ", Enum.GetNames<T>())));
        return null;
    }

    private List<JsonElement> List(string name)
    {
        if (Find(name) is not { } list) return [];
        if (list.ValueKind == JsonValueKind.Array) return [.. list.EnumerateArray()];
        problems.Add(new(Path(name), "not-a-list"));
        return [];
    }

    private JsonElement? Find(string name)
    {
        asked.Add(name);
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T? Wrong<T>(string name, string code, string allowed = "")
    {
        problems.Add(new(Path(name), code, allowed));
        return default;
    }

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
