using Huifang.Accounts;
using Huifang.Insights;
using Huifang.Storage;

namespace Huifang.Improvements;

/// <summary>What an improvement changed, as far as it can be told.</summary>
/// <param name="Days">Days compared on either side of the first.</param>
/// <param name="Effect">Share of everything that was said, before and after; within each source when the mix of sources has changed.</param>
public sealed record ImprovementEffect(int Days, long Before, long After, Effect Effect)
{
    /// <summary>Whether what was heard comes from the same sources as before; null with one source.</summary>
    public MixCheck? Mix { get; init; }

    /// <summary>The comparison over all sources at once, when <see cref="Effect"/> is not that.</summary>
    public Effect? Plain { get; init; }
}

/// <summary>One line of the board.</summary>
public sealed record ImprovementLine(Improvement Improvement, string? Owner, long People, ImprovementEffect? Effect);

/// <summary>Everything about one improvement.</summary>
/// <param name="PerDay">How often the topic came up each day, from four weeks before the first day (or now) on.</param>
public sealed record ImprovementView(Improvement Improvement, string? Owner, long Items, long People, IReadOnlyList<(string Kind, long Count)> Kinds, IReadOnlyList<SaidLine> Said, IReadOnlyList<string> Complaints, IReadOnlyList<string> Calls, ImprovementEffect? Effect, long FirstDay, IReadOnlyList<long> PerDay)
{
    public IReadOnlyList<(string State, long Count)> Notices { get; init; } = [];
    public IReadOnlyDictionary<string, string> Staff { get; init; } = new Dictionary<string, string>();

    public long Told => Notices.Where(one => one.State is "Sent" or "Delivered").Sum(one => one.Count);
    public long Waiting => Notices.Where(one => one.State is "Queued" or "Leased").Sum(one => one.Count);
    public long Untold => Notices.Sum(one => one.Count) - Told - Waiting;
}

/// <summary>Reads improvements with their evidence, effect and notices, for the pages of staff and for the public.</summary>
public sealed class ImprovementBoard(TopicCounts topics, InsightBoard insights, AccountDesk accounts, ImprovementParts parts) : IShippedLately
{
    private const int ShippedMax = 10;

    private const int LinesMax = 100, SaidMax = 12;

    public long Today => parts.Today;

    public async Task<IReadOnlyList<ImprovementLine>> All(Tx tx) => await Lines(tx, await ImprovementTable.All(tx, LinesMax));

    public async Task<IReadOnlyList<ImprovementLine>> Published(Tx tx) => await Lines(tx, await ImprovementTable.Published(tx, LinesMax));

    public async Task<IReadOnlyList<ImprovementLine>> OfTopic(Tx tx, string topic) => await Lines(tx, await ImprovementTable.OfTopic(tx, topic, 3));

    public async Task<ImprovementView?> Look(Tx tx, string id)
    {
        if (await ImprovementTable.Find(tx, id) is not { } improvement) return null;
        var (names, (items, people)) = (await accounts.Names(tx), await ImprovementTable.Count(tx, id));
        var first = (improvement.ShippedDay ?? parts.Today) - ImprovementRules.EffectDays;
        return new ImprovementView(improvement, improvement.OwnerId is { } owner ? names.GetValueOrDefault(owner) : null, items, people, await ImprovementTable.Kinds(tx, id), await insights.Of(tx, await ImprovementTable.Newest(tx, id, "feedback", SaidMax)),
            await ImprovementTable.Newest(tx, id, "complaint", SaidMax), await ImprovementTable.Newest(tx, id, "call", SaidMax), await EffectOf(tx, improvement), first, (await topics.Of(tx, improvement.Topic, first, parts.Today)).PerDay)
        {
            Notices = await ImprovementTable.NoticeStates(tx, id), Staff = names,
        };
    }

    public async Task<IReadOnlyList<Languages.Localized>> Since(Tx tx, long day) => (await ImprovementTable.ShippedSince(tx, day, ShippedMax)).ConvertAll(one => one.Title);

    private async Task<IReadOnlyList<ImprovementLine>> Lines(Tx tx, List<Improvement> improvements)
    {
        if (improvements.Count == 0) return [];
        var (names, people) = (await accounts.Names(tx), (await ImprovementTable.People(tx, [.. improvements.Select(one => one.Id)])).ToDictionary(one => one.Id, one => one.People));
        var lines = new List<ImprovementLine>();
        foreach (var one in improvements) lines.Add(new(one, one.OwnerId is { } owner ? names.GetValueOrDefault(owner) : null, people.GetValueOrDefault(one.Id), await EffectOf(tx, one)));
        return lines;
    }

    private async Task<ImprovementEffect?> EffectOf(Tx tx, Improvement improvement)
    {
        if (improvement.ShippedDay is not { } shipped || ImprovementRules.Compared(shipped, parts.Today) is not var (beforeFrom, beforeTo, afterFrom, afterTo)) return null;
        var (before, after) = (await topics.Of(tx, improvement.Topic, beforeFrom, beforeTo), await topics.Of(tx, improvement.Topic, afterFrom, afterTo));
        var plain = BeforeAfter.Shares(before.Items, before.All, after.Items, after.All);
        var heard = await topics.BySource(tx, improvement.Topic, (beforeFrom, beforeTo), (afterFrom, afterTo));
        var mix = LikeForLike.Mix(heard);
        var like = mix is { IsUnlike: true } ? LikeForLike.Shares(heard) : null;
        return new((int)(afterTo - afterFrom + 1), before.Items, after.Items, like ?? plain) { Mix = mix, Plain = like is null ? null : plain };
    }
}
