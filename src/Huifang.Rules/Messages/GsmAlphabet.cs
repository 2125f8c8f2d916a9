namespace Huifang.Messages;

/// <summary>The 7-bit default alphabet of GSM and its extension table (3GPP TS 23.038, clause 6.2.1), one septet an octet.</summary>
public static class GsmAlphabet
{
    private const byte Escape = 0x1b;

    // The place of a character is its code; 0x1b is the escape to the extension table.
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly (char Character, byte Code)[] Extended =
        [('\f', 0x0a), ('^', 0x14), ('{', 0x28), ('}', 0x29), ('\\', 0x2f), ('[', 0x3c), ('~', 0x3d), (']', 0x3e), ('|', 0x40), ('€', 0x65)];

    /// <summary>How many septets a character takes: 1, 2, or 0 when it is not in the alphabet.</summary>
    public static int Septets(char c) => c != (char)Escape && Basic.Contains(c, StringComparison.Ordinal) ? 1 : Array.Exists(Extended, e => e.Character == c) ? 2 : 0;

    /// <summary>The text as octets of one septet each; characters outside the alphabet become a question mark.</summary>
    public static byte[] Encode(string text)
    {
        var octets = new List<byte>(text.Length);
        foreach (var c in text)
        {
            var place = c == (char)Escape ? -1 : Basic.IndexOf(c, StringComparison.Ordinal);
            if (place >= 0) { octets.Add((byte)place); continue; }
            var extension = Array.Find(Extended, e => e.Character == c);
            if (extension.Code == 0) octets.Add((byte)'?');
            else octets.AddRange([Escape, extension.Code]);
        }
        return [.. octets];
    }

    public static string Decode(ReadOnlySpan<byte> octets)
    {
        var text = new System.Text.StringBuilder(octets.Length);
        for (var i = 0; i < octets.Length; i++)
        {
            var code = octets[i];
            if (code != Escape) { text.Append(code < Basic.Length ? Basic[code] : '?'); continue; }
            if (++i == octets.Length) break;
            var extension = octets[i];
            text.Append(Array.Find(Extended, e => e.Code == extension) is { Code: > 0 } known ? known.Character : ' ');
        }
        return text.ToString();
    }
}
