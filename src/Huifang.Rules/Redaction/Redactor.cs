using System.Text;

namespace Huifang.Redaction;

/// <summary>
/// Takes secrets out of what people say and write, in Simplified and Traditional Chinese and English, before it is stored:
/// one pass from left to right that remembers the last word that announced something and looks closely only where a number, an address or a secret begins.
/// Order numbers, amounts, dates, hashes and hotlines stay. Linear in the length of the text; allocates nothing when nothing is found.
/// </summary>
public static class Redactor
{
    /// <summary>The longest text that is looked at, in UTF-16 units. Nobody types more into a field; importers cut first.</summary>
    public const int LengthMax = 1 << 20;

    /// <param name="text">Up to <see cref="LengthMax"/> characters.</param>
    /// <param name="context">What was asked before, when the text is a turn of a conversation.</param>
    /// <param name="hide">The kinds to take out; <see cref="SecretKinds.Typed"/> for what the desk refuses as it is typed.</param>
    /// <exception cref="ArgumentException">The text is longer than <see cref="LengthMax"/>.</exception>
    public static Redaction Redact(string text, RedactionContext? context = null, SecretKinds hide = SecretKinds.All)
    {
        if (text.Length > LengthMax) throw new ArgumentException($"at most {LengthMax} characters", nameof(text));
        var scan = new Scan(text, context?.Asked ?? SecretKinds.None, hide);
        scan.Run();
        return scan.Found is null ? new(text, []) : new(Replace(text, scan.Found), scan.Found);
    }

    private static string Replace(string text, List<SecretSpan> spans)
    {
        var clean = new StringBuilder(text.Length);
        var from = 0;
        foreach (var span in spans)
        {
            clean.Append(text, from, span.Start - from).Append('[').Append(span.Kind.Tag()).Append(']');
            from = span.End;
        }
        return clean.Append(text, from, text.Length - from).ToString();
    }
}

