using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Which complaints to list; every field may be left out.</summary>
public sealed record ComplaintFilter
{
    /// <summary>Only those on which we still have to work.</summary>
    public bool Open { get; init; } = true;
    public string? OwnerId { get; init; }
    public string? Category { get; init; }
    public string? Pack { get; init; }
    public string? State { get; init; }
    public string? Severity { get; init; }
    public string? GroupId { get; init; }
    public string? Door { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

internal static class ComplaintTable
{
    public const string Columns =
        """
        id, no, customer_id as customerid, door, received_at as receivedat, day, pack, pack_version as packversion, facts, state, owner_id as ownerid, language, severity, category, subcategory,
        product, outcome, root_cause as rootcause, amount, currency, verified, merged_into as mergedinto, group_id as groupid, escalation, reopened, due_at as dueat, answered_at as answeredat,
        closed_at as closedat, changed_at as changedat
        """;

    public const string OpenStates = "'Received', 'Assessed', 'Investigating', 'Answered'";

    /// <returns>The number that the database gave it.</returns>
    public static async Task<long> Insert(Tx tx, Complaint c, byte[] subject) => (await tx.One<long?>(
        """
        insert into complaints (id, customer_id, door, received_at, day, pack, pack_version, facts, state, owner_id, language, severity, category, subcategory, product, amount, currency, verified, subject, group_id, due_at, changed_at)
        values (@Id, @CustomerId, @door, @ReceivedAt, @Day, @Pack, @PackVersion, @Facts, @state, @OwnerId, @Language, @severity, @Category, @Subcategory, @Product, @Amount, @Currency, @Verified, @subject, @GroupId, @DueAt, @ChangedAt)
        returning no
        """, new
        {
            c.Id, c.CustomerId, door = c.Door.ToString(), c.ReceivedAt, c.Day, c.Pack, c.PackVersion, c.Facts, state = c.State.ToString(), c.OwnerId, c.Language, severity = c.Severity.ToString(), c.Category, c.Subcategory,
            c.Product, c.Amount, c.Currency, c.Verified, subject, c.GroupId, c.DueAt, c.ChangedAt,
        }))!.Value;

    public static Task<Complaint?> Find(Tx tx, string id) => tx.One<Complaint>($"select {Columns} from complaints where id = @id", new { id });

    public static Task<Complaint?> FindByNo(Tx tx, long no) => tx.One<Complaint>($"select {Columns} from complaints where no = @no", new { no });

    /// <summary>The newest first.</summary>
    public static Task<List<Complaint>> WithNumbers(Tx tx, IReadOnlyCollection<long> numbers) => tx.Query<Complaint>($"select {Columns} from complaints where no in @numbers order by no desc", new { numbers = numbers.ToArray() });

    public static Task<byte[]?> Subject(Tx tx, string id) => tx.One<byte[]>("select subject from complaints where id = @id", new { id });

    public static async Task<Dictionary<string, byte[]>> Subjects(Tx tx, IReadOnlyCollection<string> ids) =>
        (await tx.Query<(string Id, byte[] Subject)>("select id, subject from complaints where id in @ids", new { ids = ids.ToArray() })).ToDictionary(row => row.Id, row => row.Subject, StringComparer.Ordinal);

    public static Task<List<Complaint>> OfCustomer(Tx tx, string customerId, int most = 50) =>
        tx.Query<Complaint>($"select {Columns} from complaints where customer_id = @customerId order by received_at desc, no desc limit {most}", new { customerId });

    public static Task<List<string>> WithOpen(Tx tx, string[] customerIds) => tx.Query<string>($"select distinct customer_id from complaints where customer_id in @customerIds and state in ({OpenStates})", new { customerIds });

    public static Task<List<Complaint>> OpenOf(Tx tx, string customerId) =>
        tx.Query<Complaint>($"select {Columns} from complaints where customer_id = @customerId and state in ({OpenStates}) order by received_at desc limit 50", new { customerId });

    /// <summary>Of two that change it at once, the second finds another state and changes nothing.</summary>
    public static async Task<bool> Move(Tx tx, string id, ComplaintState[] from, ComplaintState to, DateTimeOffset now) => await tx.Run(
        """
        update complaints set state = @to, changed_at = @now, answered_at = case when @to = 'Answered' then @now else answered_at end,
          closed_at = case when @to in ('Closed', 'Withdrawn', 'Merged') then @now when @to = 'Received' then null else closed_at end
        where id = @id and state in @from
        """, new { id, from = from.Select(state => state.ToString()).ToArray(), to = to.ToString(), now }) == 1;

    public static Task<int> Assess(Tx tx, string id, Severity severity, string category, string? subcategory, string? product, long? amount, string? currency, string facts, DateTimeOffset now) => tx.Run(
        """
        update complaints set severity = @severity, category = @category, subcategory = @subcategory, product = @product, amount = @amount, currency = @currency, facts = @facts, changed_at = @now where id = @id
        """, new { id, severity = severity.ToString(), category, subcategory, product, amount, currency, facts, now });

    public static Task<int> Find(Tx tx, string id, ComplaintOutcome outcome, RootCause cause, DateTimeOffset now) =>
        tx.Run("update complaints set outcome = @outcome, root_cause = @cause, changed_at = @now where id = @id", new { id, outcome = outcome.ToString(), cause = cause.ToString(), now });

    /// <summary>Two supervisors at once: the second finds another owner than the one it saw and changes nothing.</summary>
    public static async Task<bool> Assign(Tx tx, string id, string before, string owner, DateTimeOffset now) =>
        await tx.Run("update complaints set owner_id = @owner, changed_at = @now where id = @id and owner_id = @before", new { id, before, owner, now }) == 1;

    public static Task<int> Due(Tx tx, string id, DateTimeOffset? dueAt) => tx.Run("update complaints set due_at = @dueAt where id = @id", new { id, dueAt = dueAt?.ToUnixTimeMilliseconds() });

    public static async Task<bool> Escalate(Tx tx, string id, int from, int to, DateTimeOffset now) =>
        await tx.Run("update complaints set escalation = @to, changed_at = @now where id = @id and escalation = @from", new { id, from, to, now }) == 1;

    public static Task<int> Reopened(Tx tx, string id, DateTimeOffset now) =>
        tx.Run("update complaints set reopened = reopened + 1, outcome = null, changed_at = @now where id = @id", new { id, now });

    public static async Task<bool> Merge(Tx tx, string id, string into, DateTimeOffset now) => await tx.Run(
        $"update complaints set state = 'Merged', merged_into = @into, closed_at = @now, changed_at = @now, due_at = null where id = @id and state in ({OpenStates})", new { id, into, now }) == 1;

    public static Task<int> Group(Tx tx, string id, string groupId) => tx.Run("update complaints set group_id = @groupId where id = @id and group_id is null", new { id, groupId });

    /// <summary>Somebody else it was all along: the words move to her key, so this is the caller's to do in the same transaction.</summary>
    public static Task<int> Belongs(Tx tx, string id, string customerId, byte[] subject, DateTimeOffset now) =>
        tx.Run("update complaints set customer_id = @customerId, subject = @subject, verified = 1, changed_at = @now where id = @id", new { id, customerId, subject, now });

    private const string WithoutOwner = $"state in ({OpenStates}) and not exists (select 1 from staff s where s.id = complaints.owner_id and s.disabled_at is null)";

    public static Task<List<Complaint>> Unowned(Tx tx, int most) => tx.Query<Complaint>($"select {Columns} from complaints where {WithoutOwner} order by due_at limit {most}");

    public static Task<bool> AnyUnowned(Tx tx) => tx.One<bool>($"select case when exists (select 1 from complaints where {WithoutOwner}) then 1 else 0 end");

    /// <summary>How many open ones each person has.</summary>
    public static Task<List<(string OwnerId, long Count)>> Loads(Tx tx) =>
        tx.Query<(string, long)>($"select owner_id, count(*) from complaints where state in ({OpenStates}) group by owner_id");

    /// <summary>Answered so long ago that nobody objects any more.</summary>
    public static Task<List<Complaint>> AnsweredBefore(Tx tx, DateTimeOffset at, int most) =>
        tx.Query<Complaint>($"select {Columns} from complaints where state = 'Answered' and answered_at <= @at order by answered_at limit {most} SKIP_LOCKED", new { at });

    public static Task<List<Complaint>> Page(Tx tx, ComplaintFilter filter, string order, int skip, int most) =>
        tx.Query<Complaint>($"select {Columns} from complaints where {Where(filter)} order by {order} limit {most} offset {skip}", Args(filter));

    public static Task<long> Count(Tx tx, ComplaintFilter filter) => tx.One<long>($"select count(*) from complaints where {Where(filter)}", Args(filter));

    private static string Where(ComplaintFilter f) => string.Join(" and ", new[]
    {
        f.State is not null ? "state = @State" : f.Open ? "state in ('Received', 'Assessed', 'Investigating')" : "1 = 1",
        f.OwnerId is null ? "" : "owner_id = @OwnerId", f.Category is null ? "" : "category = @Category", f.Pack is null ? "" : "pack = @Pack", f.Severity is null ? "" : "severity = @Severity",
        f.GroupId is null ? "" : "group_id = @GroupId", f.Door is null ? "" : "door = @Door", f.Since is null ? "" : "received_at >= @Since", f.Until is null ? "" : "received_at < @Until",
    }.Where(part => part.Length > 0));

    private static object Args(ComplaintFilter f) => new { f.OwnerId, f.Category, f.Pack, f.State, f.Severity, f.GroupId, f.Door, f.Since, f.Until };
}
