using Huifang.Accounts;

namespace Huifang.Approvals;

/// <summary>
/// Who may be the second pair of eyes. Source: OWASP ASVS 5.0 V2.3.5 (high-value acts need several people) and the four-eyes rule of the threat list:
/// another person, another role, another session, a fresh proof, the exact payload.
/// </summary>
public static class ApprovalRules
{
    /// <summary>After it was given an act is done within seconds; one that waited longer than this is not done any more.</summary>
    public static readonly TimeSpan DoWithin = TimeSpan.FromHours(1);

    /// <summary>The role under which a person may decide: one that holds the permission and is not the asker's; null when there is none.</summary>
    public static Role? DecidingRole(ApprovalKind kind, ApprovalParty askedBy, IEnumerable<Role> roles, IReadOnlyDictionary<Role, IReadOnlyDictionary<string, Reach>> grants) =>
        roles.Where(role => grants[role].ContainsKey(kind.ApprovePermission)).OrderBy(role => role.ToString() == askedBy.Role).Cast<Role?>().FirstOrDefault();

    /// <param name="approval">The request as it stands.</param>
    /// <param name="person">Who would decide.</param>
    /// <param name="by">She as a party; her role as <see cref="DecidingRole"/> found it, null when none.</param>
    /// <param name="seenHash">The hash of the payload that her page showed.</param>
    /// <param name="provedAt">When she last proved that it is she.</param>
    /// <returns>Why she may not decide, or null.</returns>
    public static ApprovalRefusal? MayDecide(Approval approval, string person, ApprovalParty? by, string seenHash, DateTimeOffset? provedAt, DateTimeOffset now) => (approval, by) switch
    {
        _ when !approval.IsOpen(now) => ApprovalRefusal.NotOpen,
        _ when person == approval.AskedBy.Id => ApprovalRefusal.OwnRequest,
        (_, null) => ApprovalRefusal.NoPermission,
        _ when by.Session == approval.AskedBy.Session || by.Role == approval.AskedBy.Role => ApprovalRefusal.NotIndependent,
        _ when provedAt is null || now - provedAt > AccessRules.ProofLife || provedAt > now => ApprovalRefusal.ProofTooOld,
        _ when seenHash != approval.PayloadHash => ApprovalRefusal.PayloadChanged,
        _ => null,
    };
}
