using System.Text.Json;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>A message as the viewer shows it; the words are null when the customer was erased or nothing was written.</summary>
public sealed record SeenMessage(Message Message, string? CustomerName, MessageBody? Body);

/// <summary>A reply that waits for a person.</summary>
public sealed record SeenReply(ReceivedReply Reply, string? CustomerName, string From, string Text);

/// <summary>How many messages of a day stand where.</summary>
public sealed record MessageCounts(long Arrived, long OnTheWay, long NotArrived, long Withheld)
{
    public long All => Arrived + OnTheWay + NotArrived;
}

/// <summary>Which rows of the outbox are wanted.</summary>
public sealed record MessageFilter(IReadOnlyList<MessageState>? States = null, Channel? Channel = null, string? CustomerId = null, DateTimeOffset? Before = null);

/// <summary>The outbox and the replies, as people look at them. Who looks is recorded by the page.</summary>
public sealed class MessageBoard(CustomerDesk customers, Vault vault)
{
    public const int PageSize = 40;

    public async Task<IReadOnlyList<SeenMessage>> Recent(Tx tx, MessageFilter filter) =>
        await See(tx, await MessageTable.Recent(tx, filter.States ?? [], filter.Channel?.ToString(), filter.CustomerId, filter.Before ?? DateTimeOffset.MaxValue, PageSize + 1));

    public async Task<SeenMessage?> Find(Tx tx, string id) => await MessageTable.Find(tx, id) is { } message ? (await See(tx, [message]))[0] : null;

    public async Task<IReadOnlyList<SeenMessage>> OfFollowUp(Tx tx, string followUpId) => await See(tx, await MessageTable.OfFollowUp(tx, followUpId));

    public async Task<IReadOnlyList<SeenMessage>> OfCustomer(Tx tx, string customerId, int most = PageSize) => await See(tx, await MessageTable.OfCustomer(tx, customerId, most));

    /// <summary>Her inbox: what lies in it, newest first.</summary>
    public async Task<IReadOnlyList<SeenMessage>> Inbox(Tx tx, string customerId) =>
        [.. (await OfCustomer(tx, customerId)).Where(seen => seen is { Message: { Channel: Channel.InApp, State: MessageState.Sent or MessageState.Delivered }, Body: not null })];

    public async Task<MessageCounts> Counts(Tx tx, DateTimeOffset since)
    {
        var counts = (await MessageTable.Counts(tx, since)).ToDictionary(row => Enum.Parse<MessageState>(row.State), row => row.Count);
        long Of(params MessageState[] states) => states.Sum(state => counts.GetValueOrDefault(state));
        return new(Of(MessageState.Delivered), Of(MessageState.Sent, MessageState.Queued, MessageState.Leased), Of(MessageState.Failed, MessageState.Bounced), Of(MessageState.Withheld));
    }

    public async Task<IReadOnlyList<SeenReply>> OpenReplies(Tx tx) => await See(tx, await ReplyTable.Open(tx, PageSize));

    public async Task<IReadOnlyList<SeenReply>> RepliesOf(Tx tx, string customerId) => await See(tx, await ReplyTable.OfCustomer(tx, customerId, PageSize));

    private async Task<IReadOnlyList<SeenMessage>> See(Tx tx, List<Message> messages)
    {
        var ids = messages.Select(message => message.CustomerId).Distinct().ToList();
        var people = await customers.Load(tx, ids);
        var keys = await vault.KeysOf(tx, ids);
        var seen = new List<SeenMessage>(messages.Count);
        foreach (var message in messages)
        {
            var body = keys.TryGetValue(message.CustomerId, out var key) && key.Open(await MessageTable.Body(tx, message.Id)) is { } text ? JsonSerializer.Deserialize<MessageBody>(text) : null;
            seen.Add(new(message, people.GetValueOrDefault(message.CustomerId)?.Name, body));
        }
        return seen;
    }

    private async Task<IReadOnlyList<SeenReply>> See(Tx tx, List<ReceivedReply> replies)
    {
        var seen = new List<SeenReply>(replies.Count);
        foreach (var reply in replies)
        {
            var box = await ReplyTable.Body(tx, reply.Id);
            var text = reply.CustomerId is null ? vault.OpenForHouse(box) : (await vault.KeyOf(tx, reply.CustomerId))?.Open(box);
            if (text is null) continue;
            using var body = JsonDocument.Parse(text);
            var name = reply.CustomerId is null ? null : (await customers.Find(tx, reply.CustomerId))?.Name;
            seen.Add(new(reply, name, body.RootElement.GetProperty("from").GetString()!, body.RootElement.GetProperty("text").GetString()!));
        }
        return seen;
    }
}
