using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Complaints;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Surveys;

namespace Huifang.Tests.Surveys;

/// <summary>A survey is sent to an audience: counted first, given by a second person, through the guard, once.</summary>
public sealed class CampaignTests
{
    private static readonly CampaignAudience Plus = new() { Who = new() { SegmentsAny = ["plus"] } };

    private static Localized Three(string words) => new(words, words, words);

    private static readonly SurveyDefinition Recommend = new(Three("推荐"), [new("nps", SurveyKind.Nps, Three("会推荐吗"), true), new("why", SurveyKind.Text, Three("为什么"), true)], InPortal: false);

    private static async Task<string> Running(House house, SurveyDefinition definition) => await house.Write(async tx =>
    {
        var desk = house.Get<SurveyDesk>();
        var id = await desk.Make(tx, "s-a");
        await desk.SaveDraft(tx, id, definition);
        Assert.Empty(await desk.Publish(tx, id, "s-a"));
        return id;
    });

    private static Task Customer(House house, string id, string segment = "plus", bool mail = true) => house.Write(async tx =>
    {
        await house.Get<CustomerDesk>().Save(tx, [new CustomerDraft(id, "周慕晴", Language.Simplified, "Asia/Shanghai", "CN")
        {
            Segments = [segment], Since = house.Now.AddDays(-20),
            Points = [new(PointKind.App, $"device-{id}", true), new(PointKind.Phone, $"+86139{Math.Abs(StringComparer.Ordinal.GetHashCode(id)) % 100000000:00000000}", true), .. mail ? [new PointDraft(PointKind.Email, $"{id}@example.com", true)] : Array.Empty<PointDraft>()],
        }], "test");
        await house.Get<ConsentDesk>().Give(tx, id, Enum.GetValues<Channel>().Select(channel => (Purpose.Survey, channel)), "customer", "portal");
    });

    private static async Task<Signed> Staff(House house, string id, params Role[] roles)
    {
        var desk = house.Get<AccountDesk>();
        if (await house.Read(tx => desk.Find(tx, id)) is null) await house.Write(tx => desk.Add(tx, new Staff(id, id, id, roles, Language.English)));
        var signed = (await house.Write(tx => desk.DemoSignIn(tx, id, "test")))!;
        return (await house.Read(tx => house.Get<SessionDesk>().Signed(tx, signed.SessionId)))!;
    }

    private static async Task<string> Made(House house, string survey, CampaignPlan plan)
    {
        var (id, faults) = await house.Write(tx => house.Get<CampaignDesk>().Make(tx, survey, plan, "s-cheng"));
        Assert.Empty(faults);
        await house.Settle();
        return id!;
    }

