namespace Huifang.Messages;

/// <summary>How a text travels as SMS (3GPP TS 23.038, 23.040).</summary>
/// <param name="IsUnicode">UCS-2 because a character is not in the GSM 7-bit alphabet.</param>
/// <param name="Units">Septets, or UTF-16 units.</param>
/// <param name="Parts">Messages that are paid for.</param>
/// <param name="Left">Units that still fit into the last part.</param>
public readonly record struct SmsLength(bool IsUnicode, int Units, int Parts, int Left)
{
    public static SmsLength Of(string text)
    {
        var septets = 0;
        foreach (var c in text)
        {
            var cost = GsmAlphabet.Septets(c);
            if (cost == 0) return Unicode(text);
            septets += cost;
        }
        return Count(false, septets, 160, 153, text, GsmAlphabet.Septets);
    }

    /// <summary>The text cut as it travels: each part fits into one message, and no character is torn.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var length = Of(text);
        if (length.Parts <= 1) return [text];
        var most = length.IsUnicode ? 67 : 153;
        var parts = new List<string>();
        var (start, used) = (0, 0);
        for (var i = 0; i < text.Length;)
        {
            var width = char.IsSurrogatePair(text, i) ? 2 : 1;
            var cost = length.IsUnicode ? width : GsmAlphabet.Septets(text[i]);
            if (used + cost > most)
            {
                parts.Add(text[start..i]);
                (start, used) = (i, 0);
            }
            used += cost;
            i += width;
        }
        parts.Add(text[start..]);
        return parts;
    }

    private static SmsLength Unicode(string text) => Count(true, text.Length, 70, 67, text, _ => 1);

    // Characters of two units may not be cut, so the last unit of a part can stay empty.
    private static SmsLength Count(bool unicode, int units, int single, int each, string text, Func<char, int> cost)
    {
        if (units <= single) return new(unicode, units, units == 0 ? 0 : 1, single - units);
        var (parts, used) = (1, 0);
        for (var i = 0; i < text.Length;)
        {
            var width = unicode && char.IsSurrogatePair(text, i) ? 2 : 1;
            var need = unicode ? width : cost(text[i]);
            if (used + need > each) (parts, used) = (parts + 1, 0);
            used += need;
            i += width;
        }
        return new(unicode, units, parts, each - used);
    }
}
