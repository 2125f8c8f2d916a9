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

    [Fact] // F7
    public async Task Mondays_table_is_numbers_that_add_up_and_words_that_run_nothing()
    {
        await using var site = await Site.Open();
        await site.Get<LiveModel>().Shipped;
        // A topic that was a third of four weeks and is nearly gone, beside others that stay; and an app version that would like to be a formula.
        var items = new List<FeedbackItem>();
        for (var day = 34; day >= 0; day--)
            for (var i = 0; i < 12; i++)
                items.Add(new("chat", $"m{day}-{i}", null, site.Clock.GetUtcNow().AddDays(-day), Language.Simplified, $"说点什么 {day} {i}", i % 5 + 1, day >= 7 && i < 4 ? "withdrawal.pending" : "fees_rates.exchange_fee") { AppVersion = i == 0 ? "=1+1" : "8.14", Region = i == 1 ? "-x" : "CN" });
        foreach (var part in items.Chunk(200)) await site.Write(tx => site.Get<FeedbackDesk>().Keep(tx, part));
        await site.Settle();
        using var visitor = new Visitor(site, Language.Simplified);
        await visitor.Send("/demo", "/demo/staff", ("id", "s-cheng"));
        var (status, text) = await visitor.Get("/insight/monday.csv");
        Assert.Equal(HttpStatusCode.OK, status);
        using var csv = new CsvHelper.CsvReader(new StringReader(text.TrimStart('\uFEFF')), System.Globalization.CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Select(row => ((IDictionary<string, object>)row).ToDictionary(cell => cell.Key, cell => (string)cell.Value)).ToList();
        Assert.Equal(MondayBoard.Weeks, rows.Count(row => row["table"] == "week"));
        Assert.Equal(items.Count, rows.Where(row => row["table"] == "week").Sum(row => long.Parse(row["items"], System.Globalization.CultureInfo.InvariantCulture)));
        var gone = rows.Single(row => row["table"] == "change" && row["key"] == "withdrawal.pending");
        // It fell by about a third, and the interval lies below nought: as numbers, not as text with an apostrophe.
        Assert.InRange(double.Parse(gone["low"], System.Globalization.CultureInfo.InvariantCulture), -.45, -.2);
        Assert.InRange(double.Parse(gone["high"], System.Globalization.CultureInfo.InvariantCulture), -.35, -.1);
        Assert.True(double.Parse(gone["p"], System.Globalization.CultureInfo.InvariantCulture) < 1e-6);
        Assert.Contains(rows, row => row["key"] == "'=1+1");
        Assert.Contains(rows, row => row["key"] == "'-x");
        Assert.All(rows.SelectMany(row => row.Values), cell => Assert.DoesNotMatch(@"\A[=+@]|\A-(?![0-9.eE+-]+\z)", cell));
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
