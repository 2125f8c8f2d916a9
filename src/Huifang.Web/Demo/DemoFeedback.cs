using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Feedback;
using Huifang.Improvements;
using Huifang.Insights;
using Huifang.Languages;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Demo;

/// <summary>
/// Twelve weeks of what customers said, through the same desks that people use: two analysts label the first weeks, a model learns from them and a second person lets it go live;
/// an improvement about fees is shipped, published and told; a burst of returned withdrawals rises in the last days.
/// </summary>
public sealed class DemoFeedback(Store store, DemoInsightDesks desks, DemoSurveys surveys, DemoClock clock, IEnumerable<IWork> works)
{
    private const int WeeksBefore = 12, LabelDays = 18, ShippedDaysAgo = 20, PublishedDaysAgo = 17;
    private readonly DemoVoices _voices = new();
    private DateTimeOffset _end;
    private string? _fees;

    private bool IsShown(int daysAgo) => daysAgo < ShippedDaysAgo;

    /// <summary>What was said before the demo's own month, and what was learnt from it.</summary>
    public async Task Before(DateTimeOffset begin, DateTimeOffset end, CancellationToken stop)
    {
        _end = end;
        await desks.Live.Shipped;
        var first = Midnight(end).AddDays(-7 * WeeksBefore + 1);
        var labelled = new List<DemoVoices.Said>();
        for (var day = first; day < first.AddDays(LabelDays); day = day.AddDays(1)) labelled.AddRange(await Bring(day, stop));
        // What agents hear in calls is judged as well, from interviews in which people said the same.
        var heard = DemoTexts.Judged().SelectMany((one, i) => Enumerable.Range(0, 3).Select(turn => new DemoVoices.Said(new FeedbackItem(FeedbackSource.Interview, $"heard-{i}-{turn}", null, first.AddDays(turn).AddHours(3), one.Language, one.Words),
            new DemoVoices.Voice(one.Topic, 0, one.Sentiment, one.Sentiment switch { "positive" => "praise", "neutral" => "wish", _ => "problem" }, "low", [], [], [])))).ToList();
        await store.Write(tx => desks.Feedback.Keep(tx, [.. heard.Select(one => one.Item)], "import:demo"), stop);
        labelled.AddRange(heard);
        await Rounds(stop, "reactions of insights");
        await Label(labelled, stop);
        await Learn(stop);
        for (var day = first.AddDays(LabelDays); day < Midnight(begin).AddDays(1); day = day.AddDays(1)) await Bring(day, stop);
        await surveys.Begin(stop);
        await Rounds(stop, "reactions of insights");
    }

    /// <summary>One day of the demo's month: what was said, and what the analysts did about it.</summary>
    public async Task Day(DateTimeOffset at, CancellationToken stop)
    {
        var daysAgo = (int)(Midnight(_end) - Midnight(at)).TotalDays;
        await Bring(Midnight(at).AddDays(-1), stop);
        await surveys.Day(daysAgo, stop);
        await Rounds(stop, "reactions of insights", "insight clock");
        switch (daysAgo)
        {
            case ShippedDaysAgo + 6: _fees = (await store.Write(tx => desks.Improvements.Make(tx, "fees_rates.withdrawal_fee", "提现前先看到手续费", null, "s-cheng", "s-cheng"), stop)).Improvement?.Id; break;
            case ShippedDaysAgo when _fees is { } id:
                await store.Write(async tx =>
                {
                    await desks.Improvements.Describe(tx, id, new("提现前先看到手续费", "提現前先看到手續費", "See the fee before you withdraw"),
                        new("提现手续费扣完才告诉我，事先一个字都没有。", "提現手續費扣完才告訴我，事先一個字都沒有。", "The withdrawal fee showed up only after I had paid."),
                        new("输入金额的时候，手续费和实际到账就写在下面；点提现以前再确认一次。", "輸入金額時，手續費和實際到帳就寫在下面；按提現前再確認一次。", "The fee and what will arrive now stand under the amount as you type it, and once more before you confirm."), "s-cheng", 50, "s-cheng");
                    return await desks.Improvements.Ship(tx, id, InsightDay.Of(at, desks.Ground.Zone), "s-cheng");
                }, stop);
                break;
            case PublishedDaysAgo when _fees is { } id: await store.Write(tx => desks.Improvements.Publish(tx, id, "s-jiang"), stop); break;
        }
    }

