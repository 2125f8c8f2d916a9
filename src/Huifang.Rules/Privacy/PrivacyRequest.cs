namespace Huifang.Privacy;

/// <summary>What a person asks about her own data.</summary>
public enum PrivacyKind
{
    /// <summary>A copy of everything that is held about her. GDPR art. 15 and 20, PIPL art. 45.</summary>
    Access,

    /// <summary>That it be erased. GDPR art. 17, PIPL art. 47.</summary>
    Erasure,
}

/// <summary>Where a request stands.</summary>
public enum PrivacyState { Open, Done, Withdrawn, Refused }

/// <summary>Why a request was not taken, or could not be done.</summary>
public enum PrivacyRefusal
{
    NoSuchCustomer,
    ErasedAlready,
    AskedAlready,

    /// <summary>The customer is on the phone with us; after the call.</summary>
    InCall,

    /// <summary>A complaint of hers is not answered; erasing it would take the answer from her. She can withdraw it.</summary>
    ComplaintOpen,

    /// <summary>She has to come in from the app anew: her session is older than <see cref="PrivacyRules.FreshFor"/>.</summary>
    ProofTooOld,

    NoSuchRequest,
}

/// <summary>One request.</summary>
/// <param name="DueAt">By when it must be answered.</param>
/// <param name="NotBefore">An erasure waits until then, so that somebody who holds her phone for a minute cannot do it for her.</param>
public sealed record PrivacyRequest(string Id, string CustomerId, PrivacyKind Kind, DateTimeOffset AskedAt, string AskedBy, DateTimeOffset DueAt, DateTimeOffset NotBefore, PrivacyState State, string? Reason, DateTimeOffset? EndedAt, string? EndedBy);

/// <summary>Times of privacy requests.</summary>
public static class PrivacyRules
{
    /// <summary>An answer within 15 days, the shortest of the laws that we serve. Source: 个人信息保护合规审计 practice and GB/T 35273-2020 §8.7 (30 days); GDPR art. 12(3) (one month). We take half.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromDays(15);

    /// <summary>How long an erasure can still be taken back by her.</summary>
    public static readonly TimeSpan ThinkAgain = TimeSpan.FromHours(72);

    /// <summary>How fresh her coming in from the app must be for a copy or an erasure.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    public static PrivacyRequest Ask(string id, string customerId, PrivacyKind kind, string by, bool waits, DateTimeOffset now) =>
        new(id, customerId, kind, now, by, now + AnswerWithin, waits ? now + ThinkAgain : now, PrivacyState.Open, null, null, null);
}
