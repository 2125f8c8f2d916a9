using System.Net;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Complaints;
using Huifang.Languages;
using Huifang.Security;

namespace Huifang.Web.Tests;

[Collection(OneSite.Name)]
public sealed partial class PageTests(SiteFixture fixture)
{
    private Site Site => fixture.Site;

    public static TheoryData<string, string> Pages
    {
        get
        {
            var pages = new TheoryData<string, string>();
            foreach (var page in new[] { "invited", "invited/slots", "invited/other", "invited/decline", "invited/never", "invited/stop", "invited/why", "booked", "broken", "finished", "declined", "survey", "forged", "me", "me/preferences", "me/consents", "me/history", "me/ask", "me/check", "me/messages", "me/feedback", "yousaid", "insight", "insight/monday", "improvements", "improvements/new", "surveys", "labels", "models", "feedback", "feedback/imports", "recognise", "signin", "outbox", "outbox/templates", "elements", "demo" })
                foreach (var language in Language.All) pages.Add(page, language);
            return pages;
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Every_page_is_whole_and_in_one_language(string page, string language)
    {
        using var visitor = new Visitor(Site, language);
        if (page.StartsWith("me", StringComparison.Ordinal)) await visitor.Get(Site.Enter("c-zhou"));
        if (page is "outbox" or "outbox/templates" or "elements" or "insight" or "insight/monday" or "improvements" or "improvements/new" or "surveys" or "labels" or "models" or "feedback" or "feedback/imports") await visitor.Send("/demo", "/demo/staff", ("id", "s-cheng"));
        var (status, html) = await visitor.Get(Path(page));

        Assert.Equal(page == "forged" ? HttpStatusCode.Gone : HttpStatusCode.OK, status);
        Assert.Contains($"<html lang=\"{language}\"", html);
        Assert.Single(Regex.Matches(html, "<h1"));
        Assert.DoesNotContain(" style=\"", html);
        Assert.DoesNotContain("<script>", html);
        var words = Words(html);
        Assert.DoesNotMatch(MissingText(), words);
        if (language == Language.English) Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}{2,}", words);
        if (language == Language.Traditional) Assert.DoesNotContain(words, TextTests.SimplifiedOnly.Contains);
    }

    /// <summary>Pages say what was done by a word in their address. A stranger's link must not put his words there, nor half a pattern.</summary>
    [Fact]
    public async Task A_word_in_an_address_that_is_not_ours_says_nothing()
    {
        var (brought, _) = await Site.Get<ComplaintIntake>().Bring(new ComplaintDraft(ComplaintDoor.Api, "钱没到账，我要投诉。") { CustomerId = "c-zhou" }, "app", "word-1");
        var complaint = brought!.Complaint!;
        using var visitor = new Visitor(Site, Language.English);
        await visitor.Get(Site.Enter("c-zhou"));
        await visitor.Send("/demo", "/demo/staff", ("id", "s-jiang"));
        foreach (var page in new[] { $"/c/{Site.Get<Links>().Make(LinkKind.Complaint, complaint.Id, Site.Clock.GetUtcNow().AddDays(3))}", $"/me/complaints/{complaint.Id}", $"/complaints/{complaint.Id}", "/complaints/intake", "/staff", "/integrations", "/privacy", "/sight", "/my/sign-in", "/me/data", "/me/preferences", "/signin", "/recognise", "/complain", "/insight", "/models", "/prove" })
        {
            var (status, html) = await visitor.Get($"{page}?did=%7B0%25stranger&no=%7B0%25stranger&said=%7B0%25stranger&done=%7B0%25stranger");
            Assert.True(status < HttpStatusCode.InternalServerError, $"{page}: {status}");
            Assert.False(Words(html).Contains("stranger", StringComparison.Ordinal), page);
        }
    }

    [Theory] // B1: behind a link that lies in an SMS nothing can be read over a shoulder
    [InlineData("invited")]
    [InlineData("booked")]
    [InlineData("broken")]
    [InlineData("survey")]
    public async Task A_page_behind_a_link_names_neither_the_customer_nor_her_numbers(string page)
    {
        using var visitor = new Visitor(Site);
        var (_, html) = await visitor.Get(Path(page));
        foreach (var secret in new[] { "周慕晴", "陳嘉敏", "严一宁", "高远", "13800004821", "mail.example", "c-zhou", "¥" }) Assert.DoesNotContain(secret, html);
        Assert.Contains("noindex", html);
    }

    [Fact]
    public async Task A_page_speaks_the_customers_language_unless_she_chose_another()
    {
        using var visitor = new Visitor(Site);
        Assert.Contains("<html lang=\"zh-Hant\"", (await visitor.Get(Path("booked"))).Html);
        Assert.Contains("<html lang=\"en\"", (await visitor.Get(Path("booked") + "?lang=en")).Html);
        Assert.Contains("<html lang=\"en\"", (await visitor.Get(Path("booked"))).Html);
    }

    [Fact]
    public async Task Nobody_reads_the_portal_or_the_outbox_without_being_signed_in()
    {
        using var stranger = new Visitor(Site);
        foreach (var page in new[] { "/me", "/me/preferences", "/me/history", "/me/messages" })
        {
            await stranger.Get(page);
            Assert.Equal("/recognise", stranger.At!.AbsolutePath);
        }
        Assert.Equal(HttpStatusCode.OK, (await stranger.Get("/outbox")).Status);
        Assert.Equal("/signin", stranger.At!.AbsolutePath);
        using var customer = new Visitor(Site);
        await customer.Get(Site.Enter("c-zhou"));
        await customer.Get("/outbox");
        Assert.Equal("/signin", customer.At!.AbsolutePath);
    }

    [Fact]
    public async Task Errors_are_a_document_for_machines_and_a_page_for_people()
    {
        using var visitor = new Visitor(Site, Language.English);
        Assert.Contains("\"status\":404", (await visitor.Get("/v1/nothing-here")).Html);
        var (status, html) = await visitor.Get("/nothing-here");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("There is no such page", html);
    }

    private string Path(string page)
    {
        var parts = page.Split('/', 2);
        var rest = parts.Length == 1 ? "" : $"/{parts[1]}";
        return parts[0] switch
        {
            "invited" => Site.Link(Site.Invited) + rest, "booked" => Site.Link(Site.Booked) + rest, "broken" => Site.Link(Site.Broken) + rest,
            "finished" => Site.Link(Site.Finished), "declined" => Site.Link(Site.Declined), "survey" => Site.Link(Site.Finished, LinkKind.Survey), "forged" => "/r/AQEByK6EAZMAAAAAcACAAAAAAAAAAWqtpR3L69k_C1o",
            _ => $"/{page}",
        };
    }

    // What people read: without markup, the menu of languages (which name themselves), quotes in another language, and the names of people.
    private static string Words(string html)
    {
        html = Foreign().Replace(html, " ");
        foreach (var name in new[] { "林静", "顾言", "程述", "周慕晴", "陳嘉敏", "严一宁", "高远", "陆思远" }) html = html.Replace(name, "", StringComparison.Ordinal);
        html = Regex.Replace(html, "<(head|svg)[^>]*>.*?</\\1>|<[^>]+>", " ", RegexOptions.Singleline);
        return Regex.Replace(WebUtility.HtmlDecode(html), @"\p{IsCJKUnifiedIdeographs}•\p{IsCJKUnifiedIdeographs}?", " ");
    }

    [GeneratedRegex("""<(a|label|p|div|dd|span)\b[^>]*\blang="[^"]+"[^>]*>.*?</\1>|<td class="subject clip">.*?</td>|<span class="c-face[^"]*"[^>]*>.*?</span>|<summary aria-label.*?</summary>|<span class="hf-seal.*?</small></span></span>|<input[^>]*>""", RegexOptions.Singleline)]
    private static partial Regex Foreign();

    // A text that is missing shows its key: Word.word or Word.Word.
    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\.[A-Za-z][A-Za-z-]+\b(?<!App\.\w+)")]
    private static partial Regex MissingText();
}
