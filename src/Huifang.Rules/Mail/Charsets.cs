using System.Text;

namespace Huifang.Mail;

/// <summary>Bytes into text as mail programs send them: with the charset they name, and when that is wrong or missing, with the one that fits.</summary>
public static class Charsets
{
    static Charsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    // What is declared is often only part of what is sent: GB2312 mail holds GBK, Latin-1 holds Windows-1252 (WHATWG Encoding, labels).
    private static readonly Dictionary<string, string> Wider = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gb2312"] = "gb18030", ["gbk"] = "gb18030", ["gb_2312-80"] = "gb18030", ["x-gbk"] = "gb18030", ["cp936"] = "gb18030", ["hz-gb-2312"] = "hz-gb-2312", ["big5-hkscs"] = "big5",
        ["iso-8859-1"] = "windows-1252", ["latin1"] = "windows-1252", ["us-ascii"] = "utf-8", ["ascii"] = "utf-8", ["utf8"] = "utf-8", ["unicode-1-1-utf-7"] = "utf-8", ["utf-7"] = "utf-8", ["x-unknown"] = "utf-8", ["unknown-8bit"] = "utf-8",
    };

    /// <summary>The text, and whether it is as the sender declared it.</summary>
    public static (string Text, bool AsDeclared) Decode(ReadOnlySpan<byte> bytes, string? declared)
    {
        var named = Find(declared);
        // Every byte is a letter in a one-byte charset, so those always fit; but text that is also whole UTF-8 is that, and not by chance.
        var utf8 = Strictly(Encoding.UTF8, bytes);
        if (named is { IsSingleByte: true } && utf8 is not null && bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF)) return (utf8, false);
        if (named is not null && Strictly(named, bytes) is { } right) return (right, true);
        if (utf8 is not null) return (utf8, declared is null);
        if (LooksChinese(bytes) && Strictly(Find("gb18030")!, bytes) is { } chinese) return (chinese, false);
        return ((named ?? Encoding.Latin1).GetString(bytes), false);
    }

    /// <summary>The encoding of this name, as widely as senders mean it; null when there is none.</summary>
    public static Encoding? Find(string? name)
    {
        name = name?.Trim(' ', '"', '\'');
        if (string.IsNullOrEmpty(name)) return null;
        try { return Encoding.GetEncoding(Wider.GetValueOrDefault(name, name)); }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException) { return null; }
    }

    private static string? Strictly(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var strict = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            var text = strict.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException) { return null; }
    }

    // Two-byte Chinese comes in pairs whose first byte is from 0x81; single accents of Western text do not.
    private static bool LooksChinese(ReadOnlySpan<byte> bytes)
    {
        int pairs = 0, single = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80) continue;
            if (bytes[i] is >= 0x81 and <= 0xFE && i + 1 < bytes.Length && bytes[i + 1] >= 0x40) { pairs++; i++; }
            else single++;
        }
        return pairs > 1 && single * 20 <= pairs;
    }
}
