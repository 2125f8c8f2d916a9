using System.Net;
using System.Text;
using Huifang.Complaints;
using Huifang.Feedback;
using Huifang.Feeds;
using Huifang.Http;
using Huifang.Privacy;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Feedback;

public sealed class FeedbackTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task The_same_source_and_id_is_one_record_and_its_secrets_never_reach_the_database(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var desk = house.Get<FeedbackDesk>();
        var item = new FeedbackItem("chat", "chat-1", customer, house.Now, "zh-Hans", "卡号 6222 0212 3456 7890 128，验证码 482913，提现没到", 2) { AppVersion = "8.14", Region = "CN-ZJ", Segment = "young", Channel = "app" };
        Assert.Equal(1, await house.Write(tx => desk.Keep(tx, [item])));
        Assert.Equal(0, await house.Write(tx => desk.Keep(tx, [item with { Words = "另一句" }])));
        var kept = (await house.Read(tx => desk.Page(tx, new FeedbackFilter("chat")))).Single();
        Assert.Equal(("卡号 [CARD]，验证码 [OTP]，提现没到", "8.14", "CN-ZJ", "young", "app", 2), (kept.Words, kept.AppVersion, kept.Region, kept.Segment, kept.Channel, kept.Redacted));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'feedback.received'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nothing_that_people_type_is_lost_or_breaks_anything(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        string[] words =
        [
            string.Concat(Enumerable.Repeat("提现没到 ", 180_000)), "😡😡😡👎", "a\0b", "half \ud83d pair", "\u202eمرحبا\u202c zero\u200bwidth 家\u200d庭", "\r\n\t", "=cmd|' /C calc'!A0", "<script>alert(1)</script>",
            $"{new string('长', (1 << 20) - 4)} 4111 1111 1111 1111",
        ];
        var items = words.Select((text, i) => new FeedbackItem("chat", $"n-{i}", customer, house.Now.AddSeconds(i), "zh-Hans", text)).ToList();
        Assert.Equal(words.Length, await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, items)));
        var kept = (await house.Read(tx => house.Get<FeedbackDesk>().Page(tx, new FeedbackFilter()))).ToDictionary(item => item.SourceId, item => item.Words);
        Assert.Equal(words[0].Length, kept["n-0"].Length);
        Assert.Equal(words[1], kept["n-1"]);
        Assert.Equal("a\uFFFDb", kept["n-2"]);
        Assert.Equal("half \uFFFD pair", kept["n-3"]);
        Assert.Equal(words[4], kept["n-4"]);
        Assert.Equal(words[6], kept["n-6"]);
        // A card number that lies across the redactor's longest text is taken out all the same.
        Assert.EndsWith("[CARD]", kept["n-8"], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_a_complaint_says_becomes_feedback_once_and_ends_with_the_person(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await house.Get<ComplaintIntake>().Bring(new ComplaintDraft(ComplaintDoor.App, "提现退回两次，手续费照扣") { CustomerId = customer, Category = "withdrawal", Subcategory = "pending" }, "portal", null);
        await house.Settle();
        await house.Settle();
        var kept = (await house.Read(tx => house.Get<FeedbackDesk>().Page(tx, new FeedbackFilter("complaint")))).Single();
        Assert.Equal(("提现退回两次，手续费照扣", "withdrawal.pending", "app"), (kept.Words, kept.Topic, kept.Channel));
        Assert.NotNull(kept.ComplaintId);
        await house.Write(async tx => { foreach (var rows in PersonalRows.All.Where(rows => rows is { Table: "feedback" or "feedback_files", Forget: not null })) await tx.Run(rows.Forget!, new { id = customer }); return await house.Get<Security.Vault>().Destroy(tx, customer, Security.KeyClass.Person); });
        Assert.Equal("", (await house.Read(tx => house.Get<FeedbackDesk>().Page(tx, new FeedbackFilter("complaint")))).Single().Words);
        Assert.Null(await house.Read(tx => tx.One<long?>("select text_hash from feedback where source = 'complaint'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F1
    public async Task An_export_becomes_records_a_second_import_changes_nothing_and_bad_rows_are_kept_as_they_came(string database)
    {
        await using var house = await House.Open(database);
        var imports = house.Get<FeedbackImports>();
        var mapping = (await house.Read(imports.Mappings)).Single(one => one.Id == "app-gallery");
        Dictionary<string, string>[] rows =
        [
            new() { ["评论编号"] = "1", ["评论内容"] = "提现慢", ["评分"] = "2", ["评论时间"] = "2026/11/20 9:05", ["应用版本"] = "8.14" }, new() { ["评论编号"] = "2", ["评论内容"] = "好用", ["评分"] = "五颗" },
            new() { ["评论编号"] = "3", ["评分"] = "1" }, new() { ["评论编号"] = "4", ["评论内容"] = "坏\uFFFD码" }, new() { ["评论编号"] = "5", ["评论内容"] = "明天见", ["评论时间"] = "2099-01-01" },
            new() { ["评论内容"] = "没有编号的一条", ["评分"] = "4星" }, new() { ["评论内容"] = "没有编号的一条", ["评分"] = "4星" },
        ];
        var first = await imports.Bring(mapping, "评论.csv", rows, "s-analyst");
        Assert.Equal((7L, 2L, 1L, 4L), (first.RowsRead, first.Kept, first.Known, first.Bad));
        var again = await imports.Bring(mapping, "评论.csv", rows, "s-analyst");
        Assert.Equal((7L, 0L, 3L, 4L), (again.RowsRead, again.Kept, again.Known, again.Bad));
        var item = (await house.Read(tx => house.Get<FeedbackDesk>().Page(tx, new FeedbackFilter("store")))).Single(one => one.SourceId == "1");
        Assert.Equal((new DateTimeOffset(2026, 11, 20, 1, 5, 0, TimeSpan.Zero), 2, "8.14", "store:appgallery"), (item.At, item.Rating, item.AppVersion, item.Source));
        var bad = await house.Read(tx => imports.Open(tx));
        Assert.Equal(["broken-encoding", "missing", "out-of-range", "out-of-range"], bad.Where(row => row.ImportId == first.Id).Select(row => row.Reason).Order());
        Assert.Contains(bad, row => row.Raw.Contains("五颗", StringComparison.Ordinal));
        Assert.True(await house.Write(tx => imports.Settle(tx, bad[0].Id, "s-analyst")));
        Assert.Equal(7, await house.Read(imports.CountOpen));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_file_that_breaks_off_keeps_what_came_before(string database)
    {
        await using var house = await House.Open(database);
        static IEnumerable<IReadOnlyDictionary<string, string>> Broken()
        {
            yield return new Dictionary<string, string> { ["words"] = "第一条" };
            throw new FormatException("cut");
        }
        var done = await house.Get<FeedbackImports>().Bring(new FeedbackMapping("x", "x", "chat", new Dictionary<string, IReadOnlyList<string>> { ["words"] = ["words"] }), "cut.jsonl", Broken(), "s-analyst");
        Assert.Equal((2L, 1L, 1L), (done.RowsRead, done.Kept, done.Bad));
        Assert.Equal("broken-off", (await house.Read(tx => house.Get<FeedbackImports>().Open(tx))).Single().Reason);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_feed_is_asked_under_a_lease_and_its_reviews_are_kept_once(string database)
    {
        using var listener = new HttpListener();
        var port = Random.Shared.Next(20000, 40000);
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var asked = 0;
        var serve = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                try
                {
                    var context = await listener.GetContextAsync();
                    asked++;
                    context.Response.StatusCode = context.Request.RawUrl == "/broken" ? 500 : 200;
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes("""{"data":{"items":[{"id":"r1","author":{"region":"HK"},"content":"轉帳後沒有通知"},{"id":"r2","content":""},7]}}"""));
                    context.Response.Close();
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException) { return; }
            }
        });
        await using var house = await House.Open(database, services => services.AddSingleton<IFeedLine>(new HttpFeedLine(new GuardedHttp([$"127.0.0.1:{port}"]))));
        var own = new FeedbackMapping("hk", "HK", "social:forum", new Dictionary<string, IReadOnlyList<string>> { ["words"] = ["content"], ["id"] = ["id"], ["region"] = ["author.region"] });
        await house.Write(async tx =>
        {
            await house.Get<FeedbackImports>().Save(tx, own, "s-analyst");
            Assert.Null(await house.Get<FeedDesk>().Add(tx, "论坛", $"http://127.0.0.1:{port}/reviews", "hk", "data.items", 60, "s-analyst"));
            Assert.Null(await house.Get<FeedDesk>().Add(tx, "坏的", $"http://127.0.0.1:{port}/broken", "hk", "data.items", 60, "s-analyst"));
            Assert.Equal("url", (await house.Get<FeedDesk>().Add(tx, "内网", "https://10.0.0.8/reviews", "hk", "", 60, "s-analyst"))!.Field);
            return true;
        });
        await house.Settle();
        house.Clock.Pass(TimeSpan.FromHours(1.1));
        await house.Settle();
        listener.Stop();
        await serve;
        var kept = (await house.Read(tx => house.Get<FeedbackDesk>().Page(tx, new FeedbackFilter("social")))).Single();
        Assert.Equal(("HK", "zh-Hant", "social:forum"), (kept.Region, kept.Language, kept.Source));
        var feeds = await house.Read(house.Get<FeedDesk>().All);
        Assert.Equal((null, 1L), (feeds.Single(feed => feed.Name == "论坛").Error, feeds.Single(feed => feed.Name == "论坛").Kept));
        Assert.Equal("status-500", feeds.Single(feed => feed.Name == "坏的").Error);
        Assert.True(asked >= 3);
    }
}
