using System.Security.Cryptography;
using System.Text;

namespace Huifang.Complaints;

/// <summary>How alike two texts are, in any language, and whether one is a copy of the other.</summary>
public static class Likeness
{
    /// <summary>The share of letter pairs that two texts have in common (Dice), 0–1. Works for Chinese without cutting words.</summary>
    public static double Of(string a, string b)
    {
        var (one, two) = (Pairs(a), Pairs(b));
        if (one.Count == 0 || two.Count == 0) return 0;
        return 2.0 * one.Count(two.Contains) / (one.Count + two.Count);
    }

    /// <summary>The same for texts that differ only in spaces, punctuation, digits, case and width, so that a copied text with another order number is a copy; null for texts too short to say.</summary>
    public static string? CopyHash(string text)
    {
        var letters = Letters(text);
        return letters.Length < 12 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(letters)).AsSpan(0, 16));
    }

    private static HashSet<(char, char)> Pairs(string text)
    {
        var letters = Letters(text);
        var pairs = new HashSet<(char, char)>();
        for (var i = 0; i + 1 < letters.Length; i++) pairs.Add((letters[i], letters[i + 1]));
        return pairs;
    }

    private static string Letters(string text)
    {
        var clean = new StringBuilder(text.Length);
        // A lone half of a surrogate pair cannot be normalised; what arrives may hold one.
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetter(rune)) clean.Append(Rune.ToLowerInvariant(rune).ToString());
        return clean.ToString().Normalize(NormalizationForm.FormKC);
    }
}
