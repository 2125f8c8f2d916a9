using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Huifang.Insights;

namespace Huifang.Commands;

/// <summary><c>huifang insight nearest</c>.</summary>
internal static class InsightNearest
{
    internal static Command Make()
    {
        var weights = new Option<FileInfo?>("--model") { Description = "Weights that pairs --learn wrote. Default: those that ship." };
        var most = new Option<int>("--top") { Description = "How many are named for each text.", DefaultValueFactory = _ => 10 };
        var command = new Command("nearest", "Names for each text those of the same file that mean most nearly the same.") { InsightCommand.Data, weights, InsightCommand.TextField, most, InsightCommand.AsJson };
        command.SetAction((parsed, stop) => Task.FromResult(InsightCommand.Checked(parsed.GetValue(InsightCommand.Data)!, () =>
        {
            var model = SameMeaning.Shipped;
            if (parsed.GetValue(weights) is { } file)
            {
                if (!file.Exists) return CommandLine.Wrong($"There is no file {file}.");
                using var opened = file.OpenRead();
                model = SameMeaning.Read(opened);
            }
            var rows = InsightFiles.Rows(parsed.GetValue(InsightCommand.Data)!).Select(row => (Id: InsightFiles.Id(row), Text: InsightFiles.Text(row, parsed.GetValue(InsightCommand.TextField)))).Where(row => row.Text is not null).ToList();
            if (rows.Count == 0) return CommandLine.Wrong("No line has a text.");
            var index = InsightFiles.WithBar("reading", _ => new MeaningIndex([.. rows.Select(row => row.Text!)], model));
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            for (var i = 0; i < rows.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                var near = index.Nearest(i, parsed.GetValue(most));
                if (parsed.GetValue(InsightCommand.AsJson)) output.WriteLine(JsonSerializer.Serialize(new { id = rows[i].Id, nearest = near.Select(one => new { id = rows[one.Text].Id, near = Math.Round(one.Near, 4) }) }, InsightCommand.Json));
                else output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows[i].Text}\t{string.Join("\t", near.Select(one => rows[one.Text].Text))}").ReplaceLineEndings(" "));
            }
            return 0;
        })));
        return command;
    }
}
