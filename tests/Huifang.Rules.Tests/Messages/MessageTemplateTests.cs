using Huifang.Languages;

namespace Huifang.Messages;

public class MessageTemplateTests
{
    [Fact] // K1
    public void Every_shipped_template_passes_its_own_check() =>
        Assert.Empty(MessageTemplates.All.Values.SelectMany(MessageTemplates.Check));

    [Fact]
    public void Every_occasion_of_the_walk_has_a_template() =>
        Assert.Equal(["apology", "booked", "cannot-keep", "complaint-answered", "complaint-received", "complaint-reopened", "complaint-survey", "complaint-update", "improved", "invitation", "missed", "reminder", "stopped", "survey", "survey-ask", "written"], MessageTemplates.All.Keys.Order());

    [Theory] // B1
    [InlineData(Language.Simplified, "【青桥钱包】", "回复 T")]
    [InlineData(Language.Traditional, "【青橋錢包】", "回覆 T")]
    [InlineData(Language.English, "Qingqiao Wallet:", "STOP")]
    public void An_SMS_says_first_who_writes_and_last_how_to_stop_it(string language, string first, string last)
    {
        var text = MessageTemplates.Sms(MessageTemplates.Named("invitation"), language, true, MessageTemplates.Examples(language)).Text;
        Assert.StartsWith(first, text);
        Assert.Contains(last, text[^25..]);
    }

    [Fact] // B1: Singapore
    public void Where_links_are_forbidden_the_SMS_has_none_and_asks_for_a_digit()
    {
        foreach (var template in MessageTemplates.All.Values)
            foreach (var language in Language.All)
                Assert.DoesNotContain("://", MessageTemplates.Sms(template, language, linksAllowed: false, MessageTemplates.Examples(language)).Text);
        Assert.Contains("Reply 1", MessageTemplates.Sms(MessageTemplates.Named("invitation"), Language.English, false, MessageTemplates.Examples(Language.English)).Text);
    }

    [Fact]
    public void A_faulty_template_is_told_everything_that_is_wrong()
    {
        var faulty = new MessageTemplate("x", Asked.Nothing, new("你好 {nmae}", "", new string('a', 700)), new("{operator} {link}", "{operator}", "{operator}"), new("s", "s", "s"), new("{slot}", "{slot}", "no slot"), new("go", "go", "go"));
        var faults = MessageTemplates.Check(faulty).Select(fault => (fault.Part, fault.Language, fault.Kind)).ToList();
        Assert.Contains(("sms", Language.Traditional, TemplateFaultKind.MissingLanguage), faults);
        Assert.Contains(("sms", Language.Simplified, TemplateFaultKind.UnknownVariable), faults);
        Assert.Contains(("sms", Language.Simplified, TemplateFaultKind.NoSender), faults);
        Assert.Contains(("sms", Language.English, TemplateFaultKind.TooManyParts), faults);
        Assert.Contains(("sms", Language.English, TemplateFaultKind.NoLink), faults);
        Assert.Contains(("smsNoLink", Language.Simplified, TemplateFaultKind.LinkNotAllowed), faults);
        Assert.Contains(("body", Language.English, TemplateFaultKind.VariableNotInEveryLanguage), faults);
    }

    [Fact]
    public void A_message_never_leaves_with_a_hole_in_it() =>
        Assert.Throws<KeyNotFoundException>(() => MessageTemplates.Letter(MessageTemplates.Named("booked"), Language.English, new Dictionary<string, string> { ["slot"] = "now" }));
}
