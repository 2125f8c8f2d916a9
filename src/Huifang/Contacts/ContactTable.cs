using Huifang.Storage;

namespace Huifang.Contacts;

/// <summary>One stored answer of the guard. Kept exactly as it was decided.</summary>
public sealed record ContactDecision(
    string Id, string CustomerId, string? FollowUpId, Purpose Purpose, Channel Channel, ContactStage Stage, DateTimeOffset At, DateTimeOffset DecidedAt, ContactVerdict? Verdict, DateTimeOffset? UndoneAt)
{
    /// <summary>It led to a contact.</summary>
    public bool IsContact => Stage == ContactStage.AtContact && Verdict is ContactVerdict.Allow && UndoneAt is null;
}

internal static class ContactTable
{
    private const string Columns = "id, customer_id as customerid, follow_up_id as followupid, purpose, channel, stage, at, decided_at as decidedat, verdict, undone_at as undoneat";

    private static readonly Bulk<ContactDecision> Rows = new("contact_decisions", "on conflict (id) do nothing",
        ("id", Column.Text, r => r.Id), ("customer_id", Column.Text, r => r.CustomerId), ("follow_up_id", Column.Text, r => r.FollowUpId), ("purpose", Column.Text, r => r.Purpose.ToString()),
        ("channel", Column.Text, r => r.Channel.ToString()), ("stage", Column.Text, r => r.Stage.ToString()), ("at", Column.Number, r => r.At.ToUnixTimeMilliseconds()),
        ("decided_at", Column.Number, r => r.DecidedAt.ToUnixTimeMilliseconds()), ("outcome", Column.Text, r => r.Verdict!.GetType().Name),
        ("until", Column.Number, r => (r.Verdict as ContactVerdict.Hold)?.Until.ToUnixTimeMilliseconds()), ("verdict", Column.Text, r => VerdictText.Write(r.Verdict!)));

    public static Task Insert(Tx tx, IReadOnlyList<ContactDecision> rows) => Rows.Insert(tx, rows, returning: "");

    /// <summary>Two that undo the same contact: the second changes nothing.</summary>
    public static async Task<bool> Undo(Tx tx, string id, DateTimeOffset at, string why) =>
        await tx.Run("update contact_decisions set undone_at = @at, undone_why = @why where id = @id and undone_at is null", new { id, at, why }) == 1;

    public static async Task<List<ContactDecision>> OfFollowUp(Tx tx, string followUpId, int most = 50) =>
        Read(await tx.Query<Row>($"select {Columns} from contact_decisions where follow_up_id = @followUpId order by decided_at desc, id desc limit {most}", new { followUpId }));

    public static async Task<List<ContactDecision>> OfCustomer(Tx tx, string customerId, int most = 50) =>
        Read(await tx.Query<Row>($"select {Columns} from contact_decisions where customer_id = @customerId order by decided_at desc, id desc limit {most}", new { customerId }));

    public static async Task<ContactDecision?> Find(Tx tx, string id) => Read(await tx.Query<Row>($"select {Columns} from contact_decisions where id = @id", new { id })).FirstOrDefault();

    private static List<ContactDecision> Read(IEnumerable<Row> rows) => [.. rows.Select(row => new ContactDecision(row.Id, row.CustomerId, row.FollowUpId,
        Enum.Parse<Purpose>(row.Purpose), Enum.Parse<Channel>(row.Channel), Enum.Parse<ContactStage>(row.Stage), row.At, row.DecidedAt, VerdictText.Read(row.Verdict), row.UndoneAt))];

    private sealed record Row(string Id, string CustomerId, string? FollowUpId, string Purpose, string Channel, string Stage, DateTimeOffset At, DateTimeOffset DecidedAt, string Verdict, DateTimeOffset? UndoneAt);
}
