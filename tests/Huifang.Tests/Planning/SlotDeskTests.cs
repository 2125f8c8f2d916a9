using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Planning;

namespace Huifang.Tests.Planning;

public sealed class SlotDeskTests // B1, P1
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static async Task<PlanningDesk> Shift(House house, params string[] agents)
    {
        var desk = house.Get<PlanningDesk>();
        await house.Write(async tx =>
        {
            foreach (var agent in agents)
            {
                Assert.Null(await desk.SaveAgent(tx, new(agent, agent, "Asia/Shanghai", ["zh-Hans"], ["general"]), "test"));
                Assert.IsType<DayAnswer.Written>(await desk.SetDay(tx, agent, Today, new(Today, new(9, 0), new(18, 0), [(TimeKind.Break, new(12, 0), new(13, 0))]), "test"));
            }
        });
        return desk;
    }

    private static SlotNeed Need(House house, string customer = "c-zhou") => new(
        new(customer, Purpose.Service, Channel.Voice) { BookedAt = house.Now }, "zh-Hans", "general", house.Now, house.Now.AddDays(2), "Asia/Shanghai");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_hundred_customers_who_want_eight_slots_get_one_each_and_nobody_two(string database)
    {
        await using var house = await House.Open(database);
        await Shift(house, "a-lin");
        var desk = house.Get<SlotDesk>();
        var slots = (await house.Read(tx => desk.Between(tx, house.Now, house.Now.AddDays(1)))).Where(slot => slot.From > house.Now).Take(8).ToList();

        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(async customer =>
        {
            var won = new List<string>();
            foreach (var slot in slots.Skip(customer % 8).Concat(slots.Take(customer % 8)))
                if (await house.Write(tx => desk.Claim(tx, slot.Id, $"f-{customer}"))) won.Add(slot.Id);
            return won;
        }));

        Assert.All(taken, won => Assert.InRange(won.Count, 0, 1));
        Assert.Equal(8, taken.SelectMany(won => won).Distinct().Count());
        var after = (await house.Read(tx => desk.Between(tx, house.Now, house.Now.AddDays(1)))).Where(slot => !slot.IsFree).ToList();
        Assert.Equal(8, after.Select(slot => slot.FollowUpId).Distinct().Count());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_customer_who_clicks_twice_at_once_holds_one_slot(string database)
    {
        await using var house = await House.Open(database);
        await Shift(house, "a-lin", "a-he");
        var desk = house.Get<SlotDesk>();
        var slots = (await house.Read(tx => desk.Between(tx, house.Now.AddHours(1), house.Now.AddDays(1)))).Take(20).ToList();
        await house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, [new FollowUp("f-1", "c-zhou", "asked", 1, 1, Purpose.Service, Channel.Voice, "standard", 1,
            FollowUpState.Arranged, house.Now, house.Now, house.Now.AddDays(2), house.Now.AddDays(7))]));
        var won = await Task.WhenAll(slots.Select(slot => house.Write(tx => desk.Claim(tx, slot.Id, "f-1"))));
        Assert.Single(won, true);
        Assert.NotNull(await house.Read(tx => desk.OfFollowUp(tx, "f-1")));
        Assert.True(await house.Write(tx => desk.Release(tx, "f-1")));
        Assert.False(await house.Write(tx => desk.Release(tx, "f-1")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_times_that_suit_law_customer_and_agents_are_offered(string database)
    {
        await using var house = await House.Open(database);
        var zhou = await house.Customer();
        await Shift(house, "a-lin");
        await house.Write(tx => house.Get<Huifang.Customers.CustomerDesk>().SavePreferences(tx, zhou, new([], [new(DayOfWeek.Tuesday, new(15, 0), new(17, 0))], null), "customer"));
        var desk = house.Get<SlotDesk>();

        var booked = await house.Read(tx => desk.Offer(tx, Need(house), 50));
        Assert.Equal(14 - 1, booked.Count(slot => slot.From > house.Now + SlotDesk.Soonest)); // 10:30–12:00 and 13:00–18:00
        var proposed = await house.Read(tx => desk.Offer(tx, Need(house) with { Wish = new(zhou, Purpose.Service, Channel.Voice) }, 50));
        Assert.Equal(["15:00", "15:30", "16:00", "16:30"], proposed.Select(slot => slot.From.ToOffset(TimeSpan.FromHours(8)).ToString("HH:mm")));
        Assert.Empty(await house.Read(tx => desk.Offer(tx, Need(house) with { Language = "en" }, 5)));
        Assert.Empty(await house.Read(tx => desk.Offer(tx, Need(house) with { Skill = "fraud" }, 5)));
        Assert.Empty(await house.Read(tx => desk.Offer(tx, Need(house, "stranger") with { Wish = new("stranger", Purpose.Service, Channel.Voice) }, 5)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_changed_shift_keeps_what_was_promised_and_names_it(string database)
    {
        await using var house = await House.Open(database);
        var planning = await Shift(house, "a-lin");
        var desk = house.Get<SlotDesk>();
        var all = await house.Read(tx => desk.Between(tx, house.Now, house.Now.AddDays(1)));
        var evening = all.Last();
        Assert.True(await house.Write(tx => desk.Claim(tx, evening.Id, "f-1")));

        var answer = await house.Write(tx => planning.SetDay(tx, "a-lin", Today, new(Today, new(9, 0), new(15, 0), []), "sup"));
        Assert.Equal("f-1", Assert.Single(Assert.IsType<DayAnswer.Written>(answer).Promised).FollowUpId);
        var after = await house.Read(tx => desk.Between(tx, house.Now, house.Now.AddDays(1)));
        Assert.Contains(after, slot => slot.Id == evening.Id);
        Assert.Equal(1, after.Count(slot => slot.From >= House.Morning.AddHours(5)));
        Assert.Contains(after, slot => slot.From == House.Morning.AddHours(2)); // the break is gone, noon is free
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_same_time_with_another_agent_will_do(string database)
    {
        await using var house = await House.Open(database);
        await Shift(house, "a-lin", "a-he");
        var desk = house.Get<SlotDesk>();
        var wanted = (await house.Read(tx => desk.Between(tx, house.Now.AddHours(1), house.Now.AddDays(1))))[0];
        Assert.True(await house.Write(tx => desk.Claim(tx, wanted.Id, "f-1")));
        var other = await house.Write(tx => desk.ClaimSameTime(tx, wanted, Need(house), "f-2"));
        Assert.Equal((wanted.From, true), (other!.From, other.AgentId != wanted.AgentId));
        Assert.Null(await house.Write(tx => desk.ClaimSameTime(tx, wanted, Need(house), "f-3")));
    }
}
