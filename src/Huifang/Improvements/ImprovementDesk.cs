using System.Text.Json;
using Huifang.Accounts;
using Huifang.Contacts;
using Huifang.Feedback;
using Huifang.Insights;
using Huifang.Journal;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Storage;

namespace Huifang.Improvements;

/// <summary>From what customers said to a change, and back to those who said it.</summary>
public sealed class ImprovementDesk(JournalDesk journal, AccountDesk accounts, TopicCounts topics, AlarmDesk alarms, ImprovementParts parts)
{
    private const int PageMax = 500;

    /// <summary>Makes one because of a topic; with an alarm, everything that was said of its topic since the rise is its evidence.</summary>
    public async Task<(Improvement? Improvement, ImprovementRefusal? Refusal)> Make(Tx tx, string topic, string title, string? alarmId, string? owner, string by)
    {
        title = title.Trim();
        if (title.Length is 0 or > ImprovementRules.TitleMax) return (null, ImprovementRefusal.TitleMissing);
        var alarm = alarmId is null ? null : await alarms.Find(tx, alarmId);
        if (alarm is not null) topic = alarm.Topic;
        if (Taxonomy.Shipped.Find(topic) is null) return (null, ImprovementRefusal.NoEvidence);
        if (owner is not null && !(await accounts.Names(tx)).ContainsKey(owner)) return (null, ImprovementRefusal.OwnerUnknown);
        var since = alarm?.Since ?? parts.Today - ImprovementRules.EffectDays;
        var improvement = new Improvement(parts.Clock.Ids.New(), 0, topic, new(title, title, title), owner is null ? ImprovementState.Idea : ImprovementState.Working, owner, null, since, null, parts.Clock.Now, by) { AlarmId = alarm?.Id };
        await ImprovementTable.Insert(tx, improvement);
        await Gather(tx, improvement, parts.Today, by);
        improvement = (await ImprovementTable.Find(tx, improvement.Id))!;
        await Tell(tx, "improvement.made", improvement, by);
        return (improvement, null);
    }

    /// <summary>Adds what stands in hand: a record, a complaint or a call. The same one twice is one.</summary>
    public async Task<ImprovementRefusal?> AddEvidence(Tx tx, string id, IReadOnlyList<Evidence> evidence, string by)
    {
        if (await ImprovementTable.Find(tx, id) is not { } improvement) return ImprovementRefusal.NoSuchImprovement;
        if (improvement.State == ImprovementState.Dropped) return ImprovementRefusal.NotNow;
        await ImprovementTable.Add(tx, id, evidence, by);
        return null;
    }

    /// <summary>Title, texts for the public, owner and what is expected.</summary>
    public async Task<ImprovementRefusal?> Describe(Tx tx, string id, Localized title, Localized said, Localized did, string? owner, int? expected, string by)
    {
        if (await ImprovementTable.Find(tx, id) is not { } improvement) return ImprovementRefusal.NoSuchImprovement;
        if (improvement.State == ImprovementState.Dropped) return ImprovementRefusal.NotNow;
        if (title.Missing().Any() || Language.All.Any(language => title.In(language).Length > ImprovementRules.TitleMax || said.In(language).Length > ImprovementRules.TextMax || did.In(language).Length > ImprovementRules.TextMax)) return ImprovementRefusal.TitleMissing;
        if (owner is not null && !(await accounts.Names(tx)).ContainsKey(owner)) return ImprovementRefusal.OwnerUnknown;
        if (expected is < 0 or > 100) expected = null;
        await ImprovementTable.Describe(tx, id, title, said, did, owner, expected, improvement.State == ImprovementState.Idea && owner is not null ? ImprovementState.Working : improvement.State, parts.Clock.Now);
        await Tell(tx, "improvement.changed", improvement, by);
        return null;
    }

    /// <summary>Customers have it since that day. Who spoke of it until then has raised it.</summary>
    public async Task<ImprovementRefusal?> Ship(Tx tx, string id, long day, string by)
    {
        if (await ImprovementTable.Find(tx, id) is not { } improvement) return ImprovementRefusal.NoSuchImprovement;
        if (ImprovementRules.Ship(improvement, day, parts.Today) is { } refusal) return refusal;
        if (!await ImprovementTable.Move(tx, id, improvement.State, ImprovementState.Shipped, parts.Clock.Now, shippedDay: day)) return ImprovementRefusal.NotNow;
        await Gather(tx, improvement, day, by);
        await Tell(tx, "improvement.shipped", improvement, by);
        return null;
    }

