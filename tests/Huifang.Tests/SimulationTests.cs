using System.Diagnostics;
using Huifang.Simulation.Proofs;
using Huifang.Simulation.Worlds;

namespace Huifang.Tests;

/// <summary>The simulator itself: a seed that cannot be repeated proves nothing.</summary>
public sealed class SimulationTests
{
    [Fact]
    public async Task A_seed_writes_the_same_ledger_in_every_run_and_in_every_process()
    {
        long[] seeds = [3, 4];
        using var one = new Player();
        using var other = new Player();
        var first = seeds.Select(seed => one.Play(new Plan(seed, Days: 6)).Hash).ToList();
        // Another database, and the seeds in another order.
        Assert.Equal(first, seeds.Reverse().Select(seed => other.Play(new Plan(seed, Days: 6)).Hash).Reverse());
        Assert.NotEqual(first[0], first[1]);

        var start = new ProcessStartInfo("dotnet", [typeof(Player).Assembly.Location, "sim", "--seeds", "3..4", "--days", "6", "--hashes"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(first, said.Split('\n').Where(line => line.StartsWith("3 ", StringComparison.Ordinal) || line.StartsWith("4 ", StringComparison.Ordinal)).Select(line => line[2..].Trim()));
    }
}
