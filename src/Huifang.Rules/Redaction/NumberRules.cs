namespace Huifang.Redaction;

/// <summary>How closely a clue stands before a value.</summary>
internal enum Nearness
{
    /// <summary>Another clause, or too far.</summary>
    Far,
    /// <summary>Same clause, some words between.</summary>
    Near,
    /// <summary>Nothing but "is", "：", "号" between.</summary>
    Direct,
}

/// <summary>What is known about the surroundings of a number.</summary>
internal readonly record struct Surroundings(Clue Clue, Nearness Nearness, Clue After, bool Plus, bool Money, bool Alone, SecretKinds Asked);

/// <summary>
/// Says what a number is, from its digits, its grouping and the words around it. A check digit alone is not enough in either direction:
/// most card numbers that people type fail it, and one order number in ten passes it.
/// </summary>
internal static class NumberRules
{
    internal static SecretKind? Kind(in DigitRun run, int fromGroup, int toGroup, int x, in Surroundings around)
    {
        var from = run.GroupStart(fromGroup);
        var digits = run.Digits[from..run.GroupStart(toGroup)];
        var whole = fromGroup == 0 && toGroup == run.Groups;
        var first = fromGroup == 0;
        var clue = first ? around.Clue : Clue.None;
        var nearness = first ? around.Nearness : Nearness.Far;
        var tight = toGroup - fromGroup == 1;

        if (IsCnId(digits, x, clue, nearness)) return SecretKind.CnId;
        if (around.Money && whole) return null;
        if (clue is Clue.Order or Clue.Error && nearness == Nearness.Direct && (tight || !Regular(run, fromGroup, toGroup))) return null;
        if (IsPhone(run, fromGroup, toGroup, digits, around with { Clue = clue, Nearness = nearness })) return SecretKind.Phone;
        if (IsCard(run, fromGroup, toGroup, digits, clue, nearness)) return SecretKind.Card;
        if (clue == Clue.Card && nearness == Nearness.Near && tight && digits.Length is >= 13 and <= 19) return SecretKind.Card;
        if (whole || tight)
        {
            if (ByClue(digits.Length, clue, nearness, around.After, run, fromGroup, toGroup) is { } announced) return announced;
        }
        if (digits.Length == 9 && toGroup - fromGroup == 3 && run.GroupSize(fromGroup) == 3 && run.GroupSize(fromGroup + 1) == 2) return SecretKind.Ssn;
        if (around.Alone && whole && digits.Length is >= 13 and <= 19 && digits[0] * 10 + digits[1] != 20) return SecretKind.Card;
        return whole || tight ? ByQuestion(digits, around.Asked, clue) : null;
    }

    private static bool IsCnId(ReadOnlySpan<byte> digits, int x, Clue clue, Nearness nearness)
    {
        if (digits.Length == 15) return clue == Clue.Id && nearness != Nearness.Far && Checksums.OldCnId(digits);
        if (digits.Length != (x == 10 ? 17 : 18)) return false;
        return Checksums.CnId(digits[..17], x == 10 ? 10 : digits[17], out var checks) && (checks || x == 10 || clue == Clue.Id && nearness != Nearness.Far);
    }

    private static bool IsCard(in DigitRun run, int fromGroup, int toGroup, ReadOnlySpan<byte> digits, Clue clue, Nearness nearness)
    {
        var announced = clue == Clue.Card && nearness != Nearness.Far;
        if (announced && nearness == Nearness.Direct && digits.Length is >= 9 and <= 24 && toGroup == run.Groups) return true;
        if (digits.Length is < 13 or > 19) return false;
        var regular = Regular(run, fromGroup, toGroup);
        if (announced && regular) return true;
        if (!Checksums.CardRange(digits)) return digits.Length is 16 or 19 && regular && toGroup - fromGroup >= 4;
        if (Checksums.Luhn(digits)) return regular || toGroup - fromGroup > 1;
        return digits.Length is 16 or 19 && regular;
    }

    /// <summary>One block, equal blocks with a shorter last one, the 6 + rest of a line break, or American Express's 4-6-5.</summary>
    private static bool Regular(in DigitRun run, int from, int to)
    {
        var groups = to - from;
        if (groups == 1) return true;
        var size = run.GroupSize(from);
        if (groups == 2) return size is 6 or 8 or 4 && run.GroupSize(from + 1) >= 8;
        if (groups == 3 && size == 4 && run.GroupSize(from + 1) == 6 && run.GroupSize(from + 2) is 5 or 4) return true;
        if (size == 2) return false;
        for (var i = from + 1; i < to; i++)
            if (run.GroupSize(i) != size && !(i == to - 1 && run.GroupSize(i) < size)) return false;
        return true;
    }

