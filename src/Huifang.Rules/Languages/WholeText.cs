using System.Text;

namespace Huifang.Languages;

/// <summary>Text from outside may hold half of a surrogate pair, which is no character: it can neither be normalised nor written as UTF-8 or JSON.</summary>
public static class WholeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The same text with U+FFFD for each lone half and for each zero, which ends a text for others.</summary>
    public static string Of(string text)
    {
        StringBuilder? whole = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                whole?.Append(c).Append(text[i + 1]);
                i++;
            }
            else if (c == '\0' || char.IsSurrogate(c)) (whole ??= new StringBuilder(text, 0, i, text.Length)).Append(Replacement);
            else whole?.Append(c);
        }
        return whole?.ToString() ?? text;
    }
}
