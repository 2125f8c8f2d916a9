namespace Huifang.Insights;

/// <summary>What is looked at in a pair of texts. Symmetric: (a, b) and (b, a) give the same.</summary>
internal static class PairFeatures
{
    internal const uint Cosine = 1, Shared = 2, InOrder = 3, Within = 4;
    private const uint Lengths = 5, Numbers = 6, Begin = 7, End = 8, SharedOne = 9, Least = 10;
    private const uint Steps = 0x5000, BothSeed = 0x7F4A7C15, OneSeed = 0x94D049BB, CrossSeed = 0x2545F491;
    private const int StepCount = 12;

    private static readonly GramShape One = new(1, 1, 0, 1, false, false), Two = new(2, 3, 4, 2, false, false);

    internal static Dictionary<uint, float> Idf(IReadOnlyList<string> texts)
    {
        var seen = new Dictionary<uint, int>();
        foreach (var text in texts) foreach (var hash in Hashes(text, Two).Keys) seen[hash] = seen.GetValueOrDefault(hash) + 1;
        return seen.Where(pair => pair.Value > 1).ToDictionary(pair => pair.Key, pair => MathF.Log((1f + texts.Count) / (1f + pair.Value)) + 1);
    }

    internal static List<(uint Hash, float Value)> Read(string a, string b, Dictionary<uint, float> idf)
    {
        var features = new List<(uint, float)>(96);
        var (one, other) = (Hashes(a, Two), Hashes(b, Two));
        // What nobody saw in learning is as rare as can be.
        var rare = idf.Count == 0 ? 1f : 9f;
        double dot = 0, oneSquare = 0, otherSquare = 0, both = 0, oneOnly = 0, otherOnly = 0;
        var (onlyOne, onlyOther) = (new List<uint>(), new List<uint>());
        foreach (var (hash, times) in one)
        {
            double weight = idf.GetValueOrDefault(hash, rare);
            oneSquare += weight * weight * times * times;
            if (other.TryGetValue(hash, out var there)) { dot += weight * weight * times * there; both += weight; features.Add((hash ^ BothSeed, 0.5f)); }
            else { oneOnly += weight; onlyOne.Add(hash); }
        }
        foreach (var (hash, times) in other)
        {
            double weight = idf.GetValueOrDefault(hash, rare);
            otherSquare += weight * weight * times * times;
            if (!one.ContainsKey(hash)) { otherOnly += weight; onlyOther.Add(hash); }
        }
        foreach (var hash in onlyOne.Concat(onlyOther)) features.Add((hash ^ OneSeed, 0.2f));
        // "借呗" here and "花呗" there: what stands in the other's place tells more than what is missing.
        if (onlyOne.Count * onlyOther.Count is > 0 and <= 120)
            foreach (var left in onlyOne) foreach (var right in onlyOther) features.Add((unchecked(left * right + (left ^ right)) ^ CrossSeed, 0.4f));
        var (x, y) = (Folded(a), Folded(b));
        Add(Cosine, oneSquare * otherSquare == 0 ? 0 : dot / Math.Sqrt(oneSquare * otherSquare));
        Add(Shared, both / Math.Max(1e-9, both + oneOnly + otherOnly));
        Add(Within, both / Math.Max(1e-9, both + Math.Min(oneOnly, otherOnly)));
        Add(InOrder, x.Length + y.Length == 0 ? 0 : 2.0 * Common(x, y) / (x.Length + y.Length));
        Add(Lengths, (double)Math.Min(x.Length, y.Length) / Math.Max(1, Math.Max(x.Length, y.Length)));
        Add(Numbers, Digits(x).SequenceEqual(Digits(y)) ? 1 : 0);
        Add(Begin, Same(x, y, false));
        Add(End, Same(x, y, true));
        var (letters, others) = (Hashes(a, One), Hashes(b, One));
        Add(SharedOne, letters.Count + others.Count == 0 ? 0 : (double)letters.Keys.Count(others.ContainsKey) / Math.Max(1, letters.Keys.Union(others.Keys).Count()));
        Add(Least, Math.Min(x.Length, 30) / 30.0);
        return features;

        void Add(uint name, double value)
        {
            features.Add((name, (float)value));
            // A step for each twelfth as well, so that a line can bend.
            features.Add((Steps + name * 64 + (uint)Math.Clamp((int)(value * StepCount), 0, StepCount), 1f));
        }
    }

    private static Dictionary<uint, int> Hashes(string text, GramShape shape)
    {
        var sink = new Counting([]);
        Grams.Read(text, shape, ref sink);
        return sink.Times;
    }

    private static string Folded(string text)
    {
        var kept = text.Length > 256 ? text[..256] : text;
        return string.Concat(kept.Where(c => Folding.Kind[c] is Glyph.Word or Glyph.Han).Select(c => Folding.Fold[c]));
    }

    private static IEnumerable<char> Digits(string text) => text.Where(char.IsDigit);

    private static double Same(string a, string b, bool fromEnd)
    {
        var (n, same) = (Math.Min(a.Length, b.Length), 0);
        while (same < n && (fromEnd ? a[^(same + 1)] == b[^(same + 1)] : a[same] == b[same])) same++;
        return n == 0 ? 0 : (double)same / n;
    }

    /// <summary>The length of the longest common subsequence.</summary>
    private static int Common(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        row.Clear();
        foreach (var c in a)
        {
            var diagonal = 0;
            for (var j = 0; j < b.Length; j++)
            {
                var above = row[j + 1];
                row[j + 1] = c == b[j] ? diagonal + 1 : Math.Max(above, row[j]);
                diagonal = above;
            }
        }
        return row[b.Length];
    }

    private readonly struct Counting(Dictionary<uint, int> times) : IGramSink
    {
        internal Dictionary<uint, int> Times => times;

        public void Take(uint hash, int block) => times[hash] = times.GetValueOrDefault(hash) + 1;
    }
}
