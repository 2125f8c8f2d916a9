using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Huifang.Audit;

/// <summary>
/// JSON in its one canonical form, so that equal data has equal bytes: names sorted by UTF-16 code units, no white space, the shortest escapes,
/// numbers as ECMAScript writes them. Source: RFC 8785 (JCS).
/// </summary>
public static class CanonicalJson
{
    /// <summary>How deep a document may be nested.</summary>
    public const int DepthMax = 64;

    /// <returns>The canonical UTF-8.</returns>
    /// <exception cref="FormatException">The text is not JSON, names a member twice, holds half a surrogate pair, or is nested deeper than <see cref="DepthMax"/>.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Of(document.RootElement);
        }
        catch (JsonException bad) { throw new FormatException(bad.Message, bad); }
    }

    /// <inheritdoc cref="Of(ReadOnlyMemory{byte})"/>
    public static byte[] Of(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().Select(member => (Name: Text(() => member.Name), member.Value)).OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
                output.Write("{"u8);
                for (var i = 0; i < members.Count; i++)
                {
                    if (i > 0) output.Write(members[i].Name == members[i - 1].Name ? throw new FormatException($"The member {members[i].Name} is named twice.") : ","u8);
                    WriteText(output, members[i].Name);
                    output.Write(":"u8);
                    Write(output, members[i].Value);
                }
                output.Write("}"u8);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var isFirst = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!isFirst) output.Write(","u8);
                    isFirst = false;
                    Write(output, item);
                }
                output.Write("]"u8);
                break;
            case JsonValueKind.String: WriteText(output, Text(() => value.GetString()!)); break;
            case JsonValueKind.Number: output.Write(Encoding.ASCII.GetBytes(Number(value.GetDouble()))); break;
            case JsonValueKind.True: output.Write("true"u8); break;
            case JsonValueKind.False: output.Write("false"u8); break;
            default: output.Write("null"u8); break;
        }
    }

    /// <summary>A text with its quotation marks.</summary>
    /// <exception cref="FormatException">It holds half a surrogate pair, which has no UTF-8.</exception>
    public static void WriteText(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= ' ' && text[i] is not ('"' or '\\')) continue;
            WriteUtf8(output, text.AsSpan(from, i - from));
            output.Write(text[i] switch
            {
                '"' => "\\\""u8, '\\' => "\\\\"u8, '\b' => "\\b"u8, '\t' => "\\t"u8, '\n' => "\\n"u8, '\f' => "\\f"u8, '\r' => "\\r"u8,
                var control => Encoding.ASCII.GetBytes($"\\u{(int)control:x4}"),
            });
            from = i + 1;
        }
        WriteUtf8(output, text.AsSpan(from));
        output.Write("\""u8);
    }

    /// <summary>A number as ECMAScript's Number::toString writes it.</summary>
    /// <exception cref="FormatException">Not a number, or infinite.</exception>
    public static string Number(double number)
    {
        if (!double.IsFinite(number)) throw new FormatException("JSON has no number for this.");
        if (number == 0) return "0";
        // .NET gives the shortest digits that read back as the same number, which is what ECMAScript asks for; only the layout differs.
        var (digits, point) = Digits(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        var sign = number < 0 ? "-" : "";
        return sign + point switch
        {
            > 0 and <= 21 when point >= digits.Length => digits + new string('0', point - digits.Length),
            > 0 and <= 21 => $"{digits[..point]}.{digits[point..]}",
            > -6 and <= 0 => $"0.{new string('0', -point)}{digits}",
            _ => $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(point > 0 ? "+" : "-")}{Math.Abs(point - 1)}",
        };
    }

    /// <summary>The digits without zeros at either end, and where the decimal point stands, counted from the first digit.</summary>
    private static (string Digits, int Point) Digits(string number)
    {
        var e = number.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e < 0 ? number : number[..e];
        var exponent = e < 0 ? 0 : int.Parse(number[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), (dot < 0 ? mantissa.Length : dot) - leading + exponent);
    }

    private static void WriteUtf8(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        try { Strict.GetBytes(text, output); }
        catch (EncoderFallbackException bad) { throw new FormatException("The text holds half a surrogate pair.", bad); }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static string Text(Func<string> read)
    {
        try { return read(); }
        catch (InvalidOperationException bad) { throw new FormatException("The text holds half a surrogate pair.", bad); }
    }
}
