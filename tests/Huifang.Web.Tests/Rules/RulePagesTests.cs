using System.Net;
using Huifang.Approvals;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Planning;
using Huifang.Web.Tests.Calls;

namespace Huifang.Web.Tests.Rules;

public sealed class RulePagesTests // T12, E3, P1
{
    private static readonly (string, string)[] Rule =
    [
        ("key", "withdrawal-failed"), ("name.zh-Hans", "提现受阻后关怀"), ("name.zh-Hant", "提現受阻後關懷"), ("name.en", "Care after a failed withdrawal"), ("wakes", "event"),
        ("on", "withdrawal.failed"), ("on", "withdrawal.returned"), ("where[0].field", "amount"), ("where[0].is", "AtLeast"), ("where[0].value", "12.50"), ("where[0].currency", "cny"),
        ("count.atLeast", "3"), ("count.withinHours", "24"), ("delayMinutes", "30"), ("answerWithinHours", "72"), ("expiresAfterHours", "168"), ("value", "700"), ("script", "withdrawal-failed"),
        ("purpose", "Service"), ("channel1", "Voice"), ("channel2", "Phone"), ("skill", "general"), ("capMax", "1"), ("capDays", "14"), ("sharePercent", "100"), ("holdOutPercent", "5"), ("agentMinutes", "8"),
    ];

    private static (string, string)[] With(string name, string value) => [.. Rule.Where(field => field.Item1 != name), (name, value)];

    [Fact]
    public async Task A_rule_is_checked_while_typed_tried_and_then_goes_live()
    {
        await using var site = await CallSite.Open();
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        const string Page = "/rules/withdrawal-failed";

        Assert.Contains(">至少几次</a>：要写整数", (await cheng.Post(Page, $"{Page}/check", With("count.atLeast", "three"))).Text);
        Assert.Contains("写法没有问题", (await cheng.Post(Page, $"{Page}/check", Rule)).Text);
        Assert.Contains("没有存", (await cheng.Post(Page, Page, With("capMax", "0"))).Text);
        Assert.DoesNotContain("草稿 第", (await cheng.Get(Page)).Text);
        Assert.Contains("先用历史试跑", (await cheng.Post(Page, Page, Rule)).Text);
        Assert.Contains("先用历史试跑这份草稿", (await cheng.Post(Page, $"{Page}/live", ("why", "试试"))).Text);

        var tried = await cheng.Post(Page, $"{Page}/try", Rule);
        Assert.Equal(HttpStatusCode.OK, tried.Code);
        Assert.Contains("没有联系任何人", tried.Text);
        Assert.Contains("写一句为什么要上线", (await cheng.Post(Page, $"{Page}/live")).Text);
        Assert.Contains("交给第二人了", (await cheng.Post(Page, $"{Page}/live", ("why", "三次受阻的客户总在等我们"))).Text);
        Assert.Equal(1, (await site.Read(async tx => (await site.Get<LiveRules>().Of(tx)).Rules.Single(rule => rule.Key == "withdrawal-failed"))).Version);

        // The one who asked cannot; another person under another role reads it and gives it.
        var approval = (await site.Read(site.Get<ApprovalDesk>().Open)).Single();
        Assert.Contains("自己提出的不能自己批", (await cheng.Get($"/approvals/{approval.Id}")).Text);
        Assert.Contains("自己提出的不能自己批", (await cheng.Post("/rules", $"/approvals/{approval.Id}/give", ("seen", approval.PayloadHash))).Text);
        using var shen = await Visitor.Staff(site, CallSite.Compliance);
        Assert.Contains("规则「提现受阻后关怀」第 2 版上线", (await shen.Get("/approvals")).Text);
        Assert.Contains("三次受阻的客户总在等我们", (await shen.Get($"/approvals/{approval.Id}")).Text);
        Assert.Contains("批准了", (await shen.Post($"/approvals/{approval.Id}", $"/approvals/{approval.Id}/give", ("seen", approval.PayloadHash))).Text);
        await site.Settle();
        Assert.Contains("办好了", (await shen.Get($"/approvals/{approval.Id}")).Text);

        var live = await site.Read(async tx => (await site.Get<LiveRules>().Of(tx)).Rules.Single(rule => rule.Key == "withdrawal-failed"));
        Assert.Equal((2, 3, 1250L, "CNY"), (live.Version, live.Count!.AtLeast, live.Where[0].Number, live.Where[0].Currency));
    }

