using Huifang.Storage;

namespace Huifang.Scripts;

internal sealed class ScriptRow
{
    public string Key { get; set; } = "";
    public long Version { get; set; }
    public string State { get; set; } = "";
    public string Body { get; set; } = "";
    public DateTimeOffset ChangedAt { get; set; }
    public string ChangedBy { get; set; } = "";
}

internal sealed class ScriptUse
{
    public string Key { get; set; } = "";
    public long Version { get; set; }
    public long Calls { get; set; }
}

internal static class ScriptTable
{
    private const string Columns = "script_key as key, version, state, body, changed_at as changedat, changed_by as changedby";

    public static Task<ScriptRow?> Live(Tx tx, string key) => tx.One<ScriptRow>($"select {Columns} from scripts where script_key = @key and state = 'Live' order by version desc", new { key });

    public static Task<ScriptRow?> Draft(Tx tx, string key) => tx.One<ScriptRow>($"select {Columns} from scripts where script_key = @key and state = 'Draft' order by version desc", new { key });

    public static Task<ScriptRow?> Find(Tx tx, string key, int version) => tx.One<ScriptRow>($"select {Columns} from scripts where script_key = @key and version = @version", new { key, version });

    public static Task<List<ScriptRow>> All(Tx tx) => tx.Query<ScriptRow>($"select {Columns} from scripts order by script_key, version desc limit 500");

    public static async Task<int> NewestVersion(Tx tx, string key) => (int)(await tx.One<long?>("select max(version) from scripts where script_key = @key", new { key }) ?? 0);

    /// <summary>Only a draft can be written over.</summary>
    public static Task<int> Save(Tx tx, string key, int version, string body, DateTimeOffset at, string by) => tx.Run(
        """
        insert into scripts (script_key, version, state, body, changed_at, changed_by) values (@key, @version, 'Draft', @body, @at, @by)
        on conflict (script_key, version) do update set body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by where scripts.state = 'Draft'
        """, new { key, version, body, at, by });

    public static async Task Publish(Tx tx, string key, int version, DateTimeOffset at, string by)
    {
        await tx.Run("update scripts set state = 'Retired' where script_key = @key and state = 'Live'", new { key });
        await tx.Run("update scripts set state = 'Live', changed_at = @at, changed_by = @by where script_key = @key and version = @version and state = 'Draft'", new { key, version, at, by });
    }

    public static Task<List<ScriptUse>> CallsByScript(Tx tx) =>
        tx.Query<ScriptUse>("select script_key as key, script_version as version, count(*) as calls from calls where ended_at is not null group by script_key, script_version");
}
