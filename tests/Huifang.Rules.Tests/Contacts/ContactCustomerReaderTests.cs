using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Contacts;

public sealed class ContactCustomerReaderTests
{
    private static string Example()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Huifang.slnx"))) root = root.Parent;
        var page = File.ReadAllText(Path.Combine(root!.FullName, "docs", "contact.md"));
        return page.Split("```json")[1].Split("```")[0];
    }

    [Fact]
    public void The_example_in_the_manual_can_be_decided()
    {
        var (customer, jurisdictions, problems) = ContactCustomerReader.Read(Example());
        Assert.Empty(problems);
        ContactQuestion question = new() { Customer = customer!, Purpose = Purpose.Service, Channel = Channel.Phone, At = ContactScene.TuesdayAfternoon, Pack = PackShelf.Shipped.For(jurisdictions, new(2026, 11, 24)) };
        Assert.IsType<ContactVerdict.Allow>(ContactRules.Decide(question));
        Assert.IsType<ContactVerdict.Hold>(ContactRules.Decide(question with { At = question.At.AddHours(4) }));
        Assert.Equal(DropReason.ConsentWithdrawn, (ContactRules.Decide(question with { Channel = Channel.Sms }) as ContactVerdict.Drop)?.Reason);
    }

    [Theory]
    [InlineData("{", "", "not-json")]
    [InlineData("[]", "", "not-an-object")]
    [InlineData("""{"id":"a","doNotContct":[]}""", "doNotContct", "unknown-field")]
    [InlineData("""{"id":"a","timeZone":"Mars/Base"}""", "timeZone", "unknown-zone")]
    [InlineData("""{"id":"a","consents":[{"purpose":"Service","given":true,"at":"yesterday"}]}""", "consents[0].at", "not-an-instant")]
    [InlineData("""{"id":"a","consents":[{"given":true,"at":"2026-03-02T10:00:00Z"}]}""", "consents[0].purpose", "missing")]
    [InlineData("""{"id":"a","consents":[{"purpose":"Sales","given":true,"at":"2026-03-02T10:00:00Z"}]}""", "consents[0].purpose", "not-one-of")]
    [InlineData("""{"id":"a","hours":[{"day":"Monday","from":"25:00","to":"17:00"}]}""", "hours[0].from", "not-a-time")]
    [InlineData("""{"id":"a","contacts":[{"at":"2026-11-20T10:00"}]}""", "contacts[0].at", "not-an-instant")]
    [InlineData("""{"id":7}""", "id", "not-a-text")]
    public void A_bad_file_names_its_field(string json, string path, string code) =>
        Assert.Contains(ContactCustomerReader.Read(json).Problems, problem => problem.Path == path && problem.Code == code);

    [Fact]
    public void Every_outcome_has_words_in_three_languages()
    {
        var zhou = ContactScene.Zhou;
        ContactQuestion call = ContactScene.Call(zhou);
        ContactQuestion[] questions =
        [
            call, call with { At = call.At.AddHours(9) }, call with { Customer = zhou with { Consents = [] } }, call with { Pack = null }, call with { Customer = zhou with { Zones = [] } },
            call with { Customer = zhou.Called(1) }, call with { Sells = true }, call with { BookedAt = call.At.AddDays(-1) }, call with { Purpose = Purpose.Security, Channel = Channel.Push },
            call with { Customer = zhou with { Open = [new("b", "x", Purpose.Service, call.At, true)] } }, call with { Customer = zhou with { Reachable = [Channel.Voice] }, Others = [Channel.Voice] },
            call with { At = ContactScene.Local("Asia/Shanghai", "2026-10-01 10:00") }, call with { NotAfter = call.At.AddHours(-1) }, call with { IsHeldOut = true },
            call with { Customer = zhou with { Silences = [Silence.Everything(call.At.AddDays(-1))] } }, call with { Customer = zhou with { OwnHours = WeekHours.Daily(new(9, 0), new(10, 0)) } },
        ];
        foreach (var language in Language.All)
            foreach (var verdict in questions.Select(ContactRules.Decide))
            {
                var words = new ContactWords(language, ContactScene.Shanghai, call.At);
                string[] said = [words.Verdict(verdict), words.ToCustomer(verdict), .. verdict.Reasons.Made().SelectMany(reason => new[] { words.Check(reason.Check), words.Finding(reason), words.Seen(reason) })];
                Assert.All(said, text => Assert.False(string.IsNullOrWhiteSpace(text)));
                if (language == Language.English) Assert.All(said, text => Assert.DoesNotContain(text, letter => letter is >= '\u4e00' and <= '\u9fff'));
            }
    }
}
