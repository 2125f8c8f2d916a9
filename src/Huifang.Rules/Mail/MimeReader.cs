using System.Text;

namespace Huifang.Mail;

/// <summary>One part of a letter: its headers and, unless it holds parts itself, its content with the transfer encoding taken off.</summary>
public sealed record MimePart(MailHeaders Headers, string MediaType, byte[] Content, IReadOnlyList<MimePart> Parts)
{
    public string? Charset { get; init; }
    public string? FileName { get; init; }
    public bool IsAttachment { get; init; }

    public bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    public IEnumerable<MimePart> All() => Parts.SelectMany(part => part.All()).Prepend(this);
}

/// <summary>
/// Reads Internet mail (RFC 5322, MIME RFC 2045–2047, 2231) from its bytes. Whatever comes is read as far as it goes: there is no letter that makes it
/// throw, loop or take more than its limits. Written here because the feed has no mail library; tested against a corpus and a real relay.
/// </summary>
public static class MimeReader
{
    public const int DepthMax = 20;
    public const int PartsMax = 500;
    private const int HeaderBytesMax = 512 * 1024;

    public static MimePart Read(byte[] raw)
    {
        var parts = 0;
        return Read(raw, 0, ref parts, "text/plain");
    }

    private static MimePart Read(ReadOnlyMemory<byte> raw, int depth, ref int parts, string usual)
    {
        parts++;
        var (headers, body) = Split(raw);
        var (type, parameters) = headers.Structured("Content-Type");
        if (!type.Contains('/', StringComparison.Ordinal)) type = usual;
        var (disposition, shown) = headers.Structured("Content-Disposition");
        var name = shown.GetValueOrDefault("filename") ?? parameters.GetValueOrDefault("name");
        var part = new MimePart(headers, type, [], []) { Charset = parameters.GetValueOrDefault("charset"), FileName = Clean(name), IsAttachment = disposition == "attachment" || (name is not null && !type.StartsWith("text/", StringComparison.Ordinal)) };

        if (part.IsMultipart && depth < DepthMax && parameters.GetValueOrDefault("boundary") is { Length: > 0 } boundary)
        {
            var inner = new List<MimePart>();
            foreach (var piece in Pieces(body, boundary))
            {
                if (parts >= PartsMax) break;
                inner.Add(Read(piece, depth + 1, ref parts, type == "multipart/digest" ? "message/rfc822" : "text/plain"));
            }
            if (inner.Count > 0) return part with { Parts = inner };
        }
        // A boundary that never comes, or parts too deep to follow: what is there is the text.
        if (part.IsMultipart) return part with { MediaType = "text/plain", Content = body.ToArray() };
        var content = TransferEncodings.Decode(body.Span, headers.Raw("Content-Transfer-Encoding"));
        return type == "message/rfc822" && depth < DepthMax && parts < PartsMax
            ? part with { Content = content, Parts = [Read(content, depth + 1, ref parts, "text/plain")] }
            : part with { Content = content };
    }

    private static (MailHeaders Headers, ReadOnlyMemory<byte> Body) Split(ReadOnlyMemory<byte> raw)
    {
        var fields = new List<(string, byte[])>();
        var span = raw.Span;
        var at = 0;
        string? name = null;
        var value = new List<byte>();
        while (at < span.Length)
        {
            var end = span[at..].IndexOf((byte)'\n');
            var next = end < 0 ? span.Length : at + end + 1;
            var line = span[at..next].TrimEnd("\r\n"u8);
            if (line.Length == 0) { at = next; break; }
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (name is not null && value.Count < HeaderBytesMax) { value.Add((byte)' '); value.AddRange(line.TrimStart(" \t"u8)); }
            }
            else
            {
                // The envelope's "From " of a mailbox file is no header; any other line without a colon is where the text begins.
                var colon = line.IndexOf((byte)':');
                if (colon <= 0 || line[..colon].ContainsAny(" \t"u8))
                {
                    if (!(fields.Count == 0 && name is null && line.StartsWith("From "u8))) break;
                }
                else
                {
                    Keep();
                    name = Encoding.ASCII.GetString(line[..colon]);
                    value.Clear();
                    value.AddRange(line[(colon + 1)..]);
                }
            }
            at = next;
        }
        Keep();
        return (new MailHeaders(fields), raw[at..]);

        void Keep() { if (name is not null && fields.Count < MailHeaders.FieldsMax) fields.Add((name, [.. value])); }
    }

    /// <summary>What stands between the boundary lines; a missing last one ends at the end.</summary>
    private static List<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> body, string boundary)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var mark = Encoding.UTF8.GetBytes($"--{boundary}");
        var span = body.Span;
        int from = -1, at = 0;
        while (at < span.Length && found.Count < PartsMax)
        {
            var end = span[at..].IndexOf((byte)'\n');
            var next = end < 0 ? span.Length : at + end + 1;
            var line = span[at..next].TrimEnd(" \t\r\n"u8);
            if (line.StartsWith(mark) && (line.Length == mark.Length || line[mark.Length..].SequenceEqual("--"u8)))
            {
                if (from >= 0) found.Add(body[from..Math.Max(from, EndOfPiece(span, at))]);
                from = next;
                if (line.Length > mark.Length) { from = -1; break; }
            }
            at = next;
        }
        if (from >= 0 && from < span.Length) found.Add(body[from..]);
        return found;
    }

    // The line break before a boundary belongs to the boundary.
    private static int EndOfPiece(ReadOnlySpan<byte> span, int at) => at > 1 && span[at - 1] == '\n' && span[at - 2] == '\r' ? at - 2 : at > 0 && span[at - 1] == '\n' ? at - 1 : at;

    private static string? Clean(string? name)
    {
        if (name is null) return null;
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        name = new string([.. name.Where(c => !char.IsControl(c) && c is not (':' or '*' or '?' or '"' or '<' or '>' or '|' or '\u202E'))]).Trim(' ', '.');
        return name.Length == 0 ? "file" : name.Length > 120 ? name[..120] : name;
    }
}
