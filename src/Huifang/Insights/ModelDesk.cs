using System.Text.Json;
using Huifang.Approvals;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Insights;

/// <summary>Has models taught from what people said, and compares them before one goes live.</summary>
public sealed class ModelDesk(JournalDesk journal, FeedbackClock clock)
{
    public async Task<bool> AskTraining(Tx tx, string by)
    {
        var id = clock.Ids.New();
        if (!await ModelTable.AskTraining(tx, id, clock.Now, by)) return false;
        await Tell(tx, "insight.training-asked", new { training = id }, by);
        return true;
    }

    public Task<List<ModelLine>> All(Tx tx) => ModelTable.All(tx);
    public Task<ModelLine?> Find(Tx tx, string version) => ModelTable.Find(tx, version);
    public Task<Training?> LastTraining(Tx tx) => ModelTable.LastTraining(tx);
    public static ModelReport ReportOf(ModelLine model) => JsonSerializer.Deserialize<ModelReport>(model.Report)!;

    /// <summary>From this commit on every node reads with it. What was read before stays as it was read.</summary>
    internal async Task<bool> GoLive(Tx tx, string version, string by)
    {
        if (!await ModelTable.GoLive(tx, version, clock.Now, by)) return false;
        await Tell(tx, "insight.model-live", new { model = version }, by);
        return true;
    }

    private Task Tell(Tx tx, string kind, object data, string by) => journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), kind, null, clock.Now, by, JsonSerializer.Serialize(data)));
}

/// <summary>A model decides what the house believes that customers say, so a second person lets it go live, with its figures before her eyes.</summary>
public sealed class ModelApproval(ModelDesk models, ApprovalDesk approvals) : IApprovedAct
{
    public static readonly ApprovalKind GoesLive = new("insight.model", Accounts.Permission.ApproveInsight, TimeSpan.FromDays(5));

    public string Kind => GoesLive.Key;

    /// <returns>Why it cannot be asked for, or null.</returns>
    public async Task<string?> Ask(Tx tx, string version, string why, ApprovalParty by)
    {
        if (await models.Find(tx, version) is not { State: not ModelLine.Live } model) return "unknown";
        var report = ModelDesk.ReportOf(model);
        return (await approvals.Ask(tx, Kind, new { model = version, tested = report.Tested, right = report.Right, gain = Percent(report.Gain), gainLow = Percent(report.GainLow), gainHigh = Percent(report.GainHigh) }, why, by)).Refusal?.ToString();
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload) => await models.GoLive(tx, payload.GetProperty("model").GetString()!, approval.DecidedBy!.Id) ? null : "model-gone-or-live";

    private static string Percent(double share) => (100 * share).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Teaches a model when somebody asked for it: reads labels and words, learns outside any transaction, measures on a fifth that it never saw, and keeps both.</summary>
public sealed class ModelTeacher(Store store, LabelDesk labels, FeedbackDesk feedback, LiveModel live, FeedbackClock clock) : IWork
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private const int TriesMax = 3;

    /// <summary>Of this many texts one is never taught and only measured on; which, depends on its id alone, so that every version is measured on the same.</summary>
    private const int HeldOutOf = 5;

    public string Name => "insight teacher";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<bool> Round(CancellationToken stop)
    {
        if (!await store.Read(tx => ModelTable.AnyTrainingDue(tx, clock.Now), stop)) return false;
        if (await store.Write(tx => ModelTable.LeaseTraining(tx, clock.Now, clock.Now + Lease), stop) is not { } training) return false;
        if (training.Tries > TriesMax) { await store.Write(tx => ModelTable.EndTraining(tx, training.Id, null, "gave-up", clock.Now), stop); return true; }
        await Teach(training, stop);
        return true;
    }

    private async Task Teach(Training training, CancellationToken stop)
    {
        var (agreed, before) = await store.Read(async tx => (await labels.Agreed(tx), await live.Of(tx)), stop);
        var texts = new List<(string Id, string Words, InsightLabel Label)>(agreed.Count);
        foreach (var part in agreed.Chunk(500))
        {
            var items = (await store.Read(tx => feedback.Load(tx, [.. part.Select(one => one.FeedbackId)]), stop)).ToDictionary(item => item.Id);
            texts.AddRange(part.Where(one => items.TryGetValue(one.FeedbackId, out var item) && item.Words.Length > 0).Select(one => (one.FeedbackId, items[one.FeedbackId].Words, one.Label)));
        }
        var taught = texts.Where(text => !IsHeldOut(text.Id)).Select(text => new LabelledText(text.Words, LabelsOf(text.Label))).ToList();
        if (taught.Count == 0) { await store.Write(tx => ModelTable.EndTraining(tx, training.Id, null, "no-labels", clock.Now), stop); return; }
        var progress = new LastProgress();
        var learning = Task.Run(() => UnderstandingTrainer.Train(ShippedSentences.All().Concat(taught), TrainingOptions.Default, progress, stop), stop);
        while (await Task.WhenAny(learning, Task.Delay(400, stop)) != learning)
            await store.Write(tx => ModelTable.Progress(tx, training.Id, progress.Last.Done, progress.Last.What ?? "", clock.Now + Lease), stop);
        var model = await learning;
        var report = ModelReport.Of([.. texts.Where(text => IsHeldOut(text.Id)).Select(text => (text.Label.Topic, model.Of(text.Words).Topics[0], before.Of(text.Words).Topics[0].Label))]);
        using var content = new MemoryStream();
        model.Write(content);
        await store.Write(async tx =>
        {
            await ModelTable.Insert(tx, new ModelLine(model.Version, ModelLine.Ready, clock.Now, training.AskedBy, taught.Count + ShippedSentences.All().Count, texts.Count, JsonSerializer.Serialize(report), null, null), content.ToArray());
            await ModelTable.EndTraining(tx, training.Id, model.Version, null, clock.Now);
        }, stop);
    }

    private static Dictionary<string, string[]> LabelsOf(InsightLabel label)
    {
        var labels = new Dictionary<string, string[]> { [Axes.Topic] = [label.Topic] };
        foreach (var (axis, value) in new[] { (Axes.Sentiment, label.Sentiment), (Axes.Intent, label.Intent), (Axes.Severity, label.Severity), (Axes.NeedsContact, label.NeedsContact) }) if (value is not null) labels[axis] = [value];
        return labels;
    }

    private static bool IsHeldOut(string id)
    {
        var hash = 2166136261u;
        foreach (var c in id) hash = (hash ^ c) * 16777619u;
        return hash % HeldOutOf == 0;
    }

    private sealed class LastProgress : IProgress<TrainingProgress>
    {
        public TrainingProgress Last { get; private set; }
        public void Report(TrainingProgress value) => Last = value;
    }
}
