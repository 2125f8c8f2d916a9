using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Huifang.Data;
using Huifang.Languages;
using Huifang.Messages;

namespace Huifang.Complaints;

/// <summary>Beginnings for answers, in three languages. The owner writes the answer; where else the customer can go is added by the pack and cannot be left out.</summary>
public static partial class LetterTemplates
{
    private static readonly FrozenDictionary<string, (Localized Name, Localized Text)> All = new DataReader(ShippedData.Json(ShippedData.Names("complaints").Single(name => name.EndsWith(".letters.json", StringComparison.Ordinal))), "$")
        .List("templates").ToFrozenDictionary(one => one.Text("key"), one => (one.Localized("name"), one.Localized("text")), StringComparer.Ordinal);

    public static readonly IReadOnlyList<string> Keys = ["explanation", "refund", "apology", "not-upheld", "interim"];

    /// <summary>What a template may name: the customer, the number, money given, the owner, the operator.</summary>
    public static readonly IReadOnlyList<string> Variables = ["name", "number", "money", "owner", "operator"];

    /// <summary>Where the owner still has to write. A letter with one of these does not leave; dots of the owner's own may.</summary>
    public const string Blank = "〔……〕";

    public static bool HasBlanks(string body) => Blanks().IsMatch(body);

    /// <summary>The blanks filled from the first on; what there are no words for stays blank.</summary>
    public static string FillBlanks(string body, IReadOnlyList<string> words)
    {
        var next = 0;
        return Blanks().Replace(body, blank => next < words.Count ? words[next++] : blank.Value);
    }

    public static string Name(string key, string language) => All[key].Name.In(language);

    public static string Text(string key, string language) => All[key].Text.In(language);

    /// <summary>The template with everything filled in. Throws when it names what was not given.</summary>
    public static string Fill(string key, string language, IReadOnlyDictionary<string, string> values) => MessageTemplates.Fill(Text(key, language), values);

    [GeneratedRegex(@"[〔\[]\s*…+\s*[〕\]]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}
