using System.Text.Json;
using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Privacy;

/// <summary>What would go at a moment.</summary>
/// <param name="Days">How long this class is kept now.</param>
/// <param name="Held">What a legal hold keeps although its time is over.</param>
public sealed record RetentionPreview(RetentionClass Class, int Days, DateTimeOffset CutOff, long Count, long Held, DateTimeOffset? Oldest, DateTimeOffset? ChangedAt, string? ChangedBy);

/// <summary>What went.</summary>
/// <param name="Fact">The fact of the journal that says so.</param>
/// <param name="Leaf">Its place in the audit log, by which it can be proven; null for the first second.</param>
public sealed record RetentionRun(string Id, string Class, long Days, DateTimeOffset CutOff, long Removed, long Held, DateTimeOffset At, string Fact, long? Leaf)
{
    private RetentionRun() : this("", "", 0, default, 0, 0, default, "", null) { }
}

/// <summary>Keeps each class of data as long as its policy says and no longer: shows beforehand what will go, deletes it, and leaves a proof. A policy changes by two people.</summary>
public sealed class RetentionDesk(Store store, ApprovalDesk approvals, JournalDesk journal, Ids ids, TimeProvider time) : IApprovedAct
{
    private const int BatchMax = 500;

    public static readonly ApprovalKind Changes = new("retention.change", Permission.ApprovePrivacy, TimeSpan.FromDays(5));

    public string Kind => Changes.Key;

    /// <summary>What would go at this moment, class by class.</summary>
    public async Task<IReadOnlyList<RetentionPreview>> Preview(Tx tx, DateTimeOffset at)
    {
        var policies = await RetentionTable.Policies(tx);
        var preview = new List<RetentionPreview>();
        foreach (var sql in RetentionSql.All)
        {
            var (one, policy) = (RetentionClass.Find(sql.Class)!, policies.GetValueOrDefault(sql.Class));
            var days = (int?)policy?.Days ?? one.Days;
            var cutOff = at.AddDays(-days);
            var count = await sql.Count(tx, cutOff, held: false);
            preview.Add(new(one, days, cutOff, count, await sql.Count(tx, cutOff, held: true), count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((await sql.Oldest(tx, cutOff))!.Value), policy?.ChangedAt, policy?.ChangedBy));
        }
        return preview;
    }

    public Task<List<RetentionRun>> Runs(Tx tx, int most = 60) => RetentionTable.Runs(tx, most);

    /// <summary>Asks that a class be kept so long.</summary>
    /// <returns>Null when there is no such class or law forbids this time.</returns>
    public async Task<ApprovalAnswer?> AskChange(Tx tx, string @class, int days, string why, ApprovalParty by)
    {
        if (RetentionClass.Find(@class) is not { } one || !one.Allows(days)) return null;
        var before = (int?)(await RetentionTable.Policies(tx)).GetValueOrDefault(@class)?.Days ?? one.Days;
        return await approvals.Ask(tx, Kind, new { @class, before, days }, why, by);
    }

    public async Task<string?> Do(Tx tx, Approval approval, JsonElement payload)
    {
        var (name, days) = (payload.GetProperty("class").GetString()!, payload.GetProperty("days").GetInt32());
        if (RetentionClass.Find(name) is not { } one || !one.Allows(days)) return "not-allowed";
        if (((int?)(await RetentionTable.Policies(tx)).GetValueOrDefault(name)?.Days ?? one.Days) != payload.GetProperty("before").GetInt32()) return "changed-meanwhile";
        await RetentionTable.SetPolicy(tx, name, days, approval.DecidedBy!.Id, time.GetUtcNow());
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "retention.changed", null, time.GetUtcNow(), approval.DecidedBy.Id, JsonSerializer.Serialize(new { @class = name, days })));
        return null;
    }

    /// <summary>Deletes what is over, in batches, each a transaction of its own; the last one writes what went. A run that breaks off goes on with the next.</summary>
    public async Task Run(CancellationToken stop = default)
    {
        var now = time.GetUtcNow();
        var plan = await store.Read(tx => Preview(tx, now), stop);
        foreach (var (sql, due) in RetentionSql.All.Zip(plan))
        {
            var removed = 0L;
            for (var batch = BatchMax; batch == BatchMax; removed += batch) batch = await store.Write(tx => sql.RemoveBatch(tx, due.CutOff, now, BatchMax), stop);
            if (removed == 0 && due.Held == 0) continue;
            await store.Write(async tx =>
            {
                var fact = ids.New();
                await journal.Append(tx, new Fact(Fact.Care, fact, "retention.done", null, now, "house", JsonSerializer.Serialize(new { @class = sql.Class, days = due.Days, cutOff = due.CutOff.ToUnixTimeMilliseconds(), removed, held = due.Held })));
                await RetentionTable.AddRun(tx, new(ids.New(), sql.Class, due.Days, due.CutOff, removed, due.Held, now, fact, null));
            }, stop);
        }
    }

    internal Task<DateTimeOffset?> LastRun(Tx tx) => RetentionTable.LastRun(tx);
}

/// <summary>Each Sunday at three in the morning, where the operator's staff sit.</summary>
public sealed class RetentionClock(Store store, RetentionDesk desk, Ground ground, TimeProvider time) : IWork
{
    private DateTimeOffset? _next;

    public string Name => "retention";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task<bool> Round(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        // After a start: the run that should have been since the last one is made up for.
        _next ??= RetentionClass.NextRun(await store.Read(desk.LastRun, stop) ?? now, ground.Zone);
        if (now < _next) return false;
        await desk.Run(stop);
        _next = RetentionClass.NextRun(now, ground.Zone);
        return false;
    }
}
