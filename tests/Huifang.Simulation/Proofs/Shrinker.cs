using Huifang.Simulation.Worlds;

namespace Huifang.Simulation.Proofs;

/// <summary>Makes a failing seed smaller while the same promise stays broken: fewer troubles, fewer people, fewer days.</summary>
internal static class Shrinker
{
    public static Outcome Shrink(Player player, Outcome failed)
    {
        var invariant = failed.Breaches[0].Invariant;
        var best = failed;
        bool Try(Plan plan)
        {
            if (plan == best.Plan || player.Play(plan) is not { } outcome || outcome.Breaches.All(breach => breach.Invariant != invariant)) return false;
            best = outcome;
            return true;
        }
        foreach (var trouble in Enum.GetValues<Troubles>().Where(one => one is not (Troubles.None or Troubles.All))) Try(best.Plan with { Troubles = best.Plan.Troubles & ~trouble });
        for (var active = 1; active < 7 && !Try(best.Plan with { Active = active }); active++) { }
        foreach (var days in new[] { 1, 2, 3, 5, 8, 12, 18, 24 }) if (days < best.Plan.Days && Try(best.Plan with { Days = days })) break;
        return best;
    }
}
