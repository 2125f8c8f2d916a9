using Huifang.Simulation.Machine;
using Huifang.Storage;

namespace Huifang.Simulation.Worlds;

/// <summary>
/// One seed: a month of a small care desk. Time jumps from one instant at which something happens to the next; whatever happens at one instant happens at once, in an order that
/// chance gives. Everybody goes through the house's own desks, and nobody but the house's workers does its work.
/// </summary>
internal sealed partial class World
{
    /// <summary>A house that has more to do than this at one instant will never come to rest.</summary>
    private const int TurnsMax = 400;

    private readonly Plan _plan;
    private readonly Chance _chance;
    private readonly Grounds _grounds;
    private readonly Stage _stage = new();
    private readonly PriorityQueue<Act, (long At, long Order)> _acts = new();
    private readonly Witness _witness = new();
    private readonly WorldLines _lines;
    private readonly DateTimeOffset _end;
    private readonly List<int> _active;
    private House _house;
    private long _order;
    private int _crashes, _commits, _done, _jumps;

    private World(Plan plan, Grounds grounds, WorldLines lines, int season)
    {
        (_plan, _grounds, _lines) = (plan, grounds, lines);
        _chance = new((ulong)plan.Seed * 0x9E3779B97F4A7C15);
        Begin = Template.Seasons[season];
        _end = Begin.AddDays(plan.Days);
        var everybody = Enumerable.Range(0, plan.Customers).ToList();
        var people = _chance.Fork("people");
        people.Shuffle(everybody);
        var active = people.Between(2, 7);
        _active = everybody.GetRange(0, Math.Min(plan.Active ?? active, everybody.Count));
        _house = Open();
    }

    private DateTimeOffset Begin { get; }
    private DateTimeOffset Now => _grounds.Clock.Now;
    private bool Has(Troubles trouble) => _plan.Troubles.HasFlag(trouble);
    private T Get<T>() where T : notnull => _house.Get<T>();
    private Store Store => _house.Store;

    /// <summary>Season and lines of a seed are known before its world is made.</summary>
    public static int SeasonOf(Plan plan) => (int)(Chance.Mix((ulong)plan.Seed) % (ulong)Template.Seasons.Length);
    public static bool PlansOf(Plan plan) => plan.Troubles.HasFlag(Troubles.Plans) && Chance.Mix((ulong)plan.Seed + 77) % 8 == 0;

    public static async Task<Outcome> Live(Plan plan, Grounds grounds, WorldLines lines, Action<string>? trace)
    {
        var season = SeasonOf(plan);
        grounds.Log.Lines.Clear();
        grounds.Clock.Now = Template.Seasons[season];
        grounds.Database.Run("begin");
        try
        {
            var world = new World(plan, grounds, lines, season);
            lines.Attach(world);
            world.Prepare();
            world.Run();
            if (trace is not null) await Ledger.Trace(world.Store, trace);
            return await world.Judge();
        }
        finally { grounds.Database.Run("rollback"); }
    }

    private House Open()
    {
        var house = House.Open(_grounds, _chance.Fork("house"));
        if (Has(Troubles.Crashes) && _crashes < 3 && _chance.Is(.6)) house.Store.Death = (_chance.Between(3, 160), (Edge)_chance.Below(3));
        return house;
    }

    private void At(DateTimeOffset at, string name, Func<Task> act, bool again = true) => _acts.Enqueue(new Act(name, act, again), (at.ToUnixTimeMilliseconds(), _order++));

    private void Run()
    {
        Settle();
        while (true)
        {
            See();
            var next = DueAt() is var due && _acts.TryPeek(out _, out var first) && first.At <= due ? first.At : due;
            if (next >= _end.ToUnixTimeMilliseconds()) break;
            var at = DateTimeOffset.FromUnixTimeMilliseconds(next);
            if (at > Now) _grounds.Clock.Now = at;
            Jump();
            var together = new List<Act>();
            // Whoever does something within these seconds does it at once.
            var until = Now.ToUnixTimeMilliseconds() + (Has(Troubles.Races) ? 20_000 : 0);
            while (_acts.TryPeek(out var act, out var when) && when.At <= until) { together.Add(act); _acts.Dequeue(); }
            _done += together.Count;
            Play(together);
            Settle();
        }
        _grounds.Clock.Now = _end;
        _house.Store.Death = null;
        Settle();
    }

    /// <summary>The server's clock is corrected now and then, or its machine stands still.</summary>
    private void Jump()
    {
        if (!Has(Troubles.Jumps) || !_chance.Is(.03)) return;
        _jumps++;
        _grounds.Clock.Now += _chance.Is(.5) ? -_chance.Within(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(45)) : _chance.Within(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(20));
    }

    private void Play(IReadOnlyList<Act> acts)
    {
        if (acts.Count == 0) return;
        _witness.Turn++;
        var left = _stage.Play(_house.Store, acts, (act, failed) => _witness.Breach("X", $"{act.Name} failed with {failed.GetType().Name}: {failed.Message}"));
        if (!_house.Store.IsDead) return;
        _crashes++;
        _commits += _house.Store.Commits;
        _house.Dispose();
        // Down for seconds, as a rule; for a quarter of an hour, now and then. Whoever was not answered tries again.
        _grounds.Clock.Now += _chance.Is(.8) ? _chance.Within(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40)) : _chance.Within(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
        _house = Open();
        if (_left.Count > 0) LookForOwners();
        foreach (var act in left) if (act.Again) At(Now + _chance.Within(TimeSpan.Zero, TimeSpan.FromSeconds(30)), act.Name, act.Do);
    }

    /// <summary>Lets every worker that has something to do at this instant do it, several at once, until there is nothing left.</summary>
    private void Settle()
    {
        for (var turn = 0; turn < TurnsMax; turn++)
        {
            var due = DueWorks();
            if (due.Count == 0) return;
            Play(due.ConvertAll(name => new Act(name, async () => { await _house.Works[name].Round(default); }, Again: false)));
        }
        _witness.Breach("L", $"the house does not come to rest: {string.Join(", ", DueWorks())}");
        // Nothing more can be learned from this seed.
        _acts.Clear();
        _grounds.Clock.Now = _end;
    }

    private async Task<Outcome> Judge()
    {
        _commits += _house.Store.Commits;
        var report = await new Checks.LedgerCheck(Store, _grounds.Clock).Run();
        foreach (var violation in report.Violations) _witness.Breach(violation.Invariant, $"{violation.About}: {violation.What}");
        foreach (var line in _grounds.Log.Lines.Distinct().Take(5)) _witness.Breach("X", line.Length > 900 ? line[..900] : line);
        await _witness.Judge(Store);
        var tally = await Store.Read(async tx => new Tally(report.Looked["I1 I2 I3 I11 contacts"], report.Looked["I5 promises"], await tx.One<long>("select count(*) from journal where kind = 'promise.broken'"), report.Looked["I7 complaints"],
            await tx.One<long>("select count(*) from journal where kind = 'consent.withdrawn'"), _witness.Told, _crashes, _commits, _done, _jumps));
        _house.Dispose();
        return new(_plan, _witness.Breaches, tally, await Ledger.Hash(Store));
    }
}
