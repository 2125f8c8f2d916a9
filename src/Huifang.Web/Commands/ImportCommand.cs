using System.CommandLine;
using Huifang.Intake;
using Spectre.Console;

namespace Huifang.Commands;

/// <summary><c>huifang import events|customers|consents FILE</c>.</summary>
public static class ImportCommand
{
    public static Command Make()
    {
        var what = new Argument<string>("what") { Description = "events, customers or consents." };
        what.AcceptOnlyFromAmong("events", "customers", "consents");
        var file = new Argument<FileInfo>("file") { Description = "JSON Lines (.jsonl, .ndjson, .json) or CSV (.csv); may be gzipped (.gz)." };
        var command = new Command("import", "Brings a file in. Can be broken off and started again; what is there already stays as it is.") { what, file };
        command.SetAction((parsed, stop) => Run(parsed.GetValue(what)!, parsed.GetValue(file)!, stop));
        return command;
    }

    private static async Task<int> Run(string what, FileInfo file, CancellationToken stop)
    {
        if (!file.Exists) return CommandLine.Wrong($"There is no file {file}.");
        await using var house = await CommandLine.OpenHouse(stop);
        var import = ActivatorUtilities.CreateInstance<FileImport>(house);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        ImportCounts counts;
        try
        {
            counts = await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
            {
                var bar = progress.AddTask($"{what} from {Markup.Escape(file.Name)}", maxValue: Math.Max(1, file.Length));
                return await import.Run(what, file, read => bar.Value = read, stop);
            });
        }
        catch (ImportRefused refused) { return CommandLine.Wrong(refused.Message); }
        Console.WriteLine($"{counts.Lines} lines: {counts.Accepted} new, {counts.Known} known, {counts.Conflicts} conflicts, {counts.Quarantined} kept in quarantine{(counts.Skipped > 0 ? $", {counts.Skipped} done earlier" : "")}");
        return counts.Conflicts + counts.Quarantined > 0 ? 1 : 0;
    }
}
