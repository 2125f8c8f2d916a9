using Huifang.Booking;
using Huifang.Calls;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Planning;

public sealed class PlanDeskTests // P2, P4, I5
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static async Task Agents(House house, params string[] agents)
    {
        foreach (var id in agents)
        {
            await house.Write(tx => house.Get<Huifang.Accounts.AccountDesk>().Add(tx, new(id, id, id, [Huifang.Accounts.Role.Agent], "zh-Hans")));
            await house.Write(async tx =>
            {
                Assert.Null(await house.Get<PlanningDesk>().SaveAgent(tx, new(id, id, "Asia/Shanghai", ["zh-Hans"], ["general"]), "test"));
                for (var day = 0; day < 3; day++) Assert.IsType<DayAnswer.Written>(await house.Get<PlanningDesk>().SetDay(tx, id, Today.AddDays(day), new(default, new(9, 0), new(18, 0), [(TimeKind.Break, new(12, 0), new(13, 0))]), "test"));
            });
        }
    }

    private static async Task<List<FollowUp>> Wait(House house, int count, int value = 500, string language = "zh-Hans")
    {
        var made = new List<FollowUp>();
        for (var i = 0; i < count; i++)
        {
            var customer = await house.Customer($"c-{language}-{value}-{i}", language: language);
            made.Add(new($"f-{language}-{value}-{i}", customer, "test", 1, 1000 + made.Count + value * 1000 + language.Length, Purpose.Service, Channel.Voice, "standard", value, FollowUpState.Waiting, house.Now, house.Now, house.Now.AddDays(2), house.Now.AddDays(3)) { Language = language });
        }
        await house.Write(tx => house.Get<FollowUpDesk>().Arrange(tx, made));
        await house.Settle();
        return made;
    }

    private static Task<List<PlanRow>> Rows(House house) => house.Read(tx => house.Get<PlanBoard>().Rows(tx, house.Now.AddDays(-1), house.Now.AddDays(20)));

    private static Task<FollowUp?> Find(House house, string id) => house.Read(tx => house.Get<FollowUpDesk>().Find(tx, id));

    private static AgentReach Reach(string agent) => new(agent, ["zh-Hans"], ["general"]);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_queue_gives_each_agent_what_the_plan_gave_her(string database)
    {
        await using var house = await House.Open(database);
        await Agents(house, "a-lin", "a-he");
        await Wait(house, 12);
        var rows = await Rows(house);
        Assert.Equal(12, rows.Count(row => row.IsPlanned));
        Assert.Equal(12, rows.Select(row => (row.AgentId, row.At)).Distinct().Count());
        var made = await house.Read(tx => house.Get<PlanBoard>().Latest(tx));
        Assert.Equal((12L, 0L), (made!.Planned, made.Bound - made.Objective));

        foreach (var agent in new[] { "a-lin", "a-he" })
        {
            var mine = rows.Where(row => row.AgentId == agent).MinBy(row => row.At)!;
            var taken = await house.Write(tx => house.Get<CallQueue>().Take(tx, Reach(agent)));
            Assert.Equal(mine.FollowUpId, taken.Value!.FollowUpId);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Agents_who_ask_at_once_never_get_the_same(string database)
    {
        await using var house = await House.Open(database);
        var agents = Enumerable.Range(0, 8).Select(i => $"a-{i}").ToArray();
        await Agents(house, agents);
        await Wait(house, 20);
        var taken = await Task.WhenAll(agents.Select(agent => house.Write(tx => house.Get<CallQueue>().Take(tx, Reach(agent)))));
        Assert.Equal(8, taken.Select(each => each.Value!.FollowUpId).Distinct().Count());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_promise_keeps_its_time_whatever_is_planned_around_it(string database)
    {
        await using var house = await House.Open(database);
        await Agents(house, "a-lin");
        var promised = (await Wait(house, 1, 10))[0];
        var slot = (await house.Read(tx => house.Get<SlotDesk>().Between(tx, house.Now.AddHours(1), house.Now.AddHours(3))))[0];
        Assert.IsType<BookingAnswer.Booked>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, promised.Id, slot.Id, "customer")));
        // Many that are worth more, in waves: they are planned around it.
        for (var wave = 0; wave < 3; wave++)
        {
            await Wait(house, 15, 900 + wave);
            Assert.Equal((FollowUpState.Booked, slot.From, slot.Id), await Find(house, promised.Id) is { } now ? (now.State, now.PromisedFrom, now.SlotId) : default);
            var rows = await Rows(house);
            Assert.DoesNotContain(rows, row => row.FollowUpId == promised.Id);
            Assert.DoesNotContain(rows, row => row.At >= slot.From && row.At < slot.To);
        }
        Assert.True((await Rows(house)).Count(row => row.IsPlanned) == 45);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task When_an_agent_falls_ill_another_keeps_her_promise_and_the_customer_notices_nothing(string database)
    {
        await using var house = await House.Open(database);
        await Agents(house, "a-lin", "a-he");
        var (followUp, slot) = await Booked(house, "a-lin");
        Assert.IsType<DayAnswer.Written>(await house.Write(tx => house.Get<PlanningDesk>().SetRows(tx, "a-lin", Today, [], "sup")));
        await house.Settle();
        var after = (await Find(house, followUp.Id))!;
        Assert.Equal((FollowUpState.Booked, slot.From, "a-he"), (after.State, after.PromisedFrom, after.AgentId));
        Assert.Equal(0, await Messages(house, "cannot-keep"));
        Assert.DoesNotContain(await Rows(house), row => row.AgentId == "a-lin" && row.At < house.Now.AddHours(12));
        Assert.Empty((await house.Get<Huifang.Checks.LedgerCheck>().Run(default)).Violations);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task When_nobody_can_keep_it_she_is_told_at_once_and_once_and_chooses(string database)
    {
        await using var house = await House.Open(database);
        await Agents(house, "a-lin");
        var (followUp, _) = await Booked(house, "a-lin");
        for (var twice = 0; twice < 2; twice++)
        {
            await house.Write(tx => house.Get<PlanningDesk>().SetRows(tx, "a-lin", Today, [], "sup"));
            await house.Settle();
        }
        Assert.Equal(1, await Messages(house, "cannot-keep"));
        Assert.Equal(0, await Messages(house, "apology"));
        var view = (await house.Read(tx => house.Get<BookingBoard>().Look(tx, followUp.Id)))!;
        Assert.True(view is { IsBroken: true, IsGivenUp: true, Offers.Count: > 0 });
        Assert.IsType<BookingAnswer.Booked>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, followUp.Id, view.Offers[0].Id, "customer")));
        Assert.Equal(view.Offers[0].From, (await Find(house, followUp.Id))!.PromisedFrom);
        Assert.Empty((await house.Get<Huifang.Checks.LedgerCheck>().Run(default)).Violations);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_has_no_place_says_why_and_gets_one_when_somebody_comes(string database)
    {
        await using var house = await House.Open(database);
        await Agents(house, "a-lin");
        await Wait(house, 1, language: "en");
        Assert.Equal(UnplannedReason.NobodyCan, Assert.Single(await house.Read(tx => house.Get<PlanBoard>().Left(tx))).Reason);
        await house.Write(tx => house.Get<PlanningDesk>().SaveAgent(tx, new("a-lin", "a-lin", "Asia/Shanghai", ["zh-Hans", "en"], ["general"]), "sup"));
        await house.Settle();
        Assert.Empty(await house.Read(tx => house.Get<PlanBoard>().Left(tx)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_agent_who_is_early_takes_what_is_planned_for_later_today(string database)
    {
        await using var house = await House.Open(database);
        await Agents(house, "a-lin", "a-he");
        var waiting = await Wait(house, 4);
        var desk = house.Get<CallQueue>();
        for (var i = 0; i < waiting.Count; i++)
        {
            // It is still ten o'clock, and places after this quarter are planned too.
            var taken = await house.Write(tx => desk.Take(tx, Reach("a-he")));
            Assert.True(taken.Ok, $"call {i}");
            await house.Write(tx => house.Get<CallDesk>().HangUp(tx, taken.Value!.Id, "a-he"));
            Assert.True((await house.Write(tx => house.Get<WrapUp>().Finish(tx, taken.Value!.Id, "a-he", new WrapUpDraft(CallOutcome.Declined, [])))).Ok);
            await house.Settle();
        }
        Assert.Equal(CallRefusal.NothingWaits, (await house.Write(tx => desk.Take(tx, Reach("a-he")))).Refusal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_plans_the_desk_keeps_the_order_of_value(string database)
    {
        await using var house = await House.Open(database, services => services.AddSingleton(new PlanSettings(false)));
        await Agents(house, "a-lin");
        await Wait(house, 2, 100);
        await Wait(house, 2, 800);
        Assert.Empty(await Rows(house));
        Assert.StartsWith("f-zh-Hans-800", (await house.Write(tx => house.Get<CallQueue>().Take(tx, Reach("a-lin")))).Value!.FollowUpId);
    }

    private static async Task<(FollowUp, Slot)> Booked(House house, string agent)
    {
        var followUp = (await Wait(house, 1))[0];
        var slot = (await house.Read(tx => house.Get<SlotDesk>().Between(tx, house.Now.AddHours(4), house.Now.AddHours(6)))).First(each => each.AgentId == agent);
        Assert.IsType<BookingAnswer.Booked>(await house.Write(tx => house.Get<BookingDesk>().Book(tx, followUp.Id, slot.Id, "customer")));
        await house.Settle();
        return (followUp, slot);
    }

    private static async Task<long> Messages(House house, string template) => await house.Read(tx => tx.One<long>("select count(*) from messages where template = @template", new { template }));
}
