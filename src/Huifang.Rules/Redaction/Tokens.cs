namespace Huifang.Redaction;

/// <summary>Where words, tokens of letters and digits, hashes and keys end, and which of them identify a person.</summary>
internal static class Tokens
{
    internal static int LettersEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        return at;
    }

    internal static int End(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) at++;
        return at;
    }

    /// <summary>The end of a hexadecimal hash or address that begins at a digit, or <paramref name="at"/>.</summary>
    internal static int Hex(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        if (text[at] == '0' && at + 1 < text.Length && text[at + 1] is 'x' or 'X') at += 2;
        var end = at;
        var letters = false;
        while (end < text.Length && char.IsAsciiHexDigit(text[end])) letters |= char.IsAsciiLetter(text[end++]);
        return end - at >= 16 && (letters || at > start) ? end : start;
    }

    /// <summary>10 when the check digit X follows, otherwise 0.</summary>
    internal static int CheckX(ReadOnlySpan<char> text, int at) => AfterX(text, at) > at ? 10 : 0;

    internal static int AfterX(ReadOnlySpan<char> text, int at)
    {
        var i = at < text.Length && text[at] is ' ' or '-' ? at + 1 : at;
        return i < text.Length && text[i] is 'x' or 'X' or 'ｘ' or 'Ｘ' && (i + 1 >= text.Length || !char.IsAsciiLetterOrDigit(text[i + 1])) ? i + 1 : at;
    }

    /// <summary>Digits with a word stuck to them: "4556…and", "2563ssn". Digits with a code's letters are a token.</summary>
    internal static bool IsJoinedWord(ReadOnlySpan<char> text, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (!char.IsAsciiLetterLower(text[i])) return false;
        return to - from >= 2;
    }

    internal static bool NextIsAddress(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is '@' or '＠';

    /// <summary>The end of " e 15" or "E+15" behind a number.</summary>
    internal static int Exponent(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && text[i] == ' ') i++;
        if (i >= text.Length || text[i] is not ('e' or 'E')) return at;
        i++;
        while (i < text.Length && text[i] is ' ' or '+') i++;
        var digits = i;
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        return i - digits == 2 ? i : at;
    }

    /// <summary>The end of an IBAN that begins here, with or without blanks, or null.</summary>
    internal static int? Iban(ReadOnlySpan<char> text, int at)
    {
        if (at + 15 > text.Length || !char.IsAsciiLetter(text[at]) || !char.IsAsciiLetter(text[at + 1]) || !char.IsAsciiDigit(text[at + 2]) || !char.IsAsciiDigit(text[at + 3])) return null;
        Span<char> compact = stackalloc char[34];
        var count = 0;
        var i = at;
        int? found = null;
        for (; i < text.Length && count < 34; i++)
        {
            if (text[i] == ' ' && count % 4 == 0) continue;
            if (!char.IsAsciiLetterOrDigit(text[i])) break;
            compact[count++] = text[i];
            if (count >= 15 && (i + 1 >= text.Length || !char.IsAsciiLetterOrDigit(text[i + 1])) && Checksums.Iban(compact[..count])) found = i + 1;
        }
        return found;
    }

    /// <summary>A Hong Kong (A123456(7)) or Taiwan (A123456789) identity number by its check digit.</summary>
    internal static bool RegionalId(ReadOnlySpan<char> token)
    {
        if (token.Length != 10 || !char.IsAsciiLetter(token[0]) || token[1] is not ('1' or '2' or '8' or '9')) return false;
        for (var i = 1; i < 10; i++)
            if (!char.IsAsciiDigit(token[i])) return false;
        var letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".IndexOf(char.ToUpperInvariant(token[0])) + 10;
        var sum = letter / 10 + letter % 10 * 9;
        for (var i = 1; i < 9; i++) sum += (token[i] - '0') * (9 - i);
        return (sum + token[9] - '0') % 10 == 0;
    }

    /// <summary>A private key behind its name: 64 hexadecimal digits, or 51–52 characters of Base58 (WIF).</summary>
    internal static Range? KeyAfter(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        while (start < text.Length && start - at < 8 && !char.IsAsciiLetterOrDigit(text[start])) start++;
        if (start + 3 < text.Length && text[start..].StartsWith("is ", StringComparison.OrdinalIgnoreCase)) start += 3;
        var end = End(text, start);
        return end - start >= 40 ? start..end : null;
    }
}
