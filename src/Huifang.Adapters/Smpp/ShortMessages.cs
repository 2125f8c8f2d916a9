using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Huifang.Messages;

namespace Huifang.Smpp;

/// <summary>A message of the network to us: a receipt or a customer's words.</summary>
internal sealed record Delivery(string From, byte EsmClass, byte Coding, byte[] Octets, string? ReceiptId, byte? ReceiptState)
{
    public bool IsReceipt => (EsmClass & 0x3c) == 0x04;
    public bool HasHeader => (EsmClass & 0x40) != 0;
}

/// <summary>The bodies of submit_sm and deliver_sm (SMPP 3.4, 4.4 and 4.6) and what stands in them.</summary>
internal static class ShortMessages
{
    private const byte Unicode = 0x08;

    /// <summary>One body for each part of a text; long texts carry a header that joins them (3GPP TS 23.040, 9.2.3.24.1). The last part asks for a receipt.</summary>
    public static IReadOnlyList<byte[]> Submit(string sender, string to, string text, byte reference)
    {
        var unicode = SmsLength.Of(text).IsUnicode;
        var parts = SmsLength.Split(text);
        return [.. parts.Select((part, index) =>
        {
            byte[] header = parts.Count == 1 ? [] : [5, 0, 3, reference, (byte)parts.Count, (byte)(index + 1)];
            byte[] octets = [.. header, .. unicode ? Encoding.BigEndianUnicode.GetBytes(part) : GsmAlphabet.Encode(part)];
            var isNumber = sender.All(char.IsAsciiDigit);
            return new PduBody()
                .Text("").Octets(isNumber ? (byte)0 : (byte)5, isNumber ? (byte)1 : (byte)0).Text(sender)
                .Octets(1, 1).Text(to.TrimStart('+'))
                .Octets(header.Length == 0 ? (byte)0 : (byte)0x40, 0, 0).Text("").Text("")
                .Octets(index == parts.Count - 1 ? (byte)1 : (byte)0, 0, unicode ? Unicode : (byte)0, 0, (byte)octets.Length).Octets(octets).Done();
        })];
    }

    public static Delivery ReadDelivery(byte[] body)
    {
        var reader = new PduReader(body);
        reader.Text();
        reader.Octets(2);
        var from = reader.Text();
        reader.Octets(2);
        reader.Text();
        var esm = reader.Octet();
        reader.Octets(2);
        reader.Text();
        reader.Text();
        reader.Octets(2);
        var coding = reader.Octet();
        reader.Octet();
        var octets = reader.Octets(reader.Octet()).ToArray();
        var payload = reader.Tagged(0x0424);
        var receiptId = reader.Tagged(0x001e);
        var state = reader.Tagged(0x0427);
        return new(from, esm, coding, payload.Length > 0 ? payload.ToArray() : octets, receiptId.Length == 0 ? null : Encoding.Latin1.GetString(receiptId).TrimEnd('\0'), state.Length == 1 ? state[0] : null);
    }

    public static string Words(byte coding, ReadOnlySpan<byte> octets) => coding switch
    {
        0x08 => Encoding.BigEndianUnicode.GetString(octets),
        0x01 or 0x03 => Encoding.Latin1.GetString(octets),
        _ => GsmAlphabet.Decode(octets),
    };

    /// <summary>Reads the usual form "id:… stat:DELIVRD err:000"; the optional parameters win when they are there.</summary>
    public static LineReceipt? ReadReceipt(Delivery delivery, DateTimeOffset now)
    {
        var text = Encoding.Latin1.GetString(delivery.Octets);
        var id = delivery.ReceiptId ?? Field(text, "id:");
        var state = delivery.ReceiptState switch { 2 => "DELIVRD", 3 => "EXPIRED", 4 => "DELETED", 5 => "UNDELIV", 8 => "REJECTD", _ => Field(text, "stat:") };
        if (id is null || state is null or "ENROUTE" or "ACCEPTD") return null;
        var error = Field(text, "err:");
        return new(id, state == "DELIVRD", state == "DELIVRD" ? null : error is null or "000" ? state : $"{state} {error}", state is "UNDELIV" or "REJECTD" or "DELETED", now);
    }

    /// <summary>Where a part of a long message belongs: reference, how many parts, which one; null when it stands alone.</summary>
    public static (int Reference, int Parts, int Part, int HeaderLength)? Place(Delivery delivery)
    {
        var octets = delivery.Octets.AsSpan();
        if (!delivery.HasHeader || octets.Length == 0 || octets[0] + 1 > octets.Length) return null;
        var length = octets[0] + 1;
        for (var rest = octets[1..length]; rest.Length >= 2 && rest.Length >= 2 + rest[1]; rest = rest[(2 + rest[1])..])
        {
            if (rest[0] == 0x00 && rest[1] == 3) return (rest[2], rest[3], rest[4], length);
            if (rest[0] == 0x08 && rest[1] == 4) return (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), rest[4], rest[5], length);
        }
        return (0, 1, 1, length);
    }

    private static string? Field(string text, string name)
    {
        var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var rest = text[(at + name.Length)..];
        var end = rest.IndexOf(' ', StringComparison.Ordinal);
        return (end < 0 ? rest : rest[..end]).Trim('\0').ToUpper(CultureInfo.InvariantCulture) is { Length: > 0 } value ? name == "id:" ? rest[..(end < 0 ? rest.Length : end)] : value : null;
    }
}
