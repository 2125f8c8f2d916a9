namespace Huifang.Simulation.Worlds;

internal sealed partial class World
{
    private const long Never = long.MaxValue;

    /// <summary>When which worker has something to do next, read from the rows that make it so.</summary>
    private const string DueText =
        """
        select coalesce((select min(case when state = 'Queued' then try_at else leased_until end) from messages where state in ('Queued', 'Leased')), @never) as sender,
          min(coalesce((select min(due_at) from follow_ups where state in ('Waiting', 'Invited') and ready = 0), @never), coalesce((select min(expires_at) from follow_ups where state in ('Arranged', 'Invited', 'Waiting')), @never)) as clock,
          min(coalesce((select min(promised_to) from follow_ups where state = 'Booked'), @never), coalesce((select min(taken_at) + 900000 from calls where finished_at is null and armed_at is null), @never)) as promises,
          coalesce((select min(next_at) from complaint_clocks where state = 'Running'), @never) as complaints,
          coalesce((select min(try_at) from complaint_intake where fate = 'Waiting'), @never) as intake,
          coalesce((select min(expires_at) from approvals where state = 'Asked'), @never) as approvals,
          (select case when rev > planned_rev then 0 else @never end from plan_wish where id = 1) as plan
        """;

    // Rows are read property by property: a minimum of nothing has no type in SQLite.
    private sealed record DueRow
    {
        public long Sender { get; init; }
        public long Clock { get; init; }
        public long Promises { get; init; }
        public long Complaints { get; init; }
        public long Intake { get; init; }
        public long Approvals { get; init; }
        public long Plan { get; init; }
    }

    private sealed record ReactionDue
    {
        public string Listener { get; init; } = "";
        public long At { get; init; }
    }

    private long _dueAt;
    private bool _planned;

    private long DueAt() => _dueAt;

    /// <summary>The workers that have something to do now; when there are none, <see cref="DueAt"/> says until when.</summary>
    private List<string> DueWorks()
    {
        var now = Now.ToUnixTimeMilliseconds();
        var works = new List<string>();
        _dueAt = Never;
        var reactions = Peek(tx => tx.Query<ReactionDue>("select listener, min(try_at) as at from reactions group by listener order by listener"));
        foreach (var reaction in reactions) Add($"reactions of {reaction.Listener}", reaction.At);
        var row = Peek(tx => tx.One<DueRow>(DueText, new { never = Never }))!;
        Add("sender", row.Sender);
        Add("follow-up clock", row.Clock);
        Add("promise watch", row.Promises);
        Add("complaint clock", row.Complaints);
        Add("complaint intake", row.Intake);
        Add("approval clock", row.Approvals);
        if (_unowned is { } unowned) Add("complaint owners", unowned);
        if (works.Contains("complaint owners")) _unowned = null;
        // A plan is made when everything else is at rest, as the real one is a second later; once for each instant.
        if (works.Count > 0) _planned = false;
        else if (!_planned && row.Plan == 0 && _grounds.Plans) { works.Add("planner"); _planned = true; }
        return works;

        void Add(string name, long at)
        {
            if (!_house.Works.ContainsKey(name)) return;
            if (at <= now) works.Add(name);
            else if (at < _dueAt) _dueAt = at;
        }
    }

    private long? _unowned;

    /// <summary>A look at the database from outside the house.</summary>
    private T Peek<T>(Func<Storage.Tx, Task<T>> read) => Store.Read(read).GetAwaiter().GetResult();
}
