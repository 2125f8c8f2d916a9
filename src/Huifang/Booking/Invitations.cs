using Huifang.Accounts;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Storage;

namespace Huifang.Booking;

/// <summary>What is written to a customer along the way of one follow-up. Each occasion is written once.</summary>
public sealed class Invitations(MessageDesk messages, CustomerDesk customers, SlotDesk slots, BookingBoard board, Links links)
{
    /// <summary>From the invitation to the suggested talk at least this long: nobody is to hurry.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(2);

    private static readonly TimeSpan Remind = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan SurveyAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SurveyWithin = TimeSpan.FromDays(7);

    /// <returns>The slot that is suggested, or null when there is none to suggest; then nothing is written.</returns>
    public async Task<Slot?> Invite(Tx tx, FollowUp followUp, DateTimeOffset now)
    {
        if (await customers.Find(tx, followUp.CustomerId) is not { } customer) return null;
        var from = followUp.DueAt > now ? followUp.DueAt : now;
        if ((await slots.Offer(tx, BookingBoard.Need(followUp, customer, now, from + Ahead), 1)).FirstOrDefault() is not { } slot) return null;
        await messages.Queue(tx, Draft(followUp, "invitation", $"invitation:{followUp.Id}:{slot.From.ToUnixTimeSeconds()}", slot.From - TimeSpan.FromMinutes(30), await board.NameOf(tx, slot.AgentId)) with
        {
            SlotId = slot.Id, SlotFrom = slot.From, SlotTo = slot.To, NotBefore = from,
        });
        return slot;
    }

    /// <summary>Confirms a promise with a calendar file, and reminds of it shortly before.</summary>
    public async Task Confirm(Tx tx, FollowUp followUp, DateTimeOffset now)
    {
        if (followUp is not { PromisedFrom: { } from, PromisedTo: { } to, SlotId: { } slotId }) return;
        await messages.Recall(tx, followUp.Id, "slot-changed");
        var name = await board.NameOf(tx, followUp.AgentId);
        var booked = Draft(followUp, "booked", $"booked:{followUp.Id}:{slotId}", from, name) with { SlotId = slotId, SlotFrom = from, SlotTo = to, WithCalendar = true, BookedAt = now };
        var reminder = Draft(followUp, "reminder", $"reminder:{followUp.Id}:{slotId}", from - TimeSpan.FromMinutes(5), name) with { SlotId = slotId, SlotFrom = from, SlotTo = to, NotBefore = from - Remind, BookedAt = now };
        await messages.Queue(tx, from - now > Remind * 2 ? [booked, reminder] : [booked]);
    }

    /// <summary>Says that it was our fault and lets her choose first.</summary>
    /// <param name="ahead">The time has not come yet, but nobody will be there.</param>
    public async Task Apologise(Tx tx, FollowUp followUp, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, bool ahead = false)
    {
        await messages.Recall(tx, followUp.Id, "promise-broken");
        await messages.Queue(tx, Draft(followUp, ahead ? "cannot-keep" : "apology", $"apology:{followUp.Id}:{from.ToUnixTimeSeconds()}", followUp.ExpiresAt > now.AddDays(1) ? followUp.ExpiresAt : now.AddDays(1), null) with { SlotFrom = from, SlotTo = to, BookedAt = now });
    }

    /// <summary>She was called and not reached: she may choose a time herself.</summary>
    public async Task Missed(Tx tx, FollowUp followUp, DateTimeOffset now) =>
        await messages.Queue(tx, Draft(followUp, "missed", $"missed:{followUp.Id}:{followUp.Attempts}", followUp.ExpiresAt > now ? followUp.ExpiresAt : now.AddHours(1), await board.NameOf(tx, followUp.AgentId)));

    /// <summary>What we wanted to say, in writing.</summary>
    public async Task Write(Tx tx, FollowUp followUp, DateTimeOffset now) =>
        await messages.Queue(tx, Draft(followUp, "written", $"written:{followUp.Id}", now.AddDays(3), null) with { Only = followUp.Channel, BookedAt = now });

    /// <summary>One question after the talk.</summary>
    public async Task Ask(Tx tx, FollowUp followUp, DateTimeOffset now) =>
        await messages.Queue(tx, Draft(followUp, "survey", $"survey:{followUp.Id}", now + SurveyWithin, await board.NameOf(tx, followUp.AgentId)) with
        {
            Purpose = Purpose.Survey, NotBefore = now + SurveyAfter, Path = $"/s/{links.Make(LinkKind.Survey, followUp.Id, now + SurveyWithin * 2)}",
        });

    /// <summary>The matter is over: what still waits to be sent about it is not sent.</summary>
    public Task Recall(Tx tx, FollowUp followUp) => messages.Recall(tx, followUp.Id, "follow-up-over");

    /// <summary>Confirms that we have stopped; sent once.</summary>
    public Task Farewell(Tx tx, string customerId, Channel channel, string once, DateTimeOffset now) =>
        messages.Queue(tx, new MessageDraft(customerId, "stopped", Purpose.Security, once, now.AddMinutes(5)) { Only = channel, BookedAt = now });

    private MessageDraft Draft(FollowUp followUp, string template, string once, DateTimeOffset notAfter, string? agentName)
    {
        var values = new Dictionary<string, Localized> { ["topic"] = Topics.Of(followUp.RuleKey) };
        if (agentName is not null) values["agent"] = new(agentName, agentName, agentName);
        return new(followUp.CustomerId, template, followUp.Purpose, once, notAfter) { FollowUpId = followUp.Id, Values = values, Path = $"/r/{links.Make(LinkKind.Booking, followUp.Id, followUp.ExpiresAt.AddDays(1))}" };
    }
}
