using Huifang.Booking;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Messages;
using Huifang.Simulation.Machine;

namespace Huifang.Simulation.Worlds;

/// <summary>What customers do when something reaches them.</summary>
internal sealed partial class World
{
    private sealed record SeenMessage(string Id, string Once, string Customer, string? FollowUp, string Template, string Channel, string Purpose, long SentAt)
    {
        private SeenMessage() : this("", "", "", null, "", "", "", 0) { }
    }

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _seenUntil;

    /// <summary>Looks at what has happened, as people do: at what reached them, at what they are promised, at what waits.</summary>
    private void See()
    {
        foreach (var message in Peek(tx => tx.Query<SeenMessage>(
            "select id, once, customer_id as customer, follow_up_id as followup, template, channel, purpose, sent_at as sentat from messages where sent_at >= @since and state in ('Sent', 'Delivered') order by sent_at, id", new { since = _seenUntil })))
            if (_seen.Add(message.Id)) Reached(message);
        _seenUntil = Now.ToUnixTimeMilliseconds() - 120_000;
        SeeWork();
        foreach (var handed in _lines.Drain()) Receipts(handed);
    }

    private void Reached(SeenMessage message)
    {
        var hers = new Chance(Chance.Of(Seed, $"message {message.Once}"));
        _witness.Delivered(message.Id, message.Once, message.Channel);
        // What she asked to be told carries her asking with it.
        if (message.Template is not ("stopped" or "booked" or "reminder" or "apology" or "cannot-keep" or "written" or "complaint-received" or "complaint-update" or "complaint-answered" or "complaint-reopened"))
            _witness.Reached(message.Customer, Enum.Parse<Purpose>(message.Purpose), Enum.Parse<Channel>(message.Channel), message.Template);
        var number = int.Parse(message.Customer.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        if (message.FollowUp is not { } followUp) return;
        switch (message.Template)
        {
            case "invitation": Answer(message.Customer, number, followUp, hers); break;
            case "booked": AfterBooking(message.Customer, followUp, hers); break;
            case "apology" or "cannot-keep" or "missed" when hers.Is(.6): Book(message.Customer, followUp, Now + hers.Within(TimeSpan.FromMinutes(1), TimeSpan.FromHours(10)), hers); break;
            case "survey" when Has(Troubles.Replies) && hers.Is(.5): Reply(number, Now + hers.Within(TimeSpan.FromMinutes(1), TimeSpan.FromHours(4)), hers.Of(["1", "5", "3", "STOP", "谢谢"]), hers); break;
        }
    }

    private void Answer(string customer, int number, string followUp, Chance chance)
    {
        var at = Now + chance.Within(TimeSpan.FromSeconds(20), TimeSpan.FromHours(9));
        switch (chance.Share())
        {
            case < .6: Book(customer, followUp, at, chance); break;
            case < .68: At(at, "she declines", () => Store.Write(tx => Get<BookingDesk>().Decline(tx, followUp, "customer"))); break;
            case < .74: At(at, "she wants it in writing", async () =>
            {
                _witness.Wanted(customer);
                await Store.Write(tx => Get<BookingDesk>().InWriting(tx, followUp, Channel.InApp, "customer"));
            }); break;
            case < .8 when Has(Troubles.Withdrawals): At(at, "never again", async () =>
            {
                await Store.Write(tx => Get<BookingDesk>().Never(tx, followUp, "customer", "link"));
                _witness.SaidNo(customer, Care.Append(Purpose.Complaint).SelectMany(purpose => new[] { (purpose, Channel.Voice), (purpose, Channel.Phone) }));
            }); break;
            case < .84 when Has(Troubles.Withdrawals): At(at, "no letters", async () =>
            {
                await Store.Write(tx => Get<BookingDesk>().StopLetters(tx, followUp));
                _witness.SaidNo(customer, Care.Select(purpose => (purpose, Channel.Email)));
            }); break;
            case < .95 when Has(Troubles.Replies): Reply(number, at, chance.Of(["1", "T", "0", "2"]), chance); break;
        }
    }

    /// <summary>She opens the page, looks at the times, and takes one; her finger may be slow, and somebody else's quicker.</summary>
    private void Book(string customer, string followUp, DateTimeOffset at, Chance chance)
    {
        var (pick, twice) = (chance.Next(), Has(Troubles.Races) && chance.Is(.15));
        Task Do() => Pick(customer, followUp, pick);
        At(at, "she books", Do);
        if (twice) At(at, "she books again", Do);
    }

    private async Task Pick(string customer, string followUp, ulong pick)
    {
        var view = await Store.Read(tx => Get<BookingBoard>().Look(tx, followUp));
        if (view is not { Offers.Count: > 0 }) return;
        // Under a race everybody wants the first.
        var slot = Has(Troubles.Races) && pick % 3 == 0 ? view.Offers[0] : view.Offers[(int)(pick % (ulong)view.Offers.Count)];
        _witness.Wanted(customer);
        await Store.Write(tx => Get<BookingDesk>().Book(tx, followUp, slot.Id, "customer"));
    }

    /// <summary>She has a promise: she may want another time, move house, change her mind a minute before, or be on the telephone.</summary>
    private void AfterBooking(string customer, string followUp, Chance chance)
    {
        if (Peek(tx => tx.One<long?>("select promised_from from follow_ups where id = @followUp and state = 'Booked'", new { followUp })) is not { } ms) return;
        var promised = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        if (chance.Is(.2)) Book(customer, followUp, Now + chance.Within(TimeSpan.FromMinutes(1), TimeSpan.FromHours(3)), chance);
        if (Has(Troubles.Moves) && chance.Is(.15)) Move(customer, Now + (promised - Now) * chance.Share(), chance);
        if (Has(Troubles.Withdrawals) && chance.Is(.2)) At(promised + chance.Within(TimeSpan.FromMinutes(-3), TimeSpan.FromMinutes(4)), "she takes consent back at the worst moment", () => SayNo(customer, chance.Fork("no")));
        if (chance.Is(.05)) At(promised - chance.Within(TimeSpan.Zero, TimeSpan.FromMinutes(30)), "she declines after all", () => Store.Write(tx => Get<BookingDesk>().Decline(tx, followUp, "customer")));
    }

    private void Ask(string customer, DateTimeOffset at, Chance chance)
    {
        var (pick, subject) = (chance.Next(), chance.Of(CallRequests.Subjects));
        async Task Do()
        {
            var her = await Store.Read(tx => Get<CustomerDesk>().Find(tx, customer));
            var offers = await Store.Read(tx => Get<CallRequests>().Offer(tx, her!, Now));
            if (offers.Count == 0) return;
            var slot = Has(Troubles.Races) && pick % 2 == 0 ? offers[0] : offers[(int)(pick % (ulong)offers.Count)];
            _witness.Wanted(customer);
            await Store.Write(tx => Get<CallRequests>().Ask(tx, her!, subject, slot.Id, Now));
        }
        At(at, "she asks for a call", Do);
        if (Has(Troubles.Races) && chance.Is(.3)) At(at, "she asks for a call again", Do);
    }

    private void Reply(int number, DateTimeOffset at, string text, Chance chance)
    {
        var id = $"mo-{number}-{chance.Next():x}";
        async Task Do()
        {
            if (text is not ("STOP" or "退订")) _witness.Wanted(Template.IdOf(number));
            var understood = await Store.Write(tx => Get<ReplyDesk>().Take(tx, new LineArrival(id, Template.PhoneOf(number), text, Now)));
            if (understood is Huifang.Messages.Reply.Stop && Peek(tx => Get<CustomerDesk>().WhoHas(tx, PointKind.Phone, Template.PhoneOf(number))).Count > 0)
                _witness.SaidNo(Template.IdOf(number), Care.SelectMany(purpose => new[] { Channel.Sms, Channel.Phone, Channel.Voice, Channel.Push }.Select(channel => (purpose, channel))));
        }
        At(at, "she writes back", Do);
        if (Has(Troubles.Repeats) && chance.Is(.3)) At(at + chance.Within(TimeSpan.Zero, TimeSpan.FromHours(3)), "the network tells her reply again", Do);
    }

    private void Receipts(WorldLines.Handed handed)
    {
        var fate = new Chance(Chance.Of(Seed, $"receipt {handed.Key}"));
        if (!Has(Troubles.Receipts) || fate.Is(.25)) return;
        var (delivered, permanent) = (fate.Is(.85), fate.Is(.5));
        do
        {
            var at = Now + (fate.Is(.8) ? fate.Within(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)) : fate.Within(TimeSpan.FromHours(1), TimeSpan.FromDays(5)));
            At(at, "a receipt", () => Store.Write(tx => Get<MessageDesk>().Receive(tx, new LineReceipt(handed.LineId!, delivered, delivered ? null : "absent", permanent, Now))));
        }
        while (fate.Is(.3));
    }
}