    private static async Task<Approval> Given(House house, string campaign)
    {
        var (asker, giver) = (await Staff(house, "s-cheng", Role.Analyst), await Staff(house, "s-shen", Role.Compliance));
        Assert.Null(await house.Write(async tx => await house.Get<CampaignApproval>().Ask(tx, campaign, "要听听他们的", await house.Get<ApprovalDesk>().Party(tx, asker, Accounts.Permission.WorkFeedback))));
        var approval = (await house.Read(tx => house.Get<ApprovalDesk>().Open(tx))).Single();
        Assert.True((await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, giver, approval.PayloadHash))).Ok);
        await house.Settle();
        return (await house.Read(tx => house.Get<ApprovalDesk>().Find(tx, approval.Id)))!;
    }

    private static async Task<CampaignView> Look(House house, string id) => (await house.Read(tx => house.Get<CampaignDesk>().Look(tx, id, TimeSpan.FromHours(8))))!;

    private static Task<long> Left(House house) => house.Read(tx => tx.One<long>("select count(*) from messages where template = 'survey-ask' and state in ('Sent', 'Delivered')"));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task A_dry_run_tells_each_refusal_a_second_person_lets_it_begin_and_nobody_is_asked_twice(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "s-boss", Role.Supervisor, Role.Compliance);
        foreach (var each in new[] { "p-1", "p-2", "p-3", "p-complains", "p-silent", "p-capped", "p-lately" }) await Customer(house, each);
        await Customer(house, "p-nomail", mail: false);
        await Customer(house, "x-other", "merchant");
        await house.Get<ComplaintIntake>().Bring(new ComplaintDraft(ComplaintDoor.App, "提现退回") { CustomerId = "p-complains" }, "portal", null);
        await house.Write(tx => house.Get<ConsentDesk>().Withdraw(tx, "p-silent", [(Purpose.Survey, Channel.Email)], "customer", "portal", null));
        await house.Write(tx => house.Get<CustomerDesk>().SavePreferences(tx, "p-capped", Preferences.None with { ContactsPerMonthMax = 1 }, "customer"));
        await house.Write(tx => house.Get<ContactDesk>().Clear(tx, new ContactWish("p-capped", Purpose.Service, Channel.Email)));
        var survey = await Running(house, Recommend);
        var other = await Running(house, Recommend with { Title = Three("另一份") });
        Assert.Null(await house.Write(tx => house.Get<SurveyDesk>().Asking.Ask(tx, other, "p-lately", "before")));
        await house.Settle();
        var before = await Left(house);

        var id = await Made(house, survey, new CampaignPlan(Plus, CampaignWay.Email));
        var dry = await Look(house, id);
        Assert.Equal((CampaignState.Counted, 8L, 3L, 5L), (dry.Campaign.State, dry.Wanted, dry.MayBeAsked, dry.Refused));
        Assert.Equal(9, dry.Campaign.Walked);
        Assert.Equal(["AnyLately", "ComplaintOpen", "ConsentWithdrawn", "MonthCap", "Unreachable"], dry.Dry.Where(one => one.Finding == CampaignFinding.Refused).Select(one => one.Why).Order(StringComparer.Ordinal));
        Assert.Equal((before, 0L), (await Left(house), dry.Funnel.Asked));

        Assert.Equal(ApprovalState.Done, (await Given(house, id)).State);
        var sent = await Look(house, id);
        Assert.Equal((CampaignState.Done, new CampaignFunnel(3, 3, 0, 0, 0)), (sent.Campaign.State, sent.Funnel));
        Assert.Equal(before + 3, await Left(house));
        Assert.Equal([("Email", 3L, 0L, 0L)], sent.Channels);

        // Shown when the link is opened, answered when it is sent back.
        var desk = house.Get<SurveyDesk>();
        var asks = await house.Read(tx => tx.Query<string>("select id from survey_asks where campaign_id = @id order by customer_id", new { id }));
        foreach (var ask in asks.Take(2)) await house.Write(async tx => await desk.Show(tx, (await desk.FindAsk(tx, ask))!));
        Assert.Equal(SurveyTaken.Kept, (await house.Write(tx => desk.Answer(tx, asks[0], [new("nps", "", "9", null), new("why", "", null, "快")]))).Taken);
        Assert.Equal(new CampaignFunnel(3, 3, 0, 2, 1), (await Look(house, id)).Funnel);
        Assert.Equal((3L, 2L, 1L), (await Look(house, id)).Days.Single() is var (_, s, h, a) ? (s, h, a) : default);

        // The same survey to the same people: each is refused by name, and nobody is left to ask.
        var again = await Look(house, await Made(house, survey, new CampaignPlan(Plus, CampaignWay.Email)));
        Assert.Equal((0L, 3L), (again.MayBeAsked, again.Dry.Single(one => one.Why == "SameLately").People));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task A_full_quota_or_an_ended_survey_stops_it_and_what_waits_for_the_morning_is_called_back(string database)
    {
        await using var house = await House.Open(database);
        for (var i = 0; i < 6; i++) await Customer(house, $"p-{i}");
        var survey = await Running(house, Recommend with { Quota = 1 });
        var id = await Made(house, survey, new CampaignPlan(Plus, CampaignWay.Sms, PerHour: 2));
        house.Clock.Set(House.Morning.AddHours(13)); // 23:00 in Shanghai: a text message waits.
        await Given(house, id);
        Assert.Equal((CampaignState.Sending, new CampaignFunnel(2, 0, 0, 0, 0)), ((await Look(house, id)).Campaign.State, (await Look(house, id)).Funnel));
        house.Clock.Pass(TimeSpan.FromMinutes(61));
        await house.Settle();
        Assert.Equal(4, (await Look(house, id)).Funnel.Asked);
        // One of them finds it in the app and answers at night: the quota is full.
        var desk = house.Get<SurveyDesk>();
        var ask = (await house.Read(tx => tx.Query<string>("select id from survey_asks where campaign_id = @id order by customer_id", new { id })))[0];
        Assert.Equal(SurveyTaken.Kept, (await house.Write(tx => desk.Answer(tx, ask, [new("nps", "", "9", null), new("why", "", null, "快")]))).Taken);
        await house.Settle();
        var stopped = await Look(house, id);
        Assert.Equal((CampaignState.Stopped, "quota", new CampaignFunnel(4, 0, 3, 1, 1)), (stopped.Campaign.State, stopped.Campaign.Reason, stopped.Funnel));
        Assert.Equal([("quota", 3L)], stopped.WithheldBy);
        house.Clock.Pass(TimeSpan.FromHours(12));
        await house.Settle();
        Assert.True(await Left(house) <= 1); // Hers alone may still go; the three others were called back.
        // Who was called back was not asked: another survey may ask her.
        Assert.Null(await house.Write(async tx => await desk.Asking.Ask(tx, await Second(house, tx), "p-3", "later")));

        var ended = await Made(house, await Running(house, Recommend with { AnyDays = 0 }), new CampaignPlan(Plus, CampaignWay.Sms, PerHour: 1));
        await Given(house, ended);
        await house.Write(async tx => await desk.End(tx, (await house.Get<CampaignDesk>().Find(tx, ended))!.SurveyId, "s-a"));
        house.Clock.Pass(TimeSpan.FromMinutes(61));
        await house.Settle();
        Assert.Equal((CampaignState.Stopped, "ended", 1L), ((await Look(house, ended)).Campaign.State, (await Look(house, ended)).Campaign.Reason, (await Look(house, ended)).Funnel.Asked));
    }

    private static async Task<string> Second(House house, Storage.Tx tx)
    {
        var desk = house.Get<SurveyDesk>();
        var id = await desk.Make(tx, "s-a");
        await desk.SaveDraft(tx, id, Recommend with { Title = Three("第二份") });
        await desk.Publish(tx, id, "s-a");
        return id;
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task A_number_by_SMS_answers_the_question_it_was_asked_and_no_reply_is_lost(string database)
    {
        await using var house = await House.Open(database);
        foreach (var id in new[] { "p-1", "p-2", "p-3" }) await Customer(house, id);
        var survey = await Running(house, Recommend);
        var campaign = await Made(house, survey, new CampaignPlan(Plus, CampaignWay.Sms));
        await Given(house, campaign);
        Assert.Equal(3, (await Look(house, campaign)).Funnel.Sent);
        var text = await house.Read(async tx => (await house.Get<MessageBoard>().OfCustomer(tx, "p-1"))[0].Body!.Text);
        Assert.Contains("会推荐吗（0 绝对不会，10 一定会）", text, StringComparison.Ordinal);

        // The survey changes while the question is out: the number answers the question that was sent.
        await house.Write(async tx =>
        {
            await house.Get<SurveyDesk>().SaveDraft(tx, survey, Recommend with { Questions = [new("stars", SurveyKind.Rating, Three("几颗星"), true), .. Recommend.Questions] });
            return await house.Get<SurveyDesk>().Publish(tx, survey, "s-a");
        });
        await Reply(house, "p-1", "１０分");
        Assert.Equal([("nps", "10")], await house.Read(tx => tx.Query<(string, string)>("select question_id, value from survey_answers")));
        Assert.Equal(1, (await Look(house, campaign)).Funnel.Answered);
        Assert.Empty(await Open(house));
        await Reply(house, "p-2", "11");
        Assert.Single(await Open(house)); // There is no 11 on the scale: a person reads it.
        await house.Write(tx => house.Get<SurveyDesk>().End(tx, survey, "s-a"));
        await Reply(house, "p-3", "8");
        Assert.Equal(2, (await Open(house)).Count); // And none of it is lost when the survey has ended.
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from survey_answers")));
    }

    private static Task<List<string>> Open(House house) => house.Read(tx => tx.Query<string>("select id from replies where settled_at is null"));

    private static async Task Reply(House house, string customer, string text)
    {
        var phone = await house.Read(async tx => (await house.Get<CustomerDesk>().Find(tx, customer))!.Points.Single(point => point.Kind == PointKind.Phone).Value!);
        await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new LineArrival($"r-{customer}", phone, text, house.Now)));
        await house.Settle();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task Two_nodes_that_walk_at_once_ask_each_of_those_drawn_once_and_no_more_than_was_given(string database)
    {
        await using var house = await House.Open(database);
        for (var i = 0; i < 120; i++) await Customer(house, $"p-{i:000}");
        var survey = await Running(house, Recommend);
        var id = await Made(house, survey, new CampaignPlan(Plus, CampaignWay.InApp, AskMax: 40));
        Assert.Equal(120, (await Look(house, id)).MayBeAsked);
        await house.Write(tx => house.Get<CampaignDesk>().Begin(tx, id, "s-shen"));
        var second = new CampaignSender(house.Store, house.Get<CampaignDesk>(), house.Get<CampaignWalk>());
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => (i % 2 == 0 ? second : house.Get<CampaignSender>()).Round(CancellationToken.None))));
        await house.Settle();
        var customers = await house.Read(tx => tx.Query<string>("select customer_id from survey_asks where campaign_id = @id", new { id }));
        Assert.Equal(customers.Count, customers.Distinct().Count());
        Assert.InRange(customers.Count, 20, 40);
        Assert.All(customers, customer => Assert.True(CampaignRules.IsDrawn(id, customer, 40.0 / 120)));
        Assert.Equal((CampaignState.Done, (long)customers.Count), ((await Look(house, id)).Campaign.State, (await Look(house, id)).Funnel.Sent));
    }

    [Fact] // F1
    public async Task An_audience_is_met_by_segments_talks_and_products()
    {
        await using var house = await House.Open(Databases.Sqlite);
        foreach (var id in new[] { "p-1", "p-2", "p-3" }) await Customer(house, id);
        await house.Write(tx => tx.Run("insert into journal (source, id, kind, customer_id, at, recorded_at, actor, data, body_hash) values ('wallet', 'e1', 'feature.used', 'p-2', @at, @at, 'wallet', '{\"feature\":\"transfer-abroad\"}', 0)", new { at = house.Now.AddDays(-3) }));
        var survey = await Running(house, Recommend);
        async Task<long> Wanted(CampaignAudience audience) => (await Look(house, await Made(house, survey, new CampaignPlan(audience, CampaignWay.InApp)))).Wanted;
        Assert.Equal(3, await Wanted(Plus));
        Assert.Equal(1, await Wanted(Plus with { Product = "transfer-abroad" }));
        Assert.Equal(1, await Wanted(Plus with { Event = "feature.used" }));
        Assert.Equal(0, await Wanted(Plus with { Product = "transfer-abroad", Days = 2 }));
        Assert.Equal(0, await Wanted(Plus with { Talk = "no-such-rule" }));
        Assert.Equal(0, await Wanted(Plus with { Languages = [Language.English] }));
    }
}
