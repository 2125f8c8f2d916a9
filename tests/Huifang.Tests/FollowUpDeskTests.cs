using Huifang.Contacts;
using Huifang.FollowUps;

namespace Huifang.Tests;

public sealed class FollowUpDeskTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_cause_and_rule_make_one_follow_up_ever(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<FollowUpDesk>();
        Assert.Single(await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-1", cause: 7), Wanted(house, "f-2", cause: 7)])));
        Assert.Empty(await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-3", cause: 7)])));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_hundred_agents_never_get_the_same_one(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [.. Enumerable.Range(0, 150).Select(i => Wanted(house, $"f-{i}", i, FollowUpState.Waiting))]));
        await house.Settle();

        var taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(agent => house.Write(tx => desk.TakeNext(tx, $"a-{agent}", ["zh-Hans"], ["general"], TimeSpan.FromMinutes(2)))));

        Assert.Equal(150, taken.Where(f => f is not null).Select(f => f!.Id).Distinct().Count());
        Assert.Equal(150, taken.Count(f => f is not null));
        Assert.Equal(taken.Where(f => f is not null).Max(f => f!.Value), taken.First(f => f is not null)!.Value, tolerance: 1000);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_due_promise_comes_before_anything_that_waits(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-waits", 1, FollowUpState.Waiting) with { Value = 999 }, Wanted(house, "f-promised", 2) with { Value = 1 }]));
        await house.Settle();
        await house.Write(async tx => Assert.True(await desk.Promise(tx, (await desk.Find(tx, "f-promised"))!, "s-1", house.Now.AddMinutes(1), house.Now.AddMinutes(31), null, "customer")));

        Assert.Equal("f-promised", (await house.Write(tx => desk.TakeNext(tx, "a-1", ["zh-Hans"], ["general"], TimeSpan.FromMinutes(2))))!.Id);
        Assert.Equal("f-waits", (await house.Write(tx => desk.TakeNext(tx, "a-2", ["zh-Hans"], ["general"], TimeSpan.FromMinutes(2))))!.Id);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_promise_whose_time_is_over_is_handed_to_nobody(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-late", 1)]));
        await house.Write(async tx => Assert.True(await desk.Promise(tx, (await desk.Find(tx, "f-late"))!, "s-1", house.Now.AddMinutes(1), house.Now.AddMinutes(31), null, "customer")));
        // The house was down; an agent is quicker than the watch.
        house.Clock.Pass(TimeSpan.FromMinutes(31));

        Assert.Null(await house.Write(tx => desk.TakeNext(tx, "a-1", ["zh-Hans"], ["general"], TimeSpan.FromMinutes(2))));
        Assert.False(await house.Write(async tx => await desk.Take(tx, (await desk.Find(tx, "f-late"))!, "a-1")));
        Assert.Single(await house.Read(tx => desk.Overdue(tx)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_runs_out_of_time_ends_with_its_reason_and_a_fact(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-1", 1)]));
        house.Clock.Pass(TimeSpan.FromDays(8));
        await house.Get<FollowUpClock>().Round(default);

        var ended = await house.Read(tx => desk.Find(tx, "f-1"));
        Assert.Equal((FollowUpState.Expired, "time-ran-out"), (ended!.State, ended.Reason));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'follow-up.expired'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_answers_at_once_only_one_counts(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<FollowUpDesk>();
        await house.Write(tx => desk.Arrange(tx, [Wanted(house, "f-1", 1)]));
        var followUp = (await house.Read(tx => desk.Find(tx, "f-1")))!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Write(tx => desk.Decline(tx, followUp, "customer"))));
        Assert.Single(answers, true);
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'follow-up.declined'")));
    }

    private static FollowUp Wanted(House house, string id, long cause, FollowUpState state = FollowUpState.Arranged) => new(
        id, "c-zhou", "withdrawal-failed", 1, cause, Purpose.Service, Channel.Voice, "withdrawal", (int)(cause % 100), state,
        house.Now, house.Now, house.Now.AddDays(2), house.Now.AddDays(7));
}
