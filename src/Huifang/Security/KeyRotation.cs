using Huifang.Journal;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Security;

/// <summary>How far a rotation is.</summary>
/// <param name="Keys">How many customers' keys each master key wraps.</param>
/// <param name="CopyWaiting">Changes that are not yet in the copy that is kept apart.</param>
public sealed record KeyState(string CurrentId, IReadOnlyList<(string MasterId, long Keys)> Keys, long Erased, long CopyWaiting)
{
    public long All => Keys.Sum(each => each.Keys);
    public long Done => Keys.Where(each => each.MasterId == CurrentId).Sum(each => each.Keys);
    public bool IsRotating => Done < All;
}

/// <summary>Why an old master key stays.</summary>
public enum RetireRefusal { NoSuchKey, IsCurrent, StillWraps }

/// <summary>Changes the master key without stopping: a new one wraps from now on, and the keys that an older one wrapped are wrapped anew in batches; both open meanwhile.</summary>
public sealed class KeyRotation(Store store, Keyring ring, Vault vault, JournalDesk journal, TimeProvider time) : IWork
{
    private const int BatchMax = 500;

    public string Name => "key rotation";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<KeyState> State(Tx tx)
    {
        ring.Reload();
        return new(ring.CurrentId, await DataKeyTable.CountByMaster(tx), await DataKeyTable.ErasedCount(tx), await DataKeyTable.ChangesWaiting(tx));
    }

    /// <summary>Makes the next master key. Other nodes find it in the key folder.</summary>
    public async Task<string> Begin(string by)
    {
        var id = ring.MakeNext();
        await store.Write(tx => Tell(tx, "key.made", id, by));
        return id;
    }

    /// <summary>Destroys an old master key, once nothing is wrapped by it. Backups made before then do not open without the copy of customers' keys that is kept apart.</summary>
    public async Task<RetireRefusal?> Retire(string id, string by)
    {
        ring.Reload();
        if (!ring.Ids.Contains(id)) return RetireRefusal.NoSuchKey;
        if (id == ring.CurrentId) return RetireRefusal.IsCurrent;
        if (await store.Write(async tx =>
        {
            if ((await DataKeyTable.CountByMaster(tx)).Any(each => each.MasterId == id)) return RetireRefusal.StillWraps;
            await Tell(tx, "key.destroyed", id, by);
            return (RetireRefusal?)null;
        }) is { } refusal) return refusal;
        ring.Destroy(id);
        return null;
    }

    public async Task<bool> Round(CancellationToken stop)
    {
        ring.Reload();
        return await store.Write(async tx =>
        {
            var rows = await DataKeyTable.WrappedByOthers(tx, ring.CurrentId, BatchMax);
            foreach (var row in rows) await DataKeyTable.Rewrap(tx, row, vault.Rewrap(row), ring.CurrentId);
            if (rows.Count is > 0 and < BatchMax) await Tell(tx, "key.rotated", ring.CurrentId, "house");
            return rows.Count == BatchMax;
        }, stop);
    }

    private Task Tell(Tx tx, string kind, string id, string by) =>
        journal.Append(tx, new Fact(Fact.Care, $"{kind}:{id}:{time.GetUtcNow().ToUnixTimeMilliseconds()}", kind, null, time.GetUtcNow(), by, $$"""{"key":"{{id}}"}"""));
}
