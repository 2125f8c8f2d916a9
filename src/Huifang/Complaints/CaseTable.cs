using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>One line of the story as it stands in the table; its words are sealed.</summary>
internal sealed record EntryRow(string Id, string ComplaintId, DateTimeOffset At, string Kind, string Actor, bool Shown, string Data, byte[]? Words)
{
    private EntryRow() : this("", "", default, "", "", false, "{}", null) { }
}

/// <summary>A file, without its content.</summary>
internal sealed record FileRow(string Id, string ComplaintId, byte[] Name, string MediaType, long Bytes, DateTimeOffset At, string AddedBy, bool Shown)
{
    private FileRow() : this("", "", [], "", 0, default, "", false) { }
}

internal sealed record TaskRow(string Id, string ComplaintId, byte[] What, string Department, string? Assignee, DateTimeOffset? DueAt, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? DoneAt, string? DoneBy)
{
    private TaskRow() : this("", "", [], "", null, null, default, "", null, null) { }
}

internal sealed record RedressRow(string Id, string ComplaintId, string Kind, long? Amount, string? Currency, string? TransactionId, byte[] Reason, string State, string ProposedBy, DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? ApprovalId)
{
    private RedressRow() : this("", "", "", null, null, null, [], "", "", default, null, null, null) { }
}

internal sealed record LetterRow(string Id, string ComplaintId, string Kind, int Version, string Language, byte[] Body, DateTimeOffset WrittenAt, string WrittenBy, DateTimeOffset? SentAt)
{
    private LetterRow() : this("", "", "", 0, "", [], default, "", null) { }
}

/// <summary>A transaction that a complaint is about.</summary>
public sealed record LinkedTransaction(string TransactionId, long? Amount, string? Currency, DateTimeOffset? At, string What)
{
    private LinkedTransaction() : this("", null, null, null, "") { }
}

/// <summary>What hangs on a complaint: its story, files, tasks, transactions, money, letters.</summary>
internal static class CaseTable
{
    public static Task Entry(Tx tx, EntryRow row) => tx.Run(
        "insert into complaint_entries (id, complaint_id, at, kind, actor, shown, data, words) values (@Id, @ComplaintId, @At, @Kind, @Actor, @Shown, @Data, @Words)", row);

    public static Task<List<EntryRow>> Story(Tx tx, string complaintId, bool shownOnly, int most = 500) => tx.Query<EntryRow>(
        $"select id, complaint_id as complaintid, at, kind, actor, shown, data, words from complaint_entries where complaint_id = @complaintId {(shownOnly ? "and shown = 1" : "")} order by at, case kind when 'complaint.filed' then 0 else 1 end, id limit {most}", new { complaintId });

    public static Task File(Tx tx, FileRow row, byte[] content) => tx.Run(
        "insert into complaint_files (id, complaint_id, name, media_type, bytes, content, at, added_by, shown) values (@Id, @ComplaintId, @Name, @MediaType, @Bytes, @content, @At, @AddedBy, @Shown)",
        new { row.Id, row.ComplaintId, row.Name, row.MediaType, row.Bytes, content, row.At, row.AddedBy, row.Shown });

    public static Task<List<FileRow>> Files(Tx tx, string complaintId) => tx.Query<FileRow>(
        "select id, complaint_id as complaintid, name, media_type as mediatype, bytes, at, added_by as addedby, shown from complaint_files where complaint_id = @complaintId order by at, id", new { complaintId });

    public static Task<FileRow?> FindFile(Tx tx, string id) =>
        tx.One<FileRow>("select id, complaint_id as complaintid, name, media_type as mediatype, bytes, at, added_by as addedby, shown from complaint_files where id = @id", new { id });

    public static Task<byte[]?> Content(Tx tx, string fileId) => tx.One<byte[]>("select content from complaint_files where id = @fileId", new { fileId });

    public static Task<long> CountFiles(Tx tx, string complaintId) => tx.One<long>("select count(*) from complaint_files where complaint_id = @complaintId", new { complaintId });

    public static Task Task(Tx tx, TaskRow row) => tx.Run(
        "insert into complaint_tasks (id, complaint_id, what, department, assignee, due_at, made_at, made_by) values (@Id, @ComplaintId, @What, @Department, @Assignee, @DueAt, @MadeAt, @MadeBy)", row);

