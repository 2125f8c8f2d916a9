using Huifang.Accounts;
using Huifang.Complaints;
using Huifang.Feedback;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Surveys;

namespace Huifang.Tests.Surveys;

public sealed class SurveyTests
{
    private static Localized Three(string words) => new(words, words, words);

    private static readonly SurveyDefinition Withdrawal = new(Three("提现之后"),
    [
        new("effort", SurveyKind.Ces, Three("费不费力"), true),
        new("step", SurveyKind.Choice, Three("哪一步"), true) { Choices = [new("wait", Three("等到账")), new("card", Three("填卡号"))], When = new("effort", ["1", "2", "3"]) },
        new("words", SurveyKind.Text, Three("先改什么"), false),
        new("parts", SurveyKind.Matrix, Three("各处怎么样"), false) { Rows = [new("speed", Three("快慢")), new("clear", Three("清楚"))] },
    ]);

    private static async Task<string> Running(House house, SurveyDefinition definition)
    {
        var desk = house.Get<SurveyDesk>();
        return await house.Write(async tx =>
        {
            var id = await desk.Make(tx, "s-a");
            Assert.NotEmpty(await desk.Publish(tx, id, "s-a"));
            Assert.True(await desk.SaveDraft(tx, id, definition));
            Assert.Empty(await desk.Publish(tx, id, "s-a"));
            return id;
        });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task Whoever_was_shown_a_version_answers_that_one_whatever_is_published_meanwhile_and_only_once(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var id = await Running(house, Withdrawal);
        var desk = house.Get<SurveyDesk>();
        var ask = (await house.Write(tx => desk.Asking.InPortal(tx, customer)))!;
        Assert.Equal(1, (await house.Write(tx => desk.Show(tx, ask)))!.Version);
        await house.Write(async tx =>
        {
            Assert.True(await desk.SaveDraft(tx, id, Withdrawal with { Questions = [new("other", SurveyKind.Nps, Three("会推荐吗"), true)] }));
            return await desk.Publish(tx, id, "s-a");
        });
        // The new version's answer fits no question of hers; the required one is missing.
        var (taken, faults) = await house.Write(tx => desk.Answer(tx, ask.Id, [new("other", "", "9", null)]));
        Assert.Equal((SurveyTaken.Faulty, "effort"), (taken, faults[0].Field));
        Assert.Equal(SurveyTaken.Faulty, (await house.Write(tx => desk.Answer(tx, ask.Id, [new("effort", "", "7", null)]))).Taken);
        Assert.Equal(SurveyTaken.Faulty, (await house.Write(tx => desk.Answer(tx, ask.Id, [new("effort", "", "2", null)]))).Taken);
        // Five is easy: the step is not asked, whatever is sent.
        Assert.Equal(SurveyTaken.Kept, (await house.Write(tx => desk.Answer(tx, ask.Id, [new("effort", "", "5", null), new("step", "", "wait", null), new("words", "", null, "密码 123456 忘了，先改到账提醒"), new("parts", "speed", "4", null)]))).Taken);
        Assert.Equal(SurveyTaken.Twice, (await house.Write(tx => desk.Answer(tx, ask.Id, [new("effort", "", "1", null)]))).Taken);
        var record = (await house.Read(tx => house.Get<FeedbackDesk>().Page(tx, new FeedbackFilter("survey")))).Single();
        Assert.Equal((5, customer, "app"), (record.Rating, record.CustomerId, record.Channel));
        Assert.DoesNotContain("123456", record.Words, StringComparison.Ordinal);
        Assert.Equal(["effort", "parts", "words"], await house.Read(tx => tx.Query<string>("select question_id from survey_answers order by question_id")));
        var funnel = (await house.Read(tx => house.Get<SurveyBoard>().Look(tx, id)))!.Funnel.Single();
        Assert.Equal((1L, "app", 1L, 1L, 1L), (funnel.Version, funnel.Channel, funnel.Asked, funnel.Shown, funnel.Answered));
        // She was asked lately: her portal offers nothing more.
        Assert.Null(await house.Read(tx => desk.Asking.Offer(tx, customer)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task Shown_is_not_answered_quotas_end_the_asking_and_an_ended_survey_says_so(string database)
    {
        await using var house = await House.Open(database);
        var id = await Running(house, Withdrawal with { Quota = 2 });
        var desk = house.Get<SurveyDesk>();
        var asks = new List<SurveyAsk>();
        for (var i = 0; i < 4; i++) { await house.Customer($"c-{i}"); asks.Add((await house.Write(tx => desk.Asking.InPortal(tx, $"c-{i}")))!); }
        foreach (var ask in asks.Take(3)) await house.Write(tx => desk.Show(tx, ask));
        foreach (var ask in asks.Take(2)) Assert.Equal(SurveyTaken.Kept, (await house.Write(tx => desk.Answer(tx, ask.Id, [new("effort", "", "4", null)]))).Taken);
        var results = (await house.Read(tx => house.Get<SurveyBoard>().Look(tx, id)))!;
        Assert.Equal((4L, 3L, 2L), (results.Survey.Asked, results.Survey.Shown, results.Survey.Answered));
        Assert.True(results.Response.Low < 2.0 / 3 && results.Response.High > 2.0 / 3);
        Assert.Equal(4, results.Questions[0].Score!.Value);
        await house.Customer("c-late");
        Assert.Equal(SurveyHold.QuotaFull, await house.Write(tx => desk.Asking.Ask(tx, id, "c-late", "x")));
        Assert.True(await house.Write(tx => desk.End(tx, id, "s-a")));
        Assert.Equal(SurveyTaken.Ended, (await house.Write(tx => desk.Answer(tx, asks[2].Id, [new("effort", "", "4", null)]))).Taken);
        Assert.Null(await house.Write(tx => desk.Asking.ByLink(tx, id)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task A_message_goes_through_the_guard_and_a_digit_by_SMS_is_the_answer(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var id = await Running(house, new SurveyDefinition(Three("评分"), [new("stars", SurveyKind.Rating, Three("打几分"), true)], InPortal: false));
        var desk = house.Get<SurveyDesk>();
        Assert.Null(await house.Write(tx => desk.Asking.Ask(tx, id, customer, "withdrawal:1")));
        Assert.Equal(SurveyHold.SameLately, await house.Write(tx => desk.Asking.Ask(tx, id, customer, "withdrawal:2")));
        await house.Settle();
        var phone = await house.Read(async tx => (await house.Get<Customers.CustomerDesk>().Find(tx, customer))!.Points.Single(point => point.Kind == Customers.PointKind.Phone).Value!);
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from messages where template = 'survey-ask' and channel = 'Sms' and decision_id is not null and state in ('Sent', 'Delivered')")));
        await house.Write(tx => house.Get<ReplyDesk>().Take(tx, new LineArrival("r1", phone, "２", house.Now)));
        await house.Settle();
        var results = (await house.Read(tx => house.Get<SurveyBoard>().Look(tx, id)))!;
        Assert.Equal((1L, 2.0), (results.Survey.Answered, results.Questions[0].Score!.Value));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'feedback.low'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task Nobody_with_an_open_complaint_is_asked_and_a_closed_one_asks(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff("s-boss", "boss", "沈", [Role.Supervisor, Role.Compliance], Language.Simplified)));
        var id = await Running(house, Withdrawal with { Trigger = SurveyTrigger.ComplaintClosed, InPortal = false });
        var (brought, _) = await house.Get<ComplaintIntake>().Bring(new ComplaintDraft(ComplaintDoor.App, "提现退回") { CustomerId = customer }, "portal", null);
        Assert.Equal(SurveyHold.ComplaintOpen, await house.Write(tx => house.Get<SurveyDesk>().Asking.Ask(tx, id, customer, "x")));
        await house.Write(tx => house.Get<ComplaintClosing>().Withdraw(tx, brought!.Complaint!.Id, null, ComplaintParts.Customer));
        Assert.Null(await house.Write(tx => house.Get<SurveyDesk>().Asking.Ask(tx, id, customer, "y")));
    }
}