    [Fact]
    public async Task What_changes_something_demands_the_permission_and_the_token()
    {
        await using var site = await CallSite.Open();
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        using var lin = await Visitor.Staff(site, CallSite.Agent);
        foreach (var path in new[] { "/rules/dormancy", "/rules/dormancy/try", "/rules/dormancy/live", "/rules/dormancy/stop", "/rules/dormancy/drop", $"/people/{CallSite.Agent}", $"/people/{CallSite.Agent}/days/2026-11-25" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await cheng.PostWith(path)).Code);
            Assert.NotEqual(HttpStatusCode.OK, (await lin.PostWith(path)).Code);
        }
        Assert.True(await site.Read(async tx => (await site.Get<LiveRules>().Of(tx)).Rules.Any(rule => rule.Key == "dormancy")));
        Assert.Equal(HttpStatusCode.OK, (await lin.Get("/rules/dormancy")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await cheng.Get("/rules/no-such-rule")).Code);
    }

    [Theory]
    [InlineData(Language.Simplified)]
    [InlineData(Language.Traditional)]
    [InlineData(Language.English)]
    public async Task Pages_speak_one_language_and_lack_no_text(string language)
    {
        await using var site = await CallSite.Open();
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        await site.Write(tx => site.Get<ContactDesk>().Clear(tx, new(CallSite.Customer, Purpose.Service, Channel.Voice) { FollowUpId = CallSite.FollowUp }));
        string[] pages = ["/approvals", "/prove", "/my/sign-in", "/staff", "/staff?id=a-lin", "/rules", "/rules/withdrawal-failed", "/rules/new", "/people", $"/follow-ups/{CallSite.FollowUp}/why", $"/follow-ups/{CallSite.FollowUp}/why?for=customer", .. PackShelf.Shipped.Packs.Select(pack => $"/packs?pack={pack.Id}")];
        foreach (var page in pages)
        {
            var (code, text) = await cheng.Get($"{page}{(page.Contains('?') ? '&' : '?')}lang={language}");
            Assert.Equal((page, HttpStatusCode.OK), (page, code));
            Assert.DoesNotMatch(@">(Field|Problem|Kind|Mark|State|Why|Is|By|Leave|Refused|Stage|Version)\.[A-Za-z-]+<", text);
            Assert.Contains($"<html lang=\"{language}\"", text);
        }
    }

    [Fact]
    public async Task Packs_show_their_sources_and_decide_a_would_be_call()
    {
        await using var site = await CallSite.Open();
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        Assert.Contains("47 CFR 64.1200(c)(1)", (await cheng.Get("/packs?pack=us-contact")).Text);
        Assert.Contains("先等着", (await cheng.Get("/packs?pack=us-contact&purpose=Service&channel=Phone&at=2026-11-26T10:00&agreed=true")).Text); // Thanksgiving
        Assert.Contains("没有同意", (await cheng.Get("/packs?pack=us-contact&purpose=Service&channel=Phone&at=2026-11-27T10:00")).Text);
        Assert.Equal(HttpStatusCode.OK, (await cheng.Get("/packs?pack=nonsense&at=yesterday")).Code);
    }

    [Fact]
    public async Task Why_shows_each_check_twice_and_the_customer_sees_her_own_only()
    {
        await using var site = await CallSite.Open();
        var wish = new ContactWish(CallSite.Customer, Purpose.Service, Channel.Voice) { FollowUpId = CallSite.FollowUp };
        var (planned, other) = await site.Write(async tx =>
        {
            var desk = site.Get<ContactDesk>();
            var answers = await desk.Weigh(tx, [wish with { Stage = ContactStage.Planned }, wish, new("c-other", Purpose.Service, Channel.Voice)]);
            return (answers[0], answers[2]);
        });
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        var page = (await cheng.Get($"/follow-ups/{CallSite.FollowUp}")).Text;
        Assert.Contains("计划时", page);
        Assert.Contains("house 2026.11", page);
        Assert.Contains("当地 14:0", page);
        Assert.Contains("您 今天", (await cheng.Get($"/follow-ups/{CallSite.FollowUp}/why?for=customer")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await cheng.Get("/follow-ups/none/why")).Code);

        using var zhou = await Visitor.Customer(site);
        Assert.Contains("为什么联系我", (await zhou.Get("/me/why")).Text);
        Assert.Equal(HttpStatusCode.OK, (await zhou.Get($"/me/why/{planned.DecisionId}")).Code);
        Assert.Equal(HttpStatusCode.OK, (await zhou.Get($"/me/why/{CallSite.FollowUp}")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await zhou.Get($"/me/why/{other.DecisionId}")).Code);
    }

    [Fact]
    public async Task A_day_is_written_by_a_form_and_a_wrong_one_says_why()
    {
        await using var site = await CallSite.Open();
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        var path = $"/people/{CallSite.Agent}/days/2026-11-26";
        Assert.Contains("写下了", (await cheng.Post("/people", path, ("kind", "Shift"), ("start", "09:00"), ("end", "12:00"), ("kind", "Break"), ("start", "10:00"), ("end", "10:30"))).Text);
        var slots = await site.Read(tx => site.Get<SlotDesk>().Between(tx, new(2026, 11, 26, 0, 0, 0, TimeSpan.FromHours(8)), new(2026, 11, 27, 0, 0, 0, TimeSpan.FromHours(8))));
        Assert.Equal(5, slots.Count);
        Assert.Contains("休息要在班里", (await cheng.Post("/people", path, ("kind", "Shift"), ("start", "09:00"), ("end", "12:00"), ("kind", "Break"), ("start", "11:30"), ("end", "12:30"))).Text);
        Assert.Contains("时间没有写全", (await cheng.Post("/people", path, ("kind", "Shift"), ("start", "nine"), ("end", "12:00"))).Text);
        Assert.Contains("写下了", (await cheng.Post("/people", path, ("off", "true"))).Text);
        Assert.Empty(await site.Read(tx => site.Get<SlotDesk>().Between(tx, new(2026, 11, 26, 0, 0, 0, TimeSpan.FromHours(8)), new(2026, 11, 27, 0, 0, 0, TimeSpan.FromHours(8)))));
    }
}
