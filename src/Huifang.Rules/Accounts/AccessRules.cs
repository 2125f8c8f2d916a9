using Huifang.Calls;

namespace Huifang.Accounts;

/// <summary>How a member of staff stands to the thing that she asks for.</summary>
public enum Relation
{
    /// <summary>The route is about nothing in particular: a list, a form, a figure.</summary>
    Nothing,

    /// <summary>She has it in hand herself.</summary>
    Own,

    /// <summary>Somebody of her team has it.</summary>
    Team,

    /// <summary>Another team has it, or nobody she may ask for; a thing that does not exist looks the same.</summary>
    Other,
}

/// <summary>Why a request is not let through, for the page that says so.</summary>
public enum AccessRefusal
{
    /// <summary>None of her roles may do this at all.</summary>
    NoPermission,

    /// <summary>She may do it, but only with what she has in hand or her team has.</summary>
    OutOfReach,

    /// <summary>The customer is not verified far enough in this call.</summary>
    LevelTooLow,

    /// <summary>She has to prove again that it is she, now.</summary>
    ProofTooOld,

    /// <summary>She has seen as many customers as anybody may in an hour; somebody else is looking into it.</summary>
    OverBudget,
}

/// <summary>What a route asks for, and who stands before it.</summary>
/// <param name="Reach">How far her permission reaches; null when she has none.</param>
/// <param name="Relation">How she stands to the thing.</param>
/// <param name="Level">How far the customer in question is verified.</param>
/// <param name="LevelMin">How far she must be.</param>
/// <param name="ProvedAt">When she last proved that it is she, by passkey or code.</param>
/// <param name="NeedsFreshProof">Whether that must have been within <see cref="AccessRules.ProofLife"/>.</param>
public sealed record AccessQuestion(Reach? Reach, Relation Relation, Level Level, Level LevelMin, DateTimeOffset? ProvedAt, bool NeedsFreshProof);

/// <summary>The one decision before every route. Source: OWASP ASVS 5.0 V8.2 (operation-level, object-level and field-level access) and V7.5.3 (fresh proof before sensitive acts).</summary>
public static class AccessRules
{
    /// <summary>How long a proof counts as fresh.</summary>
    public static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(5);

    /// <returns>Why not, or null when it may be.</returns>
    public static AccessRefusal? Decide(AccessQuestion question, DateTimeOffset now) => question switch
    {
        { Reach: null } => AccessRefusal.NoPermission,
        { Relation: Relation.Team, Reach: Reach.Own } or { Relation: Relation.Other, Reach: not Reach.All } => AccessRefusal.OutOfReach,
        { Level: var level, LevelMin: var least } when level < least => AccessRefusal.LevelTooLow,
        { NeedsFreshProof: true, ProvedAt: var proved } when proved is null || now - proved > ProofLife || proved > now => AccessRefusal.ProofTooOld,
        _ => null,
    };
}
