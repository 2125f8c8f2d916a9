using System.Text;
using Huifang.Languages;

namespace Huifang.Complaints;

/// <summary>
/// What a text can be found by: words of letters and digits, and pairs of neighbouring characters where a script has no spaces (Chinese, Japanese, Korean).
/// The same cut on both sides makes any phrase of two characters or more findable without a dictionary; pairs do not keep their order, so a find is a
/// candidate that contains all pairs. Folded: width, case, compatibility forms (NFKC).
/// </summary>
public static class SearchTerms
{
    /// <summary>More different terms than this of one text are not kept; a complaint of 20,000 characters has fewer.</summary>
    public const int TermsMax = 4000;
    private const int WordMax = 24;

    /// <returns>Each term once.</returns>
    public static IReadOnlyCollection<string> Of(string text)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder(WordMax);
        Rune? before = null;
        foreach (var rune in WholeText.Of(text).Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (terms.Count >= TermsMax) break;
            if (IsPaired(rune))
            {
                Close();
                if (before is { } left) terms.Add($"{left}{rune}");
                before = rune;
                continue;
            }
            before = null;
            if (Rune.IsLetterOrDigit(rune)) { if (word.Length < WordMax) word.Append(Rune.ToLowerInvariant(rune)); }
            else Close();
        }
        Close();
        return terms;

        void Close()
        {
            if (word.Length > 1) terms.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsPaired(Rune rune) => rune.Value is >= 0x3400 and <= 0x9FFF or >= 0x3040 and <= 0x30FF or >= 0xAC00 and <= 0xD7AF or >= 0x20000 and <= 0x323AF;
}
