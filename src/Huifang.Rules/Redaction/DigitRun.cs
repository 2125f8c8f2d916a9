using System.Runtime.CompilerServices;

namespace Huifang.Redaction;

/// <summary>
/// Digits that people wrote as one number, however they spaced them: ASCII, full-width or Chinese numerals, in groups with blanks, dashes or dots between.
/// Dates, times and amounts end a run. At most <see cref="DigitsMax"/> digits are read; what is longer is no number that anyone types.
/// </summary>
internal struct DigitRun
{
    internal const int DigitsMax = 40;
    internal const int GroupsMax = 24;

    /// <summary>Value of each digit, 0–9.</summary>
    internal DigitBytes Digits;
    /// <summary>Position of each digit in the text.</summary>
    internal DigitPlaces At;
    /// <summary>Index of the first digit of each group.</summary>
    internal GroupStarts Group;
    internal int Count;
    internal int Groups;
    /// <summary>Position behind the last character of the run.</summary>
    internal int End;

    internal readonly int GroupStart(int group) => group < Groups ? Group[group] : Count;
    internal readonly int GroupSize(int group) => GroupStart(group + 1) - GroupStart(group);

    /// <summary>0–9 for a digit in any of the scripts, otherwise −1.</summary>
    internal static int Value(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= '０' and <= '９' => c - '０',
        _ => c < '〇' ? -1 : Chinese(c),
    };

    internal static int Chinese(char c) => c switch
    {
        '零' or '〇' or '洞' => 0,
        '一' or '幺' or '壹' or '么' => 1,
        '二' or '两' or '兩' or '贰' or '貳' => 2,
        '三' or '叁' or '參' => 3,
        '四' or '肆' => 4,
        '五' or '伍' => 5,
        '六' or '陆' or '陸' => 6,
        '七' or '柒' or '拐' => 7,
        '八' or '捌' => 8,
        '九' or '玖' or '勾' => 9,
        _ => -1,
    };

    /// <summary>Reads the run that begins at <paramref name="start"/>; false when it is a date, a time, an amount or just Chinese prose ("一直").</summary>
    internal bool Read(ReadOnlySpan<char> text, int start)
    {
        Count = Groups = 0;
        var at = start;
        while (at < text.Length && Count < DigitsMax)
        {
            if (SkipDate(text, at) is var dated && dated > at)
            {
                if (Count == 0) { End = dated; return false; }
                break;
            }
            var stop = GroupEnd(text, at);
            if (stop == at) break;
            Group[Groups++] = (byte)Count;
            for (; at < stop && Count < DigitsMax; at++)
            {
                Digits[Count] = (byte)Value(text[at]);
                At[Count++] = at;
            }
            End = at;
            if (Groups == GroupsMax) break;
            at = Separator(text, at, GroupSize(Groups - 1));
            if (at == End) break;
        }
        if (Count == 0) { End = start + 1; return false; }
        return true;
    }

