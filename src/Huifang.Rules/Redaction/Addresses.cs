namespace Huifang.Redaction;

/// <summary>E-mail addresses around an at-sign, also a full-width one.</summary>
internal static class Addresses
{
    internal static Range? Around(ReadOnlySpan<char> text, int at)
    {
        var left = at;
        if (left > 1 && text[left - 1] == ' ' && IsLocal(text[left - 2])) left--;
        var localEnd = left;
        while (left > 0 && localEnd - left < 64 && IsLocal(text[left - 1])) left--;
        while (left < localEnd && text[left] is '.' or '-') left++;
        var right = at + 1;
        if (right < text.Length && text[right] == ' ') right++;
        return left < localEnd && DomainEnd(text, right) is { } end ? left..end : null;
    }

    /// <summary>"li.wei at example.com": the part before " at " must look like an account, the part behind like a domain.</summary>
    internal static Range? Spelled(ReadOnlySpan<char> text, int at, int behind, bool announced)
    {
        var localEnd = at;
        while (localEnd > 0 && text[localEnd - 1] is ' ' or '(' or '[') localEnd--;
        if (localEnd == at && at > 0) return null;
        var left = localEnd;
        var marked = false;
        while (left > 0 && localEnd - left < 64 && IsLocal(text[left - 1])) marked |= !char.IsAsciiLetter(text[--left]);
        while (behind < text.Length && text[behind] is ' ' or ')' or ']') behind++;
        return left < localEnd && (marked || announced) && DomainEnd(text, behind) is { } end ? left..end : null;
    }

    private static int? DomainEnd(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        var lastDot = -1;
        while (i < text.Length && i - at < 255)
        {
            if (text[i] is '.' or '．' or '。' && i + 1 < text.Length && IsHost(text[i + 1])) lastDot = i;
            else if (i + 5 < text.Length && text.Slice(i, 5).Equals(" dot ", StringComparison.OrdinalIgnoreCase) && IsHost(text[i + 5])) { lastDot = i + 4; i += 4; }
            else if (!IsHost(text[i])) break;
            i++;
        }
        while (i > at && text[i - 1] == '-') i--;
        if (lastDot <= at || i - lastDot < 3) return null;
        for (var j = lastDot + 1; j < lastDot + 3; j++)
            if (!char.IsAsciiLetter(text[j])) return null;
        return i;
    }

    private static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-' or '\'' || c is >= '０' and <= '９' or >= 'Ａ' and <= 'Ｚ' or >= 'ａ' and <= 'ｚ' or '＿' or '．';

    private static bool IsHost(char c) => char.IsAsciiLetterOrDigit(c) || c == '-' || c is >= 'ａ' and <= 'ｚ';
}
