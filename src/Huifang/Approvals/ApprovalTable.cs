using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Approvals;

internal static class ApprovalTable
{
    private const string Columns =
        """
        id, kind, customer_id as customerid, payload, payload_hash as payloadhash, why, asked_by as askedby, asked_role as askedrole, asked_session as askedsession, asked_at as askedat,
        asked_seal as askedseal, expires_at as expiresat, state, decided_by as decidedby, decided_role as decidedrole, decided_session as decidedsession, decided_at as decidedat,
        decided_why as decidedwhy, decided_seal as decidedseal, done_at as doneat, outcome
        """;

    /// <summary>Two who ask for the same act at once: the second finds it waiting and changes nothing.</summary>
    public static async Task<bool> Insert(Tx tx, Approval approval, byte[] payload, byte[] why, byte[] seal) => await tx.Run(
        """
        insert into approvals (id, kind, customer_id, payload, payload_hash, why, asked_by, asked_role, asked_session, asked_at, asked_seal, expires_at, state)
        values (@Id, @Kind, @CustomerId, @payload, @PayloadHash, @why, @By, @Role, @Session, @AskedAt, @seal, @ExpiresAt, 'Asked') on conflict do nothing
        """, new { approval.Id, approval.Kind, approval.CustomerId, payload, approval.PayloadHash, why, By = approval.AskedBy.Id, approval.AskedBy.Role, approval.AskedBy.Session, approval.AskedAt, seal, approval.ExpiresAt }) == 1;

    public static Task<ApprovalRow?> Find(Tx tx, string id) => tx.One<ApprovalRow>($"select {Columns} from approvals where id = @id", new { id });

    public static Task<List<ApprovalRow>> Open(Tx tx, DateTimeOffset now, int most = 200) =>
        tx.Query<ApprovalRow>($"select {Columns} from approvals where state = 'Asked' and expires_at > @now order by expires_at limit {most}", new { now });

    public static Task<List<ApprovalRow>> Recent(Tx tx, int most = 100) => tx.Query<ApprovalRow>($"select {Columns} from approvals order by asked_at desc, id desc limit {most}");

    /// <summary>Two who decide at once: the second finds no open request and changes nothing.</summary>
    public static async Task<bool> Decide(Tx tx, string id, ApprovalState state, ApprovalParty by, DateTimeOffset now, byte[]? why, byte[] seal) => await tx.Run(
        """
        update approvals set state = @state, decided_by = @by, decided_role = @Role, decided_session = @Session, decided_at = @now, decided_why = @why, decided_seal = @seal
        where id = @id and state = 'Asked' and expires_at > @now
        """, new { id, state = state.ToString(), by = by.Id, by.Role, by.Session, now, why, seal }) == 1;

    public static async Task<bool> Withdraw(Tx tx, string id, string by) =>
        await tx.Run("update approvals set state = 'Withdrawn' where id = @id and asked_by = @by and state = 'Asked'", new { id, by }) == 1;

    /// <summary>Two nodes that do a given act at once: the second finds it ended already, and its work is undone with its transaction.</summary>
    public static async Task<bool> End(Tx tx, string id, ApprovalState state, string? outcome, DateTimeOffset now) =>
        await tx.Run("update approvals set state = @state, outcome = @outcome, done_at = @now where id = @id and state = 'Given'", new { id, state = state.ToString(), outcome, now }) == 1;

    /// <summary>Requests that nobody decided in time, each named once.</summary>
    public static Task<List<ApprovalRow>> Expire(Tx tx, DateTimeOffset now) =>
        tx.Query<ApprovalRow>($"update approvals set state = 'Expired' where state = 'Asked' and expires_at <= @now returning {Columns}", new { now });
}

/// <summary>A request as it stands in the table, still sealed.</summary>
internal sealed record ApprovalRow
{
    public string Id { get; init; } = "";
    public string Kind { get; init; } = "";
    public string? CustomerId { get; init; }
    public byte[] Payload { get; init; } = [];
    public string PayloadHash { get; init; } = "";
    public byte[] Why { get; init; } = [];
    public string AskedBy { get; init; } = "";
    public string AskedRole { get; init; } = "";
    public string AskedSession { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public byte[] AskedSeal { get; init; } = [];
    public DateTimeOffset ExpiresAt { get; init; }
    public string State { get; init; } = "";
    public string? DecidedBy { get; init; }
    public string? DecidedRole { get; init; }
    public string? DecidedSession { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public byte[]? DecidedWhy { get; init; }
    public byte[]? DecidedSeal { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
    public string? Outcome { get; init; }

    /// <summary>Opened for a person to read; a payload that does not open reads as empty and never matches its hash.</summary>
    public Approval Open(Vault vault) => new(Id, Kind, CustomerId, vault.OpenForHouse(Payload) ?? "{}", PayloadHash, vault.OpenForHouse(Why) ?? "", new(AskedBy, AskedRole, AskedSession), AskedAt, ExpiresAt, Enum.Parse<ApprovalState>(State))
    {
        DecidedBy = DecidedBy is null ? null : new(DecidedBy, DecidedRole ?? "", DecidedSession ?? ""), DecidedAt = DecidedAt, DecidedWhy = vault.OpenForHouse(DecidedWhy), DoneAt = DoneAt, Outcome = Outcome,
    };
}