    /// <summary>The end of the digits at <paramref name="at"/>. Chinese numerals count from three on, so that "一直" and "三次" stay words.</summary>
    private readonly int GroupEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && Value(text[end]) >= 0)
        {
            if (Chinese(text[end]) >= 0)
            {
                var numerals = 0;
                for (var i = end; i < text.Length && numerals < 3; i++)
                {
                    if (Chinese(text[i]) >= 0) numerals++;
                    else if (text[i] != ' ' || i + 1 >= text.Length || Chinese(text[i + 1]) < 0) break;
                }
                var spelled = end > at && Chinese(text[end - 1]) >= 0 || Count > 0 && end == at && Chinese(text[At[Count - 1]]) >= 0;
                if (numerals < 3 && !spelled) break;
            }
            end++;
        }
        return end;
    }

    /// <summary>The start of the next group, or <paramref name="at"/> when nothing joins.</summary>
    private static int Separator(ReadOnlySpan<char> text, int at, int sizeBefore)
    {
        var i = at;
        var comma = false;
        while (i < text.Length && i - at < 3)
        {
            var c = text[i];
            if (c is ',' or '，' or '、') { if (comma) return at; comma = true; }
            else if (!(c is ' ' or '-' or '.' or '\n' or '\r' or '\t' or '\u00a0' or '\u3000' or '‐' or '‑' or '–' or '—' or '－' or '．' or '·' or '(' or ')' or '_' or '/')) break;
            i++;
        }
        if (i == at || i >= text.Length || Value(text[i]) < 0) return at;
        var size = 0;
        while (i + size < text.Length && size < 5 && Value(text[i + size]) >= 0) size++;
        // 2,103,347 is an amount; 6,2,2,2,0 is spelled out; 4000,0067,0790 is a card.
        if (comma && !(size == sizeBefore && size is 1 or 4)) return at;
        // 55778.33 is an amount; 5555.5552.2642 and 171.7615.7829 are not.
        if (text[at] == '.' && size <= 2 && size != sizeBefore) return at;
        if (text[at] == '/' && size != 4) return at;
        return i;
    }

    /// <summary>Behind a date, time or amount that begins here, or <paramref name="at"/>.</summary>
    private static int SkipDate(ReadOnlySpan<char> text, int at)
    {
        var first = Digits10(text, at);
        var i = at + first;
        if (i >= text.Length) return at;
        var mark = text[i];
        if (first == 4 && mark is '-' or '/' or '.' or '年')
        {
            var month = Digits10(text, i + 1);
            if (month is 0 or > 2) return at;
            var j = i + 1 + month;
            if (j >= text.Length) return mark == '年' ? j : at;
            if (text[j] != mark && text[j] != '月') return at;
            var day = Digits10(text, j + 1);
            if (day > 2 || day == 0 && text[j] != '月') return at;
            if (Number(text, i + 1, month) is < 1 or > 12 || Number(text, j + 1, day) > 31) return at;
            var end = j + 1 + day;
            return SkipTime(text, end);
        }
        // 20:53, 20:53:11
        if (first is 1 or 2 && mark is ':' or '：' && Digits10(text, i + 1) == 2) return SkipTime(text, at);
        // 2,103,347 and 2,103,347.50
        if (first is >= 1 and <= 3 && mark == ',' && Digits10(text, i + 1) == 3)
        {
            while (i < text.Length && text[i] == ',' && Digits10(text, i + 1) == 3) i += 4;
            if (i < text.Length && text[i] == '.' && Digits10(text, i + 1) is > 0 and <= 2 and var cents) i += 1 + cents;
            return i;
        }
        // 55778.33 with nothing joined behind it
        if (mark == '.' && Digits10(text, i + 1) is 1 or 2)
        {
            var end = i + 1 + Digits10(text, i + 1);
            if (end >= text.Length || text[end] is not ('.' or '-') || end + 1 >= text.Length || Value(text[end + 1]) < 0) return end;
        }
        return at;
    }

    private static int SkipTime(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        if (i < text.Length && text[i] is ' ' or 'T') i++;
        var hour = Digits10(text, i);
        if (hour is 0 or > 2 || i + hour >= text.Length || text[i + hour] is not (':' or '：')) return at;
        i += hour;
        while (i < text.Length && text[i] is ':' or '：' && Digits10(text, i + 1) == 2) i += 3;
        return i;
    }

    private static int Digits10(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && i - at < 6 && text[i] is >= '0' and <= '9' or >= '０' and <= '９') i++;
        return i - at;
    }

    private static int Number(ReadOnlySpan<char> text, int at, int count)
    {
        var number = 0;
        for (var i = at; i < at + count; i++) number = number * 10 + Value(text[i]);
        return number;
    }
}

[InlineArray(DigitRun.DigitsMax)]
internal struct DigitBytes { private byte _first; }

[InlineArray(DigitRun.DigitsMax)]
internal struct DigitPlaces { private int _first; }

[InlineArray(DigitRun.GroupsMax)]
internal struct GroupStarts { private byte _first; }
