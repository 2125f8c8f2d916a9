using System.Globalization;
using Huifang.Data;

namespace Huifang.Insights;

/// <summary>What kind of character the reader of n-grams sees after folding.</summary>
internal enum Glyph : byte
{
    /// <summary>Between words.</summary>
    Gap,

    /// <summary>Part of a word of an alphabet, or a digit.</summary>
    Word,

    /// <summary>A point, a comma, a bracket: between words too, but not nothing.</summary>
    Point,

    /// <summary>A Chinese character: a word by itself, so it is read in n-grams of its own.</summary>
    Han,

    /// <summary>A mark that says something alone: "!", "?", an emoji.</summary>
    Mark,

    /// <summary>Invisible or combining, as if it were not there: zero-width, direction marks, variation selectors, the apostrophe within a word.</summary>
    Nothing,
}

/// <summary>
/// Makes different spellings of the same thing equal before it is read: lower case, full-width forms, Traditional to Simplified, accents kept.
/// One look into a table for each UTF-16 unit.
/// </summary>
internal static class Folding
{
    internal static readonly char[] Fold = new char[char.MaxValue + 1];
    internal static readonly Glyph[] Kind = new Glyph[char.MaxValue + 1];

    /// <summary>Traditional characters that have another Simplified form, and the other way round, for telling the scripts apart.</summary>
    internal static readonly bool[] OnlyTraditional = new bool[char.MaxValue + 1];
    internal static readonly bool[] OnlySimplified = new bool[char.MaxValue + 1];

    static Folding()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var one = (char)c;
            if (one is >= '！' and <= '～') one = (char)(one - 0xFEE0);
            one = char.ToLowerInvariant(one);
            Fold[c] = one;
            Kind[c] = KindOf(one);
        }
        using var reader = new StreamReader(ShippedData.Open(ShippedData.Names("insights").Single(name => name.EndsWith("simplified.txt", StringComparison.Ordinal))));
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            // A line is a Simplified character and the Traditional ones that are written for it; '=' says that only Simplified has it.
            var simplified = line[0] == '=' ? line[1] : line[0];
            OnlySimplified[simplified] = line[0] == '=';
            foreach (var traditional in line.AsSpan(line[0] == '=' ? 2 : 1))
            {
                Fold[traditional] = simplified;
                OnlyTraditional[traditional] = true;
            }
        }
    }

    private static Glyph KindOf(char c) => c switch
    {
        '\'' or '’' or '‘' or '`' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF' or (>= '\uFE00' and <= '\uFE0F') => Glyph.Nothing,
        (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\u3040' and <= '\u30FF') => Glyph.Han,
        '!' or '?' or '€' or '£' or '$' or '¥' or '%' => Glyph.Mark,
        _ => char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber => Glyph.Word,
            // Emoji come as surrogate pairs; the lower half tells them apart.
            UnicodeCategory.Surrogate => char.IsLowSurrogate(c) ? Glyph.Mark : Glyph.Nothing,
            UnicodeCategory.OtherSymbol => Glyph.Mark,
            UnicodeCategory.NonSpacingMark => Glyph.Word,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => Glyph.Gap,
            _ => Glyph.Point,
        },
    };
}
