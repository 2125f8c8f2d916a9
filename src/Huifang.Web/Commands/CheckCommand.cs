using System.CommandLine;
using Huifang.Checks;
using Huifang.Storage;

namespace Huifang.Commands;

/// <summary><c>huifang check</c>: the house's promises, from its ledger alone.</summary>
public static class CheckCommand
{
    public static Command Make()
    {
        var command = new Command("check", "Checks the promises of the house (I1–I11) from the ledger; exit code 1 when one is broken.");
        command.SetAction(async (_, stop) =>
        {
            await using var house = await CommandLine.OpenHouse(stop);
            var report = await new LedgerCheck(house.GetRequiredService<Store>(), TimeProvider.System).Run(stop);
            foreach (var (what, count) in report.Looked) Console.WriteLine($"looked at {count,12:N0}  {what}");
            foreach (var violation in report.Violations) Console.WriteLine($"BROKEN {violation.Invariant,-4} {violation.About}: {violation.What}");
            Console.WriteLine(report.Violations.Count == 0 ? "All promises are kept." : $"{report.Violations.Count} broken.");
            return report.Violations.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
