namespace Huifang.Approvals;

/// <summary>A kind of act that one person may only propose and another must approve. Rooms register theirs with an <c>IApprovedAct</c>.</summary>
/// <param name="Key">Names the kind in the table, the texts and the facts: <c>rule.live</c>, <c>refund</c>.</param>
/// <param name="ApprovePermission">What the second person must hold, by a role that is not the one under which the first asked.</param>
/// <param name="Life">How long the request may wait; after that it has expired and must be asked anew.</param>
public sealed record ApprovalKind(string Key, string ApprovePermission, TimeSpan Life);

/// <summary>Where a request stands.</summary>
public enum ApprovalState
{
    /// <summary>It waits for the second person.</summary>
    Asked,

    /// <summary>Approved; the act is about to be done.</summary>
    Given,

    Refused,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn,

    /// <summary>The act was done, once, with exactly the payload that was approved.</summary>
    Done,

    /// <summary>It was approved, but could not be done any more; the outcome says why.</summary>
    Failed,
}

/// <summary>Who takes part, as what, and from which session; never the same in two places of one approval.</summary>
/// <param name="Id">The member of staff, or who else asks: a customer, the house.</param>
/// <param name="Role">The role under which she acts; "customer" or "house" for others.</param>
/// <param name="Session">A fingerprint of the session, not its id.</param>
public sealed record ApprovalParty(string Id, string Role, string Session)
{
    /// <summary>A customer who asks for something about herself.</summary>
    public static ApprovalParty Customer(string customerId) => new(customerId, "customer", $"customer:{customerId}");

    /// <summary>The house itself, by a rule.</summary>
    public static readonly ApprovalParty House = new("house", "house", "house");
}

/// <summary>One request for a second pair of eyes.</summary>
/// <param name="Payload">The act in canonical JSON, a flat object: exactly what will be done, nothing else.</param>
/// <param name="PayloadHash">SHA-256 of the payload in hexadecimal; the approver's page sends it back.</param>
/// <param name="Why">Why it is asked for, without what must not be written down.</param>
public sealed record Approval(
    string Id, string Kind, string? CustomerId, string Payload, string PayloadHash, string Why, ApprovalParty AskedBy, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, ApprovalState State)
{
    public ApprovalParty? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedWhy { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
    public string? Outcome { get; init; }

    public bool IsOpen(DateTimeOffset now) => State == ApprovalState.Asked && now < ExpiresAt;
}

/// <summary>Why a decision was not taken, or a request not made.</summary>
public enum ApprovalRefusal
{
    NoSuchApproval,

    /// <summary>It was decided, withdrawn or has expired.</summary>
    NotOpen,

    /// <summary>Whoever asked may not approve.</summary>
    OwnRequest,

    /// <summary>The same session or the same role as the first person's.</summary>
    NotIndependent,

    /// <summary>None of her roles may approve this kind.</summary>
    NoPermission,

    /// <summary>She has to prove again that it is she.</summary>
    ProofTooOld,

    /// <summary>What the page showed is not what stands here now, or the seal over it does not hold.</summary>
    PayloadChanged,

    /// <summary>A refusal without a reason helps nobody.</summary>
    ReasonNeeded,

    /// <summary>The same act waits for a decision already.</summary>
    AskedAlready,
}
