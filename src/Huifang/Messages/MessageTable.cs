using Huifang.Contacts;
using Huifang.Storage;

namespace Huifang.Messages;

internal sealed record NewMessage(string Id, MessageDraft Draft, Channel Channel, string Language, byte[] Sealed, DateTimeOffset At, string? InsteadOf);

internal static class MessageTable
{
    private const string Columns =
        """
        id, once, customer_id as customerid, follow_up_id as followupid, template, purpose, channel, language, state, reason, queued_at as queuedat, try_at as tryat,
        not_after as notafter, tries, decision_id as decisionid, point_id as pointid, line_id as lineid, instead_of as insteadof, booked_at as bookedat,
        sent_at as sentat, delivered_at as deliveredat, opened_at as openedat
        """;

    private static readonly Bulk<NewMessage> Rows = new("messages", "on conflict (once) do nothing",
        ("id", Column.Text, r => r.Id), ("once", Column.Text, r => r.Draft.Once), ("customer_id", Column.Text, r => r.Draft.CustomerId), ("follow_up_id", Column.Text, r => r.Draft.FollowUpId),
        ("template", Column.Text, r => r.Draft.Template), ("purpose", Column.Text, r => r.Draft.Purpose.ToString()), ("channel", Column.Text, r => r.Channel.ToString()), ("language", Column.Text, r => r.Language),
        ("draft", Column.Bytes, r => r.Sealed), ("state", Column.Text, _ => nameof(MessageState.Queued)), ("queued_at", Column.Number, r => r.At.ToUnixTimeMilliseconds()),
        ("try_at", Column.Number, r => (r.Draft.NotBefore ?? r.At).ToUnixTimeMilliseconds()), ("not_after", Column.Number, r => r.Draft.NotAfter.ToUnixTimeMilliseconds()),
        ("instead_of", Column.Text, r => r.InsteadOf), ("booked_at", Column.Number, r => r.Draft.BookedAt?.ToUnixTimeMilliseconds()));

    public static Task Insert(Tx tx, IReadOnlyList<NewMessage> rows) => Rows.Insert(tx, rows, returning: "");

    public static Task<bool> AnyDue(Tx tx, DateTimeOffset now) =>
        tx.One<bool>("select case when exists (select 1 from messages where (state = 'Queued' and try_at <= @now) or (state = 'Leased' and leased_until <= @now)) then 1 else 0 end", new { now });

    /// <summary>
    /// Takes the next ones in hand, also those that a sender took and never finished. Two senders at once: on SQLite the second sees the first's
    /// lease; on PostgreSQL it skips the locked rows.
    /// </summary>
    public static Task<List<Message>> Lease(Tx tx, DateTimeOffset now, DateTimeOffset until, int most) => tx.Query<Message>(
        $"""
        update messages set state = 'Leased', leased_until = @until, tries = tries + 1
        where id in (select id from messages where (state = 'Queued' and try_at <= @now) or (state = 'Leased' and leased_until <= @now) order by try_at, id limit {most} SKIP_LOCKED)
        returning {Columns}
        """, new { now, until });

    public static Task<byte[]?> Draft(Tx tx, string id) => tx.One<byte[]>("select draft from messages where id = @id", new { id });

    public static Task<byte[]?> Body(Tx tx, string id) => tx.One<byte[]>("select body from messages where id = @id", new { id });

    /// <summary>Written and cleared, about to be handed over.</summary>
    public static Task Ready(Tx tx, string id, Channel channel, string language, string decisionId, string? pointId, byte[] body) => tx.Run(
        "update messages set channel = @channel, language = @language, decision_id = @decisionId, point_id = @pointId, body = @body where id = @id",
        new { id, channel = channel.ToString(), language, decisionId, pointId, body });

