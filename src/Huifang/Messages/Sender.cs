using System.Text.Json;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Messages;

/// <summary>The ways out of the house.</summary>
public sealed record Lines(ISmsLine Sms, IMailLine Mail);

/// <summary>
/// Sends what is queued: takes messages in hand and asks the guard in one transaction, hands them to the lines, then records what they said.
/// A sender that dies in between leaves leases behind; the next one takes them back, and the message's own key keeps the line from sending twice.
/// </summary>
public sealed class Sender(Store store, MessageDesk desk, MessageOffice office, Lines lines, TimeProvider time) : IWork
{
    private const int BatchMax = 100;
    private const int AtOnce = 16;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(2);

    /// <summary>After so many tries a message has failed.</summary>
    public const int TriesMax = 6;

    public string Name => "sender";
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async Task<bool> Round(CancellationToken stop)
    {
        if (!await store.Read(tx => MessageTable.AnyDue(tx, time.GetUtcNow()), stop)) return false;
        var ready = await store.Write(TakeInHand, stop);
        var answers = new LineAnswer[ready.Batch.Count];
        await Parallel.ForAsync(0, ready.Batch.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (i, cancel) => answers[i] = await Safely(ready.Batch[i], cancel));
        if (ready.Batch.Count > 0)
            await store.Write(async tx => { for (var i = 0; i < answers.Length; i++) await Record(tx, ready.Batch[i], answers[i]); }, stop);
        return ready.Taken > 0;
    }

    private async Task<(List<ReadyMessage> Batch, int Taken)> TakeInHand(Tx tx)
    {
        var now = time.GetUtcNow();
        var leased = await MessageTable.Lease(tx, now, now + LeaseTime, BatchMax);
        var batch = new List<ReadyMessage>();
        foreach (var message in leased)
            if (await office.Prepare(tx, message, now) is { } ready) batch.Add(ready);
        return (batch, leased.Count);
    }

    // A line that breaks on one message must not keep what became of the others from being recorded: they would be sent again.
    private async Task<LineAnswer> Safely(ReadyMessage ready, CancellationToken stop)
    {
        try { return await HandOver(ready, stop); }
        catch (Exception broken) when (broken is not OperationCanceledException) { return new LineAnswer.Refused($"line-broke:{broken.GetType().Name}", Permanent: false); }
    }

    private async Task<LineAnswer> HandOver(ReadyMessage ready, CancellationToken stop) => ready.Clearance.Channel switch
    {
        Channel.Sms => await lines.Sms.Send(new(ready.Message.Id, ready.Body.To, ready.Body.Text), stop),
        Channel.Email => await lines.Mail.Send(office.Writer.Mail(ready), stop),
        // The inbox is a table of ours: what is recorded as sent lies in it.
        _ => new LineAnswer.Accepted(null),
    };

    private async Task Record(Tx tx, ReadyMessage ready, LineAnswer answer)
    {
        var now = time.GetUtcNow();
        switch (answer)
        {
            case LineAnswer.Accepted accepted:
                if (await MessageTable.Settle(tx, ready.Message, MessageState.Sent, now, lineId: accepted.LineId)) await office.Tell(tx, desk.Told("message.sent", ready.Message, null));
                return;
            case LineAnswer.Refused { Permanent: true } refused:
                if (!await MessageTable.Settle(tx, ready.Message, MessageState.Bounced, now, refused.Reason)) return;
                await office.Undo(tx, ready.Clearance, refused.Reason);
                await office.Tell(tx, desk.Told("message.failed", ready.Message, refused.Reason));
                await desk.Judge(tx, ready.Message, delivered: false, permanent: true);
                return;
            case LineAnswer.Refused refused:
                await office.Undo(tx, ready.Clearance, refused.Reason);
                var again = now + TimeSpan.FromSeconds(30 * Math.Pow(2, ready.Message.Tries - 1));
                if (ready.Message.Tries < TriesMax && again < ready.Message.NotAfter) await MessageTable.Settle(tx, ready.Message, MessageState.Queued, now, refused.Reason, tryAt: again);
                else if (await MessageTable.Settle(tx, ready.Message, MessageState.Failed, now, refused.Reason)) await office.Tell(tx, desk.Told("message.failed", ready.Message, refused.Reason));
                return;
        }
    }
}

