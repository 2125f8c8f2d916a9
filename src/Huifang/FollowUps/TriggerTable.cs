using Huifang.Storage;

namespace Huifang.FollowUps;

/// <summary>Where a version of a rule stands.</summary>
public enum TriggerState { Draft, Live, Past }

/// <summary>One version of a rule with its history.</summary>
public sealed record TriggerVersion(TriggerRule Rule, TriggerState State, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? TriedAt, DateTimeOffset? LiveAt, string? LiveBy, DateTimeOffset? EndedAt)
{
    /// <summary>As the product ships it; nobody has touched it.</summary>
    public static TriggerVersion Shipped(TriggerRule rule) => new(rule, TriggerState.Live, DateTimeOffset.UnixEpoch, "huifang", null, null, null, null);

    public bool IsShipped => MadeBy == "huifang";
}

internal static class TriggerTable
{
    private const string Columns = "rule_key as key, version, state, body, made_at as madeat, made_by as madeby, tried_at as triedat, live_at as liveat, live_by as liveby, ended_at as endedat";

    /// <summary>A fixed place for "something changed", cheap to ask: how many rows, and the newest instant in them.</summary>
    public static async Task<(long, long)> Stamp(Tx tx) => await tx.One<(long, long)>("select count(*), coalesce(max(coalesce(ended_at, live_at, made_at)), 0) from trigger_rules");

    public static async Task<List<TriggerVersion>> All(Tx tx) => Read(await tx.Query<Row>($"select {Columns} from trigger_rules order by rule_key, version desc"));

    public static async Task<List<TriggerVersion>> Of(Tx tx, string key) => Read(await tx.Query<Row>($"select {Columns} from trigger_rules where rule_key = @key order by version desc limit 100", new { key }));

    public static Task<int> Insert(Tx tx, TriggerRule rule, TriggerState state, DateTimeOffset at, string by) => tx.Run(
        "insert into trigger_rules (rule_key, version, state, body, made_at, made_by, live_at) values (@Key, @Version, @state, @body, @at, @by, @live)",
        new { rule.Key, rule.Version, state = state.ToString(), body = TriggerWriter.Write(rule), at, by, live = state == TriggerState.Live ? at : (DateTimeOffset?)null });

    public static async Task<bool> ChangeDraft(Tx tx, TriggerRule rule, DateTimeOffset at, string by) => await tx.Run(
        "update trigger_rules set body = @body, made_at = @at, made_by = @by, tried_at = null where rule_key = @Key and version = @Version and state = 'Draft'",
        new { rule.Key, rule.Version, body = TriggerWriter.Write(rule), at, by }) == 1;

    public static async Task<bool> Tried(Tx tx, string key, string body, DateTimeOffset at) =>
        await tx.Run("update trigger_rules set tried_at = @at where rule_key = @key and state = 'Draft' and body = @body", new { key, body, at }) == 1;

    public static Task<int> EndLive(Tx tx, string key, DateTimeOffset at) =>
        tx.Run("update trigger_rules set state = 'Past', ended_at = @at where rule_key = @key and state = 'Live'", new { key, at });

    /// <summary>Two who press the button at once: the second finds no draft.</summary>
    public static async Task<bool> MakeLive(Tx tx, string key, long version, DateTimeOffset at, string by) =>
        await tx.Run("update trigger_rules set state = 'Live', live_at = @at, live_by = @by where rule_key = @key and version = @version and state = 'Draft' and tried_at is not null", new { key, version, at, by }) == 1;

    public static async Task<bool> DropDraft(Tx tx, string key) => await tx.Run("delete from trigger_rules where rule_key = @key and state = 'Draft'", new { key }) == 1;

    private static List<TriggerVersion> Read(IEnumerable<Row> rows)
    {
        var read = new List<TriggerVersion>();
        foreach (var row in rows)
            // A body that a newer product wrote and this one cannot read is left out: a rule that is not understood must not fire.
            if (TriggerReader.Read(row.Body).Rule is { } rule)
                read.Add(new(rule with { Version = (int)row.Version }, Enum.Parse<TriggerState>(row.State), row.MadeAt, row.MadeBy, row.TriedAt, row.LiveAt, row.LiveBy, row.EndedAt));
        return read;
    }

    private sealed record Row(string Key, long Version, string State, string Body, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? TriedAt, DateTimeOffset? LiveAt, string? LiveBy, DateTimeOffset? EndedAt);
}
