using Huifang.Storage;

namespace Huifang.Messages;

internal static class ReplyTable
{
    private const string Columns =
        "id, channel, received_at as receivedat, customer_id as customerid, message_id as messageid, follow_up_id as followupid, meaning, settled_at as settledat, settled_by as settledby";

    /// <returns>False when the network had told us before.</returns>
    public static async Task<bool> Insert(Tx tx, ReceivedReply reply, string lineKey, string blind, byte[] body) =>
        await tx.Run(
            """
            insert into replies (id, line_key, channel, received_at, blind, customer_id, message_id, follow_up_id, body, meaning, settled_at, settled_by)
            values (@id, @lineKey, @channel, @receivedAt, @blind, @customerId, @messageId, @followUpId, @body, @meaning, @settledAt, @settledBy)
            on conflict (line_key) do nothing
            """,
            new
            {
                id = reply.Id, lineKey, channel = reply.Channel.ToString(), receivedAt = reply.ReceivedAt, blind, customerId = reply.CustomerId, messageId = reply.MessageId,
                followUpId = reply.FollowUpId, body, meaning = reply.Meaning, settledAt = reply.SettledAt, settledBy = reply.SettledBy,
            }) == 1;

    /// <summary>Those that no rule could answer and no person has read yet.</summary>
    public static Task<List<ReceivedReply>> Open(Tx tx, int most) => tx.Query<ReceivedReply>($"select {Columns} from replies where settled_at is null order by received_at limit {most}");

    public static Task<List<ReceivedReply>> OfCustomer(Tx tx, string customerId, int most) =>
        tx.Query<ReceivedReply>($"select {Columns} from replies where customer_id = @customerId order by received_at desc limit {most}", new { customerId });

    public static Task<byte[]?> Body(Tx tx, string id) => tx.One<byte[]>("select body from replies where id = @id", new { id });

    /// <summary>Only what the house settled by itself is opened again, never what a person has read.</summary>
    public static async Task<bool> Reopen(Tx tx, string id) => await tx.Run("update replies set settled_at = null, settled_by = null where id = @id and settled_by = 'house'", new { id }) == 1;

    /// <summary>Two people reading the same one: the second changes nothing.</summary>
    public static async Task<bool> Settle(Tx tx, string id, DateTimeOffset at, string by) =>
        await tx.Run("update replies set settled_at = @at, settled_by = @by where id = @id and settled_at is null", new { id, at, by }) == 1;
}
