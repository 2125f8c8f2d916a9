using System.Text;
using System.Text.RegularExpressions;

namespace Huifang.Mail;

/// <summary>The header fields of a letter or of a part, unfolded, in order. Names do not mind case.</summary>
public sealed partial class MailHeaders(IReadOnlyList<(string Name, byte[] Value)> fields)
{
    public const int FieldsMax = 1000;

    public int Count(string name) => fields.Count(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first field of this name as it stands, or null.</summary>
    public string? Raw(string name)
    {
        foreach (var (known, value) in fields)
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase)) return Charsets.Decode(value, null).Text.Trim();
        return null;
    }

    /// <summary>The first field of this name with its encoded words read (RFC 2047).</summary>
    public string? Text(string name) => Raw(name) is { } raw ? Words(raw) : null;

    /// <summary>The value before the first semicolon in small letters, and its parameters, also those cut in pieces and percent-encoded (RFC 2231).</summary>
    public (string Value, IReadOnlyDictionary<string, string> Parameters) Structured(string name)
    {
        var raw = Raw(name) ?? "";
        var cut = raw.IndexOf(';', StringComparison.Ordinal);
        return ((cut < 0 ? raw : raw[..cut]).Trim().ToLowerInvariant(), cut < 0 ? new Dictionary<string, string>() : Parameters(raw[(cut + 1)..]));
    }

    private static Dictionary<string, string> Parameters(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var pieces = new SortedDictionary<string, SortedDictionary<int, (string Value, bool Encoded)>>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in ParameterOf().Matches(text))
        {
            var name = match.Groups["name"].Value;
            var value = match.Groups["quoted"].Success ? Regex.Replace(match.Groups["quoted"].Value, @"\\(.)", "$1") : match.Groups["bare"].Value.Trim();
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star < 0) { found.TryAdd(name, Words(value)); continue; }
            var (key, rest) = (name[..star], name[(star + 1)..]);
            var encoded = rest.Length == 0 || rest.EndsWith('*');
            _ = int.TryParse(rest.TrimEnd('*'), out var place);
            if (!pieces.TryGetValue(key, out var parts)) pieces[key] = parts = [];
            if (parts.Count < 100) parts.TryAdd(place, (value, encoded));
        }
        foreach (var (key, parts) in pieces) found[key] = Joined(parts.Values);
        return found;
    }

    private static string Joined(IEnumerable<(string Value, bool Encoded)> parts)
    {
        string? charset = null;
        var bytes = new MemoryStream();
        foreach (var (value, encoded) in parts)
        {
            var text = value;
            if (encoded && charset is null && text.Split('\'', 3) is [var named, _, var rest]) (charset, text) = (named, rest);
            bytes.Write(encoded ? Percent(text) : Encoding.UTF8.GetBytes(text));
        }
        return Charsets.Decode(bytes.ToArray(), charset).Text;
    }

    private static byte[] Percent(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), System.Globalization.NumberStyles.HexNumber, null, out var value)) { bytes.Add(value); i += 2; }
            else bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
        return [.. bytes];
    }

    /// <summary>Reads encoded words. Neighbours of one charset are joined before they are decoded: some senders cut a character in two.</summary>
    public static string Words(string raw)
    {
        if (!raw.Contains("=?", StringComparison.Ordinal)) return raw;
        var text = new StringBuilder(raw.Length);
        var (pending, charset, at) = (new List<byte>(), "", 0);
        foreach (Match match in EncodedWord().Matches(raw))
        {
            var between = raw[at..match.Index];
            // White space between two encoded words only keeps lines short.
            if (pending.Count > 0 && (!string.IsNullOrWhiteSpace(between) || !charset.Equals(match.Groups[1].Value, StringComparison.OrdinalIgnoreCase))) Flush();
            if (pending.Count == 0 && !(string.IsNullOrWhiteSpace(between) && at > 0)) text.Append(between);
            charset = match.Groups[1].Value;
            var word = match.Groups[3].Value;
            pending.AddRange(match.Groups[2].Value is "B" or "b" ? TransferEncodings.Base64(Encoding.ASCII.GetBytes(word)) : TransferEncodings.QuotedPrintable(Encoding.ASCII.GetBytes(word.Replace('_', ' ')), inHeader: true));
            at = match.Index + match.Length;
        }
        Flush();
        return text.Append(raw[at..]).ToString();

        void Flush()
        {
            if (pending.Count > 0) text.Append(Charsets.Decode([.. pending], charset.Split('*')[0]).Text);
            pending.Clear();
        }
    }

    [GeneratedRegex(@"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex("""(?<name>[A-Za-z0-9_\-*]+)\s*=\s*(?:"(?<quoted>(?:\\.|[^"\\])*)"|(?<bare>[^;]*))""")]
    private static partial Regex ParameterOf();
}
