using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huifang.Languages;

namespace Huifang.Scripts;

/// <summary>A script as JSON cannot be read: where and why, for the person who writes it.</summary>
public sealed class ScriptUnreadable(string path, string why) : FormatException($"{path}: {why}")
{
    public string Path => path;
}

/// <summary>
/// Scripts as JSON. A text in three languages is an array in the order zh-Hans, zh-Hant, en; what is left out has its plain default
/// (optional, not an aside, thirty seconds). Reading checks the shape only; <see cref="ScriptRules.Check"/> says whether it can be used.
/// </summary>
public static class ScriptReader
{
    public const int QuestionsMax = 120;

    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ScriptUnreadable">The JSON is broken or has another shape.</exception>
    public static Script Read(string json)
    {
        JsonNode? root;
        try { root = JsonNode.Parse(WholeText.Of(json)); }
        catch (JsonException broken) { throw new ScriptUnreadable(broken.Path ?? "", broken.Message); }
        try { return Read(root); }
        // Found only when the object is opened: a name that stands there twice, or an escape for half a character.
        catch (Exception broken) when (broken is ArgumentException or InvalidOperationException) { throw new ScriptUnreadable("", broken.Message); }
    }

    private static Script Read(JsonNode? root)
    {
        var script = new At(root, "");
        var read = new Script(script.Text("key"), script.Number("version", 1), script.Words("title"), script.Number("minutesMax", 8),
            script.Each("goals", goal => goal.Words()),
            script.Each("sections", section => new Section(section.Text("id"), section.Words("name"), section.Each("questions", Question))),
            script.Each("deviations", deviation => new Deviation(deviation.Text("id"), deviation.Words("heard"), deviation.Words("reply"), deviation.One("act", DeviationAct.None))));
        return read.All().Count() <= QuestionsMax ? read : throw new ScriptUnreadable("sections", $"at most {QuestionsMax} questions");
    }

    private static Question Question(At at) => new(
        at.Text("id"), at.One("kind", QuestionKind.Text), at.Flag("required"), at.Flag("aside"), at.Words("text"), at.Has("hint") ? at.Words("hint") : null,
        at.Each("choices", choice => new Choice(choice.Text("id"), choice.Words("text"))), at.Number("from", 1), at.Number("to", 5), at.Flag("ownWords"), at.Number("seconds", 30),
        at.Each("branches", branch => new Branch(branch.Each("when", when => when.Text()), branch.Each("ask", ask => ask.Text()), branch.Has("go") ? branch.Text("go") : null)));

    public static string Write(Script script)
    {
        var root = new JsonObject
        {
            ["key"] = script.Key, ["version"] = script.Version, ["title"] = Words(script.Title), ["minutesMax"] = script.MinutesMax,
            ["goals"] = List(script.Goals, Words),
            ["sections"] = List(script.Sections, section => new JsonObject { ["id"] = section.Id, ["name"] = Words(section.Name), ["questions"] = List(section.Questions, Question) }),
            ["deviations"] = List(script.Deviations, deviation => new JsonObject { ["id"] = deviation.Id, ["heard"] = Words(deviation.Heard), ["reply"] = Words(deviation.Reply), ["act"] = $"{deviation.Act}" }),
        };
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Pretty)) root.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static JsonObject Question(Question question)
    {
        var node = new JsonObject { ["id"] = question.Id, ["kind"] = $"{question.Kind}", ["text"] = Words(question.Text) };
        if (question.Required) node["required"] = true;
        if (question.Aside) node["aside"] = true;
        if (question.OwnWords) node["ownWords"] = true;
        if (question.Hint is not null) node["hint"] = Words(question.Hint);
        if (question.Kind == QuestionKind.Rating) (node["from"], node["to"]) = (question.From, question.To);
        node["seconds"] = question.Seconds;
        if (question.Choices.Count > 0) node["choices"] = List(question.Choices, choice => new JsonObject { ["id"] = choice.Id, ["text"] = Words(choice.Text) });
        if (question.Branches.Count > 0) node["branches"] = List(question.Branches, Branch);
        return node;
    }

    private static JsonObject Branch(Branch branch)
    {
        var node = new JsonObject { ["when"] = List(branch.When, when => JsonValue.Create(when)) };
        if (branch.Ask.Count > 0) node["ask"] = List(branch.Ask, ask => JsonValue.Create(ask));
        if (branch.Go is not null) node["go"] = branch.Go;
        return node;
    }

    private static JsonArray Words(Localized text) => new(text.ZhHans, text.ZhHant, text.En);

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => new([.. items.Select(node)]);

    /// <summary>A place in the JSON, with its path for messages.</summary>
    private readonly record struct At(JsonNode? Node, string Path)
    {
        private At Of(string name) => Node is JsonObject map
            ? new(map[name], Path.Length == 0 ? name : $"{Path}/{name}")
            : throw new ScriptUnreadable(Path, "an object is wanted here");

        internal bool Has(string name) => Of(name).Node is not null;

        internal string Text(string name) => Of(name).Text();

        internal string Text() => Node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new ScriptUnreadable(Path, "a text is wanted here");

        internal int Number(string name, int otherwise) =>
            Of(name) is var at && at.Node is null ? otherwise
            : at.Node is JsonValue value && value.TryGetValue<int>(out var number) ? number : throw new ScriptUnreadable(at.Path, "a whole number is wanted here");

        internal bool Flag(string name) =>
            Of(name) is var at && at.Node is not null
            && (at.Node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw new ScriptUnreadable(at.Path, "true or false is wanted here"));

        internal T One<T>(string name, T otherwise) where T : struct, Enum =>
            !Has(name) ? otherwise
            : Enum.TryParse<T>(Text(name), ignoreCase: true, out var one) && Enum.IsDefined(one) ? one
            : throw new ScriptUnreadable(Of(name).Path, $"one of {string.Join(", ", Enum.GetNames<T>())} is wanted here");

        internal Localized Words(string name) => Of(name).Words();

        internal Localized Words() => Node is JsonArray { Count: 3 } three
            ? new(new At(three[0], $"{Path}/0").Text(), new At(three[1], $"{Path}/1").Text(), new At(three[2], $"{Path}/2").Text())
            : throw new ScriptUnreadable(Path, "a text in three languages is wanted here: [zh-Hans, zh-Hant, en]");

        internal IReadOnlyList<T> Each<T>(string name, Func<At, T> read)
        {
            var at = Of(name);
            if (at.Node is null) return [];
            if (at.Node is not JsonArray list) throw new ScriptUnreadable(at.Path, "a list is wanted here");
            return [.. list.Select((item, i) => read(new At(item, $"{at.Path}/{i}")))];
        }
    }
}
