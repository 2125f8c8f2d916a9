using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Accounts;
using Huifang.Journal;
using Huifang.Redaction;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Approvals;

/// <summary>What came of asking or deciding.</summary>
public readonly record struct ApprovalAnswer(Approval? Approval, ApprovalRefusal? Refusal)
{
    public bool Ok => Refusal is null;
    public static implicit operator ApprovalAnswer(ApprovalRefusal refusal) => new(null, refusal);
    public static implicit operator ApprovalAnswer(Approval approval) => new(approval, null);
}

/// <summary>
/// The second pair of eyes. One person asks for an act with its exact payload; another, under another role, in another session, with a fresh proof,
/// approves or refuses it; then <see cref="ApprovedActs"/> has the room do it once.
/// </summary>
public sealed class ApprovalDesk(IEnumerable<ApprovalKind> kinds, RoleDesk roles, JournalDesk journal, Vault vault, ApprovalParts parts)
{
    private const int WhyMax = 1000;

    private readonly Dictionary<string, ApprovalKind> _kinds = kinds.ToDictionary(kind => kind.Key, StringComparer.Ordinal);

    public IReadOnlyCollection<ApprovalKind> Kinds => _kinds.Values;

    /// <summary>Who asks, under the role that lets her do what she asks for.</summary>
    /// <param name="permission">The permission of the route or verb by which she asks.</param>
    public async Task<ApprovalParty> Party(Tx tx, Signed signed, string permission)
    {
        var grants = await roles.All(tx);
        var role = signed.Staff.Roles.Where(role => grants[role].ContainsKey(permission)).Append(signed.Staff.Roles[0]).First();
        return new(signed.Staff.Id, role.ToString(), Fingerprint(signed.SessionId));
    }

    /// <summary>Asks for an act. Nothing of it is done before somebody else has given it.</summary>
    /// <param name="payload">A flat object: everything that will be done, as the second person will read it.</param>
    /// <param name="why">Why, in words; secrets in it are taken out.</param>
    public async Task<ApprovalAnswer> Ask(Tx tx, string kind, object payload, string why, ApprovalParty by, string? customerId = null)
    {
        var known = _kinds.GetValueOrDefault(kind) ?? throw new InvalidOperationException($"No room has registered the kind of act '{kind}'.");
        var now = parts.Time.GetUtcNow();
        var act = ApprovalSeal.Canonical(payload);
        var words = Redactor.Redact(why.Trim(), hide: SecretKinds.Typed).Text;
        var approval = new Approval(parts.Ids.New(), kind, customerId, act, ApprovalSeal.Hash(act), words.Length > WhyMax ? words[..WhyMax] : words, by, now, now + known.Life, ApprovalState.Asked);
        var seal = ApprovalSeal.Asked(vault, approval.Id, kind, customerId, approval.PayloadHash, by, approval.ExpiresAt);
        if (!await ApprovalTable.Insert(tx, approval, vault.SealForHouse(act), vault.SealForHouse(approval.Why), seal)) return ApprovalRefusal.AskedAlready;
        await Tell(tx, "approval.asked", approval, by.Id);
        return approval;
    }

    /// <summary>The second person has read it and gives it. <paramref name="seenHash"/> is of the payload that her page showed.</summary>
    public Task<ApprovalAnswer> Give(Tx tx, string id, Signed signed, string seenHash) => Decide(tx, id, signed, seenHash, ApprovalState.Given, null);

    /// <summary>The second person refuses it and says why.</summary>
    public Task<ApprovalAnswer> Refuse(Tx tx, string id, Signed signed, string seenHash, string why) =>
        string.IsNullOrWhiteSpace(why) ? Task.FromResult<ApprovalAnswer>(ApprovalRefusal.ReasonNeeded) : Decide(tx, id, signed, seenHash, ApprovalState.Refused, why);

    /// <summary>Whoever asked takes it back.</summary>
    public async Task<bool> Withdraw(Tx tx, string id, string by)
    {
        if (!await ApprovalTable.Withdraw(tx, id, by)) return false;
        await Tell(tx, "approval.withdrawn", (await Find(tx, id))!, by);
        return true;
    }

    public async Task<Approval?> Find(Tx tx, string id) => (await ApprovalTable.Find(tx, id))?.Open(vault);

    /// <summary>What waits for a decision, the most urgent first.</summary>
    public async Task<IReadOnlyList<Approval>> Open(Tx tx) => (await ApprovalTable.Open(tx, parts.Time.GetUtcNow())).ConvertAll(row => row.Open(vault));

    /// <summary>The latest requests, whatever became of them.</summary>
    public async Task<IReadOnlyList<Approval>> Recent(Tx tx) => (await ApprovalTable.Recent(tx)).ConvertAll(row => row.Open(vault));

    /// <summary>May this person decide this request now? The page asks what it may offer; the verb asks again.</summary>
    public async Task<ApprovalRefusal?> MayDecide(Tx tx, Approval approval, Signed signed) =>
        ApprovalRules.MayDecide(approval, signed.Staff.Id, await Decider(tx, approval, signed), approval.PayloadHash, parts.Time.GetUtcNow(), parts.Time.GetUtcNow());

    private async Task<ApprovalAnswer> Decide(Tx tx, string id, Signed signed, string seenHash, ApprovalState state, string? why)
    {
        if (await ApprovalTable.Find(tx, id) is not { } row) return ApprovalRefusal.NoSuchApproval;
        var (approval, now) = (row.Open(vault), parts.Time.GetUtcNow());
        var by = await Decider(tx, approval, signed);
        if (ApprovalRules.MayDecide(approval, signed.Staff.Id, by, seenHash, signed.ProvedAt, now) is { } refusal) return refusal;
        if (!ApprovalSeal.Holds(vault, row)) return ApprovalRefusal.PayloadChanged;
        var words = why is null ? null : Redactor.Redact(why.Trim(), hide: SecretKinds.Typed).Text;
        var seal = ApprovalSeal.Decided(vault, row.AskedSeal, state, by!, now);
        if (!await ApprovalTable.Decide(tx, id, state, by!, now, words is null ? null : vault.SealForHouse(words.Length > WhyMax ? words[..WhyMax] : words), seal)) return ApprovalRefusal.NotOpen;
        await Tell(tx, state == ApprovalState.Given ? "approval.given" : "approval.refused", approval, by!.Id);
        return (await Find(tx, id))!;
    }

    private async Task<ApprovalParty?> Decider(Tx tx, Approval approval, Signed signed) =>
        _kinds.GetValueOrDefault(approval.Kind) is { } kind && ApprovalRules.DecidingRole(kind, approval.AskedBy, signed.Staff.Roles, await roles.All(tx)) is { } role
            ? new(signed.Staff.Id, role.ToString(), Fingerprint(signed.SessionId)) : null;

    private Task Tell(Tx tx, string fact, Approval approval, string by) => journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), fact, approval.CustomerId, parts.Time.GetUtcNow(), by,
        JsonSerializer.Serialize(new { approval = approval.Id, kind = approval.Kind, hash = approval.PayloadHash })));

    private static string Fingerprint(string sessionId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sessionId)).AsSpan(0, 16));
}

/// <summary>What the desk of approvals takes time and ids from.</summary>
public sealed record ApprovalParts(Ids Ids, TimeProvider Time);
