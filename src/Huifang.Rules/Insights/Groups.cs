namespace Huifang.Insights;

/// <summary>Texts that belong together: indexes into the list that was given, the most typical first.</summary>
/// <param name="Label">What they have in common, in their own words.</param>
public sealed record TextGroup(IReadOnlyList<int> Members, string Label)
{
    public int Count => Members.Count;
}

/// <summary>Groups texts: copies of one text, and texts about the same thing that no topic names yet.</summary>
public static class Groups
{
    private const int Hashes = 64, Band = 4;

    /// <summary>
    /// Texts that are one text, give or take a few characters: mass-copied complaints and reviews. MinHash over runs of letters, in bands;
    /// members share at least <paramref name="alike"/> of their runs with the first of their group. Groups of one are left out; the largest comes first.
    /// </summary>
    public static IReadOnlyList<TextGroup> Copies(IReadOnlyList<string> texts, double alike = 0.8)
    {
        var prints = texts.Select(Print).ToList();
        var parent = Enumerable.Range(0, texts.Count).ToArray();
        int Root(int i) { while (parent[i] != i) i = parent[i] = parent[parent[i]]; return i; }
        var seen = new Dictionary<(int, ulong), int>();
        for (var i = 0; i < prints.Count; i++)
        {
            if (prints[i] is not { } print) continue;
            for (var band = 0; band < Hashes / Band; band++)
            {
                var key = 0xCBF29CE484222325UL;
                for (var h = band * Band; h < (band + 1) * Band; h++) key = (key ^ print[h]) * 0x100000001B3;
                if (!seen.TryAdd((band, key), i) && Root(seen[(band, key)]) is var other && other != Root(i) && Alike(prints[other]!, print) >= alike) parent[Root(i)] = other;
            }
        }
        return [.. Enumerable.Range(0, texts.Count).GroupBy(Root).Where(group => group.Count() > 1)
            .Select(group => new TextGroup([.. group], Short(texts[group.First()]))).OrderByDescending(group => group.Count)];
    }

    /// <summary>
    /// Texts that say one thing in other words: average linkage over what they share, weighed by how rare it is among them. Groups of one are left out; the largest comes first.
    /// At most the first <see cref="NewIssueFinder.ComparedMax"/> texts are compared, for their square has to fit in memory.
    /// </summary>
    /// <param name="alike">The cosine from which two groups are one. Half finds the same question asked anew; a quarter, the same topic.</param>
    public static IReadOnlyList<TextGroup> Paraphrases(IReadOnlyList<string> texts, double alike = 0.5)
    {
        string[] compared = [.. texts.Take(NewIssueFinder.ComparedMax)];
        if (compared.Length < 2) return [];
        var likeness = Likeness.Of(Corpus.Read(compared, GramShape.Plain, 1), [.. compared.Select(_ => Array.Empty<float>())], 0);
        var central = likeness.Select(row => row.Sum()).ToArray();
        var groups = Linkage.Groups(likeness, alike);
        return [.. Enumerable.Range(0, compared.Length).GroupBy(i => groups[i]).Where(group => group.Count() > 1)
            .Select(group => group.OrderByDescending(i => central[i]).ToList()).Select(members => new TextGroup(members, Short(compared[members[0]]))).OrderByDescending(group => group.Count)];
    }

    /// <summary>How large a part of the runs two prints share, from how many of their least hashes agree.</summary>
    private static double Alike(uint[] a, uint[] b)
    {
        var same = 0;
        for (var i = 0; i < Hashes; i++) if (a[i] == b[i]) same++;
        return (double)same / Hashes;
    }

    private static uint[]? Print(string text)
    {
        var least = new uint[Hashes];
        Array.Fill(least, uint.MaxValue);
        var sink = new Least(least);
        Grams.Read(text, new GramShape(2, 4, 4, 3, false, false), ref sink);
        return least[0] == uint.MaxValue ? null : least;
    }

    private static string Short(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 59), "…");

    private readonly struct Least(uint[] least) : IGramSink
    {
        public void Take(uint hash, int block)
        {
            for (var i = 0; i < least.Length; i++)
            {
                var other = (hash ^ (uint)(i * 0x85EBCA6B)) * 0x9E3779B1u;
                other ^= other >> 15;
                other *= 0x2C1B3C6D;
                if (other < least[i]) least[i] = other;
            }
        }
    }
}
