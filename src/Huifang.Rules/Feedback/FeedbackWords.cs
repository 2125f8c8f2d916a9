using System.Text;
using Huifang.Languages;
using Huifang.Redaction;

namespace Huifang.Feedback;

/// <summary>Makes words fit to be kept: secrets out, what no database or reader can hold replaced. What people meant is left alone, also emoji and signs that change the direction.</summary>
public static class FeedbackWords
{
    /// <summary>Longer texts are refused with a reason where somebody waits for an answer, and kept raw where a file is read.</summary>
    public const int LengthMax = 2 * 1024 * 1024;

    /// <summary>The words as they are stored and how many secrets were taken out. Never throws for what a text contains.</summary>
    public static (string Words, int Secrets) Keep(string words)
    {
        var whole = WholeText.Of(words);
        var (clean, secrets) = (new StringBuilder(whole.Length), 0);
        for (var from = 0; from < whole.Length;)
        {
            var take = Math.Min(Redactor.LengthMax, whole.Length - from);
            // A cut inside a number would hide it from the redactor.
            if (from + take < whole.Length) take = whole.LastIndexOfAny([' ', '\n', '，', '。', ','], from + take - 1, take - 1) is > 0 and var space && space > from ? space - from + 1 : take;
            var part = Redactor.Redact(whole.Substring(from, take));
            clean.Append(part.Text);
            secrets += part.Spans.Count;
            from += take;
        }
        return (clean.ToString(), secrets);
    }

    /// <summary>By which copies of a text are recognised: letters and digits alone, in one case and width. Null for texts too short to be a copy of anything.</summary>
    public static string? Likeness(string words)
    {
        var bare = new StringBuilder(Math.Min(words.Length, 4096));
        foreach (var c in WholeText.Of(words.Length > 4096 ? words[..4096] : words).Normalize(NormalizationForm.FormKC))
            if (char.IsLetterOrDigit(c)) bare.Append(char.ToLowerInvariant(c));
        return bare.Length < 12 ? null : bare.ToString();
    }
}
