using Huifang.Languages;

namespace Huifang.Insights;

/// <summary>Which language a text is written in, from its characters and a few words: enough to choose a template and a colleague.</summary>
public static class Tongue
{
    public const string Other = "other";

    private static readonly HashSet<string> English = new(StringComparer.OrdinalIgnoreCase)
    {
        "the", "to", "and", "is", "it", "of", "my", "for", "you", "i", "in", "that", "have", "this", "not", "with", "on", "was", "are", "but", "can", "what", "how", "why", "your", "me", "a", "do", "card", "app",
        "good", "great", "money", "please", "bank", "account", "love", "easy", "best", "thanks", "hi", "hello", "ok", "yes", "no", "help", "refund", "payment", "transfer", "been", "very", "nice", "useful", "awesome", "excellent", "bad", "never", "don't", "can't", "i'm",
    };

    private static readonly HashSet<string> Foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        "de", "la", "le", "les", "et", "est", "une", "des", "pour", "que", "pas", "je", "el", "los", "muy", "por", "una", "con", "die", "der", "das", "und", "ist", "nicht", "ich", "ein", "eine", "sehr", "mit", "il", "di", "che", "per", "non", "sono", "molto", "het", "een", "niet", "voor", "van", "zeer", "ik", "bem", "muito", "não", "com", "para", "os",
    };

    /// <returns>zh-Hans, zh-Hant, en or <see cref="Other"/>. Chinese without a character that tells the scripts apart counts as Simplified.</returns>
    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.Length > 4096) text = text[..4096];
        int han = 0, kana = 0, latin = 0, otherLetters = 0, simplified = 0, traditional = 0;
        foreach (var c in text)
        {
            if (c is >= '\u3040' and <= '\u30FF') kana++;
            else if (Folding.Kind[c] == Glyph.Han)
            {
                han++;
                if (Folding.OnlySimplified[c]) simplified++;
                if (Folding.OnlyTraditional[c]) traditional++;
            }
            else if (char.IsAsciiLetter(c) || Folding.Fold[c] is >= 'a' and <= 'z') latin++;
            else if (char.IsLetter(c)) otherLetters++;
        }
        // One Chinese character carries about as much as three letters.
        if (han * 3 >= latin + otherLetters && han > 0 && kana * 2 <= han) return traditional > simplified ? Language.Traditional : Language.Simplified;
        if (latin == 0 || otherLetters * 3 > latin) return Other;
        var (known, foreign, words) = (0, 0, 0);
        var lookup = English.GetAlternateLookup<ReadOnlySpan<char>>();
        var strange = Foreign.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var range in text.SplitAny(" \t\r\n.,!?;:()\"/-"))
        {
            var word = text[range];
            if (word.IsEmpty) continue;
            words++;
            if (lookup.Contains(word)) known++;
            else if (strange.Contains(word)) foreign++;
        }
        if (foreign > known) return Other;
        return known > 0 || otherLetters == 0 ? Language.English : Other;
    }
}
