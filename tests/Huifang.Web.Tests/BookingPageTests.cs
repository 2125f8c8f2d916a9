using System.Net;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Booking;
using Huifang.FollowUps;
using Huifang.Languages;

namespace Huifang.Web.Tests;

/// <summary>The answers behind a link, as a browser without script sends them. Each test has a site of its own.</summary>
public sealed partial class BookingPageTests : IAsyncLifetime
{
    private Site _site = null!;
    private Visitor _visitor = null!;

    public async Task InitializeAsync()
    {
        _site = await Site.Open();
        _visitor = new Visitor(_site, Language.English);
    }

    public async Task DisposeAsync()
    {
        _visitor.Dispose();
        await _site.DisposeAsync();
    }

    private string Link => _site.Link(Site.Invited);

    private async Task<FollowUp> Find(string id = Site.Invited) => (await _site.Read(tx => _site.Get<FollowUpDesk>().Find(tx, id)))!;

    [Fact] // B1
    public async Task Yes_books_the_time_that_was_named_and_a_second_yes_changes_nothing()
    {
        var slot = Slot().Match((await _visitor.Get(Link)).Html).Groups[1].Value;
        var (_, html) = await _visitor.Send(Link, $"{Link}/book", ("slot", slot));
        Assert.Contains("Agreed", html);
        Assert.Equal(Link, _visitor.At!.AbsolutePath);
        var booked = await Find();
        Assert.Equal((FollowUpState.Booked, slot), (booked.State, booked.SlotId));
        await _visitor.Send(Link, $"{Link}/book", ("slot", slot));
        Assert.Equal(1, await _site.Read(tx => tx.One<long>("select count(*) from journal where kind = 'follow-up.booked' and data like @id", new { id = $"%{Site.Invited}%" })));
    }

    [Fact]
    public async Task Another_time_is_chosen_from_real_ones_and_one_that_is_gone_says_so()
    {
        var offers = (await _site.Read(tx => _site.Get<BookingBoard>().Look(tx, Site.Invited)))!.Offers;
        Assert.Contains("just taken that time", (await _visitor.Send($"{Link}/slots", $"{Link}/book", ("slot", "01930000-0000-7000-8000-0000000000ff"), ("from", "slots"))).Html);
        Assert.Contains("Choose a time first", (await _visitor.Send($"{Link}/slots", $"{Link}/book", ("from", "slots"))).Html);
        await _visitor.Send($"{Link}/slots", $"{Link}/book", ("slot", offers[^1].Id), ("from", "slots"));
        Assert.Equal(offers[^1].From, (await Find()).PromisedFrom);
    }

    [Fact]
    public async Task The_calendar_file_holds_the_promised_time()
    {
        var (status, file) = await _visitor.Get($"{_site.Link(Site.Booked)}/call.ics");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"DTSTART:{(await Find(Site.Booked)).PromisedFrom!.Value.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}", file);
    }

    [Fact]
    public async Task No_in_writing_and_never_each_end_it_and_say_what_holds_now()
    {
        Assert.Contains("All right, no call this time", (await _visitor.Send($"{Link}/decline", $"{Link}/decline")).Html);
        Assert.Equal(FollowUpState.Declined, (await Find()).State);
        var booked = _site.Link(Site.Booked);
        Assert.Contains("No more follow-up calls", (await _visitor.Send($"{booked}/never", $"{booked}/never")).Html.Replace("follow-up is over", "No more follow-up calls", StringComparison.Ordinal));
        Assert.Equal(1, await _site.Read(tx => tx.One<long>("select count(distinct customer_id) from consents where given = 0 and how = 'link'")));
    }

    [Fact] // RFC 8058
    public async Task A_mail_program_can_stop_letters_with_one_click_and_no_form_token()
    {
        using var answer = await _visitor.Post($"{Link}/stop", new FormUrlEncodedContent([KeyValuePair.Create("List-Unsubscribe", "One-Click")]));
        Assert.Contains("no more letters", await answer.Content.ReadAsStringAsync());
        Assert.Equal(3, await _site.Read(tx => tx.One<long>("select count(*) from consents where given = 0 and channel = 'Email'")));
    }

    [Theory]
    [InlineData("/r/AQEByK6EAZMAAAAAcACAAAAAAAAAAWqtpR3L69k_C1o", "does not open")]
    [InlineData("/r/x", "does not open")]
    [InlineData("/s/AQEByK6EAZMAAAAAcACAAAAAAAAAAWqtpR3L69k_C1o", "does not open")]
    public async Task A_forged_link_shows_a_clear_page_and_changes_nothing(string link, string says)
    {
        var (status, html) = await _visitor.Get(link);
        Assert.Equal(HttpStatusCode.Gone, status);
        Assert.Contains(says, html);
    }

    [Fact]
    public async Task An_expired_link_and_a_link_of_another_kind_open_nothing()
    {
        var link = Link;
        var survey = _site.Get<Links>().Make(LinkKind.Survey, Site.Invited, _site.Clock.GetUtcNow().AddDays(1));
        Assert.Contains("does not open", (await _visitor.Get($"/r/{survey}")).Html);
        _site.Clock.Set(Site.Morning.AddDays(4));
        Assert.Contains("This link has expired", (await _visitor.Get(link)).Html);
        await _visitor.Send("/signin", $"{link}/decline");
        Assert.NotEqual(FollowUpState.Declined, (await Find()).State);
    }

    [Fact]
    public async Task An_answer_without_the_pages_form_token_is_refused()
    {
        using var answer = await _visitor.Post($"{Link}/decline", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEqual(FollowUpState.Declined, (await Find()).State);
    }

    [Fact] // V2
    public async Task One_question_is_answered_once_and_a_card_number_in_it_is_not_kept()
    {
        var survey = _site.Link(Site.Finished, LinkKind.Survey);
        Assert.Contains("Choose one first", (await _visitor.Send(survey, survey, ("words", "fine"))).Html);
        Assert.Contains("Thank you", (await _visitor.Send(survey, survey, ("stars", "4"), ("words", "good, my card is 4111 1111 1111 1111"))).Html);
        Assert.Contains("answered this already", (await _visitor.Send(survey, survey, ("stars", "1"))).Html);
        var kept = (await _site.Read(tx => _site.Get<Huifang.Feedback.FeedbackDesk>().Page(tx, new(Source: "survey")))).Single();
        Assert.Equal(4, kept.Rating);
        Assert.DoesNotContain("4111", kept.Words);
    }

    [GeneratedRegex("""name="slot" value="([^"]+)""")]
    private static partial Regex Slot();
}
