namespace Huifang.Redaction;

/// <summary>What stands between a clue and a value.</summary>
internal static class Gaps
{
    private const int NearMax = 26;

    private static readonly string[] Connectors =
    [
        "is", "was", "are", "it", "its", "it's", "no", "num", "number", "nr", "of", "as", "to", "on", "at", "my", "the", "a", "and", "or", "from", "back", "me", "id", "not", "digits", "digit", "like",
    ];

    /// <summary>How closely a clue that ended at <paramref name="from"/> stands before <paramref name="to"/>.</summary>
    internal static Nearness Between(ReadOnlySpan<char> text, int from, int to)
    {
        if (from == 0 || from > to || to - from > NearMax) return Nearness.Far;
        var gap = text[from..to];
        var direct = true;
        for (var i = 0; i < gap.Length; i++)
        {
            var c = gap[i];
            if (c is '。' or '！' or '？' or '!' or '?' or '；' or ';' || c == '\n' && gap.Length > 3) return Nearness.Far;
            if (c is ',' or '，' && gap.Length > 3) return Nearness.Far;
            if (c == '.' && i + 1 < gap.Length && gap[i + 1] == ' ' && gap.Length > 4) return Nearness.Far;
            if (char.IsAsciiLetter(c))
            {
                var end = i;
                while (end < gap.Length && (char.IsAsciiLetter(gap[end]) || gap[end] == '\'')) end++;
                direct = direct && IsConnector(gap[i..end]);
                i = end - 1;
            }
            else direct = direct && c is ' ' or '\n' or ':' or '：' or '=' or '#' or '＃' or '是' or '为' or '為' or '係' or '号' or '號' or '码' or '碼' or '"' or '“' or '”' or '「' or '『' or '(' or '（' or '-' or '.' or ',' or '，' or '\'' or '+' or '/' or '和' or '或' or '从' or '從' or '換' or '换' or '成' or '到' or '与' or '與' or '及' or '、' or '就' or '个' or '個' or '者';
        }
        return direct ? Nearness.Direct : Nearness.Near;
    }

    private static bool IsConnector(ReadOnlySpan<char> word)
    {
        foreach (var connector in Connectors)
            if (word.Equals(connector, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static readonly string[] PhoneLabels = ["office", "fax", "mobile", "home", "cell"];

    /// <summary>The clue in "123456 is the code", "482913是我的验证码"; none without the verb.</summary>
    internal static Clue ClueAfter(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && text[i] is ' ' or '，' or ',' or '”' or '"' or '」') i++;
        if (i >= text.Length) return Clue.None;
        var label = i + 1 < text.Length && text[i] == '-' ? i + 1 : i;
        foreach (var word in PhoneLabels)
            if (Starts(text, label, word)) return Clue.Phone;
        var verb = text[i] is '是' or '係' or '就' or '这' or '這' ? 1 : Starts(text, i, "is ") ? 3 : Starts(text, i, "was ") ? 4 : 0;
        if (verb == 0) return Clue.None;
        var stop = Math.Min(text.Length, i + verb + 16);
        for (i += verb; i < stop; i++)
        {
            if (text[i] is '。' or '，' or ',' or '.' or '？' or '?') return Clue.None;
            if (!Clues.Begins[text[i]]) continue;
            var clue = Clues.At(text, i, out _);
            if (clue != Clue.None) return clue is Clue.Otp or Clue.Pin or Clue.Cvv or Clue.Password ? clue : Clue.None;
        }
        return Clue.None;
    }

    private static bool Starts(ReadOnlySpan<char> text, int at, string word) =>
        at + word.Length <= text.Length && text.Slice(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>A currency before or behind makes a number an amount; 年, 月, 日, %, 天 and the like make it no secret either.</summary>
    internal static bool IsMoney(ReadOnlySpan<char> text, int start, int end)
    {
        var before = start > 0 ? text[start - 1] : ' ';
        if (before is '¥' or '￥' or '$' or '€' or '£' or '＄') return true;
        if (before == ' ' && start > 1 && text[start - 2] is '¥' or '￥' or '$' or '€' or '£') return true;
        var i = end < text.Length && text[end] == ' ' ? end + 1 : end;
        if (i >= text.Length) return false;
        return text[i] is '元' or '块' or '塊' or '圆' or '圓' or '年' or '月' or '日' or '%' or '％' or '天' or '次' or '笔' or '筆' or '点' or '點' or '分' or '秒' or '小' or '人' or '位' or '块' or '角' or '米' or '万' or '萬' or '亿' or '億' or '港' or '美'
            || Starts(text, i, "usd") || Starts(text, i, "cny") || Starts(text, i, "rmb") || Starts(text, i, "yuan") || Starts(text, i, "dollar") || Starts(text, i, "hkd") || Starts(text, i, "eur") || Starts(text, i, "times") || Starts(text, i, "day") || Starts(text, i, "minute");
    }
}
