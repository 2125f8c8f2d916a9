namespace Huifang.Intake;

/// <summary>One thing that the wallet tells us, read from a CloudEvent 1.0.</summary>
/// <param name="Source">The CloudEvents source; together with <paramref name="Id"/> it is the event's identity.</param>
/// <param name="Type">Its kind, e.g. <c>withdrawal.failed</c>; lower case, dots between words.</param>
/// <param name="Subject">The customer, by the operator's own id.</param>
/// <param name="Data">JSON object of the fields that identify nobody.</param>
/// <param name="Private">JSON object of all other fields, to be sealed; null when there are none.</param>
public sealed record WalletEvent(string Source, string Id, string Type, string Subject, DateTimeOffset At, string Data, string? Private);

/// <summary>What an item that was sent to us turned out to be.</summary>
public abstract record Reading
{
    private Reading() { }

    public sealed record Event(WalletEvent Value) : Reading;

    /// <summary>Not an event, and why; the bytes are kept for a person.</summary>
    /// <param name="Field">Where it is wrong, e.g. <c>data.currency</c>; empty for the whole.</param>
    public sealed record Unreadable(UnreadableReason Reason, string Field, ReadOnlyMemory<byte> Raw) : Reading
    {
        /// <summary>Source and id as far as they could be read, so that the sender finds its item.</summary>
        public string? Id { get; init; }
    }
}

/// <summary>Why an item is not an event.</summary>
public enum UnreadableReason
{
    NotJson,
    NotAnObject,
    Missing,
    NotText,
    TooLong,
    BadCharacters,
    SpecVersion,
    NotATime,
    TimeInFuture,
    NotMinorUnits,
    UnknownCurrency,
    TooLarge,
    Base64Data,
}