/// <summary>What a sender does inside its transactions: asks the guard, writes the words, keeps them sealed.</summary>
public sealed class MessageOffice(MessageDesk desk, ContactDesk contacts, CustomerDesk customers, MessageWriter writer, JournalDesk journal)
{
    internal MessageWriter Writer => writer;

    /// <summary>The message ready to be handed over, or null when it was put off or withheld; then the row says why.</summary>
    internal async Task<ReadyMessage?> Prepare(Tx tx, Message message, DateTimeOffset now)
    {
        // Taken back from a sender that died: what it was cleared for may or may not have left; the new try is asked about anew.
        if (message.DecisionId is not null) await contacts.Undo(tx, message.DecisionId, "tried-again");
        if (message.NotAfter <= now) return await Withhold(tx, message, "too-late", null);
        if (await desk.DraftOf(tx, message) is not ({ } draft, { } key) || await customers.Find(tx, message.CustomerId) is not { } customer) return await Withhold(tx, message, "erased", null);

        var ways = MessageDesk.Channels(customer, draft).ToList();
        if (message.InsteadOf is not null) ways = [.. ways.SkipWhile(way => way != message.Channel)];
        if (ways.Count == 0) return await Withhold(tx, message, "unreachable", null);
        for (var way = ways[0]; ;)
        {
            var answer = await contacts.Clear(tx, new ContactWish(message.CustomerId, message.Purpose, way)
            {
                FollowUpId = message.FollowUpId, BookedAt = message.BookedAt, NotAfter = message.NotAfter, Others = [.. ways.Where(other => other != way)],
            });
            switch (answer.Verdict)
            {
                case ContactVerdict.Allow:
                    return await Keep(tx, writer.Write(answer.Clearance!, message, draft, customer, MessageChannels.PointFor(customer, way)!, now), MessageChannels.PointFor(customer, way)!, key);
                case ContactVerdict.Reroute(var other, _) when ways.Remove(way) && ways.Contains(other):
                    way = other;
                    continue;
                case ContactVerdict.Hold(var until, _) when until < message.NotAfter:
                    await MessageTable.Settle(tx, message with { Channel = way }, MessageState.Queued, now, "held", tryAt: until, decisionId: answer.DecisionId);
                    return null;
                case ContactVerdict.Hold: return await Withhold(tx, message, "no-time-fits", answer.DecisionId);
                case ContactVerdict.Drop(var reason, _): return await Withhold(tx, message, $"guard:{reason}", answer.DecisionId);
                case ContactVerdict.Merge(var into, _): return await Withhold(tx, message, $"merged:{into}", answer.DecisionId);
                case ContactVerdict.Reroute: return await Withhold(tx, message, "no-channel-left", answer.DecisionId);
            }
        }
    }

    internal Task Undo(Tx tx, Clearance clearance, string why) => contacts.Undo(tx, clearance.DecisionId, why);

    internal Task Tell(Tx tx, Fact fact) => journal.Append(tx, fact);

    private static async Task<ReadyMessage> Keep(Tx tx, ReadyMessage ready, ContactPoint point, DataKey key)
    {
        await MessageTable.Ready(tx, ready.Message.Id, ready.Clearance.Channel, ready.Message.Language, ready.Clearance.DecisionId, point.Id, key.Seal(JsonSerializer.Serialize(ready.Body)));
        return ready with { Message = ready.Message with { PointId = point.Id, DecisionId = ready.Clearance.DecisionId } };
    }

    private async Task<ReadyMessage?> Withhold(Tx tx, Message message, string reason, string? decisionId)
    {
        if (await MessageTable.Settle(tx, message, MessageState.Withheld, message.TryAt, reason, decisionId: decisionId)) await Tell(tx, desk.Told("message.withheld", message, reason));
        return null;
    }
}
