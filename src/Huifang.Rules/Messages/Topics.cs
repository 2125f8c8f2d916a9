using System.Collections.Frozen;
using System.Text.Json;
using Huifang.Languages;

namespace Huifang.Messages;

/// <summary>What a talk is about, in words that anybody may see over the customer's shoulder.</summary>
public static class Topics
{
    private static readonly FrozenDictionary<string, Localized> Known = Load();

    /// <summary>By the key of the trigger rule; rules that an operator wrote speak of "a service you used lately".</summary>
    public static Localized Of(string ruleKey) => Known.TryGetValue(ruleKey, out var topic) ? topic : Known["usual"];

    private static FrozenDictionary<string, Localized> Load()
    {
        using var stream = typeof(Topics).Assembly.GetManifestResourceStream("Huifang.Data.messages.topics.json") ?? throw new InvalidOperationException("The topics were not embedded.");
        using var file = JsonDocument.Parse(stream);
        return file.RootElement.GetProperty("topics").EnumerateObject().ToFrozenDictionary(one => one.Name,
            one => new Localized(Word(one.Value, Language.Simplified), Word(one.Value, Language.Traditional), Word(one.Value, Language.English)), StringComparer.Ordinal);
    }

    private static string Word(JsonElement words, string language) => words.GetProperty(language).GetString()!;
}
