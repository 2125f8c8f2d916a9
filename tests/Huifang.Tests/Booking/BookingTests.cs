using System.Collections.Concurrent;
using Huifang.Booking;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Booking;

public sealed class BookingTests
{
    private sealed class Viewer : ISmsLine, IMailLine
    {
        public ConcurrentQueue<(string To, string Text, CalendarEvent? Appointment)> Seen { get; } = [];

        public Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop)
        {
            Seen.Enqueue((sms.To, sms.Text, null));
            return Task.FromResult<LineAnswer>(new LineAnswer.Accepted(sms.Key));
        }

        public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop)
        {
            Seen.Enqueue((mail.To, $"{mail.Subject} {mail.Text}", mail.Appointment));
            return Task.FromResult<LineAnswer>(new LineAnswer.Accepted(mail.Key));
        }
    }

    private readonly Viewer _viewer = new();

    private async Task<House> Open(string database, int agents = 2)
    {
        var house = await House.Open(database, services => services.AddSingleton(new Lines(_viewer, _viewer)));
        await house.Write(async tx =>
        {
            for (var i = 0; i < agents; i++)
            {
                await house.Get<PlanningDesk>().SaveAgent(tx, new Agent($"a-{i}", "林静", "Asia/Shanghai", ["zh-Hans", "en"], ["general"]), "test");
                for (var day = 0; day < 3; day++)
                    await house.Get<PlanningDesk>().SetDay(tx, $"a-{i}", new DateOnly(2026, 11, 24 + day), new AgentDay(default, new(9, 0), new(18, 0), []), "test");
            }
        });
        return house;
    }

    private static FollowUp Wanted(House house, string customer, string id = "f-1", long cause = 1) => new(
        id, customer, "withdrawal-failed", 1, cause, Purpose.Service, Channel.Voice, "standard", 500, FollowUpState.Arranged, house.Now, house.Now, house.Now.AddDays(2), house.Now.AddDays(7));

    private static Task Arrange(House house, params FollowUp[] wanted) => house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, wanted));

    private static async Task<FollowUp> Find(House house, string id = "f-1") => (await house.Read(tx => house.Get<FollowUpDesk>().Find(tx, id)))!;

    private static async Task<IReadOnlyList<Slot>> Offers(House house, string id = "f-1") => (await house.Read(tx => house.Get<BookingBoard>().Look(tx, id)))!.Offers;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B1
    public async Task A_customer_is_invited_books_gets_a_calendar_file_and_is_reminded(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        await house.Write(tx => house.Get<CustomerDesk>().SavePreferences(tx, zhou, new([Channel.Email, Channel.Voice], [], null), "customer"));
        await Arrange(house, Wanted(house, zhou));
        await house.Settle();
        Assert.Equal(FollowUpState.Invited, (await Find(house)).State);
        Assert.Contains("/r/", Assert.Single(_viewer.Seen).Text);

        var slot = (await Offers(house)).First(slot => slot.From > house.Now.AddHours(2));
        Assert.Equal(slot, Assert.IsType<BookingAnswer.Booked>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", slot.Id, "customer"))).Slot);
        await house.Settle();
        var confirmation = _viewer.Seen.Last();
        Assert.Equal((slot.From, slot.To), (confirmation.Appointment!.From, confirmation.Appointment.To));
        Assert.Contains("约好了", confirmation.Text);

        house.Clock.Set(slot.From.AddMinutes(-25));
        await house.Settle();
        Assert.Contains("提醒", _viewer.Seen.Last().Text);
        Assert.Equal(3, _viewer.Seen.Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B1: double booking is impossible
    public async Task Of_forty_customers_who_want_the_same_half_hour_as_many_get_it_as_there_are_agents(string database)
    {
        await using var house = await Open(database, agents: 3);
        for (var i = 0; i < 40; i++)
        {
            await house.Customer($"c-{i}");
            await Arrange(house, Wanted(house, $"c-{i}", $"f-{i}", i));
        }
        var slot = (await Offers(house, "f-0"))[^1];
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => house.Write(tx => house.Get<BookingDesk>().Book(tx, $"f-{i}", slot.Id, "customer")))));
        Assert.Equal(3, answers.Count(answer => answer is BookingAnswer.Booked));
        Assert.Equal(37, answers.Count(answer => answer is BookingAnswer.SlotGone));
        Assert.Equal(3, await house.Read(tx => tx.One<long>("select count(distinct slot_id) from follow_ups where state = 'Booked'")));
        Assert.Equal(3, await house.Read(tx => tx.One<long>("select count(*) from slots s join follow_ups f on f.id = s.follow_up_id and f.slot_id = s.id")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_moves_a_booking_to_a_time_that_is_gone_keeps_the_old_one(string database)
    {
        await using var house = await Open(database, agents: 1);
        await Arrange(house, Wanted(house, await house.Customer("c-1"), "f-1", 1), Wanted(house, await house.Customer("c-2"), "f-2", 2));
        var offers = await Offers(house);
        await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", offers[0].Id, "customer"));
        await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-2", offers[1].Id, "customer"));
        Assert.IsType<BookingAnswer.SlotGone>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", offers[1].Id, "customer")));
        Assert.Equal(offers[0].Id, (await Find(house)).SlotId);
        Assert.IsType<BookingAnswer.Booked>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", offers[2].Id, "customer")));
        Assert.Equal("f-1", (await house.Read(tx => house.Get<SlotDesk>().Find(tx, offers[2].Id)))!.FollowUpId);
        Assert.True((await house.Read(tx => house.Get<SlotDesk>().Find(tx, offers[0].Id)))!.IsFree);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_time_outside_the_customers_legal_hours_cannot_be_booked_by_a_forged_form(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        await house.Write(tx => house.Get<PlanningDesk>().SetDay(tx, "a-0", new DateOnly(2026, 11, 25), new AgentDay(default, new(20, 0), new(23, 30), []), "test"));
        await Arrange(house, Wanted(house, zhou));
        var late = (await house.Read(tx => house.Get<SlotDesk>().Between(tx, house.Now.AddHours(35), house.Now.AddHours(37)))).Last();
        Assert.IsType<BookingAnswer.SlotGone>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", late.Id, "customer")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B1, I11
    public async Task Never_again_ends_every_open_follow_up_and_frees_its_slot_in_one_transaction(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        await Arrange(house, Wanted(house, zhou), Wanted(house, zhou, "f-2", 2));
        var slot = (await Offers(house))[0];
        await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", slot.Id, "customer"));
        await house.Write(tx => house.Get<BookingDesk>().Never(tx, "f-2", "customer", "link"));
        Assert.Equal((FollowUpState.Withdrawn, FollowUpState.Withdrawn), ((await Find(house)).State, (await Find(house, "f-2")).State));
        Assert.True((await house.Read(tx => house.Get<SlotDesk>().Find(tx, slot.Id)))!.IsFree);
        var sent = _viewer.Seen.Count;
        await house.Settle();
        house.Clock.Set(slot.From.AddMinutes(-20));
        await house.Settle();
        Assert.DoesNotContain(_viewer.Seen.Skip(sent), seen => seen.Text.Contains("/r/", StringComparison.Ordinal) && seen.Appointment is null && seen.Text.Contains("想和您通个电话", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B1: Singapore
    public async Task A_digit_books_the_time_that_was_suggested(string database)
    {
        await using var house = await Open(database);
        var tan = await house.Customer("c-tan", "Asia/Singapore", "SG", "en");
        await Arrange(house, Wanted(house, tan) with { Language = "en" });
        await house.Settle();
        var (to, text, _) = _viewer.Seen.Last();
        Assert.DoesNotContain("://", text);
        await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new("r-1", to, "1", house.Now)));
        await house.Settle();
        var followUp = await Find(house);
        Assert.Equal(FollowUpState.Booked, followUp.State);
        Assert.Contains("agreed", _viewer.Seen.Last().Text);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // B3, I5
    public async Task A_broken_promise_is_apologised_for_and_the_slot_is_free_again(string database)
    {
        await using var house = await Open(database);
        var zhou = await house.Customer();
        await Arrange(house, Wanted(house, zhou));
        var slot = (await Offers(house))[0];
        await house.Write(tx => house.Get<BookingDesk>().Book(tx, "f-1", slot.Id, "customer"));
        await house.Settle();
        house.Clock.Set(slot.To.AddSeconds(1));
        await house.Settle();
        Assert.Contains("是我们的错", _viewer.Seen.Last().Text);
        var view = (await house.Read(tx => house.Get<BookingBoard>().Look(tx, "f-1")))!;
        Assert.True(view.IsBroken);
        Assert.NotEmpty(view.Offers);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_wants_it_in_writing_gets_a_letter_and_no_call(string database)
    {
        await using var house = await Open(database);
        await Arrange(house, Wanted(house, await house.Customer()));
        await house.Write(tx => house.Get<BookingDesk>().InWriting(tx, "f-1", Channel.Email, "customer"));
        await house.Settle();
        Assert.Equal(FollowUpState.Declined, (await Find(house)).State);
        Assert.Contains("不打电话，写给您", _viewer.Seen.Last().Text);
        Assert.IsType<BookingAnswer.Closed>(await house.Write(tx => house.Get<BookingDesk>().Decline(tx, "f-1", "customer")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_a_free_time_nobody_is_promised_one(string database)
    {
        await using var house = await Open(database, agents: 0);
        await Arrange(house, Wanted(house, await house.Customer()));
        await house.Settle();
        Assert.Empty(_viewer.Seen);
        var followUp = await Find(house);
        Assert.Equal((FollowUpState.Waiting, "no-slot"), (followUp.State, followUp.Reason));
    }
}
