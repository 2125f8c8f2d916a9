using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Improvements;
using Huifang.Insights;
using Huifang.Messages;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Insights;

public sealed class InsightTests
{
    private static string Words(int i, string language) => language switch
    {
        "zh-Hant" => $"提現一直處理中，第 {i} 次了，錢到底去了哪裡",
        "en" => $"My withdrawal is still pending, attempt {i}, where is the money",
        _ => $"提现一直处理中，第 {i} 次了，钱到底去了哪里",
    };

    /// <summary>Sixty quiet days of five things a day, then a week in which withdrawals are spoken of eight times a day.</summary>
    internal static async Task<int> Burst(House house, string customer)
    {
        await house.Get<LiveModel>().Shipped;
        var random = new Random(11);
        string[] usual = ["account_access.login_otp", "fees_rates.exchange_fee", "praise.general", "transfer.pending", "app_quality.bug_crash"];
        var items = new List<FeedbackItem>();
        for (var day = 66; day >= 0; day--)
        {
            var at = house.Now.AddDays(-day).AddMinutes(-30);
            for (var i = 0; i < 5; i++) items.Add(new("chat", $"u{day}-{i}", null, at, "zh-Hans", $"随便说点什么 {day} {random.Next(1000)}", null, usual[i]) { AppVersion = "8.13", Region = "CN" });
            if (day < 6) for (var i = 0; i < 8; i++) items.Add(new("chat", $"b{day}-{i}", i == 0 ? customer : null, at, "zh-Hans", Words(100 * day + i, "zh-Hans"), null, "withdrawal.pending") { AppVersion = "8.14", Region = "CN" });
        }
        foreach (var part in items.Chunk(200)) await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, part));
        await house.Settle();
        return items.Count;
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F2 F3
    public async Task A_burst_raises_one_alarm_with_test_evidence_and_people_and_every_count_is_that_of_the_records(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var all = await Burst(house, customer);
        house.Clock.Pass(TimeSpan.FromMinutes(11));
        await house.Settle();
        var alarm = Assert.Single(await house.Read(tx => house.Get<AlarmDesk>().Open(tx)), one => one is { Topic: "withdrawal.pending", Kind: "Volume" });
        Assert.True(alarm.P < 1e-4 && alarm.Observed > 3 * alarm.Expected, $"{alarm}");
        Assert.NotEmpty(alarm.Evidence);
        Assert.Equal(1, alarm.Affected);
        var evidence = await house.Read(tx => house.Get<InsightBoard>().Of(tx, alarm.Evidence));
        Assert.All(evidence, line => Assert.Contains("提现一直处理中", line.Item.Words, StringComparison.Ordinal));

        // The same days looked at again, and days later, raise it no second time.
        for (var day = 0; day < 3; day++) { house.Clock.Pass(TimeSpan.FromDays(1)); await house.Settle(); }
        Assert.Single(await house.Read(tx => house.Get<AlarmDesk>().Open(tx)), one => one is { Topic: "withdrawal.pending", Kind: "Volume" });
        Assert.Equal(all, await house.Read(tx => tx.One<long>("select sum(items) from insight_days where dim = 'all' and topic = ''")));
        Assert.Equal(all, await house.Read(tx => tx.One<long>("select count(*) from insight_readings")));
        Assert.True(await house.Write(tx => house.Get<AlarmDesk>().Close(tx, alarm.Id, "改进已上线", "s-analyst")));
        Assert.False(await house.Write(tx => house.Get<AlarmDesk>().Close(tx, alarm.Id, "又一次", "s-analyst")));

        var view = await house.Read(tx => house.Get<InsightBoard>().Look(tx, new InsightQuestion(8, Dims.All, "", "withdrawal.pending")));
        Assert.Equal(48, view.Daily.Sum());
        Assert.Contains(view.Company, one => one is { Dim: Dims.Version, Value: "8.14", Effect.IsClear: true });
        var monday = await house.Read(house.Get<MondayBoard>().Look);
        Assert.Contains(monday.Changes, one => one.Heard.Key == "withdrawal.pending" && one.Sure);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F2
    public async Task A_correction_holds_at_once_moves_the_counts_and_is_taught(string database)
    {
        await using var house = await House.Open(database);
        await Burst(house, await house.Customer());
        var labels = house.Get<LabelDesk>();
        var id = await house.Read(tx => tx.One<string>("select feedback_id from insight_readings where topic = 'withdrawal.pending' order by feedback_id limit 1"));
        Assert.Equal("topic", await house.Write(tx => labels.Correct(tx, id!, new InsightLabel("nonsense"), "s-a")));
        Assert.Equal("severity", await house.Write(tx => labels.Correct(tx, id!, new InsightLabel("withdrawal.pending", Severity: "terrible"), "s-a")));
        Assert.Null(await house.Write(tx => labels.Correct(tx, id!, new InsightLabel("withdrawal.wrong_amount", "negative", Severity: "high"), "s-a")));
        Assert.Equal(("withdrawal.wrong_amount", "high", "s-a"), await house.Read(tx => tx.One<(string, string, string)>("select topic, severity, corrected_by from insight_readings where feedback_id = @id", new { id })));
        Assert.Equal((47L, 1L), (await Count("withdrawal.pending"), await Count("withdrawal.wrong_amount")));
        Assert.Equal(await house.Read(tx => tx.One<long>("select count(*) from insight_readings where severity = 'high'")), await house.Read(tx => tx.One<long>("select sum(high) from insight_days where dim = 'all' and topic = ''")));
        async Task<long> Count(string topic) => await house.Read(tx => tx.One<long>("select coalesce(sum(items), 0) from insight_days where dim = 'all' and topic = @topic", new { topic }));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_people_label_without_seeing_each_other_and_their_agreement_is_told(string database)
    {
        await using var house = await House.Open(database);
        await Burst(house, await house.Customer());
        var labels = house.Get<LabelDesk>();
        var texts = await house.Read(tx => tx.Query<string>("select feedback_id from insight_readings order by feedback_id limit 10"));
        for (var i = 0; i < 10; i++)
        {
            var (mine, hers) = (i < 5 ? "withdrawal.pending" : "transfer.pending", i < 4 ? "withdrawal.pending" : "transfer.pending");
            await house.Write(tx => labels.Label(tx, texts[i], new InsightLabel(mine), "s-a"));
            await house.Write(tx => labels.Label(tx, texts[i], new InsightLabel(hers), "s-b"));
        }
        var agreement = await house.Read(labels.Agreement);
        // 9 of 10 alike; chance .5·.4 + .5·.6 = .5; kappa (.9 − .5) / (1 − .5) = .8.
        Assert.Equal((10L, 9L, .8), (agreement.Pairs, agreement.Alike, Math.Round(agreement.Kappa!.Value, 6)));
        Assert.Equal([texts[4]], await house.Read(tx => labels.Apart(tx, 10)));
        Assert.DoesNotContain(await house.Read(tx => labels.Next(tx, "s-a", null, 100)), one => texts.Contains(one.Item.Id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F2
    public async Task A_model_is_taught_from_labels_measured_on_what_it_never_saw_and_goes_live_by_a_second_person(string database)
    {
        await using var house = await House.Open(database);
        await Burst(house, await house.Customer());
        var (labels, models) = (house.Get<LabelDesk>(), house.Get<ModelDesk>());
        var ids = await house.Read(tx => tx.Query<(string Id, string Topic)>("select feedback_id, topic from insight_readings order by feedback_id limit 120"));
        foreach (var (id, topic) in ids) await house.Write(tx => labels.Label(tx, id, new InsightLabel(topic), "s-a"));
        Assert.True(await house.Write(tx => models.AskTraining(tx, "s-a")));
        Assert.False(await house.Write(tx => models.AskTraining(tx, "s-b")));
        await house.Settle();
        var training = (await house.Read(models.LastTraining))!;
        Assert.Equal(("Done", null), (training.State, training.Error));
        var model = Assert.Single(await house.Read(models.All));
        var report = ModelDesk.ReportOf(model);
        Assert.InRange(report.Tested, 10, 45);
        Assert.True(report.Low <= report.Share && report.Share <= report.High);
        Assert.Equal("Ready", model.State);

        var asks = await house.Write(tx => house.Get<ModelApproval>().Ask(tx, model.Version, "κ 0.8", new ApprovalParty("s-a", nameof(Role.Analyst), "one")));
        Assert.Null(asks);
        var before = await house.Read(house.Get<LiveModel>().Of);
        Assert.True(await house.Write(tx => models.GoLive(tx, model.Version, "s-b")));
        var live = await house.Read(house.Get<LiveModel>().Of);
        Assert.Equal(model.Version, live.Version);
        Assert.NotEqual(before.Version, live.Version);
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [new("chat", "after", null, house.Now, "zh-Hans", "提现一直处理中，钱呢")]));
        await house.Settle();
        Assert.Equal(model.Version, await house.Read(tx => tx.One<string>("select r.model from insight_readings r join feedback f on f.id = r.feedback_id where f.source_id = 'after'")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // T8
    public async Task A_low_score_is_said_aloud_and_the_live_rules_decide_on_a_follow_up(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await house.Get<LiveModel>().Shipped;
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx,
        [
            new("survey", "low", customer, house.Now, "zh-Hans", "太难用了", 1), new("survey", "fine", customer, house.Now, "zh-Hans", "挺好", 5), new("store:appstore", "old", customer, house.Now.AddDays(-40), "zh-Hans", "不好", 1), new("store:appstore", "nobody", null, house.Now, "zh-Hans", "不好", 1),
        ]));
        await house.Settle();
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'feedback.low'")));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from follow_ups where rule_key = 'low-score' and customer_id = @customer", new { customer })));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F7
    public async Task Whoever_wants_it_gets_one_letter_each_Monday_with_what_changed_and_why_we_believe_it(string database)
    {
        var line = new Letterbox();
        await using var house = await House.Open(database, services => services.AddSingleton(new Lines(new global::Huifang.Simulated.SimulatedLine(), line)));
        await Burst(house, await house.Customer());
        var digests = house.Get<DigestDesk>();
        Assert.False(await house.Write(tx => digests.Subscribe(tx, "s-a", "no address", "en")));
        Assert.True(await house.Write(tx => digests.Subscribe(tx, "s-a", "analyst@qingqiao.example", "en")));
        await house.Settle();
        Assert.DoesNotContain(line.Mails, mail => mail.To == "analyst@qingqiao.example");
        // What shipped this week stands in it, what shipped long ago does not.
        var improvements = house.Get<ImprovementDesk>();
        var today = InsightDay.Of(house.Now, house.Get<Ground>().Zone);
        foreach (var (title, day) in new[] { ("Withdrawals say when they arrive", today), ("Old news", today - 20) })
        {
            var (made, _) = await house.Write(tx => improvements.Make(tx, "withdrawal.pending", title, null, null, "s-a"));
            Assert.Null(await house.Write(tx => improvements.Ship(tx, made!.Id, day, "s-a")));
        }
        house.Clock.Set(new DateTimeOffset(2026, 11, 30, 0, 30, 0, TimeSpan.Zero));
        await house.Settle();
        house.Clock.Pass(TimeSpan.FromHours(3));
        await house.Settle();
        var letter = Assert.Single(line.Mails, mail => mail.To == "analyst@qingqiao.example");
        Assert.Contains("95 % interval", letter.Text, StringComparison.Ordinal);
        Assert.Contains(Taxonomy.Shipped.NameOf("withdrawal.pending", "en"), letter.Text, StringComparison.Ordinal);
        Assert.Contains("Shipped: Withdrawals say when they arrive", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Old news", letter.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 3, 0)] // In the week of the National Day.
    [InlineData(9, 12, 1)]
    public async Task What_everybody_does_on_a_public_holiday_is_no_rise(int month, int day, int least)
    {
        await using var house = await House.Open(Databases.Sqlite);
        await house.Get<LiveModel>().Shipped;
        var now = new DateTimeOffset(2026, month, day, 4, 0, 0, TimeSpan.Zero);
        house.Clock.Set(now);
        string[] topics = ["account_access.login_otp", "fees_rates.exchange_fee", "praise.general", "transfer.pending"];
        var items = from back in Enumerable.Range(0, 80) from topic in topics from i in Enumerable.Range(0, back < 3 ? 12 : 3) select new FeedbackItem("chat", $"{topic}{back}-{i}", null, now.AddDays(-back).AddMinutes(-30), "zh-Hans", $"随便说点什么 {topic} {back} {i}", null, topic);
        foreach (var part in items.Chunk(200)) await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, part));
        await house.Settle();
        var raised = await house.Write(house.Get<AlarmDesk>().Look) + (await house.Read(tx => house.Get<AlarmDesk>().Open(tx))).Count;
        Assert.True(least == 0 ? raised == 0 : raised >= least, $"{raised}");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F3
    public async Task A_text_that_many_copied_is_one_group_with_its_count(string database)
    {
        await using var house = await House.Open(database);
        await house.Get<LiveModel>().Shipped;
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [.. Enumerable.Range(0, 83).Select(i => new FeedbackItem("social:web", $"copy-{i}", null, house.Now.AddMinutes(-i), "zh-Hans", i % 2 == 0 ? "请给个说法：户名不符退回不退手续费，转发此文！" : "请给个说法，户名不符退回不退手续费。转发此文"))]));
        await house.Settle();
        house.Clock.Pass(TimeSpan.FromMinutes(11));
        await house.Settle();
        Assert.Equal(83, Assert.Single(await house.Read(house.Get<GroupFinder>().All), group => group.Kind == InsightGroup.Copy).Items);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // F3
    public async Task What_no_topic_names_is_one_new_issue_though_everybody_says_it_in_other_words(string database)
    {
        await using var house = await House.Open(database);
        await house.Get<LiveModel>().Shipped;
        string[] news = ["邮票册里的樱花邮票翻不过来", "樱花邮票翻面翻不过来怎么办", "集邮册里樱花邮票一直翻不了面", "请问樱花邮票为什么翻不过来", "樱花邮票翻不过来，试了三次", "又是樱花邮票翻不过来"];
        var known = ShippedSentences.All().Where(sentence => Tongue.Of(sentence.Text) == "zh-Hans" && sentence.Text.Length > 6).Take(200).Select(sentence => sentence.Text);
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [.. news.Concat(known).Select((text, i) => new FeedbackItem("chat", $"n{i}", null, house.Now.AddMinutes(-i), "zh-Hans", text))]));
        await house.Settle();
        house.Clock.Pass(TimeSpan.FromMinutes(11));
        await house.Settle();
        var group = Assert.Single(await house.Read(house.Get<GroupFinder>().All), group => group.Kind == InsightGroup.New);
        Assert.Equal(6, group.Items);
        Assert.Contains("樱花邮票", group.Label, StringComparison.Ordinal);
        Assert.All(await house.Read(tx => house.Get<InsightBoard>().Of(tx, group.Members)), line => Assert.Contains("樱花邮票", line.Item.Words, StringComparison.Ordinal));
    }

    /// <summary>A relay that takes every letter and keeps it.</summary>
    private sealed class Letterbox : IMailLine
    {
        public List<OutgoingMail> Mails { get; } = [];

        public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop)
        {
            Mails.Add(mail);
            return Task.FromResult<LineAnswer>(new LineAnswer.Accepted(null));
        }
    }
}
