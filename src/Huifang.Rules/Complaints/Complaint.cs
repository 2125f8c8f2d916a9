using System.Collections.Immutable;

namespace Huifang.Complaints;

/// <summary>Where a complaint stands: the stages of ISO 10002. What became of it is its <see cref="ComplaintOutcome"/>, which is something else.</summary>
public enum ComplaintState
{
    /// <summary>On record, acknowledged in the same transaction.</summary>
    Received,
    /// <summary>How bad, how complex, what must be done at once.</summary>
    Assessed,
    Investigating,
    /// <summary>The answer has left; the customer may object.</summary>
    Answered,
    /// <summary>Nothing is left to do. A customer who objects opens it again.</summary>
    Closed,
    /// <summary>The customer took it back.</summary>
    Withdrawn,
    /// <summary>It is the same matter as another, which goes on.</summary>
    Merged,
}

/// <summary>What we found.</summary>
public enum ComplaintOutcome { Upheld, PartlyUpheld, NotUpheld, Withdrawn, Referred }

/// <summary>How bad it is for the customer. The names are stored.</summary>
public enum Severity { Low, Medium, High, Critical }

/// <summary>Why it happened; asked for at closing, because the next improvement begins there.</summary>
public enum RootCause { SystemFault, ProcessGap, StaffError, Communication, Terms, ThirdParty, Fraud, DataError, Misunderstanding, NotOurs }

/// <summary>What was done for the customer.</summary>
public enum Resolution { Explanation, Correction, Refund, Goodwill, Insurance, Apology }

/// <summary>The way a complaint came. The names are stored.</summary>
public enum ComplaintDoor { App, Web, Phone, Chat, Email, Api, Import, Regulator, Review }

/// <summary>One complaint, without the words, which are sealed.</summary>
public sealed record Complaint(string Id, long No, string CustomerId, ComplaintDoor Door, DateTimeOffset ReceivedAt, string Pack, string PackVersion, ComplaintState State, string OwnerId)
{
    // For reading from the table.
    private Complaint() : this("", 0, "", default, default, "", "", default, "") { }

    /// <summary>The date of receipt where the pack counts, which is part of the number.</summary>
    public DateOnly Day { get; init; }
    public string Language { get; init; } = "zh-Hans";
    /// <summary>Names of <see cref="CaseFact"/>, separated by spaces.</summary>
    public string Facts { get; init; } = "";
    public Severity Severity { get; init; } = Severity.Medium;
    public string? Category { get; init; }
    public string? Subcategory { get; init; }
    public string? Product { get; init; }
    public ComplaintOutcome? Outcome { get; init; }
    public RootCause? RootCause { get; init; }
    public long? Amount { get; init; }
    public string? Currency { get; init; }
    /// <summary>Whether we know that it was she: signed in, or verified in a call.</summary>
    public bool Verified { get; init; }
    public string? MergedInto { get; init; }
    /// <summary>Copies of one text are one group.</summary>
    public string? GroupId { get; init; }
    /// <summary>How far up it has been taken: 0 is the owner.</summary>
    public int Escalation { get; init; }
    public int Reopened { get; init; }
    /// <summary>The nearest deadline that binds us and runs.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>As it is said and written: <c>2026-1124-0387</c>.</summary>
    public string Number => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Day:yyyy-MMdd}-{No:D4}");

    public bool IsOpen => ComplaintRules.IsOpen(State);

    public ImmutableArray<CaseFact> CaseFacts => [.. Facts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<CaseFact>)];
}

/// <summary>Why something cannot be done with a complaint. Pages and the API say it in words.</summary>
public enum ComplaintRefusal
{
    NoSuchComplaint,
    /// <summary>Somebody else was first, or its state does not allow it.</summary>
    NotNow,
    WordsMissing,
    TooLong,
    FileTooLarge,
    TooManyFiles,
    NoOutcome,
    NoRootCause,
    NoCategory,
    NoResolution,
    NoLetter,
    /// <summary>The letter still has places of its template that nobody filled in.</summary>
    LetterUnfinished,
    TasksOpen,
    MoneyPending,
    StopNotAllowed,
    NoSuchExtension,
    ReasonMissing,
    NeedsSecondPerson,
    SamePerson,
    OverLimit,
    RefundedAlready,
    NoAmount,
    OwnComplaint,
    SameComplaint,
    OtherCustomer,
    TooLateToAppeal,
    NobodyToOwn,
    StorageFull,
}
