using System.Text.Json;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Messages;

/// <summary>
/// Takes what customers write back. "Stop" is a withdrawal in the same transaction that keeps the message; an answer to what we asked is told as a fact,
/// and everything else is kept for a person.
/// </summary>
public sealed class ReplyDesk(CustomerDesk customers, ConsentDesk consents, JournalDesk journal, Vault vault, Ids ids)
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromDays(14);
    private static readonly Purpose[] Stopped = [Purpose.Service, Purpose.Survey, Purpose.Marketing];
    private static readonly Channel[] StoppedBySms = [Channel.Sms, Channel.Phone, Channel.Voice, Channel.Push];

    /// <returns>What it was understood as, or null when the network had told us before.</returns>
    public async Task<Reply?> Take(Tx tx, LineArrival arrival, Channel channel = Channel.Sms)
    {
        var kind = channel == Channel.Email ? PointKind.Email : PointKind.Phone;
        var people = await customers.WhoHas(tx, kind, arrival.From);
        await CustomerLock.Take(tx, people);
        var (customerId, asked) = await WhoWasAsked(tx, people, arrival.At);
        var reply = ReplyReader.Read(arrival.Text, asked is null ? Asked.Nothing : MessageTemplates.Named(asked.Template).Asks);
        var isPlain = reply is not Reply.Words && customerId is not null;
        var kept = new ReceivedReply(ids.New(), channel, arrival.At, customerId, asked?.Id, asked?.FollowUpId, Name(reply), isPlain ? arrival.At : null, isPlain ? "house" : null);
        var body = customerId is null ? vault.SealForHouse(Body(arrival)) : (await vault.KeyFor(tx, customerId)).Seal(Body(arrival));
        if (!await ReplyTable.Insert(tx, kept, $"{channel}:{arrival.Id}", customers.BlindOf(kind, arrival.From), body)) return null;

        if (reply is Reply.Stop) await Stop(tx, people, kind, arrival);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "reply.received", customerId, arrival.At, "customer",
            JsonSerializer.Serialize(new { reply = kept.Id, meaning = kept.Meaning, followUp = kept.FollowUpId, message = kept.MessageId, channel = channel.ToString() })));
        return reply;
    }

    /// <summary>It looked like an answer, but the room that asked could do nothing with it: a person reads it after all.</summary>
    public async Task<bool> Reopen(Tx tx, string replyId) => await ReplyTable.Reopen(tx, replyId);

    /// <summary>A person has read it and dealt with it.</summary>
    public async Task<bool> Settle(Tx tx, string replyId, DateTimeOffset at, string by) => await ReplyTable.Settle(tx, replyId, at, by);

    // A family may share a number: everybody who has it is meant, and a number that nobody has is silenced itself.
    private async Task Stop(Tx tx, List<string> people, PointKind kind, LineArrival arrival)
    {
        Channel[] channels = kind == PointKind.Email ? [Channel.Email] : StoppedBySms;
        foreach (var customerId in people)
            await consents.Withdraw(tx, customerId, Stopped.SelectMany(purpose => channels.Select(way => (purpose, way))), "customer", "sms", arrival.Text);
        if (people.Count == 0) await consents.Suppress(tx, null, customers.BlindOf(kind, arrival.From), null, "asked:sms", "customer");
    }

    private static async Task<(string? CustomerId, Message? Asked)> WhoWasAsked(Tx tx, List<string> people, DateTimeOffset at)
    {
        var last = new List<Message>();
        foreach (var customerId in people)
            if (await MessageTable.LastSms(tx, customerId, at - AnswersWithin) is { } message) last.Add(message);
        var asked = last.MaxBy(message => message.SentAt);
        return (asked?.CustomerId ?? people.FirstOrDefault(), asked);
    }

    private static string Name(Reply reply) => reply switch { Reply.Rating(var stars) => $"Rating {stars}", Reply.Number(var number) => $"Number {number}", _ => reply.GetType().Name };

    private static string Body(LineArrival arrival) => JsonSerializer.Serialize(new { from = arrival.From, text = arrival.Text });
}
