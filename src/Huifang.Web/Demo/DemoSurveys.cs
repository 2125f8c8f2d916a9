using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Customers;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Storage;
using Huifang.Surveys;

namespace Huifang.Demo;

/// <summary>One survey that runs for a month: customers find it in their portal, most see it, some answer. Another goes by text message to one segment, with a second person's leave.</summary>
public sealed class DemoSurveys(Store store, DemoSurveyDesks desks, DemoClock clock)
{
    private const int CountedDaysAgo = 9, AskedDaysAgo = 8;

    private readonly Random _random = new(DemoCustomers.Seed + 41);
    private readonly Lazy<List<(string Id, string? Phone)>> _plus = new(() => [.. DemoCustomers.Make(DateTimeOffset.UnixEpoch.AddYears(20)).Where(one => one.Segments.Contains("plus")).Select(one => (one.Id, one.Points.FirstOrDefault(point => point.Kind == PointKind.Phone)?.Value))]);
    private string? _survey, _plusSurvey, _campaign;

    private static readonly SurveyDefinition AfterWithdrawal = new(new("提现之后", "提現之後", "After a withdrawal"),
    [
        new("effort", SurveyKind.Ces, new("这次提现，办起来费不费力？", "這次提現，辦起來費不費力？", "How easy was it to withdraw?"), true),
        new("step", SurveyKind.Choice, new("哪一步最费力？", "哪一步最費力？", "Which step was the hardest?"), false)
        {
            When = new("effort", ["1", "2", "3"]),
            Choices = [new("wait", new("等到账", "等到帳", "Waiting for the money")), new("words", new("看不懂提示", "看不懂提示", "The wording")), new("card", new("填卡号", "填卡號", "Entering the card")), new("fear", new("怕钱丢了", "怕錢不見了", "Fear of losing it"))],
        },
        new("recommend", SurveyKind.Nps, new("您会把我们推荐给朋友吗？", "您會把我們推薦給朋友嗎？", "Would you recommend us to a friend?"), false),
        new("change", SurveyKind.Text, new("最希望我们先改哪一件事？", "最希望我們先改哪一件事？", "What should we change first?"), false),
    ]);

    private static readonly SurveyDefinition Plus = new(new("Plus 会员推荐度", "Plus 會員推薦度", "Plus members: would they recommend us"),
    [
        new("recommend", SurveyKind.Nps, new("您会把 Plus 推荐给朋友吗？", "您會把 Plus 推薦給朋友嗎？", "Would you recommend Plus to a friend?"), true),
        new("why", SurveyKind.Text, new("为什么？", "為什麼？", "Why?"), false),
    ], InPortal: false, Quota: 200);

    public Task Begin(CancellationToken stop) => store.Write(async tx =>
    {
        _survey = await desks.Surveys.Make(tx, "s-cheng");
        await desks.Surveys.SaveDraft(tx, _survey, AfterWithdrawal);
        await desks.Surveys.Publish(tx, _survey, "s-cheng");
    }, stop);

    /// <summary>A day's visitors of the portal, and what becomes of the campaign.</summary>
    public async Task Day(int daysAgo, CancellationToken stop)
    {
        if (_survey is null) return;
        if (daysAgo == CountedDaysAgo) await Count(stop);
        if (daysAgo == AskedDaysAgo && _campaign is { } campaign) await Give(campaign, stop);
        for (var i = 0; i < 9; i++) await Visit(DemoCustomers.IdOf(200 + _random.Next(3000)), .8, .62, stop);
        if (daysAgo >= AskedDaysAgo) return;
        foreach (var (id, phone) in _plus.Value)
            if (_random.NextDouble() < .07) await Visit(id, .75, .7, stop);
            else if (phone is not null && _random.NextDouble() < .05) await Reply(id, phone, daysAgo, stop);
    }

    private Task Visit(string customer, double sees, double answers, CancellationToken stop) => store.Write(async tx =>
    {
        if (await desks.Surveys.Asking.InPortal(tx, customer) is not { } ask || _random.NextDouble() > sees || await desks.Surveys.Show(tx, ask) is null || _random.NextDouble() > answers) return;
        var effort = 2 + _random.Next(4);
        List<SurveyAnswer> given = [new("effort", "", $"{effort}", null), new("step", "", new[] { "wait", "wait", "words", "card", "fear" }[_random.Next(5)], null), new("recommend", "", $"{Math.Min(10, effort * 2 + _random.Next(2))}", null)];
        if (_random.NextDouble() < .5) given.Add(new(ask.SurveyId == _survey ? "change" : "why", "", null, DemoTexts.Say(Language.Simplified, _random)));
        await desks.Surveys.Answer(tx, ask.Id, given);
    }, stop);

    // Whoever was asked by text message answers with a number.
    private Task Reply(string customer, string phone, int daysAgo, CancellationToken stop) => store.Write(async tx =>
    {
        if (await desks.Surveys.Asking.InPortal(tx, customer) is { Channel: "message" } ask && ask.SurveyId == _plusSurvey) await desks.Replies.Take(tx, new LineArrival($"plus-{customer}-{daysAgo}", phone, $"{6 + _random.Next(5)}", clock.GetUtcNow()));
    }, stop);

    private Task Count(CancellationToken stop) => store.Write(async tx =>
    {
        _plusSurvey = await desks.Surveys.Make(tx, "s-cheng");
        await desks.Surveys.SaveDraft(tx, _plusSurvey, Plus);
        await desks.Surveys.Publish(tx, _plusSurvey, "s-cheng");
        _campaign = (await desks.Campaigns.Make(tx, _plusSurvey, new CampaignPlan(new() { Who = new() { SegmentsAny = ["plus"] } }, CampaignWay.Sms, PerHour: 40), "s-cheng")).Id;
    }, stop);

    private Task Give(string campaign, CancellationToken stop) => store.Write(async tx =>
    {
        await desks.Approval.Ask(tx, campaign, "Plus 改版一个季度了，想知道他们会不会推荐", new ApprovalParty("s-cheng", nameof(Role.Analyst), "demo"));
        var second = DemoStaff.All.First(person => person.Staff.Roles.Contains(Role.Compliance)).Staff;
        foreach (var asked in (await desks.Approvals.Open(tx)).Where(one => one.Kind == CampaignApproval.Begins.Key))
            await desks.Approvals.Give(tx, asked.Id, new Signed(second, "demo-second", clock.GetUtcNow()), asked.PayloadHash);
    }, stop);
}

/// <summary>The desks that the demo's surveys go through.</summary>
public sealed record DemoSurveyDesks(SurveyDesk Surveys, CampaignDesk Campaigns, CampaignApproval Approval, ApprovalDesk Approvals, ReplyDesk Replies);
