namespace Huifang.Contacts;

/// <summary>A way to reach a customer. The names are stored; their order means nothing.</summary>
public enum Channel
{
    /// <summary>A secure call inside the app (DTLS-SRTP); needs a device, not a number.</summary>
    Voice,
    /// <summary>A call to a telephone number.</summary>
    Phone,
    /// <summary>A text message to a telephone number.</summary>
    Sms,
    /// <summary>A letter by e-mail.</summary>
    Email,
    /// <summary>A message in the wallet's inbox; it waits until the customer opens the app.</summary>
    InApp,
    /// <summary>A notice on the customer's device or browser.</summary>
    Push,
    /// <summary>A line in a conversation that the customer has open.</summary>
    Chat,
}

/// <summary>What a contact is for. Consent is given, and withdrawn, per purpose and channel.</summary>
public enum Purpose
{
    /// <summary>Care about something the customer did or met: a withdrawal, a first use, a follow-up.</summary>
    Service,
    /// <summary>A question about the customer's opinion.</summary>
    Survey,
    /// <summary>A complaint of the customer: progress, answer, and whether it was really resolved.</summary>
    Complaint,
    /// <summary>A warning or "was it you?"; has rules of its own and cannot be switched off.</summary>
    Security,
    /// <summary>Anything that sells. One upsell line in a script makes the whole contact marketing.</summary>
    Marketing,
}

/// <summary>What the channels have in common for the rules.</summary>
public static class Channels
{
    /// <summary>Number of channels; arrays by channel have this length.</summary>
    public const int Count = 7;

    /// <summary>A person speaks with a person: legal calling hours and call caps apply.</summary>
    public static bool IsCall(this Channel channel) => channel is Channel.Voice or Channel.Phone;

    /// <summary>It rings or buzzes where the customer is, so quiet hours apply. Letters and the inbox wait silently.</summary>
    public static bool Interrupts(this Channel channel) => channel is Channel.Voice or Channel.Phone or Channel.Sms or Channel.Push;
}
