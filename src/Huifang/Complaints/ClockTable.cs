using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>Where a clock stands.</summary>
public enum ClockState
{
    Running,
    /// <summary>It stands still for an allowed reason.</summary>
    Stopped,
    /// <summary>In time.</summary>
    Met,
    /// <summary>It ran out before it was met. It stays so, also when it is met later.</summary>
    Missed,
    /// <summary>An extension runs in its place, or the matter went another way.</summary>
    Replaced,
}

/// <summary>One clock of one complaint.</summary>
public sealed record RunningClock(string Id, string ComplaintId, string Clock, int Round, ClockKind Kind, string Pack, string PackVersion, bool Own, bool Binding, DateTimeOffset FromAt, DateTimeOffset DueAt, DateOnly DueDate, bool Provisional, ClockState State)
{
    private RunningClock() : this("", "", "", 0, default, "", "", false, false, default, default, default, false, default) { }

    public DateTimeOffset? MetAt { get; init; }
    /// <summary>How many of the warnings have been given.</summary>
    public int Warned { get; init; }
    /// <summary>When the worker is to look at it: the next warning, or the end.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public bool Runs => State is ClockState.Running or ClockState.Stopped;
}

/// <summary>A stop of all clocks of a complaint that may stop.</summary>
public sealed record StopRow(string Id, string ComplaintId, string Reason, DateTimeOffset FromAt, DateTimeOffset? ToAt, string StoppedBy, string? ResumedBy)
{
    private StopRow() : this("", "", "", default, null, "", null) { }
}

internal static class ClockTable
{
    private const string Columns =
        """
        id, complaint_id as complaintid, clock, round, kind, pack, pack_version as packversion, own, binding, from_at as fromat, due_at as dueat, due_date as duedate, provisional, state,
        met_at as metat, warned, next_at as nextat
        """;

