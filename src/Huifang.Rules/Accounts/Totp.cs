using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Huifang.Accounts;

/// <summary>Time-based one-time codes of six digits and thirty seconds. Source: RFC 6238, RFC 4226.</summary>
public static class Totp
{
    private const int StepSeconds = 30;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    public static string CodeAt(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // The standard says SHA-1, and so do the authenticator apps.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[19] & 15)..]) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The step whose code this is, allowing for a clock that is one step off, or null. Steps up to <paramref name="usedStep"/> are
    /// spent: a code that was seen once does not open a second time.
    /// </summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long usedStep)
    {
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
            if (step > usedStep && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(CodeAt(secret, step)), System.Text.Encoding.ASCII.GetBytes(code)))
                return step;
        return null;
    }

    /// <summary>The secret as people type it into an app: RFC 4648 base 32 without padding.</summary>
    public static string Base32(ReadOnlySpan<byte> secret)
    {
        var text = new System.Text.StringBuilder();
        for (int bits = 0, held = 0, i = 0; i < secret.Length || held > 0;)
        {
            if (held < 5 && i < secret.Length) { bits = (bits << 8) | secret[i++]; held += 8; }
            else if (held < 5) { bits <<= 5 - held; held = 5; }
            text.Append(Alphabet[(bits >> (held - 5)) & 31]);
            held -= 5;
            bits &= (1 << held) - 1;
        }
        return text.ToString();
    }
}