    /// <summary>The public page tells of it from this commit on; those who raised it are told by the reaction to the fact.</summary>
    public async Task<ImprovementRefusal?> Publish(Tx tx, string id, string by)
    {
        if (await ImprovementTable.Find(tx, id) is not { } improvement) return ImprovementRefusal.NoSuchImprovement;
        if (ImprovementRules.Publish(improvement, (await ImprovementTable.Count(tx, id)).Items) is { } refusal) return refusal;
        if (!await ImprovementTable.Move(tx, id, ImprovementState.Shipped, ImprovementState.Published, parts.Clock.Now, published: parts.Clock.Now)) return ImprovementRefusal.NotNow;
        await Tell(tx, "improvement.published", improvement, by);
        return null;
    }

    public async Task<ImprovementRefusal?> Drop(Tx tx, string id, string? reason, string by)
    {
        if (await ImprovementTable.Find(tx, id) is not { } improvement) return ImprovementRefusal.NoSuchImprovement;
        if (ImprovementRules.Drop(improvement, reason) is { } refusal) return refusal;
        if (!await ImprovementTable.Move(tx, id, improvement.State, ImprovementState.Dropped, parts.Clock.Now, reason: reason!.Length > 300 ? reason[..300] : reason)) return ImprovementRefusal.NotNow;
        await Tell(tx, "improvement.dropped", improvement, by);
        return null;
    }

    public Task<Improvement?> Find(Tx tx, string id) => ImprovementTable.Find(tx, id);

    private async Task Gather(Tx tx, Improvement improvement, long to, string by)
    {
        for (var after = ""; ;)
        {
            var page = await topics.Mentions(tx, improvement.Topic, improvement.SinceDay, to, after, PageMax);
            await ImprovementTable.Add(tx, improvement.Id, page.Select(one =>
                one.ComplaintId is { } complaint ? new Evidence("complaint", complaint, one.CustomerId, one.At) : one.CallId is { } call ? new Evidence("call", call, one.CustomerId, one.At) : new Evidence("feedback", one.FeedbackId, one.CustomerId, one.At)), by);
            if (page.Count < PageMax) return;
            after = page[^1].FeedbackId;
        }
    }

    private Task Tell(Tx tx, string kind, Improvement improvement, string by) =>
        journal.Append(tx, new Fact(Fact.Care, parts.Clock.Ids.New(), kind, null, parts.Clock.Now, by, JsonSerializer.Serialize(new { improvement = improvement.Id, number = improvement.Number, topic = improvement.Topic })));
}

/// <summary>Time, ids and where the operator's days begin.</summary>
public sealed class ImprovementParts(FeedbackClock clock, Ground ground)
{
    public FeedbackClock Clock => clock;
    public long Today => InsightDay.Of(clock.Now, ground.Zone);
}

/// <summary>Tells everybody who raised it, once, each by her own channel and only if the guard agrees.</summary>
public sealed class ImprovementReactions(MessageDesk messages, FeedbackClock clock) : IReaction
{
    public const string Template = "improved";
    private const int BatchMax = 500;
    private static readonly TimeSpan UsefulFor = TimeSpan.FromDays(14);

    public string Listener => "improvements";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts)
        {
            using var data = JsonDocument.Parse(fact.Data);
            if (await ImprovementTable.Find(tx, data.RootElement.GetProperty("improvement").GetString()!) is not { State: ImprovementState.Published } improvement) continue;
            while (await ImprovementTable.Untold(tx, improvement.Id, BatchMax) is { Count: > 0 } people)
            {
                var notices = people.ConvertAll(customer => (Customer: customer, Once: $"improved:{improvement.Id}:{customer}"));
                await ImprovementTable.Told(tx, improvement.Id, notices, clock.Now);
                await messages.Queue(tx, notices.ConvertAll(one => new MessageDraft(one.Customer, Template, Purpose.Service, one.Once, clock.Now + UsefulFor) { Path = $"/yousaid#{improvement.Number}", Values = new Dictionary<string, Localized> { ["improvement"] = improvement.Title } }));
            }
        }
    }
}
