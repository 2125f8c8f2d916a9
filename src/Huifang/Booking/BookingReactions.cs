using System.Text.Json;
using Huifang.Contacts;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Booking;

/// <summary>Invites, confirms, reminds, apologises and asks, as follow-ups go their way; and lets a customer's reply answer for her.</summary>
public sealed class BookingReactions(Invitations invitations, BookingReplies replies, FollowUpDesk followUps, SlotDesk slots, TimeProvider time) : IReaction
{
    public string Listener => "booking";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts)
        {
            using var data = JsonDocument.Parse(fact.Data);
            if (fact.Kind == "reply.received") await replies.Answer(tx, fact, data.RootElement);
            else if (Text(data.RootElement, "followUp") is { } id && await followUps.Find(tx, id) is { } followUp) await React(tx, fact.Kind, followUp, data.RootElement);
        }
    }

    private Task React(Tx tx, string kind, FollowUp followUp, JsonElement data) => kind switch
    {
        "follow-up.arranged" => Invite(tx, followUp),
        "follow-up.booked" or "follow-up.moved" => followUp.State == FollowUpState.Booked ? invitations.Confirm(tx, followUp, Now) : Task.CompletedTask,
        "follow-up.other-channel" => Write(tx, followUp),
        "follow-up.finished" => invitations.Ask(tx, followUp, Now),
        "follow-up.waiting" when Text(data, "outcome") is "NoAnswer" or "Busy" => invitations.Missed(tx, followUp, Now),
        "follow-up.withdrawn" or "follow-up.declined" or "follow-up.expired" or "follow-up.dropped" or "follow-up.merged" => End(tx, followUp),
        "promise.broken" when data.TryGetProperty("from", out var from) && data.TryGetProperty("to", out var to) => Apologise(tx, followUp, from.GetDateTimeOffset(), to.GetDateTimeOffset(), data.TryGetProperty("ahead", out _)),
        "message.sent" when Text(data, "template") == "invitation" => Invited(tx, followUp),
        "message.withheld" when Text(data, "template") == "invitation" => NotInvited(tx, followUp, Text(data, "reason") ?? ""),
        _ => Task.CompletedTask,
    };

    private async Task Invite(Tx tx, FollowUp followUp)
    {
        if (followUp.State != FollowUpState.Arranged) return;
        // Without a free time there is nothing to promise; an agent may still call inside the allowed hours.
        if (await invitations.Invite(tx, followUp, Now) is null) await followUps.Wait(tx, followUp, Latest(followUp.DueAt, Now), "no-slot");
    }

    // Without an answer for a day, or by half of the time that is left, an agent may call inside the allowed hours.
    private Task Invited(Tx tx, FollowUp followUp)
    {
        var half = Now + (followUp.AnswerBy - Now) / 2;
        var day = Now.AddDays(1);
        return followUps.Invited(tx, followUp, half > Now && half < day ? half : day);
    }

    private async Task NotInvited(Tx tx, FollowUp followUp, string reason)
    {
        if (followUp.State != FollowUpState.Arranged) return;
        if (reason.StartsWith("merged:", StringComparison.Ordinal)) await followUps.Merge(tx, followUp, reason["merged:".Length..]);
        else if (reason == $"guard:{DropReason.HeldOut}") await followUps.Drop(tx, followUp, "held-out");
        else if (reason == "too-late" && Now < followUp.AnswerBy) await Invite(tx, followUp);
        // It is night where she is, and the suggested talk would have come before her morning: suggest a later one.
        else if ((reason == $"guard:{DropReason.TooLate}" || reason == "no-time-fits") && Now + Later < followUp.AnswerBy) await Invite(tx, followUp with { DueAt = Latest(followUp.DueAt, Now + Later) });
        else await followUps.Wait(tx, followUp, Latest(followUp.DueAt, Now), "not-invited");
    }

    private async Task Write(Tx tx, FollowUp followUp)
    {
        if (followUp.State != FollowUpState.Arranged) return;
        await invitations.Recall(tx, followUp);
        await invitations.Write(tx, followUp, Now);
        await followUps.Decline(tx, followUp, "customer");
    }

    private async Task Apologise(Tx tx, FollowUp followUp, DateTimeOffset from, DateTimeOffset to, bool ahead)
    {
        // By the time this is considered she may have a new time already: then there is nothing to tell.
        if (followUp.State == FollowUpState.Booked) return;
        await slots.Release(tx, followUp.Id);
        await invitations.Apologise(tx, followUp, from, to, Now, ahead);
    }

    private async Task End(Tx tx, FollowUp followUp)
    {
        await slots.Release(tx, followUp.Id);
        await invitations.Recall(tx, followUp);
    }

    private static readonly TimeSpan Later = TimeSpan.FromHours(12);

    private DateTimeOffset Now => time.GetUtcNow();

    private static DateTimeOffset Latest(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Lets a reply do what the same tap on the page would do.</summary>
public sealed class BookingReplies(BookingDesk desk, Invitations invitations, MessageDesk messages, FollowUpDesk followUps, FeedbackDesk feedback)
{
    public async Task Answer(Tx tx, Fact fact, JsonElement data)
    {
        var meaning = data.GetProperty("meaning").GetString()!;
        if (meaning == nameof(Reply.Stop))
        {
            if (fact.CustomerId is not null && data.GetProperty("channel").GetString() == nameof(Channel.Sms)) await invitations.Farewell(tx, fact.CustomerId, Channel.Sms, $"stopped:{fact.Id}", fact.At);
            return;
        }
        if (data.GetProperty("followUp").GetString() is not { } id || await followUps.Find(tx, id) is not { } followUp) return;
        switch (meaning)
        {
            case nameof(Reply.Accept):
                if (data.GetProperty("message").GetString() is { } message && await messages.SlotOf(tx, message) is { } slotId && followUp.State != FollowUpState.Booked && await desk.Book(tx, id, slotId, "customer") is BookingAnswer.SlotGone)
                    await invitations.Invite(tx, followUp, fact.At);
                return;
            case nameof(Reply.AnotherTime): await invitations.Invite(tx, followUp with { DueAt = followUp.DueAt > fact.At.AddHours(4) ? followUp.DueAt : fact.At.AddHours(4) }, fact.At); return;
            case nameof(Reply.Decline): await desk.Decline(tx, id, "customer"); return;
            case nameof(Reply.Never): await desk.Never(tx, id, "customer", "sms"); return;
            case var rating when rating.StartsWith("Rating ", StringComparison.Ordinal):
                await feedback.Keep(tx, [new FeedbackItem("survey", id, followUp.CustomerId, fact.At, followUp.Language, "", rating[^1] - '0') { FollowUpId = id }], "customer");
                return;
        }
    }
}
