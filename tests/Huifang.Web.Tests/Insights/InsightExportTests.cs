using System.Net;
using Huifang.Feedback;
using Huifang.Insights;
using Huifang.Languages;

namespace Huifang.Web.Tests.Insights;

/// <summary>Monday's page on paper, and that neither it nor its table leaves for nobody.</summary>
public sealed class InsightExportTests
{
    [Fact]
    public async Task Mondays_page_prints_with_nothing_to_show_and_with_something()
    {
        await using var site = await Site.Open();
        await site.Get<LiveModel>().Shipped;
        using var visitor = new Visitor(site, Language.Traditional);
        await visitor.Send("/demo", "/demo/staff", ("id", "s-cheng"));
        var (status, empty) = await visitor.Get("/insight/monday.pdf");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("%PDF-", empty, StringComparison.Ordinal);
        await site.Write(tx => site.Get<FeedbackDesk>().Keep(tx, [.. Enumerable.Range(0, 40).Select(i => new FeedbackItem("chat", $"p{i}", null, site.Clock.GetUtcNow().AddHours(-i), Language.Traditional, $"提現一直處理中 {i}", null, "withdrawal.pending") { AppVersion = $"8.{i}", Region = "HK" })]));
        await site.Settle();
        var (_, full) = await visitor.Get("/insight/monday.pdf");
        Assert.StartsWith("%PDF-", full, StringComparison.Ordinal);
        Assert.Contains("%%EOF", full, StringComparison.Ordinal);
        Assert.True(full.Length > empty.Length, $"{full.Length} beside {empty.Length}");
    }

    [Fact]
    public async Task Nobody_takes_them_without_being_asked_who_she_is()
    {
        await using var site = await Site.Open();
        using var visitor = new Visitor(site);
        foreach (var path in new[] { "/insight/monday.csv", "/insight/monday.pdf" })
        {
            var (_, text) = await visitor.Get(path);
            Assert.DoesNotContain("table,key", text, StringComparison.Ordinal);
            Assert.False(text.StartsWith("%PDF-", StringComparison.Ordinal));
        }
    }
}
