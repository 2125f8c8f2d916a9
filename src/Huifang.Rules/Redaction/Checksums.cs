namespace Huifang.Redaction;

/// <summary>Published check digits and shapes.</summary>
internal static class Checksums
{
    /// <summary>ISO/IEC 7812-1 annex B.</summary>
    internal static bool Luhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)];
            if (i % 2 == 1) digit = digit < 5 ? digit * 2 : digit * 2 - 9;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>Whether the number begins like a card of an international or the Chinese scheme and has a length that the scheme issues (ISO/IEC 7812, published ranges).</summary>
    internal static bool CardRange(ReadOnlySpan<byte> digits)
    {
        var two = digits[0] * 10 + digits[1];
        var four = two * 100 + digits[2] * 10 + digits[3];
        return digits.Length switch
        {
            14 => two is 36 or 38 || four is >= 3000 and <= 3059,
            15 => two is 34 or 37,
            13 => digits[0] == 4,
            16 => digits[0] is 4 or 5 || two is 62 or 60 or 64 or 65 or 81 or 35 || four is >= 2221 and <= 2720,
            17 or 18 => two is 62 or 60 or 65 or 81 || digits[0] is 4 or 5,
            19 => digits[0] is 4 or 5 || two is 62 or 60 or 64 or 65 or 81,
            _ => false,
        };
    }

    private static ReadOnlySpan<byte> IdWeights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>GB 11643-1999: six digits of region, date of birth, sequence, ISO 7064 MOD 11-2. <paramref name="last"/> is 0–10 (10 = X).</summary>
    internal static bool CnId(ReadOnlySpan<byte> first17, int last, out bool checks)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++) sum += first17[i] * IdWeights[i];
        checks = (12 - sum % 11) % 11 == last;
        var year = first17[6] * 1000 + first17[7] * 100 + first17[8] * 10 + first17[9];
        return Region(first17) && year is >= 1890 and <= 2050 && MonthDay(first17[10..14]);
    }

    /// <summary>The fifteen-digit identity number that was issued until 1999.</summary>
    internal static bool OldCnId(ReadOnlySpan<byte> digits) => digits.Length == 15 && Region(digits) && MonthDay(digits[8..12]);

    private static bool Region(ReadOnlySpan<byte> digits) =>
        (digits[0] * 10 + digits[1]) is (>= 11 and <= 15) or (>= 21 and <= 23) or (>= 31 and <= 37) or (>= 41 and <= 46) or (>= 50 and <= 54) or (>= 61 and <= 65) or 71 or 81 or 82 or 83 or 91;

    private static bool MonthDay(ReadOnlySpan<byte> d) =>
        d[0] * 10 + d[1] is >= 1 and <= 12 && d[2] * 10 + d[3] is >= 1 and <= 31;

    /// <summary>ISO 13616: letters count as two digits, the first four characters go last, the rest is 1 modulo 97.</summary>
    internal static bool Iban(ReadOnlySpan<char> compact)
    {
        if (compact.Length is < 15 or > 34) return false;
        var rest = 0;
        for (var i = 0; i < compact.Length; i++)
        {
            var c = char.ToUpperInvariant(compact[(i + 4) % compact.Length]);
            if (char.IsAsciiDigit(c)) rest = (rest * 10 + (c - '0')) % 97;
            else if (char.IsAsciiLetter(c)) rest = (rest * 100 + (c - 'A' + 10)) % 97;
            else return false;
        }
        return rest == 1;
    }
}
