namespace Huifang.Planning;

/// <summary>Shares a block's calls out over the agents of a type, so that breaks hold and nobody gets all the hard ones.</summary>
public static class ShareRules
{
    /// <summary>A hard call weighs as much as this many others.</summary>
    private const int HardWeight = 3;

    /// <summary>What each agent has had so far; carried from block to block of a day.</summary>
    public sealed class Load
    {
        private readonly Dictionary<string, (int Hard, int All)> had = new(StringComparer.Ordinal);

        public (int Hard, int All) Of(string agentId) => had.GetValueOrDefault(agentId);

        internal void Add(string agentId, bool hard) => had[agentId] = Of(agentId) is var (hards, all) ? (hards + (hard ? 1 : 0), all + 1) : default;
    }

    /// <summary>
    /// Gives each call an agent and one of her free quarters. Hard calls go first, each to whoever has had the fewest hard ones, then the fewest; equal agents by id.
    /// A call beyond what the agents can take is left without one: the solver never asks for more than they have.
    /// </summary>
    /// <param name="calls">In the order in which they should be called.</param>
    public static IReadOnlyList<(string? AgentId, int Quarter)> Split(IReadOnlyList<PlanCall> calls, IReadOnlyList<PlanPerson> people, int block, Load load)
    {
        var given = new (string?, int)[calls.Count];
        var free = people.SelectMany(person => Enumerable.Range(block * PlanSpan.QuartersPerBlock, PlanSpan.QuartersPerBlock).Where(quarter => person.Free[quarter]).Select(quarter => (person.Id, Quarter: quarter))).ToList();
        foreach (var i in Enumerable.Range(0, calls.Count).OrderByDescending(i => calls[i].IsHard))
        {
            if (free.Count == 0) { given[i] = (null, block * PlanSpan.QuartersPerBlock); continue; }
            var hard = calls[i].IsHard;
            var best = free.MinBy(place => (hard ? load.Of(place.Id).Hard : load.Of(place.Id).All + (HardWeight - 1) * load.Of(place.Id).Hard, load.Of(place.Id).All, place.Quarter, place.Id));
            free.Remove(best);
            load.Add(best.Id, hard);
            given[i] = best;
        }
        return given;
    }
}
