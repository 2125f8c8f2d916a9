using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Huifang.Insights;

namespace Huifang.Commands;

/// <summary><c>huifang insight unknown</c>.</summary>
internal static class InsightUnknown
{
    internal static Command Make()
    {
        var axis = new Option<string?>("--axis") { Description = "Which labels of the model are the known topics. Default: its only ones, or topic." };
        var command = new Command("unknown", "Says of each text how new it is beside what the model was taught, and groups what belongs together. The more texts at once, the better what is new is told from what is usual.") { InsightCommand.Data, InsightCommand.Model, InsightCommand.TextField, axis, InsightCommand.AsJson };
        command.SetAction((parsed, _) => Task.FromResult(InsightCommand.Checked(parsed.GetValue(InsightCommand.Data)!, () =>
        {
            if (InsightCommand.Open(parsed.GetValue(InsightCommand.Model)!) is not { } model) return CommandLine.Wrong($"{parsed.GetValue(InsightCommand.Model)} is no model.");
            var names = model.AxisNames.ToList();
            var known = parsed.GetValue(axis) ?? (names.Count == 1 ? names[0] : Axes.Topic);
            if (!names.Contains(known)) return CommandLine.Wrong($"The model knows {string.Join(", ", names)}, not \"{known}\".");
            var rows = InsightFiles.Rows(parsed.GetValue(InsightCommand.Data)!).Select(row => (Id: InsightFiles.Id(row), Text: InsightFiles.Text(row, parsed.GetValue(InsightCommand.TextField)))).Where(row => row.Text is not null).ToList();
            if (rows.Count == 0) return CommandLine.Wrong("No line has a text.");
            var found = InsightFiles.WithBar("comparing", _ => NewIssueFinder.Find([.. rows.Select(row => row.Text!)], model, known));
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            if (!parsed.GetValue(InsightCommand.AsJson))
            {
                foreach (var cluster in found.Clusters.Where(cluster => cluster.IsNew)) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cluster.Members.Count,5}  {cluster.Score:0.00}  {cluster.Label}"));
                return 0;
            }
            for (var i = 0; i < rows.Count; i++)
            {
                // A text that was not compared stands for itself.
                var cluster = found.ClusterOf[i] < 0 ? null : found.Clusters[found.ClusterOf[i]];
                output.WriteLine(JsonSerializer.Serialize(new { id = rows[i].Id, score = Math.Round(found.Scores[i], 5), cluster = cluster is null ? (int?)null : found.ClusterOf[i], label = cluster?.Label, @new = cluster?.IsNew ?? false }, InsightCommand.Json));
            }
            return 0;
        })));
        return command;
    }
}
