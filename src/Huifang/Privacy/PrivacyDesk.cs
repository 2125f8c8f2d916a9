using System.Text.Json;
using Huifang.Approvals;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Privacy;

/// <summary>Takes what people ask about their own data, and does it in time: a customer asks in the portal, a member of staff only with a second pair of eyes.</summary>
public sealed class PrivacyDesk(ErasureDesk erasure, ApprovalDesk approvals, JournalDesk journal, Ids ids, TimeProvider time)
{
    public static readonly ApprovalKind StaffErasure = new("privacy.erasure", Accounts.Permission.ApprovePrivacy, TimeSpan.FromDays(5));
    public static readonly ApprovalKind StaffExport = new("privacy.export", Accounts.Permission.ApprovePrivacy, TimeSpan.FromDays(2));

    private const string Columns = "id, customer_id as customerid, kind, asked_at as askedat, asked_by as askedby, due_at as dueat, not_before as notbefore, state, reason, ended_at as endedat, ended_by as endedby";

    /// <summary>A customer asks for her own erasure. It is done after <see cref="PrivacyRules.ThinkAgain"/>, unless she takes it back.</summary>
    /// <param name="provedAt">When she came in from the app.</param>
    public async Task<(PrivacyRequest? Request, PrivacyRefusal? Refusal)> AskErasure(Tx tx, string customerId, DateTimeOffset? provedAt)
    {
        var now = time.GetUtcNow();
        if (!IsFresh(provedAt, now)) return (null, PrivacyRefusal.ProofTooOld);
        if (await erasure.MayNot(tx, customerId) is PrivacyRefusal.ErasedAlready or PrivacyRefusal.NoSuchCustomer) return (null, PrivacyRefusal.NoSuchCustomer);
        return await Insert(tx, PrivacyRules.Ask(ids.New(), customerId, PrivacyKind.Erasure, "customer", waits: true, now));
    }

    /// <summary>A customer takes her own copy; the request is done with it.</summary>
    public async Task<PrivacyRefusal?> TakeCopy(Tx tx, string customerId, DateTimeOffset? provedAt)
    {
        var now = time.GetUtcNow();
        if (!IsFresh(provedAt, now)) return PrivacyRefusal.ProofTooOld;
        await Copied(tx, customerId, "customer", now);
        return null;
    }

    /// <summary>A member of staff asks for an erasure or a copy on a customer's behalf. Nothing is done before somebody else has given it.</summary>
    public Task<ApprovalAnswer> AskForStaff(Tx tx, PrivacyKind kind, string customerId, string why, ApprovalParty by) =>
        approvals.Ask(tx, kind == PrivacyKind.Erasure ? StaffErasure.Key : StaffExport.Key, new { customer = customerId }, why, by, customerId);

    /// <summary>She takes her erasure back while it waits.</summary>
    public async Task<bool> Withdraw(Tx tx, string customerId, PrivacyKind kind)
    {
        if (await tx.One<RequestRow>($"update privacy_requests set state = 'Withdrawn', ended_at = @now, ended_by = 'customer' where customer_id = @customerId and kind = @kind and state = 'Open' returning {Columns}",
            new { customerId, kind = kind.ToString(), now = time.GetUtcNow() }) is not { } row) return false;
        await Tell(tx, "privacy.withdrawn", row.ToRequest(), "customer", null);
        return true;
    }

    public async Task<IReadOnlyList<PrivacyRequest>> OfCustomer(Tx tx, string customerId) =>
        [.. (await tx.Query<RequestRow>($"select {Columns} from privacy_requests where customer_id = @customerId order by asked_at desc limit 50", new { customerId })).Select(row => row.ToRequest())];

    /// <summary>Open ones first, the most urgent on top; then the latest.</summary>
    public async Task<IReadOnlyList<PrivacyRequest>> Recent(Tx tx) =>
        [.. (await tx.Query<RequestRow>($"select {Columns} from privacy_requests order by case when state = 'Open' then 0 else 1 end, case when state = 'Open' then due_at end, asked_at desc limit 200")).Select(row => row.ToRequest())];

    /// <summary>Erasures whose waiting time is over.</summary>
    internal Task<List<string>> Due(Tx tx) => tx.Query<string>("select id from privacy_requests where state = 'Open' and kind = 'Erasure' and not_before <= @now order by not_before limit 50", new { now = time.GetUtcNow() });

