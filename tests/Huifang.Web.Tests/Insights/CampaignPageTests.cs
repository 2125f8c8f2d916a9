using System.Net;
using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Languages;
using Huifang.Surveys;

namespace Huifang.Web.Tests.Insights;

/// <summary>A campaign on its pages: written by an analyst, counted without a message, given by another person, and told step by step.</summary>
public sealed class CampaignPageTests
{
    private static Localized Three(string zhHans, string zhHant, string en) => new(zhHans, zhHant, en);

    private static readonly SurveyDefinition Recommend = new(Three("推荐度", "推薦度", "Recommendation"), [new("nps", SurveyKind.Nps, Three("会推荐吗？", "會推薦嗎？", "Would you recommend us?"), true)], InPortal: false);

    private static async Task<string> Running(Site site, SurveyDefinition definition) => await site.Write(async tx =>
    {
        var desk = site.Get<SurveyDesk>();
        var id = await desk.Make(tx, "s-cheng");
        await desk.SaveDraft(tx, id, definition);
        Assert.Empty(await desk.Publish(tx, id, "s-cheng"));
        return id;
    });

    [Fact] // F1
    public async Task An_analyst_counts_it_another_person_gives_it_and_the_page_tells_each_step_in_three_languages()
    {
        await using var site = await Site.Open();
        await site.Write(tx => site.Get<AccountDesk>().Add(tx, new Staff("s-shen", "shen", "沈律", [Role.Compliance], Language.Simplified)));
        var survey = await Running(site, Recommend);
        using var analyst = new Visitor(site, Language.Simplified);
        await analyst.Send("/demo", "/demo/staff", ("id", "s-cheng"));
        Assert.Contains("还没发过", (await analyst.Get($"/surveys/{survey}/campaigns")).Html, StringComparison.Ordinal);

        // What is wrong is said at the field, and nothing is made.
        var (wrong, faulty) = await analyst.Send($"/surveys/{survey}/campaigns", $"/surveys/{survey}/campaigns", ("way", "Email"), ("days", "30"), ("perHour", "many"), ("withinDays", "99"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong);
        Assert.Contains("每小时发几条：不在范围里", faulty, StringComparison.Ordinal);
        Assert.Contains("几天发不出就算了：不在范围里", faulty, StringComparison.Ordinal);

        await analyst.Send($"/surveys/{survey}/campaigns", $"/surveys/{survey}/campaigns", ("way", "InApp"), ("language", "zh-Hans"), ("days", "30"), ("perHour", "100"), ("withinDays", "3"), ("askMax", ""));
        var id = (await site.Read(tx => site.Get<CampaignDesk>().OfSurvey(tx, survey))).Single().Campaign.Id;
        Assert.Contains("every 2s", (await analyst.Get($"/campaigns/{id}")).Html, StringComparison.Ordinal);
        await site.Settle();
        var view = (await site.Read(tx => site.Get<CampaignDesk>().Look(tx, id, TimeSpan.Zero)))!;
        Assert.True(view.Wanted > 0 && view.Funnel.Asked == 0, $"{view.Wanted} wanted, {view.Funnel.Asked} asked");

        // Without a reason nobody is asked for leave.
        await analyst.Send($"/campaigns/{id}", $"/campaigns/{id}/approvals", ("why", " "));
        Assert.DoesNotContain(await site.Read(tx => site.Get<ApprovalDesk>().Open(tx)), one => one.Kind == CampaignApproval.Begins.Key);
        await analyst.Send($"/campaigns/{id}", $"/campaigns/{id}/approvals", ("why", "想知道会不会推荐"));
        var approval = (await site.Read(tx => site.Get<ApprovalDesk>().Open(tx))).Single(one => one.Kind == CampaignApproval.Begins.Key);
        Assert.Contains("等第二个人批", (await analyst.Get($"/campaigns/{id}")).Html, StringComparison.Ordinal);

        using var second = new Visitor(site, Language.English);
        await second.Send("/demo", "/demo/staff", ("id", "s-shen"));
        var (_, page) = await second.Get($"/approvals/{approval.Id}");
        Assert.Contains("Survey “推荐度”, version 1, goes by “In-app message” to at most", page, StringComparison.Ordinal);
        var giver = new Signed(new Staff("s-shen", "shen", "沈律", [Role.Compliance], Language.Simplified), "second", site.Clock.GetUtcNow());
        Assert.True((await site.Write(tx => site.Get<ApprovalDesk>().Give(tx, approval.Id, giver, approval.PayloadHash))).Ok);
        await site.Settle();
        view = (await site.Read(tx => site.Get<CampaignDesk>().Look(tx, id, TimeSpan.Zero)))!;
        Assert.Equal((CampaignState.Done, view.MayBeAsked), (view.Campaign.State, view.Funnel.Asked));

        foreach (var language in Language.All)
        {
            using var reader = new Visitor(site, language);
            await reader.Send("/demo", "/demo/staff", ("id", "s-cheng"));
            foreach (var path in new[] { $"/campaigns/{id}", $"/surveys/{survey}/campaigns" })
            {
                var (status, html) = await reader.Get(path);
                Assert.Equal(HttpStatusCode.OK, status);
                Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
                // A text that is missing shows its key.
                Assert.DoesNotMatch(@">(Why|Field|State|Way|Finding|No)\.[A-Za-z-]+<", html);
                Assert.DoesNotContain(" style=\"", html, StringComparison.Ordinal);
            }
        }
    }

    [Fact] // F1
    public void Every_reason_that_keeps_somebody_from_being_asked_has_words()
    {
        var words = new System.Resources.ResourceManager(typeof(CampaignText));
        string[] whys = [.. Enum.GetNames<SurveyHold>(), .. Enum.GetNames<Contacts.DropReason>(), "Suppression", "MonthCap", "WeekCap", "DayCap", "Gap", "Holidays", "OwnHours", "Hours", "Merged", "no-channel-left", "erased", "failed", "quota", "ended", "changed", "by-hand"];
        Assert.DoesNotContain(whys, why => words.GetString($"Why.{why}", System.Globalization.CultureInfo.InvariantCulture) is null);
    }
}
