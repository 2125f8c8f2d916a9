using System.Collections.Frozen;

namespace Huifang.Redaction;

/// <summary>
/// Recovery phrases: twelve or more words of the BIP-39 list in a row, with or without being announced.
/// The list has no "the", "and", "is": twelve in a row is a phrase and not a sentence.
/// </summary>
internal struct SeedWords
{
    private const int WordsMin = 12;
    private const int WordsMax = 24;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> List = Load().GetAlternateLookup<ReadOnlySpan<char>>();

    private int _count;
    private int _start;
    private int _end;

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(SeedWords).Assembly.GetManifestResourceStream("Huifang.Data.Redaction.bip39-english.txt")
            ?? throw new InvalidOperationException("the list of recovery words is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsListed(ReadOnlySpan<char> word) => word.Length is >= 3 and <= 8 && List.Contains(word);

    /// <summary>Takes the next word; gives the phrase that ended just before it, if one did.</summary>
    internal Range? Add(ReadOnlySpan<char> text, int start, int end)
    {
        var listed = IsListed(text[start..end]);
        if (listed && _count > 0 && Joins(text[_end..start]))
        {
            _count++;
            _end = end;
            return null;
        }
        var ended = Ends(out var phrase);
        _count = listed ? 1 : 0;
        _start = start;
        _end = end;
        return ended ? phrase : null;
    }

    /// <summary>The phrase that reaches to here.</summary>
    internal readonly bool Ends(out Range phrase)
    {
        phrase = _start.._end;
        return _count >= WordsMin;
    }

    /// <summary>Blanks, commas, and numbering ("1. abandon 2. ability").</summary>
    private static bool Joins(ReadOnlySpan<char> gap)
    {
        if (gap.Length is 0 or > 6) return false;
        foreach (var c in gap)
            if (!(c is ' ' or ',' or '，' or '、' or '\n' or '\r' or '\t' or '.' or ')' or '-' or ';' or '|' || char.IsAsciiDigit(c))) return false;
        return true;
    }

    /// <summary>Words behind an announcement, though some are misspelt or not from the list: at least four, half of them listed. Also Chinese phrases of twelve or more characters set apart.</summary>
    internal static Range? Listed(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && i - at < 6 && text[i] is ' ' or ':' or '：' or '是' or '为' or '為' or '"' or '“') i++;
        if (text[i..].StartsWith("is ", StringComparison.OrdinalIgnoreCase)) i += 3;
        while (i < text.Length && text[i] is ' ' or ':' or '"') i++;
        var (words, known, start, end, lastKnown) = (0, 0, i, i, i);
        while (i < text.Length && words < WordsMax)
        {
            var stop = Tokens.LettersEnd(text, i);
            if (stop == i) break;
            words++;
            if (IsListed(text[i..stop])) { known++; lastKnown = stop; }
            else if (words - known > 2) break;
            i = stop;
            while (i < text.Length && i - stop < 6 && (text[i] is ' ' or ',' or '，' or '、' or '.' || char.IsAsciiDigit(text[i]))) i++;
            if (i == stop) break;
            end = stop;
        }
        if (known >= 6 && known * 4 >= words * 3) return start..lastKnown;
        return Spaced(text, start);
    }

    /// <summary>Chinese recovery words are single characters, written with blanks between.</summary>
    private static Range? Spaced(ReadOnlySpan<char> text, int start)
    {
        var (i, count) = (start, 0);
        while (i < text.Length && text[i] is >= '\u4e00' and <= '\u9fff' && (i + 1 >= text.Length || !(text[i + 1] is >= '\u4e00' and <= '\u9fff')))
        {
            count++;
            i++;
            if (i < text.Length && text[i] is ' ' or '、' && i + 1 < text.Length && text[i + 1] is >= '\u4e00' and <= '\u9fff') i++;
            else break;
        }
        return count >= WordsMin ? start..i : null;
    }
}
