using System.Buffers.Binary;
using System.Text;

namespace Huifang.Smpp;

/// <summary>Commands of SMPP 3.4 that a transceiver needs; answers have the top bit set.</summary>
public static class SmppCommand
{
    public const uint SubmitSm = 0x4, DeliverSm = 0x5, Unbind = 0x6, BindTransceiver = 0x9, EnquireLink = 0x15, GenericNack = 0x80000000, Answer = 0x80000000;
}

/// <summary>One protocol data unit: header and body (SMPP 3.4, 3.2).</summary>
public sealed record Pdu(uint Command, uint Status, uint Sequence, byte[] Body)
{
    private const int HeaderLength = 16;

    /// <summary>Longer ones than this are no SMPP; the connection is dropped.</summary>
    private const int LengthMax = 64 * 1024;

    public byte[] Write()
    {
        var all = new byte[HeaderLength + Body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(all, (uint)all.Length);
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(4), Command);
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(8), Status);
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(12), Sequence);
        Body.CopyTo(all, HeaderLength);
        return all;
    }

    /// <summary>The next unit, or null when the other side has closed.</summary>
    public static async Task<Pdu?> Read(Stream stream, CancellationToken stop)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, stop) < HeaderLength) return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length is < HeaderLength or > LengthMax) throw new InvalidDataException($"An SMPP unit of {length} octets.");
        var body = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(body, stop);
        return new(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)), BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)), BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12)), body);
    }
}

/// <summary>Writes the fields of a body.</summary>
internal sealed class PduBody
{
    private readonly MemoryStream _body = new();

    public PduBody Text(string value) { _body.Write(Encoding.Latin1.GetBytes(value)); _body.WriteByte(0); return this; }
    public PduBody Octets(params ReadOnlySpan<byte> values) { _body.Write(values); return this; }
    public byte[] Done() => _body.ToArray();
}

/// <summary>Reads the fields of a body; reading past its end is a malformed unit.</summary>
internal ref struct PduReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public string Text()
    {
        var end = _rest.IndexOf((byte)0);
        if (end < 0) throw new InvalidDataException("A text of an SMPP unit does not end.");
        var text = Encoding.Latin1.GetString(_rest[..end]);
        _rest = _rest[(end + 1)..];
        return text;
    }

    public byte Octet() => Octets(1)[0];

    public ReadOnlySpan<byte> Octets(int count)
    {
        if (_rest.Length < count) throw new InvalidDataException("An SMPP unit is too short.");
        var octets = _rest[..count];
        _rest = _rest[count..];
        return octets;
    }

    /// <summary>The optional parameter with this tag, or an empty span.</summary>
    public readonly ReadOnlySpan<byte> Tagged(ushort tag)
    {
        for (var rest = _rest; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest.Length < 4 + length) break;
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == tag) return rest.Slice(4, length);
            rest = rest[(4 + length)..];
        }
        return [];
    }
}
