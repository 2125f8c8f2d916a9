using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>Whatever changes what there is to plan wishes for a new plan; a changed shift is looked through for promises that nobody would keep.</summary>
public sealed class PlanReactions(PlanDesk desk, PromiseMender mender, PlanWindows windows) : IReaction
{
    public string Listener => "planning";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var agent in facts.Where(fact => fact.Kind is "shift.changed" or "agent.changed").Select(Agent).Distinct(StringComparer.Ordinal)) await mender.Mend(tx, agent);
        tx.AfterCommit(() => windows.Forget(facts.Select(fact => fact.CustomerId).OfType<string>().ToHashSet(StringComparer.Ordinal)));
        await desk.Wish(tx);
    }

    private static string Agent(Fact fact)
    {
        using var data = JsonDocument.Parse(fact.Data);
        return data.RootElement.GetProperty("agent").GetString()!;
    }
}
