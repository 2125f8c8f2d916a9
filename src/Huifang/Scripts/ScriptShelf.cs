using System.Collections.Concurrent;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Scripts;

public enum ScriptState { Draft, Live, Retired }

/// <summary>A version of a script on the shelf. <see cref="ChangedBy"/> is null for what comes with the product.</summary>
public sealed record ShelvedScript(Script Script, ScriptState State, DateTimeOffset? ChangedAt, string? ChangedBy, int Calls);

/// <summary>Where scripts are kept: those of the product, and the operator's own versions that go before them.</summary>
public sealed class ScriptShelf(JournalDesk journal, Ids ids, TimeProvider time)
{
    // A version that has been published never changes, so what was parsed once stays right.
    private readonly ConcurrentDictionary<(string, int), Script> _parsed = new();

    /// <summary>The version that new calls use; the standard one when the name is unknown, so that no follow-up is stuck for a missing script.</summary>
    public async Task<Script> Live(Tx tx, string key)
    {
        if (await ScriptTable.Live(tx, key) is { } row) return Parsed(row);
        return ShippedScripts.Find(key) ?? (key == ShippedScripts.Standard ? throw new InvalidOperationException("the standard script is missing") : await Live(tx, ShippedScripts.Standard));
    }

    /// <summary>The very version that a call began with.</summary>
    public async Task<Script> Version(Tx tx, string key, int version)
    {
        if (_parsed.TryGetValue((key, version), out var known)) return known;
        if (await ScriptTable.Find(tx, key, version) is { } row) return row.State == nameof(ScriptState.Draft) ? ScriptReader.Read(row.Body) : Parsed(row);
        return ShippedScripts.Find(key) is { } shipped && shipped.Version == version ? shipped : await Live(tx, key);
    }

    /// <summary>Every script with its newest version and, where there is one, its draft.</summary>
    public async Task<IReadOnlyList<ShelvedScript>> All(Tx tx)
    {
        var rows = await ScriptTable.All(tx);
        var calls = (await ScriptTable.CallsByScript(tx)).ToDictionary(row => (row.Key, (int)row.Version), row => (int)row.Calls);
        var own = rows.Select(row => new ShelvedScript(ScriptReader.Read(row.Body), Enum.Parse<ScriptState>(row.State), row.ChangedAt, row.ChangedBy, calls.GetValueOrDefault((row.Key, (int)row.Version))));
        var shipped = ShippedScripts.All.Select(script => new ShelvedScript(script, rows.Exists(row => row.Key == script.Key && row.State == nameof(ScriptState.Live)) ? ScriptState.Retired : ScriptState.Live, null, null, calls.GetValueOrDefault((script.Key, script.Version))));
        return [.. own.Concat(shipped).OrderBy(shelved => shelved.Script.Key, StringComparer.Ordinal).ThenByDescending(shelved => shelved.Script.Version)];
    }

    /// <summary>The draft of a script; made from the live version when there is none.</summary>
    public async Task<Script> Draft(Tx tx, string key)
    {
        if (await ScriptTable.Draft(tx, key) is { } row) return ScriptReader.Read(row.Body);
        var live = await Live(tx, key);
        return live with { Key = key, Version = await NextVersion(tx, key) };
    }

    /// <summary>Keeps a draft as it is, with all its faults.</summary>
    public async Task Save(Tx tx, Script draft, string by) =>
        await ScriptTable.Save(tx, draft.Key, draft.Version, ScriptReader.Write(draft), time.GetUtcNow(), by);

    /// <summary>Puts a draft in use. Its faults are handed back instead when it has any; calls that run go on with the version they began with.</summary>
    public async Task<IReadOnlyList<ScriptFinding>> Publish(Tx tx, string key, string by)
    {
        var draft = await Draft(tx, key);
        var findings = ScriptRules.Check(draft);
        if (findings.Count > 0) return findings;
        await ScriptTable.Save(tx, key, draft.Version, ScriptReader.Write(draft), time.GetUtcNow(), by);
        await ScriptTable.Publish(tx, key, draft.Version, time.GetUtcNow(), by);
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "script.published", null, time.GetUtcNow(), by, $$"""{"script":"{{key}}","version":{{draft.Version}}}"""));
        return [];
    }

    private async Task<int> NextVersion(Tx tx, string key) =>
        Math.Max(await ScriptTable.NewestVersion(tx, key), ShippedScripts.Find(key)?.Version ?? 0) + 1;

    private Script Parsed(ScriptRow row) => _parsed.GetOrAdd((row.Key, (int)row.Version), _ => ScriptReader.Read(row.Body));
}