    private static readonly Bulk<RunningClock> Rows = new("complaint_clocks", "on conflict (complaint_id, clock, round) do nothing",
        ("id", Column.Text, r => r.Id), ("complaint_id", Column.Text, r => r.ComplaintId), ("clock", Column.Text, r => r.Clock), ("round", Column.Number, r => (long)r.Round), ("kind", Column.Text, r => r.Kind.ToString()),
        ("pack", Column.Text, r => r.Pack), ("pack_version", Column.Text, r => r.PackVersion), ("own", Column.Number, r => r.Own ? 1L : 0L), ("binding", Column.Number, r => r.Binding ? 1L : 0L),
        ("from_at", Column.Number, r => Ms(r.FromAt)), ("due_at", Column.Number, r => Ms(r.DueAt)), ("due_date", Column.Text, r => r.DueDate.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        ("provisional", Column.Number, r => r.Provisional ? 1L : 0L), ("state", Column.Text, r => r.State.ToString()), ("met_at", Column.Number, r => r.MetAt is { } met ? Ms(met) : null),
        ("next_at", Column.Number, r => r.NextAt is { } next ? Ms(next) : null));

    public static Task Insert(Tx tx, IReadOnlyList<RunningClock> rows) => Rows.Insert(tx, rows, returning: "");

    public static Task<List<RunningClock>> Of(Tx tx, string complaintId) =>
        tx.Query<RunningClock>($"select {Columns} from complaint_clocks where complaint_id = @complaintId order by from_at, due_at, clock", new { complaintId });

    public static Task<List<RunningClock>> Running(Tx tx, IReadOnlyCollection<string> complaintIds) => tx.Query<RunningClock>(
        $"select {Columns} from complaint_clocks where complaint_id in @ids and state in ('Running', 'Stopped') order by due_at", new { ids = complaintIds.ToArray() });

    /// <summary>Met in time or late; what has run out stays missed.</summary>
    public static Task<int> Meet(Tx tx, string complaintId, string[] kinds, DateTimeOffset now) => tx.Run(
        """
        update complaint_clocks set met_at = coalesce(met_at, @now), next_at = null, state = case when state = 'Missed' or due_at < @now then 'Missed' else 'Met' end
        where complaint_id = @complaintId and kind in @kinds and met_at is null and state in ('Running', 'Stopped', 'Missed')
        """, new { complaintId, kinds, now });

    public static Task<int> Replace(Tx tx, string complaintId, string[] kinds) => tx.Run(
        "update complaint_clocks set state = 'Replaced', next_at = null where complaint_id = @complaintId and kind in @kinds and state in ('Running', 'Stopped')", new { complaintId, kinds });

    public static Task<int> ReplaceAll(Tx tx, string complaintId) => tx.Run(
        "update complaint_clocks set state = 'Replaced', next_at = null where complaint_id = @complaintId and state in ('Running', 'Stopped')", new { complaintId });

    public static async Task<bool> ReplaceOne(Tx tx, string id) =>
        await tx.Run("update complaint_clocks set state = 'Replaced', next_at = null where id = @id and state in ('Running', 'Stopped')", new { id }) == 1;

    public static Task<int> Move(Tx tx, string id, Deadline deadline, string packVersion, DateTimeOffset? next, ClockState state) => tx.Run(
        "update complaint_clocks set due_at = @due, due_date = @date, provisional = @provisional, pack_version = @packVersion, next_at = @next, state = @state where id = @id",
        new { id, due = deadline.DueAt, date = deadline.DueDate, provisional = deadline.IsProvisional, packVersion, next = next?.ToUnixTimeMilliseconds(), state = state.ToString() });

    /// <summary>The next ones to look at. Two workers at once: on SQLite the second sees the first's changes; on PostgreSQL it skips the locked rows.</summary>
    public static Task<List<RunningClock>> DueForLook(Tx tx, DateTimeOffset now, int most) => tx.Query<RunningClock>(
        $"select {Columns} from complaint_clocks where state = 'Running' and next_at <= @now order by next_at limit {most} SKIP_LOCKED", new { now });

    public static Task<bool> AnyDue(Tx tx, DateTimeOffset now) =>
        tx.One<bool>("select case when exists (select 1 from complaint_clocks where state = 'Running' and next_at <= @now) then 1 else 0 end", new { now });

    public static Task<int> Warned(Tx tx, string id, int warned, DateTimeOffset? next) =>
        tx.Run("update complaint_clocks set warned = @warned, next_at = @next where id = @id", new { id, warned, next = next?.ToUnixTimeMilliseconds() });

    public static async Task<bool> Miss(Tx tx, string id) =>
        await tx.Run("update complaint_clocks set state = 'Missed', next_at = null where id = @id and state = 'Running'", new { id }) == 1;

    public static Task<List<RunningClock>> Provisional(Tx tx, int most) =>
        tx.Query<RunningClock>($"select {Columns} from complaint_clocks where provisional = 1 and state in ('Running', 'Stopped') order by due_at limit {most}");

    /// <summary>Clocks that run by another version of their pack than the one in force.</summary>
    public static Task<List<RunningClock>> OfOtherVersion(Tx tx, string pack, string version, int most) => tx.Query<RunningClock>(
        $"select {Columns} from complaint_clocks where pack = @pack and pack_version <> @version and state in ('Running', 'Stopped') order by due_at limit {most}", new { pack, version });

    /// <summary>Two people stop it at once: the index lets only one stop be open.</summary>
    public static async Task<bool> Stop(Tx tx, StopRow stop) => await tx.Run(
        "insert into complaint_stops (id, complaint_id, reason, from_at, stopped_by) values (@Id, @ComplaintId, @Reason, @FromAt, @StoppedBy) on conflict do nothing", stop) == 1;

    public static async Task<bool> Resume(Tx tx, string complaintId, DateTimeOffset now, string by) => await tx.Run(
        "update complaint_stops set to_at = @now, resumed_by = @by where complaint_id = @complaintId and to_at is null", new { complaintId, now, by }) == 1;

    public static Task<List<StopRow>> Stops(Tx tx, string complaintId) => tx.Query<StopRow>(
        "select id, complaint_id as complaintid, reason, from_at as fromat, to_at as toat, stopped_by as stoppedby, resumed_by as resumedby from complaint_stops where complaint_id = @complaintId order by from_at", new { complaintId });

    private static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();
}
