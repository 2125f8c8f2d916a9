using System.Text.Json;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>Takes what is to be told to customers, and hears what became of it. Nothing is sent here: <see cref="Sender"/> does, when the guard agrees.</summary>
public sealed class MessageDesk(CustomerDesk customers, JournalDesk journal, Vault vault, Ids ids, TimeProvider time)
{
    /// <summary>Queues drafts, each occasion once. A customer who cannot be written to at all gets a fact instead of a message.</summary>
    public async Task Queue(Tx tx, params IReadOnlyList<MessageDraft> drafts)
    {
        if (drafts.Count == 0) return;
        var people = await customers.Load(tx, drafts.Select(draft => draft.CustomerId));
        var keys = await vault.KeysOf(tx, [.. people.Keys]);
        var rows = new List<NewMessage>();
        var silent = new List<Fact>();
        foreach (var draft in drafts)
        {
            var channel = people.TryGetValue(draft.CustomerId, out var customer) ? Channels(customer, draft).Cast<Channel?>().FirstOrDefault() : null;
            if (channel is { } way && keys.TryGetValue(draft.CustomerId, out var key))
                rows.Add(new(ids.New(), draft, way, customer!.Language, key.Seal(JsonSerializer.Serialize(draft)), time.GetUtcNow(), null));
            else silent.Add(Told("message.withheld", draft, null, "unreachable"));
        }
        await MessageTable.Insert(tx, rows);
        await journal.Append(tx, silent);
    }

    /// <summary>The channels that a draft may take, in order.</summary>
    internal static IReadOnlyList<Channel> Channels(Customer customer, MessageDraft draft) =>
        draft.Only is not { } only ? MessageChannels.For(customer) : MessageChannels.PointFor(customer, only) is null ? [] : [only];

    /// <summary>The same to her by the next channel, because this one refused for good.</summary>
    internal async Task<bool> TryNext(Tx tx, Message message, Customer customer, MessageDraft draft, DataKey key)
    {
        var tried = (await MessageTable.OfCustomer(tx, customer.Id, 50)).Where(other => other.Template == message.Template && other.FollowUpId == message.FollowUpId).Select(other => other.Channel).ToHashSet();
        if (Channels(customer, draft).Where(channel => !tried.Contains(channel)).Cast<Channel?>().FirstOrDefault() is not { } next) return false;
        await MessageTable.Insert(tx, [new(ids.New(), draft with { Once = $"{message.Once}/{next}", NotBefore = null }, next, customer.Language, key.Seal(JsonSerializer.Serialize(draft)), time.GetUtcNow(), message.Id)]);
        return true;
    }

    /// <summary>Invitations and reminders of a follow-up that still wait are not sent any more. Confirmations, apologies and surveys are.</summary>
    public Task<int> Recall(Tx tx, string followUpId, string reason) => MessageTable.Recall(tx, followUpId, reason);

    /// <summary>What waits for these occasions is not sent any more; what a sender has in hand just now is, or is too late when it comes back.</summary>
    public Task<int> RecallOnces(Tx tx, string[] onces, string reason) => MessageTable.RecallOnces(tx, onces, reason, time.GetUtcNow());

    /// <summary>The slot that a message suggested.</summary>
    internal async Task<string?> SlotOf(Tx tx, string messageId) =>
        await MessageTable.Find(tx, messageId) is { } message && await DraftOf(tx, message) is ({ } draft, _) ? draft.SlotId : null;

    /// <summary>The slot that the latest message about a follow-up suggested, or null.</summary>
    public async Task<string?> SuggestedFor(Tx tx, string followUpId) =>
        (await MessageTable.OfFollowUp(tx, followUpId)).LastOrDefault(message => message.Template == "invitation") is { } message ? await SlotOf(tx, message.Id) : null;

    /// <summary>The time that a message of this kind spoke of, such as the promise that an apology is about.</summary>
    public async Task<(DateTimeOffset From, DateTimeOffset To)?> TimeOf(Tx tx, string followUpId, string template) =>
        (await MessageTable.OfFollowUp(tx, followUpId)).LastOrDefault(message => message.Template == template) is { } message
            && await DraftOf(tx, message) is ({ SlotFrom: { } from, SlotTo: { } to }, _) ? (from, to) : null;

    /// <summary>A network tells about a message that it had taken. Told twice, it counts once.</summary>
    public async Task Receive(Tx tx, LineReceipt receipt)
    {
        if (await MessageTable.FindByLine(tx, receipt.LineId) is not { } message) return;
        var changed = receipt.Delivered ? await MessageTable.Delivered(tx, message.Id, receipt.At) : await MessageTable.Bounced(tx, message.Id, receipt.Reason ?? "unknown", receipt.Permanent);
        if (!changed) return;
        await journal.Append(tx, Told(receipt.Delivered ? "message.delivered" : "message.failed", message, receipt.Reason));
        await Judge(tx, message, receipt.Delivered, receipt.Permanent);
    }

    /// <summary>Raises or lowers what we expect of the point, and goes on by another way when this one is closed.</summary>
    internal async Task Judge(Tx tx, Message message, bool delivered, bool permanent)
    {
        if ((!delivered && !permanent) || await customers.Find(tx, message.CustomerId) is not { } customer) return;
        if (customer.Points.FirstOrDefault(point => point.Id == message.PointId) is { } point && MessageChannels.After(point.Standing, delivered) is var standing && standing != point.Standing)
        {
            await customers.SetStanding(tx, customer.Id, point.Id, standing, delivered ? "delivered" : "refused");
            customer = (await customers.Find(tx, customer.Id))!;
        }
        if (delivered || await DraftOf(tx, message) is not ({ } draft, { } key)) return;
        if (!await TryNext(tx, message, customer, draft, key)) await journal.Append(tx, Told("message.withheld", message, "no-channel-left"));
    }

    /// <summary>She followed the link of a message, or read it in the app.</summary>
    public async Task Opened(Tx tx, string messageId)
    {
        if (await MessageTable.Find(tx, messageId) is { } message && await MessageTable.Opened(tx, messageId, time.GetUtcNow()))
            await journal.Append(tx, Told("message.opened", message, null));
    }

    /// <summary>She followed a link of a follow-up: its latest message counts as opened.</summary>
    public async Task OpenedFor(Tx tx, string followUpId)
    {
        if ((await MessageTable.OfFollowUp(tx, followUpId)).LastOrDefault(message => message is { State: MessageState.Sent or MessageState.Delivered, OpenedAt: null }) is { } message)
            await Opened(tx, message.Id);
    }

    internal async Task<(MessageDraft Draft, DataKey Key)?> DraftOf(Tx tx, Message message) =>
        await vault.KeyOf(tx, message.CustomerId) is { } key && key.Open(await MessageTable.Draft(tx, message.Id)) is { } draft
            ? (JsonSerializer.Deserialize<MessageDraft>(draft)!, key) : null;

    internal Fact Told(string kind, Message message, string? reason) => Told(kind, message.CustomerId, message.FollowUpId, message.Template, message.Id, message.Channel, reason);

    private Fact Told(string kind, MessageDraft draft, Channel? channel, string? reason) => Told(kind, draft.CustomerId, draft.FollowUpId, draft.Template, null, channel, reason);

    private Fact Told(string kind, string customerId, string? followUpId, string template, string? messageId, Channel? channel, string? reason) =>
        new(Fact.Care, ids.New(), kind, customerId, time.GetUtcNow(), "house", JsonSerializer.Serialize(new { message = messageId, template, followUp = followUpId, channel = channel?.ToString(), reason }));
}
