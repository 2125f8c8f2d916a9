namespace Huifang.Calls;

/// <summary>How sure we are that we speak with the account holder. Each includes the ones before it.</summary>
public enum Level
{
    /// <summary>Nobody in particular: public information, what the call is about.</summary>
    V0,
    /// <summary>Speaks from the customer's signed-in app: how her own case and payments stand.</summary>
    V1,
    /// <summary>Has also tapped the number that the agent said: personal data, masked, and refunds.</summary>
    V2,
    /// <summary>Has also confirmed this one act with its amount and payee: unfreeze, limits, contact data.</summary>
    StepUp,
}

/// <summary>What an agent may see of a customer.</summary>
public enum CustomerField
{
    NameInitial, Purpose, Language, LocalTime,
    Name, CaseStatus, Timeline, Consents, Wishes,
    MaskedPhone, MaskedEmail, MaskedIdentity, CardTail, Balance, Amounts,
}

/// <summary>What an agent may do for a customer during a call.</summary>
public enum CallAct
{
    GiveInformation, Book, NoteWithdrawal, FileComplaint, TellStatus,
    ProposeRefund, SendTutorial, InviteToBeta,
    Unfreeze, ChangeLimit, ChangeContactData,
}

/// <summary>
/// Which level opens which field and which act. The API asks here before a field leaves it; a page only draws what it was given.
/// Source: the levels of the call verification protocol in docs/decisions (V0 public, V1 own status, V2 masked personal data and refunds, step-up for unfreezing, limits, contact data).
/// </summary>
public static class FieldAccess
{
    public static Level Needs(CustomerField field) => field switch
    {
        CustomerField.NameInitial or CustomerField.Purpose or CustomerField.Language or CustomerField.LocalTime => Level.V0,
        CustomerField.Name or CustomerField.CaseStatus or CustomerField.Timeline or CustomerField.Consents or CustomerField.Wishes => Level.V1,
        CustomerField.MaskedPhone or CustomerField.MaskedEmail or CustomerField.MaskedIdentity or CustomerField.CardTail or CustomerField.Balance or CustomerField.Amounts => Level.V2,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Level Needs(CallAct act) => act switch
    {
        CallAct.GiveInformation or CallAct.Book or CallAct.NoteWithdrawal or CallAct.FileComplaint => Level.V0,
        CallAct.TellStatus or CallAct.SendTutorial or CallAct.InviteToBeta => Level.V1,
        CallAct.ProposeRefund => Level.V2,
        CallAct.Unfreeze or CallAct.ChangeLimit or CallAct.ChangeContactData => Level.StepUp,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static bool Shows(Level level, CustomerField field) => level >= Needs(field);

    public static bool Allows(Level level, CallAct act) => level >= Needs(act);

    /// <summary>The value when the level opens the field, otherwise null: nothing to hide is sent.</summary>
    public static string? Show(Level level, CustomerField field, string? value) => Shows(level, field) ? value : null;

    /// <summary>The first character of a name and as many dots as needed to hide how long it is.</summary>
    public static string Initial(string? name) => string.IsNullOrEmpty(name) ? "•" : $"{System.Globalization.StringInfo.GetNextTextElement(name)}•";

    /// <summary>First three and last four digits of a number that has at least nine, otherwise the last two.</summary>
    public static string MaskPhone(string phone)
    {
        var digits = phone.StartsWith("+86", StringComparison.Ordinal) ? phone[3..] : phone.TrimStart('+');
        return digits.Length >= 9 ? $"{digits[..3]} •••• {digits[^4..]}" : digits.Length > 2 ? $"•••• {digits[^2..]}" : "••••";
    }

    /// <summary>First letter and the domain.</summary>
    public static string MaskEmail(string email) => email.IndexOf('@') is var at and > 0 ? $"{email[0]}•••{email[at..]}" : "•••";
}
