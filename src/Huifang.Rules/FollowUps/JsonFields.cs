using System.Text.Json;

namespace Huifang.FollowUps;

/// <summary>Reads fields of a JSON object leniently and writes down each that has the wrong kind, with its path, instead of stopping at the first.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement json;
    private readonly string path;

    public JsonFields(JsonElement json) : this(json, "", []) { }

    private JsonFields(JsonElement json, string path, List<TriggerProblem> problems)
    {
        (this.json, this.path, Problems) = (json, path, problems);
        if (json.ValueKind != JsonValueKind.Object) problems.Add(new(path, "not-an-object"));
    }

    public List<TriggerProblem> Problems { get; }

    public JsonFields? At(string name) => Find(name) is { } value ? new(value, Path(name), Problems) : null;

    public IEnumerable<JsonFields> Items(string name) => List(name).Select((item, index) => new JsonFields(item, $"{Path(name)}[{index}]", Problems)).ToList();

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
            else Problems.Add(new($"{Path(name)}[{texts.Count}]", "not-a-text"));
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

    public T Name<T>(string name, T otherwise) where T : struct, Enum => TextOrNull(name) is not { } text ? otherwise : Parse<T>(text, Path(name)) ?? otherwise;

    public IEnumerable<T> Names<T>(string name) where T : struct, Enum =>
        Texts(name).Select((text, index) => Parse<T>(text, $"{Path(name)}[{index}]")).OfType<T>().ToList();

    private T? Parse<T>(string text, string where) where T : struct, Enum
    {
        if (Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)) return value;
        Problems.Add(new(where, "not-one-of", string.Join(", ", Enum.GetNames<T>())));
        return null;
    }

    private List<JsonElement> List(string name)
    {
        if (Find(name) is not { } list) return [];
        if (list.ValueKind == JsonValueKind.Array) return [.. list.EnumerateArray()];
        Problems.Add(new(Path(name), "not-a-list"));
        return [];
    }

    private JsonElement? Find(string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T? Wrong<T>(string name, string code)
    {
        Problems.Add(new(Path(name), code));
        return default;
    }

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
