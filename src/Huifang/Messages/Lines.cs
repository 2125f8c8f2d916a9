namespace Huifang.Messages;

/// <summary>A text message on its way out. <paramref name="Key"/> is the same for every try of the same message, so that a gateway which knows it sends only once.</summary>
/// <param name="To">E.164 with the plus.</param>
public sealed record OutgoingSms(string Key, string To, string Text);

/// <summary>A letter on its way out, as plain text and as HTML that says the same.</summary>
/// <param name="Unsubscribe">Address of the one-click unsubscription (RFC 8058).</param>
public sealed record OutgoingMail(string Key, string To, string Subject, string Text, string Html)
{
    public string? Unsubscribe { get; init; }
    public CalendarEvent? Appointment { get; init; }
}

/// <summary>What a line says when it is given a message. A closed list: switch over it without a default.</summary>
public abstract record LineAnswer
{
    private LineAnswer() { }

    /// <summary>It is on its way. <paramref name="LineId"/> is the line's own name for it, under which receipts come.</summary>
    public sealed record Accepted(string? LineId) : LineAnswer;

    /// <summary>It was not taken. Permanent: this number or address will never do; else it is tried again later.</summary>
    public sealed record Refused(string Reason, bool Permanent) : LineAnswer;
}

/// <summary>Something that takes text messages: a gateway over HTTP, an SMS centre over SMPP, or the viewer of the demo. Gives up by itself within 30 seconds.</summary>
public interface ISmsLine
{
    Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop);
}

/// <summary>Something that takes letters: a mail relay, or the viewer of the demo. Gives up by itself within 30 seconds.</summary>
public interface IMailLine
{
    Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop);
}

/// <summary>What a network says later about a message that a line had accepted.</summary>
/// <param name="Permanent">The number does not exist or refuses for good.</param>
public sealed record LineReceipt(string LineId, bool Delivered, string? Reason, bool Permanent, DateTimeOffset At);

/// <summary>A text message from a customer. <paramref name="Id"/> is the line's own, or made from the content, so that the same one told twice is taken once.</summary>
public sealed record LineArrival(string Id, string From, string Text, DateTimeOffset At);

/// <summary>Whom a line tells about receipts and arrivals. Done means that it is durable, and the line may confirm it to the network.</summary>
public sealed record LineEars(Func<LineReceipt, CancellationToken, Task> Receipt, Func<LineArrival, CancellationToken, Task> Arrival);