    /// <summary>The last day, and an owner for what has risen.</summary>
    public async Task Today(DateTimeOffset now, CancellationToken stop)
    {
        await Bring(Midnight(now).AddDays(-1), stop);
        await Rounds(stop, "reactions of insights", "insight clock");
        if ((await store.Read(tx => desks.Alarms.Open(tx), stop)).FirstOrDefault(one => one.Topic == "withdrawal.failed_or_declined") is { } alarm)
            await store.Write(tx => desks.Improvements.Make(tx, alarm.Topic, "提现退回时写明原因和最晚到账时间", alarm.Id, "s-cheng", "s-jiang"), stop);
        await store.Write(tx => desks.Feeds.Add(tx, "应用市场新评价", "https://reviews.qingqiao.example/latest", "app-gallery", "reviews", 60, "s-cheng"), stop);
        await desks.Imports.Bring(FeedbackMapping.Shipped[1], "应用市场-上周.csv",
        [
            new Dictionary<string, string> { ["评论编号"] = "ag-900", ["评论内容"] = "提现前能看到手续费了，好评", ["评分"] = "5", ["应用版本"] = "8.14" }, new Dictionary<string, string> { ["评论编号"] = "ag-901", ["评论内容"] = "又退回来了", ["评分"] = "五颗星" }, new Dictionary<string, string> { ["评论编号"] = "ag-902", ["评分"] = "1" },
        ], "s-cheng", stop);
    }

    private async Task<IReadOnlyList<DemoVoices.Said>> Bring(DateTimeOffset day, CancellationToken stop)
    {
        var daysAgo = (int)(Midnight(_end) - day).TotalDays;
        var said = _voices.Of(day, daysAgo, IsShown(daysAgo)).Where(one => one.Item.At <= clock.GetUtcNow() || daysAgo > DemoHistory.Days).ToList();
        foreach (var part in said.Chunk(200)) await store.Write(tx => desks.Feedback.Keep(tx, [.. part.Select(one => one.Item)], "import:demo"), stop);
        return said;
    }

    /// <summary>Two analysts label; each fifth text both, and they don't always agree.</summary>
    private async Task Label(IReadOnlyList<DemoVoices.Said> said, CancellationToken stop)
    {
        var ids = await store.Read(async tx => (await desks.Feedback.Page(tx, new FeedbackFilter(), 1000)).ToDictionary(item => (item.Source, item.SourceId), item => item.Id), stop);
        var place = 0;
        foreach (var one in said.Where(one => ids.ContainsKey((one.Item.Source, one.Item.SourceId))))
        {
            var (id, label) = (ids[(one.Item.Source, one.Item.SourceId)], new InsightLabel(one.Voice.Topic, one.Voice.Sentiment, one.Voice.Intent, one.Voice.Severity, one.Voice.Severity == "high" ? "yes" : "no"));
            await store.Write(tx => desks.Labels.Label(tx, id, label, "s-cheng"), stop);
            if (place++ % 5 == 0) await store.Write(tx => desks.Labels.Label(tx, id, place % 40 == 1 ? label with { Topic = "withdrawal.pending" } : label, "s-jiang"), stop);
        }
    }

    private async Task Learn(CancellationToken stop)
    {
        await store.Write(tx => desks.Models.AskTraining(tx, "s-cheng"), stop);
        await Rounds(stop, "insight teacher");
        if ((await store.Read(desks.Models.All, stop)).FirstOrDefault() is not { } model) return;
        await store.Write(tx => desks.Approval.Ask(tx, model.Version, "第一个用自己的标注学的模型，没见过的话里认得更准", new ApprovalParty("s-cheng", nameof(Role.Analyst), "demo")), stop);
        await store.Write(async tx =>
        {
            foreach (var asked in (await desks.Approvals.Open(tx)).Where(one => one.Kind == ModelApproval.GoesLive.Key))
                await desks.Approvals.Give(tx, asked.Id, new Signed(DemoStaff.All.Single(person => person.Staff.Id == "s-jiang").Staff, "demo-second", clock.GetUtcNow()), asked.PayloadHash);
        }, stop);
        await Rounds(stop, "reactions of approvals");
    }

    private async Task Rounds(CancellationToken stop, params string[] names)
    {
        foreach (var work in works.Where(work => names.Contains(work.Name))) while (await work.Round(stop)) { }
    }

    private static DateTimeOffset Midnight(DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(DemoStaff.Zone);
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return new DateTimeOffset(local.Date, local.Offset);
    }
}

/// <summary>The desks of feedback, insight and improvements that the demo's analysts work with.</summary>
public sealed record DemoInsightDesks(FeedbackDesk Feedback, FeedbackImports Imports, FeedDesk Feeds, LabelDesk Labels, ModelDesk Models, ModelApproval Approval, ApprovalDesk Approvals, AlarmDesk Alarms, ImprovementDesk Improvements, LiveModel Live, Ground Ground);
