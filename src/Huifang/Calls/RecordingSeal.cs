using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Huifang.Calls;

/// <summary>
/// How a recording is sealed: each second by itself with AES-256-GCM under the recording's own key, nonce = its place, bound to call, recording and place;
/// at the end a marker that says how many there are. A piece that is changed, moved, left out, doubled or cut off does not pass.
/// The key is used for one recording only, so that no nonce comes twice.
/// </summary>
public static class RecordingSeal
{
    private const int Tag = 16;
    private const ulong MarkerPlace = ulong.MaxValue;

    public static byte[] Piece(byte[] key, string callId, string recordingId, long place, ReadOnlySpan<byte> clear) => Seal(key, Bound(callId, recordingId, (ulong)place), (ulong)place, clear);

    /// <returns>The clear bytes, or null when anything about them is not as it was.</returns>
    public static byte[]? Open(byte[] key, string callId, string recordingId, long place, ReadOnlySpan<byte> box) => Open(key, Bound(callId, recordingId, (ulong)place), (ulong)place, box);

    /// <summary>The end: so many pieces, of so many bytes in all.</summary>
    public static byte[] Marker(byte[] key, string callId, string recordingId, long pieces, long bytes)
    {
        Span<byte> sum = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(sum, pieces);
        BinaryPrimitives.WriteInt64BigEndian(sum[8..], bytes);
        return Seal(key, Bound(callId, recordingId, MarkerPlace), MarkerPlace, sum);
    }

    /// <summary>How many pieces and bytes there must be; null when the marker is not genuine.</summary>
    public static (long Pieces, long Bytes)? ReadMarker(byte[] key, string callId, string recordingId, ReadOnlySpan<byte> marker) =>
        Open(key, Bound(callId, recordingId, MarkerPlace), MarkerPlace, marker) is { Length: 16 } sum
            ? (BinaryPrimitives.ReadInt64BigEndian(sum), BinaryPrimitives.ReadInt64BigEndian(sum.AsSpan(8))) : null;

    private static byte[] Seal(byte[] key, byte[] bound, ulong place, ReadOnlySpan<byte> clear)
    {
        var box = new byte[clear.Length + Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(Nonce(place), clear, box.AsSpan(0, clear.Length), box.AsSpan(clear.Length), bound);
        return box;
    }

    private static byte[]? Open(byte[] key, byte[] bound, ulong place, ReadOnlySpan<byte> box)
    {
        if (box.Length < Tag) return null;
        var clear = new byte[box.Length - Tag];
        using var aes = new AesGcm(key, Tag);
        try { aes.Decrypt(Nonce(place), box[..^Tag], box[^Tag..], clear, bound); }
        catch (AuthenticationTagMismatchException) { return null; }
        return clear;
    }

    private static byte[] Nonce(ulong place)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), place);
        return nonce;
    }

    private static byte[] Bound(string callId, string recordingId, ulong place) => Encoding.UTF8.GetBytes($"huifang-recording-1|{callId}|{recordingId}|{place}");
}
