namespace Huifang.Phones;

/// <summary>What kind of line a number is, when the numbering plan tells.</summary>
public enum PhoneType { Unknown, FixedLine, Mobile, FixedOrMobile, TollFree, Premium, Personal, Voicemail, Company, Pager, Voip, SharedCost }

/// <summary>
/// A number that its numbering plan knows. It says nothing about where its owner is: numbers travel, so no time zone is ever taken from one.
/// </summary>
/// <param name="E164"><c>+8613800138000</c>: what is stored.</param>
/// <param name="Region">ISO 3166-1 alpha-2, or <c>001</c> for numbers of no country.</param>
/// <param name="National">The national significant number, without a trunk prefix.</param>
public sealed record Phone(string E164, string CallingCode, string Region, string National, PhoneType Type)
{
    public bool CanTakeSms => Type is PhoneType.Mobile or PhoneType.FixedOrMobile;

    /// <summary>As people of the country write it, with the country code: <c>+86 138 0013 8000</c>.</summary>
    public string International => $"+{CallingCode} {PhonePlan.Group(this)}";

    /// <summary>For the screen before the customer is verified: <c>138 •••• 2690</c>.</summary>
    public string Masked => PhoneRules.Mask(E164);
}

/// <summary>Why a text is not a number that we would dial.</summary>
public enum PhoneRefusal
{
    Empty,
    /// <summary>Letters, extensions, or signs that do not belong into a number.</summary>
    NotANumber,
    /// <summary>Written nationally, and nobody said for which country.</summary>
    NoRegion,
    UnknownRegion,
    UnknownCallingCode,
    TooShort,
    TooLong,
    /// <summary>A length that the plan has not got.</summary>
    WrongLength,
    /// <summary>The right length, but the plan gives out no such numbers.</summary>
    NotGivenOut,
}

/// <summary>What a text is. A closed list.</summary>
public abstract record PhoneReading
{
    private PhoneReading() { }
    public sealed record Valid(Phone Phone) : PhoneReading;
    public sealed record Refused(PhoneRefusal Why) : PhoneReading;
}
