using System.Collections.Immutable;

namespace Huifang.Complaints;

/// <summary>A file that came with a complaint.</summary>
public sealed record DraftFile(string Name, string MediaType, byte[] Content);

/// <summary>A complaint as it was understood, whatever the door. Nothing in here has been believed yet.</summary>
public sealed record ComplaintDraft(ComplaintDoor Door, string Words)
{
    /// <summary>One line; made from the words when it is missing.</summary>
    public string? Subject { get; init; }
    /// <summary>What the customer wants: names of <see cref="Resolution"/>, or words.</summary>
    public string? Wants { get; init; }
    public string? Category { get; init; }
    public string? Subcategory { get; init; }
    public string? Product { get; init; }
    public long? Amount { get; init; }
    public string? Currency { get; init; }
    public string? TransactionId { get; init; }
    public string? Language { get; init; }
    /// <summary>The customer when we know that it is she; null: whoever wrote.</summary>
    public string? CustomerId { get; init; }
    /// <summary>How an unknown sender wants to be reached; never believed to be a customer's.</summary>
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Country { get; init; }
    /// <summary>When it reached us or, from a regulator, when it was handed over; null: now.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
    public ImmutableArray<CaseFact> Facts { get; init; } = [];
    public ImmutableArray<DraftFile> Files { get; init; } = [];
    /// <summary>Its number at the place it came from: a regulator's, a platform's.</summary>
    public string? TheirNumber { get; init; }
    /// <summary>The number of a complaint of ours that it says it is about.</summary>
    public string? About { get; init; }
    /// <summary>The pack that its door demands, such as <c>us-cfpb</c>; null: by country.</summary>
    public string? Pack { get; init; }
}

/// <summary>What became of something that arrived.</summary>
public enum IntakeFate
{
    /// <summary>Stored, not looked at yet.</summary>
    Waiting,
    /// <summary>A complaint of its own.</summary>
    Case,
    /// <summary>More about a complaint that we have.</summary>
    Joined,
    /// <summary>A person said that it is nothing, and why.</summary>
    Spam,
}
