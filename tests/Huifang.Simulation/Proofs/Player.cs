using Huifang.Messages;
using Huifang.Simulation.Machine;
using Huifang.Simulation.Worlds;

namespace Huifang.Simulation.Proofs;

/// <summary>Plays seeds one after another on one thread, on a database in memory for each season.</summary>
internal sealed class Player : IDisposable
{
    private readonly Dictionary<int, (CachedConnection Database, WorldClock Clock, WorldLines Lines)> _seasons = [];
    private readonly LogBook _log = new();

    /// <summary>Changes the text of statements, for mutants.</summary>
    public Func<string, string>? Mutate { get; set; }

    /// <summary>Changed rule packs, for mutants.</summary>
    public ContactPackChange? Packs { get; set; }

    /// <summary>The mutant of code that is on while a seed is played; zero: none. One at a time in a process.</summary>
    public int Mutant { get; set; }

    /// <summary>Takes the journal, a line a fact.</summary>
    public Action<string>? Trace { get; init; }

    public Outcome Play(Plan plan)
    {
        var season = World.SeasonOf(plan);
        if (!_seasons.TryGetValue(season, out var made))
        {
            var (clock, lines) = (new WorldClock(), new WorldLines());
            made = (Template.Open(season, clock, new Lines(lines, lines)), clock, lines);
            _seasons[season] = made;
        }
        if (made.Database.Mutate != Mutate) made.Database.Mutate = Mutate;
        var grounds = new Grounds(made.Database, made.Clock, Template.Keys, new Lines(made.Lines, made.Lines), _log, World.PlansOf(plan), Packs);
        try
        {
            Mutants.MutantHouse.On?.SetValue(null, Mutant);
            return World.Live(plan, grounds, made.Lines, Trace).GetAwaiter().GetResult();
        }
        finally { Mutants.MutantHouse.On?.SetValue(null, 0); }
    }

    public void Dispose()
    {
        foreach (var (database, _, _) in _seasons.Values) database.Dispose();
    }
}
