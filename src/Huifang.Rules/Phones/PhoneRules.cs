using System.Text;
using Huifang.Languages;

namespace Huifang.Phones;

/// <summary>Reads, checks, writes and hides telephone numbers by the numbering plans of ITU-T E.164 as Google's metadata holds them.</summary>
public static class PhoneRules
{
    private const int InputMax = 40;
    private const int DigitsMax = 15; // ITU-T E.164, without the plus

    /// <summary>
    /// Reads a number. International ones begin with + (or the region's own prefix such as 00); others need <paramref name="region"/>,
    /// ISO 3166-1 alpha-2. Spaces, hyphens, dots, slashes, brackets and full-width forms are how people write; anything else is refused.
    /// </summary>
    public static PhoneReading Read(string? text, string? region = null)
    {
        if (string.IsNullOrWhiteSpace(text)) return Refuse(PhoneRefusal.Empty);
        if (text.Length > InputMax) return Refuse(PhoneRefusal.TooLong);
        if (Digits(text) is not (var digits, var hasPlus)) return Refuse(PhoneRefusal.NotANumber);
        if (digits.Length == 0) return Refuse(PhoneRefusal.Empty);
        if (hasPlus) return International(digits);
        if (region is null) return Refuse(PhoneRefusal.NoRegion);
        if (PhonePlan.Of(region.ToUpperInvariant()) is not { } home) return Refuse(PhoneRefusal.UnknownRegion);
        if (home.Abroad?.AtStart(digits) is { Length: > 0 } abroad && International(digits[abroad.Length..]) is PhoneReading.Valid valid) return valid;
        return National(home, digits);
    }

    /// <summary>The number, when the text is one; for places where the reason does not matter.</summary>
    public static Phone? Find(string? text, string? region = null) => (Read(text, region) as PhoneReading.Valid)?.Phone;

    /// <summary>
    /// Hides the middle: <c>138 •••• 2690</c>. At most seven digits stay and at least three are hidden; the country code is left out.
    /// Works for any text that begins with a plus, valid or not; everything else becomes dots.
    /// </summary>
    public static string Mask(string e164)
    {
        var national = Find(e164) is { } phone ? phone.National : e164.StartsWith('+') && e164.Length > 4 ? e164[3..] : "";
        if (national.Length < 5) return "••••";
        var shown = Math.Min(7, national.Length - 3);
        var tail = Math.Min(4, shown);
        return $"{national[..(shown - tail)]} •••• {national[^tail..]}".TrimStart();
    }

    private static PhoneReading International(string digits)
    {
        for (var length = 1; length <= 3 && length < digits.Length; length++)
        {
            var plans = PhonePlan.OfCode(digits[..length]);
            if (plans.IsEmpty) continue;
            return digits.Length > DigitsMax ? Refuse(PhoneRefusal.TooLong) : Choose(plans, digits[length..]);
        }
        return Refuse(PhoneRefusal.UnknownCallingCode);
    }

    private static PhoneReading National(PhonePlan home, string digits)
    {
        var national = home.WithoutPrefix(digits);
        var plans = PhonePlan.OfCode(home.Code);
        // A number of a neighbour that shares the calling code is dialled in the same way: a Jersey mobile from London.
        return Choose([home, .. plans.Where(plan => plan != home)], national);
    }

    private static PhoneReading Choose(IReadOnlyList<PhonePlan> plans, string digits)
    {
        foreach (var plan in plans)
        {
            if (plan.Leading is { } leading && leading.AtStart(digits) is null) continue;
            if (plan.TypeOf(digits) is { } type) return Valid(plan, digits, type);
        }
        // Written as +44 (0)20 …: the trunk prefix does not belong there, but people write it.
        if (plans[0].WithoutPrefix(digits) is var rest && rest != digits && plans[0].TypeOf(rest) is { } known) return Valid(plans[0], rest, known);
        return Refuse(Why(plans, digits));
    }

    private static PhoneRefusal Why(IReadOnlyList<PhonePlan> plans, string digits)
    {
        var lengths = plans.SelectMany(plan => plan.Lengths).ToHashSet();
        return digits.Length < lengths.Min() ? PhoneRefusal.TooShort : digits.Length > lengths.Max() ? PhoneRefusal.TooLong
            : !lengths.Contains(digits.Length) ? PhoneRefusal.WrongLength : PhoneRefusal.NotGivenOut;
    }

    private static PhoneReading Valid(PhonePlan plan, string national, PhoneType type) =>
        new PhoneReading.Valid(new($"+{plan.Code}{national}", plan.Code, plan.Region, national, type));

    private static (string Digits, bool HasPlus)? Digits(string text)
    {
        var digits = new StringBuilder(text.Length);
        var hasPlus = false;
        foreach (var letter in WholeText.Of(text).Normalize(NormalizationForm.FormKC).Trim())
            if (letter is >= '0' and <= '9') digits.Append(letter);
            else if (letter == '+' && digits.Length == 0 && !hasPlus) hasPlus = true;
            else if (letter is not (' ' or '-' or '.' or '/' or '(' or ')' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212')) return null;
        return (digits.ToString(), hasPlus);
    }

    private static PhoneReading.Refused Refuse(PhoneRefusal why) => new(why);
}
