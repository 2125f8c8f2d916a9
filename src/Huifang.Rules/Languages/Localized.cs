using System.Collections.Frozen;

namespace Huifang.Languages;

/// <summary>The languages that every text of the product exists in. BCP 47 names; nothing else is ever stored.</summary>
public static class Language
{
    public const string Simplified = "zh-Hans";
    public const string Traditional = "zh-Hant";
    public const string English = "en";

    public static readonly IReadOnlyList<string> All = [Simplified, Traditional, English];

    private static readonly FrozenDictionary<string, string> Spellings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["zh"] = Simplified, ["zh-CN"] = Simplified, ["zh-SG"] = Simplified, ["zh-Hans"] = Simplified, ["zh-Hans-CN"] = Simplified, ["zh-Hans-SG"] = Simplified,
        ["zh-TW"] = Traditional, ["zh-HK"] = Traditional, ["zh-MO"] = Traditional, ["zh-Hant"] = Traditional, ["zh-Hant-TW"] = Traditional, ["zh-Hant-HK"] = Traditional,
        ["yue"] = Traditional, ["en"] = English,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The product's language for a BCP 47 tag, or null when the product does not speak it.</summary>
    public static string? For(string? tag) =>
        tag is null ? null
        : Spellings.TryGetValue(tag, out var language) ? language
        : tag.StartsWith("en-", StringComparison.OrdinalIgnoreCase) ? English
        : null;
}

/// <summary>One text in the three languages. All three are there, or the text does not exist.</summary>
public sealed record Localized(string ZhHans, string ZhHant, string En)
{
    public string In(string language) => language switch
    {
        Language.Traditional => ZhHant,
        Language.English => En,
        _ => ZhHans,
    };

    /// <summary>The languages in which the text is blank.</summary>
    public IEnumerable<string> Missing() => Language.All.Where(language => string.IsNullOrWhiteSpace(In(language)));
}
