namespace Huifang.Mail;

/// <summary>Content transfer encodings (RFC 2045), read as generously as mail programs do: what is broken is skipped, what is whole is kept.</summary>
public static class TransferEncodings
{
    public static byte[] Decode(ReadOnlySpan<byte> body, string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        "base64" => Base64(body),
        "quoted-printable" => QuotedPrintable(body, inHeader: false),
        _ => body.ToArray(),
    };

    public static byte[] Base64(ReadOnlySpan<byte> text)
    {
        var bytes = new List<byte>(text.Length * 3 / 4);
        int bits = 0, held = 0;
        foreach (var c in text)
        {
            var value = c switch { >= (byte)'A' and <= (byte)'Z' => c - 'A', >= (byte)'a' and <= (byte)'z' => c - 'a' + 26, >= (byte)'0' and <= (byte)'9' => c - '0' + 52, (byte)'+' or (byte)'-' => 62, (byte)'/' or (byte)'_' => 63, _ => -1 };
            if (c == '=') { (bits, held) = (0, 0); continue; }
            if (value < 0) continue;
            (held, bits) = ((held << 6) | value, bits + 6);
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(held >> bits));
            held &= (1 << bits) - 1;
        }
        return [.. bytes];
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text, bool inHeader)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=') { bytes.Add(text[i]); continue; }
            if (i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low) { bytes.Add((byte)(high << 4 | low)); i += 2; continue; }
            if (inHeader) { bytes.Add(text[i]); continue; }
            // A line that goes on: the sign, perhaps spaces, and the end of the line.
            var end = i + 1;
            while (end < text.Length && text[end] is (byte)' ' or (byte)'\t') end++;
            if (end < text.Length && text[end] == '\r') end++;
            if (end < text.Length && text[end] == '\n') i = end;
            else if (end >= text.Length) i = end;
            else bytes.Add(text[i]);
        }
        return [.. bytes];
    }

    private static int Hex(byte c) => c switch { >= (byte)'0' and <= (byte)'9' => c - '0', >= (byte)'A' and <= (byte)'F' => c - 'A' + 10, >= (byte)'a' and <= (byte)'f' => c - 'a' + 10, _ => -1 };
}
