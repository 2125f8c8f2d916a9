namespace Huifang.Redaction;

/// <summary>The value behind "password is", "密码：", when it is one and not the rest of a sentence.</summary>
internal static class Passwords
{
    private static readonly string[] Verbs = ["is", "was", "are", "as"];

    /// <summary>Words that follow "password is" in sentences about passwords.</summary>
    private static readonly HashSet<string> Prose = new(StringComparer.OrdinalIgnoreCase)
    {
        "wrong", "incorrect", "not", "the", "my", "a", "an", "being", "been", "no", "never", "always", "still", "too", "very", "also", "now", "already", "required", "invalid", "expired", "locked", "correct", "right",
        "weak", "strong", "short", "long", "case", "forgotten", "lost", "reset", "changed", "different", "same", "accepted", "rejected", "safe", "secure", "used", "saved", "stored", "needed", "what", "how", "where", "why",
        "who", "which", "that", "this", "it", "sent", "set", "only", "your", "our", "their", "his", "her", "getting", "failing", "working", "ok", "okay", "fine", "hard", "easy", "really", "just", "so", "in", "on", "at", "for", "from", "to", "with", "and", "or", "but", "because", "when", "if",
    };

    internal static Range? After(ReadOnlySpan<char> text, int at, Clue clue)
    {
        var i = at;
        var announced = false;
        while (i < text.Length && i - at < 8)
        {
            var c = text[i];
            if (c is ':' or '：' or '=' or '＝' or '是' or '为' or '為' or '係') announced = true;
            else if (c is not (' ' or '"' or '“' or '「' or '『' or '\'' or '就' or '(' or '（')) break;
            i++;
        }
        var end = ValueEnd(text, i);
        foreach (var verb in Verbs)
            if (text[i..end].Equals(verb, StringComparison.OrdinalIgnoreCase))
            {
                announced = true;
                i = end;
                while (i < text.Length && text[i] is ' ' or ':' or '"' or '“' or '\'') i++;
                end = ValueEnd(text, i);
                break;
            }
        return Qualifies(text[i..end], announced, clue) ? i..end : null;
    }

    /// <summary>Printable ASCII and its full-width forms up to a blank, a comma or Chinese; a closing mark of the sentence is not part of it.</summary>
    private static int ValueEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 64 && (text[end] is > ' ' and < '\u007f' || text[end] is >= 'Ａ' and <= 'ｚ' or >= '０' and <= '９') && text[end] is not (',' or '"' or '/' or '\\' or '<' or '>')) end++;
        while (end > at && text[end - 1] is '.' or ')' or ';' or ':' or '?' or '\'') end--;
        return end;
    }

    private static bool Qualifies(ReadOnlySpan<char> value, bool announced, Clue clue)
    {
        if (value.Length < 4) return false;
        int digits = 0, letters = 0, marks = 0, uppers = 0;
        foreach (var c in value)
        {
            if (char.IsDigit(c)) digits++;
            else if (char.IsLetter(c)) { letters++; if (char.IsUpper(c)) uppers++; }
            else marks++;
        }
        // Numbers, with whatever between, belong to the rules of numbers.
        if (letters == 0) return clue == Clue.Password && marks > 0 && digits > 0 && value.IndexOfAny("@#$%&*!^~") >= 0;
        if (clue != Clue.Password) return announced && digits >= 3 && letters <= 3 && value.Length <= 10;
        if (digits > 0) return announced || value.Length >= 5;
        if (marks > 0 && value.IndexOfAny("@#$%&*!^~+=?") > 0) return announced || value.IndexOfAny("@#$%&*^~") >= 0;
        return announced && !Prose.Contains(value.ToString()) && !value.EndsWith("ing", StringComparison.OrdinalIgnoreCase) && value.IndexOf('\'') < 0;
    }
}
