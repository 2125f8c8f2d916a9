using System.Runtime.CompilerServices;

namespace Huifang.Insights;

/// <summary>Which n-grams are read.</summary>
/// <param name="WordMax">Words in a row, from 1.</param>
/// <param name="CharMin">Letters in a row within a word, its borders counted.</param>
/// <param name="CharMax">0: no letter n-grams.</param>
/// <param name="HanMax">Chinese characters in a row, from 1.</param>
/// <param name="Skip">Whether two words with one between them are a feature: "not very good".</param>
/// <param name="Points">Whether points between Chinese characters are read as if they were one: where a clause begins and ends says something.</param>
internal readonly record struct GramShape(byte WordMax, byte CharMin, byte CharMax, byte HanMax, bool Skip, bool Points)
{
    /// <summary>For what is learned from labels.</summary>
    internal static readonly GramShape Usual = new(2, 2, 5, 3, true, true);

    /// <summary>For how alike texts are.</summary>
    internal static readonly GramShape Plain = new(2, 2, 5, 4, false, false);
}

/// <summary>Takes n-grams as they are met. A struct, so that the walk is compiled for it.</summary>
internal interface IGramSink
{
    /// <param name="hash">Of the n-gram and its kind.</param>
    /// <param name="block">0 for words and Chinese characters, 1 for letters within words: each block is weighed by itself.</param>
    void Take(uint hash, int block);
}

/// <summary>
/// Reads a text as hashed n-grams in one pass: words and pairs of words, letters within words with the words' borders, Chinese characters alone and in a row.
/// Allocates nothing. Linear in the length of the text.
/// </summary>
internal static class Grams
{
    private const uint Prime = 0x01000193;
    private const uint WordSeed = 0x811C9DC5, PairSeed = 0x2F0B4F27, SkipSeed = 0x6A09E667, CharSeed = 0x9E3779B9, HanSeed = 0xB5297A4D;

    internal const int Blocks = 2;

    /// <summary>What is read of a text, in UTF-16 units: enough for the longest complaint, and a bound for a megabyte of noise.</summary>
    internal const int LengthMax = 32_768;

    internal static void Read<TSink>(ReadOnlySpan<char> text, GramShape shape, ref TSink sink) where TSink : struct, IGramSink
    {
        if (text.Length > LengthMax) text = text[..LengthMax];
        Span<char> word = stackalloc char[64];
        var (fold, kind) = (Folding.Fold, Folding.Kind);
        uint last = 0, before = 0;
        var i = 0;
        while (i < text.Length)
        {
            switch (kind[text[i]])
            {
                case Glyph.Word:
                    var length = 1;
                    word[0] = ' ';
                    var hash = WordSeed;
                    for (; i < text.Length; i++)
                    {
                        var glyph = kind[text[i]];
                        if (glyph == Glyph.Nothing) continue;
                        if (glyph != Glyph.Word) break;
                        var c = fold[text[i]];
                        hash = (hash ^ c) * Prime;
                        if (length < 63) word[length++] = c;
                    }
                    word[length++] = ' ';
                    Word(Mix(hash), shape, ref last, ref before, ref sink);
                    if (shape.CharMax > 0) Letters(word[..length], shape, ref sink);
                    break;
                case Glyph.Han:
                    var run = 0;
                    for (; i < text.Length && run < word.Length; i++)
                    {
                        var glyph = kind[text[i]];
                        if (glyph == Glyph.Nothing) continue;
                        if (glyph != Glyph.Han && !(shape.Points && glyph is Glyph.Point or Glyph.Mark)) break;
                        word[run++] = fold[text[i]];
                    }
                    Han(word[..run], shape.HanMax, ref sink);
                    last = before = 0;
                    break;
                case Glyph.Mark:
                    Word(Mix((WordSeed ^ fold[text[i]]) * Prime), shape, ref last, ref before, ref sink);
                    i++;
                    break;
                default:
                    i++;
                    break;
            }
        }
    }

    private static void Word<TSink>(uint hash, GramShape shape, ref uint last, ref uint before, ref TSink sink) where TSink : struct, IGramSink
    {
        sink.Take(hash, 0);
        if (shape.WordMax > 1 && last != 0)
        {
            sink.Take(Mix((last * Prime) ^ hash ^ PairSeed), 0);
            if (shape.WordMax > 2 && before != 0) sink.Take(Mix((((before * Prime) ^ last) * Prime) ^ hash ^ SkipSeed), 0);
        }
        if (shape.Skip && before != 0) sink.Take(Mix((before * Prime) ^ hash ^ SkipSeed), 0);
        before = last;
        last = hash;
    }

    private static void Letters<TSink>(ReadOnlySpan<char> word, GramShape shape, ref TSink sink) where TSink : struct, IGramSink
    {
        for (var i = 0; i + shape.CharMin <= word.Length; i++)
        {
            var hash = CharSeed;
            var to = Math.Min(word.Length, i + shape.CharMax);
            for (var j = i; j < to; j++)
            {
                hash = (hash ^ word[j]) * Prime;
                if (j - i + 1 >= shape.CharMin) sink.Take(Mix(hash), 1);
            }
        }
    }

    private static void Han<TSink>(ReadOnlySpan<char> run, int longest, ref TSink sink) where TSink : struct, IGramSink
    {
        for (var i = 0; i < run.Length; i++)
        {
            var hash = HanSeed;
            var to = Math.Min(run.Length, i + longest);
            for (var j = i; j < to; j++)
            {
                hash = (hash ^ run[j]) * Prime;
                sink.Take(Mix(hash), 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint hash)
    {
        hash ^= hash >> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >> 13;
        return hash == 0 ? 1 : hash;
    }
}
