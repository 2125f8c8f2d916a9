namespace Huifang.Redaction;

/// <summary>What must not be kept in words. The names in stored text are those of <see cref="Secrets.Tag"/>.</summary>
public enum SecretKind { Card, CnId, Phone, Email, Password, Otp, Pin, Cvv, SeedPhrase, Ssn, Iban, Account }

/// <summary>A set of kinds: what was asked for, or what a profile hides.</summary>
[Flags]
public enum SecretKinds
{
    None = 0,
    Card = 1 << SecretKind.Card,
    CnId = 1 << SecretKind.CnId,
    Phone = 1 << SecretKind.Phone,
    Email = 1 << SecretKind.Email,
    Password = 1 << SecretKind.Password,
    Otp = 1 << SecretKind.Otp,
    Pin = 1 << SecretKind.Pin,
    Cvv = 1 << SecretKind.Cvv,
    SeedPhrase = 1 << SecretKind.SeedPhrase,
    Ssn = 1 << SecretKind.Ssn,
    Iban = 1 << SecretKind.Iban,
    Account = 1 << SecretKind.Account,

    /// <summary>What the desk refuses as it is typed: nobody may ask for these, so nobody has a reason to write them down. Telephone numbers are allowed.</summary>
    Typed = Card | Password | Otp | Pin | Cvv | SeedPhrase,

    /// <summary>Everything, for text that leaves the customer's own record: feedback, samples, logs of words.</summary>
    All = Typed | CnId | Phone | Email | Ssn | Iban | Account,
}

/// <summary>A secret found in a text: UTF-16 positions of the original, first to last character of the value itself.</summary>
public readonly record struct SecretSpan(SecretKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>A text without its secrets, and where they were. <see cref="Text"/> is the very same instance when nothing was found.</summary>
public sealed record Redaction(string Text, IReadOnlyList<SecretSpan> Spans)
{
    public bool Found => Spans.Count > 0;
}

public static class Secrets
{
    /// <summary>The word that stands in a stored text where the secret was, in brackets: <c>[CARD]</c>. Pages show it in the reader's language.</summary>
    public static string Tag(this SecretKind kind) => kind switch
    {
        SecretKind.Card => "CARD",
        SecretKind.CnId => "CN_ID",
        SecretKind.Phone => "PHONE",
        SecretKind.Email => "EMAIL",
        SecretKind.Password => "PASSWORD",
        SecretKind.Otp => "OTP",
        SecretKind.Pin => "PIN",
        SecretKind.Cvv => "CVV",
        SecretKind.SeedPhrase => "SEED_PHRASE",
        SecretKind.Ssn => "SSN",
        SecretKind.Iban => "IBAN",
        SecretKind.Account => "ACCOUNT",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static bool Holds(this SecretKinds kinds, SecretKind kind) => (kinds & (SecretKinds)(1 << (int)kind)) != 0;

    public static SecretKinds AsSet(this SecretKind kind) => (SecretKinds)(1 << (int)kind);
}
