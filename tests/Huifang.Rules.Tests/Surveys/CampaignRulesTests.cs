using System.Collections.Immutable;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Surveys;

namespace Huifang.Tests.Surveys;

public sealed class CampaignRulesTests
{
    private static Localized Three(string words) => new(words, words, words);

    private static SurveyDefinition Of(params SurveyQuestion[] questions) => new(Three("t"), questions);

    [Fact] // F1
    public void The_question_of_a_text_message_is_one_that_a_number_answers_and_everybody_is_asked()
    {
        var choice = new SurveyQuestion("step", SurveyKind.Choice, Three("哪一步"), true) { Choices = [new("wait", Three("等到账")), new("card", Three("填卡号"))] };
        var survey = Of(new("words", SurveyKind.Text, Three("说说"), false), new SurveyQuestion("if", SurveyKind.Nps, Three("x"), false) { When = new("words", ["1"]) }, choice);
        Assert.Same(choice, SurveyByNumber.Question(survey));
        Assert.Equal("哪一步 1 等到账 2 填卡号", SurveyByNumber.Words(choice).ZhHans);
        Assert.Equal("card", SurveyByNumber.Answer(choice, 2)!.Value);
        Assert.Null(SurveyByNumber.Answer(choice, 3));
        Assert.Null(SurveyByNumber.Answer(choice, 0));
        var nps = new SurveyQuestion("nps", SurveyKind.Nps, Three("会推荐吗"), true);
        Assert.Equal(("0", "10", null), (SurveyByNumber.Answer(nps, 0)!.Value, SurveyByNumber.Answer(nps, 10)!.Value, SurveyByNumber.Answer(nps, 11)));
        Assert.Null(SurveyByNumber.Answer(nps with { Kind = SurveyKind.Csat }, 0));
        Assert.Null(SurveyByNumber.Question(Of(new SurveyQuestion("m", SurveyKind.Matrix, Three("x"), true) { Rows = [new("a", Three("a"))] })));
    }

    [Theory] // F1
    [InlineData("0", 0), InlineData("9", 9), InlineData("10", 10), InlineData("１０分", 10), InlineData(" 7. ", 7), InlineData("12", 12)]
    [InlineData("13", null), InlineData("07", null), InlineData("100", null), InlineData("五", null), InlineData("3 或 4", null)]
    public void A_number_is_read_as_people_text_it(string text, int? number) => Assert.Equal(number is { } n ? new Reply.Number(n) : new Reply.Words(), ReplyReader.Read(text, Asked.Number));

    [Theory, InlineData("0000"), InlineData("T"), InlineData("退订"), InlineData("STOP")]
    public void A_stop_stays_a_stop(string text) => Assert.IsType<Reply.Stop>(ReplyReader.Read(text, Asked.Number));

    [Fact] // F1
    public void A_plan_says_what_is_wrong_with_it()
    {
        var words = Of(new SurveyQuestion("w", SurveyKind.Text, Three("说说"), true));
        Assert.Equal(["way"], CampaignRules.Check(new(new(), CampaignWay.Sms), words).Select(fault => fault.Field));
        Assert.Empty(CampaignRules.Check(new(new(), CampaignWay.Email), words));
        Assert.Equal(["days", "withinDays", "perHour", "askMax"], CampaignRules.Check(new(new() { Days = 0 }, CampaignWay.Email, 0, 0, 15), words).Select(fault => fault.Field));
    }

    [Fact] // F1
    public void A_share_is_drawn_by_lot_and_the_lot_of_a_campaign_is_fixed()
    {
        var plan = new CampaignPlan(new(), CampaignWay.Email, AskMax: 2000);
        var share = CampaignRules.Share(plan, 20_000);
        Assert.Equal(.1, share, 6);
        Assert.Equal(1, CampaignRules.Share(plan, 1500));
        var drawn = Enumerable.Range(0, 20_000).Select(i => $"w{i}").Where(id => CampaignRules.IsDrawn("one", id, share)).ToList();
        Assert.InRange(drawn.Count, 1850, 2150);
        Assert.Equal(drawn, Enumerable.Range(0, 20_000).Select(i => $"w{i}").Where(id => CampaignRules.IsDrawn("one", id, share)));
        // Another campaign draws others: about a tenth of the tenth are the same.
        Assert.InRange(drawn.Count(id => CampaignRules.IsDrawn("two", id, share)), 130, 280);
        // Not the first ones by id.
        Assert.InRange(drawn.Count(id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) < 10_000), 900, 1100);
    }

    [Fact] // F1
    public void An_audience_asks_for_language_talk_and_product()
    {
        var now = new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
        var customer = new TriggerCustomer("c") { Past = [new("feature.used", now.AddDays(-5), ImmutableDictionary<string, string>.Empty.Add("feature", "abroad"))] };
        bool Means(CampaignAudience audience, bool talked = false) => CampaignRules.Means(audience, customer, Language.Simplified, talked, now);
        Assert.True(Means(new()));
        Assert.False(Means(new() { Languages = [Language.English] }));
        Assert.False(Means(new() { Talk = "fees" }));
        Assert.True(Means(new() { Talk = "fees" }, talked: true));
        Assert.True(Means(new() { Product = "abroad" }));
        Assert.True(Means(new() { Product = "abroad", Event = "feature.used" }));
        Assert.False(Means(new() { Product = "abroad", Event = "withdrawal.failed" }));
        Assert.False(Means(new() { Product = "abroad", Days = 4 }));
        Assert.False(Means(new() { Who = new() { SegmentsAny = ["plus"] } }));
    }
}