/// <summary>One walk over one text.</summary>
internal ref struct Scan(ReadOnlySpan<char> text, SecretKinds asked, SecretKinds hide)
{
    private static readonly bool[] Stops = StopTable();

    private readonly ReadOnlySpan<char> _text = text;
    private Clue _clue;
    private int _clueEnd;
    private SeedWords _seed;

    internal List<SecretSpan>? Found;

    internal void Run()
    {
        var run = new DigitRun();
        var i = 0;
        while (i < _text.Length)
        {
            var c = _text[i];
            if (!Stops[c]) { i++; continue; }
            if (c is '@' or '＠') i = Address(i);
            else if (DigitRun.Value(c) >= 0) i = Number(ref run, i);
            else i = Word(i);
        }
        if (_seed.Ends(out var phrase)) Add(SecretKind.SeedPhrase, phrase.Start.Value, phrase.End.Value);
        Found?.Sort((a, b) => a.Start.CompareTo(b.Start));
    }

    private static bool[] StopTable()
    {
        var stops = (bool[])Clues.Begins.Clone();
        for (var c = 'a'; c <= 'z'; c++) stops[c] = stops[char.ToUpperInvariant(c)] = true;
        stops['@'] = stops['＠'] = true;
        for (var c = 0; c <= char.MaxValue; c++) stops[c] |= DigitRun.Value((char)c) >= 0;
        return stops;
    }

    private void Add(SecretKind kind, int start, int end)
    {
        if (!hide.Holds(kind)) return;
        Found ??= [];
        // An address found from its @ may reach back over what was taken for a number.
        while (Found.Count > 0 && Found[^1].End > start && Found[^1].Start >= start) Found.RemoveAt(Found.Count - 1);
        if (Found.Count > 0 && Found[^1].End > start) return;
        Found.Add(new SecretSpan(kind, start, end - start));
    }

    /// <summary>A word: a clue, a piece of a recovery phrase, a token of letters and digits, or nothing.</summary>
    private int Word(int start)
    {
        var clue = Clues.At(_text, start, out var end);
        if (char.IsAsciiLetter(_text[start]))
        {
            var lettersEnd = Tokens.LettersEnd(_text, start);
            if (_seed.Add(_text, start, lettersEnd) is { } phrase) Add(SecretKind.SeedPhrase, phrase.Start.Value, phrase.End.Value);
            if (clue == Clue.None) return IsAt(start, lettersEnd) ? SpelledAddress(start, lettersEnd) : Token(start, lettersEnd);
        }
        if (clue == Clue.None) return start + 1;
        _clue = clue;
        _clueEnd = end;
        return Announced(clue, end);
    }

    private readonly bool IsAt(int start, int end) => end - start == 2 && (_text[start] | 0x20) == 'a' && (_text[start + 1] | 0x20) == 't';

    private int SpelledAddress(int start, int end)
    {
        var announced = _clue == Clue.Email && Gaps.Between(_text, _clueEnd, start) != Nearness.Far;
        if (Addresses.Spelled(_text, start, end, announced) is not { } address) return end;
        Add(SecretKind.Email, address.Start.Value, address.End.Value);
        return address.End.Value;
    }

    /// <summary>What a clue announces and that is no number: a password, a key, a phrase whose words are not from the list.</summary>
    private int Announced(Clue clue, int end)
    {
        switch (clue)
        {
            case Clue.Password or Clue.Pin or Clue.Otp when Passwords.After(_text, end, clue) is { } value:
                Add(clue == Clue.Otp ? SecretKind.Otp : SecretKind.Password, value.Start.Value, value.End.Value);
                return value.End.Value;
            case Clue.Seed when SeedWords.Listed(_text, end) is { } words:
                Add(SecretKind.SeedPhrase, words.Start.Value, words.End.Value);
                return words.End.Value;
            case Clue.PrivateKey when Tokens.KeyAfter(_text, end) is { } key:
                Add(SecretKind.SeedPhrase, key.Start.Value, key.End.Value);
                return key.End.Value;
            default:
                return end;
        }
    }

    /// <summary>Letters followed by digits: an order number stays, an IBAN or an island's identity number goes, "card4000…" is two things.</summary>
    private int Token(int start, int lettersEnd)
    {
        if (lettersEnd >= _text.Length || !char.IsAsciiDigit(_text[lettersEnd])) return lettersEnd;
        var end = Tokens.End(_text, start);
        if (Tokens.Iban(_text, start) is { } iban) { Add(SecretKind.Iban, start, iban); return iban; }
        if (Tokens.RegionalId(_text[start..end])) { Add(SecretKind.CnId, start, end); return end; }
        if (end < _text.Length && _text[end] is '@' or '＠') return end;
        if (asked.Holds(SecretKind.Password) && start == 0 && end == _text.Length) Add(SecretKind.Password, start, end);
        return end;
    }

    private int Address(int at)
    {
        if (Addresses.Around(_text, at) is not { } address) return at + 1;
        Add(SecretKind.Email, address.Start.Value, address.End.Value);
        return address.End.Value;
    }

    private int Number(ref DigitRun run, int start)
    {
        if (Tokens.Hex(_text, start) is var hex && hex > start) return hex;
        if (!run.Read(_text, start)) return Math.Max(run.End, start + 1);
        if (run.Count < 3) return Scientific(run, start);
        var tokenEnd = Tokens.End(_text, run.End);
        var x = run.Count >= 17 ? Tokens.CheckX(_text, run.End) : 0;
        if (x == 0 && tokenEnd > run.End && run.Groups == 1 && !Tokens.IsJoinedWord(_text, run.End, tokenEnd)) return tokenEnd;
        if (Tokens.NextIsAddress(_text, run.End)) return run.End;

        var from = 0;
        while (from < run.Groups)
        {
            var to = run.Groups;
            for (; to > from; to--)
                if (Try(run, from, to, to == run.Groups ? x : 0)) break;
            from = to > from ? to : from + 1;
        }
        return Scientific(run, start);
    }

    /// <summary>"545 e 15" after a card was asked for, or as the whole answer, is a card number that went through a spreadsheet.</summary>
    private int Scientific(in DigitRun run, int start)
    {
        if (run.Count > 4) return run.End;
        var end = Tokens.Exponent(_text, run.End);
        if (end > run.End && (asked.Holds(SecretKind.Card) || _clue == Clue.Card || end - start == _text.Trim().Length)) Add(SecretKind.Card, start, end);
        return end;
    }

    private bool Try(in DigitRun run, int from, int to, int x)
    {
        var start = run.At[run.GroupStart(from)];
        var end = run.At[run.GroupStart(to) - 1] + 1;
        var plus = from == 0 && start > 0 && _text[start - 1] is '+' or '＋';
        var around = new Surroundings(
            _clue, Gaps.Between(_text, _clueEnd, start),
            run.Count <= 12 ? Gaps.ClueAfter(_text, end) : Clue.None,
            plus, Gaps.IsMoney(_text, start, end), _text[..start].IsWhiteSpace() && _text[end..].IsWhiteSpace(), asked);
        if (NumberRules.Kind(run, from, to, x, around) is not { } kind) return false;
        if (plus) start--;
        else if (kind == SecretKind.Phone && start > 0 && _text[start - 1] == '(' && _text[start..end].Contains(')')) start--;
        if (x != 0) end = Tokens.AfterX(_text, end);
        Add(kind, start, end);
        if (from == 0 && kind is SecretKind.Otp or SecretKind.Phone or SecretKind.Card) _clueEnd = end;
        return true;
    }
}