    /// <summary>Does one due erasure, and ends its request, in one transaction. What stands in the way is named and looked at again; after the due date it is refused with that reason.</summary>
    internal async Task Carry(Tx tx, string id)
    {
        // Two nodes: the second waits for the first's commit and finds the request ended.
        if (await tx.One<RequestRow>($"select {Columns} from privacy_requests where id = @id and state = 'Open' FOR_UPDATE", new { id }) is not { } row) return;
        var (request, now) = (row.ToRequest(), time.GetUtcNow());
        var refusal = await erasure.Erase(tx, request.CustomerId, "customer");
        if (refusal is PrivacyRefusal.InCall or PrivacyRefusal.ComplaintOpen && now < request.DueAt)
        {
            await tx.Run("update privacy_requests set reason = @reason, not_before = @later where id = @id", new { id, reason = refusal.ToString(), later = now.AddHours(refusal == PrivacyRefusal.InCall ? 1 : 12) });
            return;
        }
        await tx.Run("update privacy_requests set state = @state, reason = @reason, ended_at = @now, ended_by = 'house' where id = @id", new { id, state = (refusal is null ? PrivacyState.Done : PrivacyState.Refused).ToString(), reason = refusal?.ToString(), now });
        await Tell(tx, refusal is null ? "privacy.done" : "privacy.refused", request, "house", refusal);
    }

    internal async Task Copied(Tx tx, string customerId, string by, DateTimeOffset now)
    {
        var request = PrivacyRules.Ask(ids.New(), customerId, PrivacyKind.Access, by, waits: false, now) with { State = PrivacyState.Done, EndedAt = now, EndedBy = by };
        await InsertRow(tx, request);
        await Tell(tx, "privacy.done", request, by, null);
    }

    private async Task<(PrivacyRequest?, PrivacyRefusal?)> Insert(Tx tx, PrivacyRequest request)
    {
        if (await InsertRow(tx, request) != 1) return (null, PrivacyRefusal.AskedAlready);
        await Tell(tx, "privacy.asked", request, request.AskedBy, null);
        return (request, null);
    }

    private static Task<int> InsertRow(Tx tx, PrivacyRequest r) => tx.Run(
        "insert into privacy_requests (id, customer_id, kind, asked_at, asked_by, due_at, not_before, state, ended_at, ended_by) values (@Id, @CustomerId, @kind, @AskedAt, @AskedBy, @DueAt, @NotBefore, @state, @EndedAt, @EndedBy) on conflict do nothing",
        new { r.Id, r.CustomerId, kind = r.Kind.ToString(), r.AskedAt, r.AskedBy, r.DueAt, r.NotBefore, state = r.State.ToString(), EndedAt = r.EndedAt?.ToUnixTimeMilliseconds(), r.EndedBy });

    private Task Tell(Tx tx, string kind, PrivacyRequest request, string by, PrivacyRefusal? refusal) => journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, request.CustomerId, time.GetUtcNow(), by,
        JsonSerializer.Serialize(new { request = request.Id, kind = request.Kind.ToString(), reason = refusal?.ToString() })));

    private static bool IsFresh(DateTimeOffset? provedAt, DateTimeOffset now) => provedAt is { } at && at <= now && now - at <= PrivacyRules.FreshFor;

    private sealed record RequestRow(string Id, string CustomerId, string Kind, DateTimeOffset AskedAt, string AskedBy, DateTimeOffset DueAt, DateTimeOffset NotBefore, string State, string? Reason, DateTimeOffset? EndedAt, string? EndedBy)
    {
        private RequestRow() : this("", "", "", default, "", default, default, "", null, null, null) { }

        public PrivacyRequest ToRequest() => new(Id, CustomerId, Enum.Parse<PrivacyKind>(Kind), AskedAt, AskedBy, DueAt, NotBefore, Enum.Parse<PrivacyState>(State), Reason, EndedAt, EndedBy);
    }
}

/// <summary>Does erasures whose waiting time is over.</summary>
public sealed class PrivacyClock(Store store, PrivacyDesk desk) : IWork
{
    public string Name => "privacy clock";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        foreach (var id in await store.Read(desk.Due, stop)) await store.Write(tx => desk.Carry(tx, id), stop);
        return false;
    }
}

/// <summary>An erasure that a member of staff asked for and another gave.</summary>
public sealed class ApprovedErasure(ErasureDesk erasure) : IApprovedAct
{
    public string Kind => PrivacyDesk.StaffErasure.Key;

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload) => (await erasure.Erase(tx, payload.GetProperty("customer").GetString()!, approval.AskedBy.Id))?.ToString();
}

/// <summary>A copy that a member of staff asked for and another gave: she may take it once, within a day.</summary>
public sealed class ApprovedExport(PrivacyDesk desk, TimeProvider time) : IApprovedAct
{
    public string Kind => PrivacyDesk.StaffExport.Key;

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload)
    {
        await desk.Copied(tx, payload.GetProperty("customer").GetString()!, approval.AskedBy.Id, time.GetUtcNow());
        return null;
    }
}
