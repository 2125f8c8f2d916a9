using System.Globalization;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Journal;

namespace Huifang.Tests.FollowUps;

public sealed class TriggerDeskTests // T12
{
    private static readonly int[] Plenty = [99, 99, 99, 99, 99, 99, 99];

    private static string Text(int atLeast) => TriggerWriter.Write(TriggerShelf.Shipped.Single(rule => rule.Key == "withdrawal-failed") with { Count = new(atLeast, TimeSpan.FromHours(24)), HoldOutPercent = 0 });

    private static Task<TriggerRule> Live(House house) => house.Read(async tx => (await house.Get<LiveRules>().Of(tx)).Rules.Single(rule => rule.Key == "withdrawal-failed"));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_draft_goes_live_only_after_it_was_tried_as_it_stands(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<TriggerDesk>();
        Assert.Equal(LiveRefusal.NoDraft, await house.Write(tx => desk.GoLive(tx, "withdrawal-failed", "gu")));
        var draft = Assert.IsType<DraftAnswer.Kept>(await house.Write(tx => desk.SaveDraft(tx, Text(3), "gu"))).Rule;
        Assert.Equal(2, draft.Version);
        Assert.Equal(2, (await Live(house)).Count!.AtLeast); // the shipped one is still in force
        Assert.Equal(LiveRefusal.NotTried, await house.Write(tx => desk.GoLive(tx, "withdrawal-failed", "gu")));

        Assert.True(await house.Write(tx => desk.Tried(tx, draft)));
        await house.Write(tx => desk.SaveDraft(tx, Text(4), "gu"));
        Assert.Equal(LiveRefusal.NotTried, await house.Write(tx => desk.GoLive(tx, "withdrawal-failed", "gu")));
        Assert.False(await house.Write(tx => desk.Tried(tx, draft))); // that text is no longer the draft
        Assert.True(await house.Write(tx => desk.Tried(tx, draft with { Count = new(4, TimeSpan.FromHours(24)) })));
        Assert.Null(await house.Write(tx => desk.GoLive(tx, "withdrawal-failed", "ye")));

        Assert.Equal((4, 2), ((await Live(house)).Count!.AtLeast, (await Live(house)).Version));
        var versions = await house.Read(tx => desk.Versions(tx, "withdrawal-failed"));
        Assert.Equal([TriggerState.Live, TriggerState.Past], versions.Select(version => version.State));
        Assert.Equal("ye", versions[0].LiveBy);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stopped_rule_wants_nothing_and_the_next_version_does_again(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<TriggerDesk>();
        await house.Write(tx => desk.Stop(tx, "withdrawal-failed", "gu"));
        Assert.False(await house.Read(async tx => (await house.Get<LiveRules>().Of(tx)).Wants("withdrawal.failed")));
        Assert.Null((await house.Read(desk.List)).Single(line => line.Key == "withdrawal-failed").Live);
        var draft = Assert.IsType<DraftAnswer.Kept>(await house.Write(tx => desk.SaveDraft(tx, Text(2), "gu"))).Rule;
        await house.Write(tx => desk.Tried(tx, draft));
        Assert.Null(await house.Write(tx => desk.GoLive(tx, "withdrawal-failed", "gu")));
        Assert.True(await house.Read(async tx => (await house.Get<LiveRules>().Of(tx)).Wants("withdrawal.failed")));
    }

    [Fact]
    public async Task A_wrong_draft_is_not_kept_and_everything_wrong_is_told()
    {
        await using var house = await House.Open(Databases.Sqlite);
        var answer = Assert.IsType<DraftAnswer.Wrong>(await house.Write(tx => house.Get<TriggerDesk>().SaveDraft(tx, """{"key":"x y"}""", "gu")));
        Assert.Contains(answer.Problems, problem => problem.Path == "key");
        Assert.True(answer.Problems.Count > 5);
        Assert.DoesNotContain(await house.Read(house.Get<TriggerDesk>().List), line => line.Draft is not null);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_trial_counts_people_beside_todays_rule_and_asks_the_guard(string database)
    {
        await using var house = await House.Open(database);
        await house.Customer("c-often");
        await house.Customer("c-twice");
        await house.Customer("c-silent", consents: false);
        house.Clock.Pass(TimeSpan.FromDays(10)); // they agreed before anything happened
        await house.Write(async tx =>
        {
            var facts = new[] { ("c-often", 4), ("c-twice", 2), ("c-silent", 4), ("c-nobody", 4) }.SelectMany(who =>
                Enumerable.Range(0, who.Item2).Select(n => new Fact("wallet", $"{who.Item1}-{n}", "withdrawal.failed", who.Item1, house.Now.AddDays(-5).AddHours(n), "test", "{}")));
            await house.Get<JournalDesk>().Tell(tx, [.. facts]);
        });
        var today = TriggerReader.Read(Text(2)).Rule!;
        var trial = await house.Read(tx => house.Get<TrialDesk>().Run(tx, today with { Count = new(4, TimeSpan.FromHours(24)) }, today, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), Plenty));

        Assert.Equal((1, 2), (trial.Result.Customers, trial.Result.CustomersToday));
        Assert.Equal((1, 3), (trial.Result.LeftAlone["NoConsent"], trial.Result.LeftAlone["TooFew"]));
        Assert.Equal(DateOnly.FromDateTime(House.Morning.AddDays(5).UtcDateTime).ToString(CultureInfo.InvariantCulture), trial.Result.Days.Single(day => day.Calls > 0).Date.ToString(CultureInfo.InvariantCulture));
        Assert.Empty(trial.Result.TooMuch);
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from contact_decisions where stage = 'Planned' and follow_up_id is null")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_periodic_rule_is_tried_on_every_customer_and_day(string database)
    {
        await using var house = await House.Open(database);
        await house.Write(async tx =>
        {
            string[] ids = [.. Enumerable.Range(0, 90).Select(n => $"c-{n:00}")];
            await house.Get<CustomerDesk>().Save(tx, [.. ids.Select(id => new CustomerDraft(id, null, "zh-Hans", "Asia/Shanghai", "CN") { Segments = ["plus"], Points = [new(PointKind.App, $"d-{id}", true)], Since = house.Now.AddYears(-1) })], "test");
            foreach (var id in ids) await house.Get<ConsentDesk>().Give(tx, id, [(Purpose.Survey, Channel.Voice)], "customer", "portal");
        });
        house.Clock.Pass(TimeSpan.FromDays(40)); // they had agreed before the month that is tried
        var rule = TriggerShelf.Shipped.Single(each => each.Key == "quarterly-care") with { HoldOutPercent = 0 };
        var trial = await house.Read(tx => house.Get<TrialDesk>().Run(tx, rule, null, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), Plenty));
        Assert.InRange(trial.Result.Customers, 18, 48); // a third of ninety within thirty days of ninety
        Assert.True(trial.Result.Days.Count(day => day.Calls > 0) > 12);
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from follow_ups")));
    }
}
