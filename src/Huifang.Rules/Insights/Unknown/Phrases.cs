namespace Huifang.Insights;

/// <summary>Names a group of texts by the run of words that most of them have and others have not, and by its most typical text.</summary>
internal sealed class Phrases
{
    private const int WordsMax = 4, HanMax = 8, ReadMax = 400, LabelMax = 80;

    private readonly IReadOnlyList<string> _texts;
    private readonly Dictionary<string, int> _everywhere = new(StringComparer.Ordinal);

    internal Phrases(IReadOnlyList<string> texts)
    {
        _texts = texts;
        foreach (var text in texts) foreach (var run in Runs(text)) _everywhere[run] = _everywhere.GetValueOrDefault(run) + 1;
    }

    /// <param name="members">The most typical first.</param>
    internal string Of(IReadOnlyList<int> members)
    {
        var typical = Short(_texts[members[0]]);
        if (members.Count < 2) return typical;
        var here = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in members) foreach (var run in Runs(_texts[member])) here[run] = here.GetValueOrDefault(run) + 1;
        var (best, most) = ("", 0.0);
        foreach (var (run, count) in here)
        {
            if (count < 2 || count * 5 < members.Count) continue;
            // How much of the group it covers, how much rarer it is elsewhere, and a little for saying more.
            var (inside, outside) = ((double)count / members.Count, (_everywhere[run] - count + 0.5) / (_texts.Count - members.Count + 1));
            if (IsFiller(run)) continue;
            var worth = Math.Sqrt(inside) * Math.Log(inside / Math.Max(outside, 1e-4)) * (1 + 0.25 * Math.Log(Length(run)));
            if (worth > most || (worth == most && string.CompareOrdinal(run, best) < 0)) (best, most) = (run, worth);
        }
        return best.Length == 0 || typical.StartsWith(best, StringComparison.OrdinalIgnoreCase) ? typical : $"{best}: {typical}";
    }

    /// <summary>A phrase that begins or ends with a word of every tenth text ("i", "my") reads badly.</summary>
    private bool IsFiller(string run)
    {
        if (Folding.Kind[run[0]] == Glyph.Han) return false;
        return IsCommon(run[..(run.IndexOf(' ') is > 0 and var first ? first : run.Length)]) || IsCommon(run[(run.LastIndexOf(' ') + 1)..]);

        bool IsCommon(string word) => word.Length < 2 || _everywhere.GetValueOrDefault(word) * 10 > _texts.Count;
    }

    private static int Length(string run) => Folding.Kind[run[0]] == Glyph.Han ? run.Length : 1 + run.Count(c => c == ' ');

    private static string Short(string text)
    {
        var line = text.AsSpan(0, Math.Min(text.Length, LabelMax * 2)).Trim().ToString().ReplaceLineEndings(" ");
        return line.Length <= LabelMax ? line : $"{line[..(char.IsHighSurrogate(line[LabelMax - 2]) ? LabelMax - 2 : LabelMax - 1)]}…";
    }

    /// <summary>Every run of one to four words, and of two to eight Chinese characters, once.</summary>
    private static HashSet<string> Runs(string text)
    {
        var (found, words, han) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), 0);
        var read = text.Length > ReadMax ? text[..ReadMax] : text;
        for (var i = 0; i <= read.Length; i++)
        {
            var kind = i < read.Length ? Folding.Kind[read[i]] : Glyph.Mark;
            if (kind == Glyph.Han)
            {
                han++;
                for (var length = 2; length <= Math.Min(han, HanMax); length++) found.Add(read.Substring(i - length + 1, length));
                words.Clear();
                continue;
            }
            han = 0;
            if (kind is Glyph.Word or Glyph.Nothing)
            {
                var from = i;
                while (i + 1 < read.Length && Folding.Kind[read[i + 1]] is Glyph.Word or Glyph.Nothing) i++;
                words.Add(read[from..(i + 1)].ToLowerInvariant());
                for (var count = 1; count <= Math.Min(words.Count, WordsMax); count++) found.Add(string.Join(' ', words.TakeLast(count)));
            }
            else if (kind == Glyph.Mark || !char.IsWhiteSpace(read[i])) words.Clear();
        }
        return found;
    }
}
