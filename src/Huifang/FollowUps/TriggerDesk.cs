using System.Text.Json;
using Huifang.Data;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>A rule as the list shows it.</summary>
public sealed record TriggerLine(string Key, TriggerVersion? Live, TriggerVersion? Draft, int ArrangedLately);

/// <summary>What came of writing a draft.</summary>
public abstract record DraftAnswer
{
    private DraftAnswer() { }
    public sealed record Kept(TriggerRule Rule) : DraftAnswer;
    public sealed record Wrong(IReadOnlyList<FieldProblem> Problems) : DraftAnswer;
}

/// <summary>Why a draft may not go live yet.</summary>
public enum LiveRefusal { NoDraft, NotTried }

/// <summary>Keeps versions of trigger rules: drafts, what is live, and what was. A rule goes live only after it was tried on history as it stands.</summary>
public sealed class TriggerDesk(LiveRules live, JournalDesk journal, Ids ids, TimeProvider time)
{
    /// <summary>Every rule with its live version and draft; with how many follow-ups it arranged in the last 30 days.</summary>
    public async Task<IReadOnlyList<TriggerLine>> List(Tx tx)
    {
        var all = await TriggerTable.All(tx);
        var inForce = LiveRules.InForce(all).ToDictionary(version => version.Rule.Key, StringComparer.Ordinal);
        var lately = (await tx.Query<(string Key, long Count)>("select rule_key, count(*) from follow_ups where arranged_at > @since group by rule_key", new { since = time.GetUtcNow().AddDays(-30) })).ToDictionary(row => row.Key, row => row.Count);
        return [.. all.Select(version => version.Rule.Key).Concat(inForce.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key =>
            new TriggerLine(key, inForce.GetValueOrDefault(key), all.FirstOrDefault(version => version.Rule.Key == key && version.State == TriggerState.Draft), (int)lately.GetValueOrDefault(key)))];
    }

    /// <summary>All versions of a rule, newest first; the shipped one when there are no others.</summary>
    public async Task<IReadOnlyList<TriggerVersion>> Versions(Tx tx, string key)
    {
        var versions = await TriggerTable.Of(tx, key);
        if (TriggerShelf.Shipped.FirstOrDefault(rule => rule.Key == key) is { } shipped && versions.All(version => version.Rule.Version != shipped.Version)) versions.Add(TriggerVersion.Shipped(shipped) with
        {
            State = versions.Any(version => version.State != TriggerState.Draft) ? TriggerState.Past : TriggerState.Live,
        });
        return versions;
    }

    /// <summary>Keeps a draft, or says everything that is wrong with it. Changing a draft makes an earlier trial count no longer.</summary>
    public async Task<DraftAnswer> SaveDraft(Tx tx, string json, string by)
    {
        var (rule, problems) = TriggerReader.Read(json);
        if (rule is null) return new DraftAnswer.Wrong(problems);
        var versions = await Versions(tx, rule.Key);
        var now = time.GetUtcNow();
        if (versions.FirstOrDefault(version => version.State == TriggerState.Draft) is { } draft)
        {
            rule = rule with { Version = draft.Rule.Version };
            if (TriggerWriter.Write(rule) != TriggerWriter.Write(draft.Rule)) await TriggerTable.ChangeDraft(tx, rule, now, by);
        }
        else
        {
            rule = rule with { Version = versions.Select(version => version.Rule.Version).DefaultIfEmpty(0).Max() + 1 };
            await TriggerTable.Insert(tx, rule, TriggerState.Draft, now, by);
        }
        return new DraftAnswer.Kept(rule);
    }

    /// <summary>What the rules made of one fact, every rule that listened; null when nobody listened.</summary>
    public Task<Consideration?> ConsideredOf(Tx tx, long seq) => ConsiderationTable.Find(tx, seq);

    /// <summary>Remembers that exactly this text was tried on history.</summary>
    public Task<bool> Tried(Tx tx, TriggerRule rule) => TriggerTable.Tried(tx, rule.Key, TriggerWriter.Write(rule), time.GetUtcNow());

    /// <summary>The draft takes the place of what was live. It works for facts from now on, not for earlier ones.</summary>
    public async Task<LiveRefusal?> GoLive(Tx tx, string key, string by)
    {
        var now = time.GetUtcNow();
        if ((await TriggerTable.Of(tx, key)).FirstOrDefault(version => version.State == TriggerState.Draft) is not { } draft) return LiveRefusal.NoDraft;
        if (draft.TriedAt is null) return LiveRefusal.NotTried;
        await TriggerTable.EndLive(tx, key, now);
        if (!await TriggerTable.MakeLive(tx, key, draft.Rule.Version, now, by)) throw new InvalidOperationException("The draft changed while it went live.");
        await Tell(tx, "rule.live", key, draft.Rule.Version, by);
        return null;
    }

    /// <summary>The rule works no longer. What it arranged stays arranged.</summary>
    public async Task Stop(Tx tx, string key, string by)
    {
        var now = time.GetUtcNow();
        if (await TriggerTable.EndLive(tx, key, now) == 0)
        {
            // A shipped rule that nobody touched has no row yet: it gets one, already past.
            if (TriggerShelf.Shipped.FirstOrDefault(rule => rule.Key == key) is not { } shipped || (await TriggerTable.Of(tx, key)).Any(version => version.State != TriggerState.Draft)) return;
            await TriggerTable.Insert(tx, shipped, TriggerState.Live, now, "huifang");
            await TriggerTable.EndLive(tx, key, now);
        }
        await Tell(tx, "rule.stopped", key, 0, by);
    }

    public Task<bool> DropDraft(Tx tx, string key) => TriggerTable.DropDraft(tx, key);

    private async Task Tell(Tx tx, string kind, string key, int version, string by)
    {
        tx.AfterCommit(live.Forget);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), kind, null, time.GetUtcNow(), by, JsonSerializer.Serialize(new { rule = key, version })));
    }
}