    /// <summary>What came of it. Only the try that holds the lease may say so: an earlier one that comes late finds another number of tries.</summary>
    public static async Task<bool> Settle(Tx tx, Message message, MessageState to, DateTimeOffset now, string? reason = null, string? lineId = null, DateTimeOffset? tryAt = null, string? decisionId = null) =>
        await tx.Run(
            """
            update messages set state = @to, reason = @reason, leased_until = null, line_id = coalesce(@lineId, line_id), try_at = coalesce(@tryAt, try_at),
              sent_at = case when @to = 'Sent' then @now else sent_at end, decision_id = coalesce(@decisionId, decision_id)
            where id = @id and state = 'Leased' and tries = @tries
            """, new { id = message.Id, tries = message.Tries, to = to.ToString(), reason, lineId, tryAt, now, decisionId }) == 1;

    public static Task<int> Recall(Tx tx, string followUpId, string reason) => tx.Run(
        "update messages set state = 'Withheld', reason = @reason where follow_up_id = @followUpId and state = 'Queued' and template in ('invitation', 'reminder', 'missed')", new { followUpId, reason });

    public static Task<int> RecallOnces(Tx tx, string[] onces, string reason, DateTimeOffset now) => tx.Run(
        """
        update messages set state = case when state = 'Queued' then 'Withheld' else state end, reason = case when state = 'Queued' then @reason else reason end, not_after = @now
        where once in @onces and state in ('Queued', 'Leased')
        """, new { onces, reason, now });

    public static Task<Message?> FindByLine(Tx tx, string lineId) => tx.One<Message>($"select {Columns} from messages where line_id = @lineId", new { lineId });

    public static async Task<bool> Delivered(Tx tx, string id, DateTimeOffset at) =>
        await tx.Run("update messages set state = 'Delivered', delivered_at = @at, reason = null where id = @id and state in ('Sent', 'Bounced')", new { id, at }) == 1;

    public static async Task<bool> Bounced(Tx tx, string id, string reason, bool permanent) =>
        await tx.Run("update messages set state = @to, reason = @reason where id = @id and state = 'Sent'", new { id, reason, to = permanent ? nameof(MessageState.Bounced) : nameof(MessageState.Failed) }) == 1;

    /// <summary>The first time that its link was followed, or that it was read in the app.</summary>
    public static async Task<bool> Opened(Tx tx, string id, DateTimeOffset at) =>
        await tx.Run(
            """
            update messages set opened_at = @at, state = case when state = 'Sent' then 'Delivered' else state end, delivered_at = coalesce(delivered_at, @at)
            where id = @id and opened_at is null and state in ('Sent', 'Delivered')
            """, new { id, at }) == 1;

    public static Task<Message?> Find(Tx tx, string id) => tx.One<Message>($"select {Columns} from messages where id = @id", new { id });

    public static Task<List<Message>> OfFollowUp(Tx tx, string followUpId) =>
        tx.Query<Message>($"select {Columns} from messages where follow_up_id = @followUpId order by queued_at, id limit 100", new { followUpId });

    public static Task<List<Message>> OfCustomer(Tx tx, string customerId, int most) =>
        tx.Query<Message>($"select {Columns} from messages where customer_id = @customerId order by queued_at desc, id desc limit {most}", new { customerId });

    /// <summary>The last SMS that this person got, so that a digit can be understood.</summary>
    public static Task<Message?> LastSms(Tx tx, string customerId, DateTimeOffset since) => tx.One<Message>(
        $"select {Columns} from messages where customer_id = @customerId and channel = 'Sms' and state in ('Sent', 'Delivered') and sent_at >= @since order by sent_at desc, id desc limit 1", new { customerId, since });

    public static Task<List<Message>> Recent(Tx tx, IReadOnlyList<MessageState> states, string? channel, string? customerId, DateTimeOffset before, int most) => tx.Query<Message>(
        $"""
        select {Columns} from messages where queued_at < @before and (@any = 1 or state in @states) and (@channel = '' or channel = @channel) and (@customerId = '' or customer_id = @customerId)
        order by queued_at desc, id desc limit {most}
        """,
        new { states = states.Count == 0 ? [""] : states.Select(state => state.ToString()).ToArray(), any = states.Count == 0 ? 1L : 0L, channel = channel ?? "", customerId = customerId ?? "", before });

    public static Task<List<(string State, long Count)>> Counts(Tx tx, DateTimeOffset since) =>
        tx.Query<(string State, long Count)>("select state, count(*) as count from messages where queued_at >= @since group by state", new { since });
}