    public static async Task<bool> Done(Tx tx, string complaintId, string id, string by, DateTimeOffset now) => await tx.Run(
        "update complaint_tasks set done_at = @now, done_by = @by where id = @id and complaint_id = @complaintId and done_at is null", new { complaintId, id, by, now }) == 1;

    public static Task<List<TaskRow>> Tasks(Tx tx, string complaintId) => tx.Query<TaskRow>(
        "select id, complaint_id as complaintid, what, department, assignee, due_at as dueat, made_at as madeat, made_by as madeby, done_at as doneat, done_by as doneby from complaint_tasks where complaint_id = @complaintId order by made_at, id", new { complaintId });

    public static Task Link(Tx tx, string complaintId, LinkedTransaction one) => tx.Run(
        "insert into complaint_transactions (complaint_id, transaction_id, amount, currency, at, what) values (@complaintId, @TransactionId, @Amount, @Currency, @at, @What) on conflict do nothing",
        new { complaintId, one.TransactionId, one.Amount, one.Currency, at = one.At?.ToUnixTimeMilliseconds(), one.What });

    public static Task<List<LinkedTransaction>> Transactions(Tx tx, string complaintId) => tx.Query<LinkedTransaction>(
        "select transaction_id as transactionid, amount, currency, at, what from complaint_transactions where complaint_id = @complaintId order by at, transaction_id", new { complaintId });

    /// <summary>Two people propose the refund of one transaction at once: the index lets one in.</summary>
    public static async Task<bool> Propose(Tx tx, RedressRow row) => await tx.Run(
        """
        insert into complaint_redress (id, complaint_id, kind, amount, currency, transaction_id, reason, state, proposed_by, proposed_at, decided_by, decided_at)
        values (@Id, @ComplaintId, @Kind, @Amount, @Currency, @TransactionId, @Reason, @State, @ProposedBy, @ProposedAt, @DecidedBy, @decidedAt) on conflict do nothing
        """, new { row.Id, row.ComplaintId, row.Kind, row.Amount, row.Currency, row.TransactionId, row.Reason, row.State, row.ProposedBy, row.ProposedAt, row.DecidedBy, decidedAt = row.DecidedAt?.ToUnixTimeMilliseconds() }) == 1;

    /// <summary>Two people decide at once: the second finds it decided.</summary>
    public static async Task<bool> Decide(Tx tx, string id, string state, string by, DateTimeOffset now) => await tx.Run(
        "update complaint_redress set state = @state, decided_by = @by, decided_at = @now where id = @id and state = 'Proposed'", new { id, state, by, now }) == 1;

    public static Task<List<RedressRow>> Redress(Tx tx, string complaintId) => tx.Query<RedressRow>($"select {RedressColumns} from complaint_redress where complaint_id = @complaintId order by proposed_at, id", new { complaintId });

    public static Task<RedressRow?> FindRedress(Tx tx, string id) => tx.One<RedressRow>($"select {RedressColumns} from complaint_redress where id = @id", new { id });

    public static Task Letter(Tx tx, LetterRow row) => tx.Run(
        "insert into complaint_letters (id, complaint_id, kind, version, language, body, written_at, written_by, sent_at) values (@Id, @ComplaintId, @Kind, @Version, @Language, @Body, @WrittenAt, @WrittenBy, @sentAt)",
        new { row.Id, row.ComplaintId, row.Kind, row.Version, row.Language, row.Body, row.WrittenAt, row.WrittenBy, sentAt = row.SentAt?.ToUnixTimeMilliseconds() });

    public static Task<int> Sent(Tx tx, string letterId, DateTimeOffset now) => tx.Run("update complaint_letters set sent_at = @now where id = @letterId and sent_at is null", new { letterId, now });

    public static Task<List<LetterRow>> Letters(Tx tx, string complaintId) => tx.Query<LetterRow>(
        "select id, complaint_id as complaintid, kind, version, language, body, written_at as writtenat, written_by as writtenby, sent_at as sentat from complaint_letters where complaint_id = @complaintId order by kind, version", new { complaintId });

    private const string RedressColumns = "id, complaint_id as complaintid, kind, amount, currency, transaction_id as transactionid, reason, state, proposed_by as proposedby, proposed_at as proposedat, decided_by as decidedby, decided_at as decidedat, approval_id as approvalid";
}
