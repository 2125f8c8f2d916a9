using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Feedback;
using Huifang.Improvements;
using Huifang.Insights;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Tests.Insights;

namespace Huifang.Tests.Improvements;

public sealed class ImprovementTests
{
    private static readonly Localized Title = new("提现写明几点到账", "提現寫明幾點到帳", "Withdrawals say when they arrive"), Said = new("钱去哪了", "錢去哪了", "Where is my money"), Did = new("现在写着最晚几点到", "現在寫著最晚幾點到", "It now says by when");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F4
    public async Task From_an_alarm_to_a_published_change_everybody_who_raised_it_is_told_once(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var silent = await house.Customer("c-silent", consents: false);
        await house.Write(tx => house.Get<ConsentDesk>().Withdraw(tx, silent, Enum.GetValues<Channel>().Select(channel => (Purpose.Service, channel)), "customer", "portal"));
        await InsightTests.Burst(house, customer);
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [new("button", "s1", silent, house.Now, "zh-Hans", "提现一直处理中", null, "withdrawal.pending"), new("button", "s2", customer, house.Now, "zh-Hans", "提现又处理中了", null, "withdrawal.pending")]));
        house.Clock.Pass(TimeSpan.FromMinutes(11));
        await house.Settle();
        var alarm = (await house.Read(tx => house.Get<AlarmDesk>().Open(tx))).First(one => one.Topic == "withdrawal.pending");
        var desk = house.Get<ImprovementDesk>();
        Assert.Equal(ImprovementRefusal.TitleMissing, (await house.Write(tx => desk.Make(tx, "", " ", alarm.Id, null, "s-a"))).Refusal);
        Assert.Equal(ImprovementRefusal.OwnerUnknown, (await house.Write(tx => desk.Make(tx, "", "x", alarm.Id, "nobody", "s-a"))).Refusal);
        var made = (await house.Write(tx => desk.Make(tx, "", Title.ZhHans, alarm.Id, null, "s-a"))).Improvement!;
        Assert.Equal(("withdrawal.pending", ImprovementState.Idea, alarm.Id), (made.Topic, made.State, made.AlarmId));
        Assert.Equal(50, (await house.Read(tx => house.Get<ImprovementBoard>().Look(tx, made.Id)))!.Items);

        Assert.Equal(ImprovementRefusal.NotNow, await house.Write(tx => desk.Publish(tx, made.Id, "s-a")));
        Assert.Equal(ImprovementRefusal.DayOutOfRange, await house.Write(tx => desk.Ship(tx, made.Id, InsightDay.Of(house.Now, TimeZoneInfo.Utc) + 2, "s-a")));
        Assert.Null(await house.Write(tx => desk.Ship(tx, made.Id, InsightDay.Of(house.Now, TimeZoneInfo.Utc), "s-a")));
        Assert.Equal(ImprovementRefusal.TextsMissing, await house.Write(tx => desk.Publish(tx, made.Id, "s-a")));
        Assert.Null(await house.Write(tx => desk.Describe(tx, made.Id, Title, Said, Did, null, 40, "s-a")));
        Assert.Null(await house.Write(tx => desk.Publish(tx, made.Id, "s-a")));
        Assert.Equal(ImprovementRefusal.NotNow, await house.Write(tx => desk.Publish(tx, made.Id, "s-b")));
        await house.Settle();
        var told = await house.Read(tx => tx.Query<(string Customer, string State)>("select customer_id, state from messages where template = 'improved' order by customer_id"));
        Assert.Equal(["c-silent", customer], told.Select(one => one.Customer).Order());
        Assert.Equal(nameof(MessageState.Withheld), told.Single(one => one.Customer == silent).State);
        Assert.Contains(told.Single(one => one.Customer == customer).State, new[] { nameof(MessageState.Sent), nameof(MessageState.Delivered) });
        var view = (await house.Read(tx => house.Get<ImprovementBoard>().Look(tx, made.Id)))!;
        Assert.Equal((1L, 0L, 1L), (view.Told, view.Waiting, view.Untold));
        // The fact handed over a second time, as after a crash between commit and answer, tells nobody again.
        await house.Write(async tx => await house.Get<ImprovementReactions>().React(tx, [(await Journal.JournalTable.Find(tx, await tx.One<long>("select seq from journal where kind = 'improvement.published'")))!.ToFact()], default));
        Assert.Equal(2, await house.Read(tx => tx.One<long>("select count(*) from messages where template = 'improved'")));
        Assert.Empty((await house.Get<Checks.LedgerCheck>().Run()).Violations);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F4
    public async Task What_a_change_did_is_told_with_its_interval_and_not_before_it_can_be_told(string database)
    {
        await using var house = await House.Open(database);
        await InsightTests.Burst(house, await house.Customer());
        var desk = house.Get<ImprovementDesk>();
        var made = (await house.Write(tx => desk.Make(tx, "withdrawal.pending", Title.ZhHans, null, null, "s-a"))).Improvement!;
        var today = InsightDay.Of(house.Now, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        Assert.Null(await house.Write(tx => desk.Ship(tx, made.Id, today, "s-a")));
        Assert.Null((await house.Read(tx => house.Get<ImprovementBoard>().Look(tx, made.Id)))!.Effect);
        for (var day = 0; day < 8; day++)
        {
            house.Clock.Pass(TimeSpan.FromDays(1));
            await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [.. Enumerable.Range(0, 10).Select(i => new FeedbackItem("chat", $"after-{day}-{i}", null, house.Now, "zh-Hans", "随便说说", null, i == 0 ? "withdrawal.pending" : "praise.general"))]));
        }
        await house.Settle();
        var effect = (await house.Read(tx => house.Get<ImprovementBoard>().Look(tx, made.Id)))!.Effect!;
        // Eight days on either side: 5 burst days of 8 of 13, and 8 days of 1 of 10.
        Assert.Equal((8, 40L, 8L), (effect.Days, effect.Before, effect.After));
        Assert.True(effect.Effect is { IsClear: true, To: < 0 }, $"{effect.Effect}");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F4
    public async Task A_file_of_complaints_that_comes_in_after_it_shipped_is_not_taken_for_its_effect(string database)
    {
        await using var house = await House.Open(database);
        await house.Get<LiveModel>().Shipped;
        async Task Day(int day, int chat, int chatTopic, int store, int storeTopic) => await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx,
        [
            .. Enumerable.Range(0, chat).Select(i => new FeedbackItem("chat", $"c{day}-{i}", null, house.Now, "zh-Hans", "随便说说", null, i < chatTopic ? "withdrawal.pending" : "praise.general")),
            .. Enumerable.Range(0, store).Select(i => new FeedbackItem("store:appstore", $"s{day}-{i}", null, house.Now, "zh-Hans", "随便说说", null, i < storeTopic ? "withdrawal.pending" : "praise.general")),
        ]));
        for (var day = 0; day < 10; day++) { await Day(day, 40, 8, 10, 6); house.Clock.Pass(TimeSpan.FromDays(1)); }
        var desk = house.Get<ImprovementDesk>();
        await house.Settle();
        var made = (await house.Write(tx => desk.Make(tx, "withdrawal.pending", Title.ZhHans, null, null, "s-a"))).Improvement!;
        Assert.Null(await house.Write(tx => desk.Ship(tx, made.Id, InsightDay.Of(house.Now, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")), "s-a")));
        // In both places it becomes rarer; but the stores, where it was always frequent, are heard ten times as often.
        for (var day = 10; day < 18; day++) { house.Clock.Pass(TimeSpan.FromDays(1)); await Day(day, 40, 4, 100, 40); }
        await house.Settle();
        var effect = (await house.Read(tx => house.Get<ImprovementBoard>().Look(tx, made.Id)))!.Effect!;
        Assert.True(effect.Mix is { IsUnlike: true }, $"{effect}");
        Assert.True(effect.Plain is { Difference: > 0 } && effect.Effect is { To: < 0 }, $"{effect}");
        Assert.Equal(effect.Effect, (await house.Read(tx => house.Get<ImprovementBoard>().All(tx))).Single().Effect!.Effect);
    }
}