    private static bool IsPhone(in DigitRun run, int from, int to, ReadOnlySpan<byte> d, in Surroundings around)
    {
        var n = d.Length;
        var groups = to - from;
        var near = around.Clue == Clue.Phone && around.Nearness != Nearness.Far || around.After == Clue.Phone && to == run.Groups;
        if (n < 7) return false;
        if (around.Plus && from == 0) return n is >= 8 and <= 15;
        // 400 numbers are published by companies; 800 ones too, unless somebody says that it is theirs.
        if (n == 10 && d[1] == 0 && d[2] == 0 && (d[0] == 4 || d[0] == 8 && !near)) return false;
        if (n == 11 && d[0] == 1 && d[1] == 8 && d[2] == 0 && d[3] == 0 && groups == 4 && run.GroupSize(from) == 1) return false;
        if (n == 11 && d[0] == 1 && d[1] >= 3) return groups < 4 || SingleDigits(run, from, to) || near;
        if (n == 13 && d[0] == 8 && d[1] == 6 && d[2] == 1 && d[3] >= 3) return true;
        if (n is >= 12 and <= 17 && d[0] == 0 && d[1] == 0 && d[2] != 0) return n == 15 && d[2] == 8 && d[3] == 6 || near || groups > 2;
        if (groups == 3 && n == 10 && run.GroupSize(from) == 3 && run.GroupSize(from + 1) == 3 && d[0] >= 2) return true;
        if (groups == 4 && n == 11 && d[0] == 1 && run.GroupSize(from) == 1 && run.GroupSize(from + 1) == 3) return true;
        if (d[0] == 0 && d[1] != 0 && n is >= 9 and <= 12 && (groups > 1 || n == 10 && d[1] is 9 or 4 || n == 11 && d[1] == 7)) return true;
        if (Spoken(run, from, to, n)) return true;
        return near && (n is >= 7 and <= 13 && around.Nearness == Nearness.Direct || n is >= 8 and <= 12 && groups is > 1 and < 6);
    }

    /// <summary>Three to five groups of two to four digits, eight to eleven in all: how numbers are written in most of Europe. Not a date, nor an amount in threes.</summary>
    private static bool Spoken(in DigitRun run, int from, int to, int n)
    {
        if (to - from is < 3 or > 5 || n is < 8 or > 11 || from != 0 || to != run.Groups) return false;
        var (threes, year) = (0, run.GroupSize(from) == 4 && run.Digits[0] is 1 or 2);
        for (var i = from; i < to; i++)
        {
            if (run.GroupSize(i) is < 2 or > 4) return false;
            if (run.GroupSize(i) == 3) threes++;
        }
        return !year && threes < to - from && !(n == 9 && run.GroupSize(from) == 3 && run.GroupSize(from + 1) == 2);
    }

    private static bool SingleDigits(in DigitRun run, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (run.GroupSize(i) > 2) return false;
        return true;
    }

    private static SecretKind? ByClue(int n, Clue clue, Nearness nearness, Clue after, in DigitRun run, int from, int to)
    {
        if (nearness == Nearness.Far) clue = Clue.None;
        if (clue == Clue.None && after is not (Clue.None or Clue.Phone)) (clue, nearness) = (after, Nearness.Direct);
        return clue switch
        {
            Clue.Otp when n is >= 4 and <= 8 => SecretKind.Otp,
            Clue.Pin when n is >= 4 and <= 8 => SecretKind.Pin,
            Clue.Cvv when n is 3 or 4 => SecretKind.Cvv,
            Clue.Password when n is >= 4 and <= 12 => SecretKind.Password,
            Clue.Ssn when n is 4 or 8 or 9 or 10 => SecretKind.Ssn,
            Clue.Account when n is >= 6 and <= 20 => SecretKind.Account,
            Clue.Card when nearness == Nearness.Direct && n is >= 4 and <= 24 && to == run.Groups => SecretKind.Card,
            Clue.Id when nearness == Nearness.Direct && n is >= 15 and <= 18 && from == 0 => SecretKind.CnId,
            _ => null,
        };
    }

    /// <summary>A bare number after a question is its answer. Dates that could answer another question stay.</summary>
    private static SecretKind? ByQuestion(ReadOnlySpan<byte> d, SecretKinds asked, Clue clue)
    {
        if (asked == SecretKinds.None || clue is Clue.Order or Clue.Error || LooksLikeDate(d)) return null;
        var n = d.Length;
        if (asked.Holds(SecretKind.Cvv) && n == 3) return SecretKind.Cvv;
        if (asked.Holds(SecretKind.Otp) && n is >= 4 and <= 8) return SecretKind.Otp;
        if (asked.Holds(SecretKind.Pin) && n is >= 4 and <= 6) return SecretKind.Pin;
        if (asked.Holds(SecretKind.Card) && n >= 4) return SecretKind.Card;
        if (asked.Holds(SecretKind.Ssn) && n is 4 or 9) return SecretKind.Ssn;
        if (asked.Holds(SecretKind.Account) && n >= 6) return SecretKind.Account;
        if (asked.Holds(SecretKind.Password) && n is >= 4 and <= 12) return SecretKind.Password;
        return asked.Holds(SecretKind.Phone) && n is >= 7 and <= 13 ? SecretKind.Phone : null;
    }

    private static bool LooksLikeDate(ReadOnlySpan<byte> d)
    {
        if (d.Length != 8) return false;
        int Two(ReadOnlySpan<byte> s, int i) => s[i] * 10 + s[i + 1];
        return Two(d, 0) is 19 or 20 && Two(d, 4) is >= 1 and <= 12 && Two(d, 6) is >= 1 and <= 31
            || Two(d, 4) is 19 or 20 && Two(d, 0) <= 31 && Two(d, 2) <= 31;
    }
}
