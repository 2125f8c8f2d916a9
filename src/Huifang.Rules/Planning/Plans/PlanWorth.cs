namespace Huifang.Planning;

/// <summary>What one more hour of an agent like these would bring.</summary>
/// <param name="Calls">Places that the hour would add.</param>
/// <param name="Worth">At most so much more for the plan: places times their prices. The first place brings its full price, later ones no more.</param>
public sealed record MoreHour(string AgentType, int Block, int Calls, long Worth);

/// <summary>Reads the prices of places: what more time would be worth, and when there is more than enough.</summary>
public static class PlanWorth
{
    private const int BlocksPerHour = 2;

    /// <summary>The best hour of each type of agent, most worth first; hours that would bring nothing are last, one for each type at most.</summary>
    /// <param name="from">Blocks before this one are over.</param>
    public static IReadOnlyList<MoreHour> OneMoreHour(IEnumerable<PlanCell> cells, int from) =>
    [
        .. cells.Where(cell => cell.Block >= from).GroupBy(cell => (cell.AgentType, Hour: cell.Block / BlocksPerHour))
            .Select(hour => new MoreHour(hour.Key.AgentType, hour.Key.Hour * BlocksPerHour, BlocksPerHour * PlanSpan.QuartersPerBlock, hour.Sum(cell => PlanSpan.QuartersPerBlock * cell.Price)))
            .GroupBy(hour => hour.AgentType, StringComparer.Ordinal)
            .Select(type => type.OrderByDescending(hour => hour.Worth).ThenBy(hour => hour.Block).First())
            .OrderByDescending(hour => hour.Worth).ThenBy(hour => hour.Block).ThenBy(hour => hour.AgentType, StringComparer.Ordinal),
    ];
}
