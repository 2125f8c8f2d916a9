using System.CommandLine;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huifang.Insights;

namespace Huifang.Commands;

/// <summary><c>huifang insight</c>: the classifier, redaction, trends and pairs on files, without the server.</summary>
public static class InsightCommand
{
    internal static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    internal static readonly Option<string[]> Data = new("--data") { Description = "JSON Lines, plain or gzipped; - is standard input.", Required = true, AllowMultipleArgumentsPerToken = true };
    internal static readonly Option<string?> TextField = new("--text") { Description = "The field with the text. Default: text, or the first of the usual names." };
    internal static readonly Option<bool> AsJson = new("--json") { Description = "Print JSON." };
    private static readonly Option<string> LabelField = new("--label") { Description = "The field with the label: a text, or a list of texts of which any number holds.", Required = true };
    internal static readonly Option<FileInfo> Model = new("--model") { Description = "The model file.", Required = true };

    public static Command Make() => new("insight", "Learns from labelled texts, classifies, redacts, finds rises, new issues and pairs of one meaning, on files and without the server.")
    {
        Train(), Evaluate(), Classify(), InsightStreams.Redact(), InsightStreams.Trends(), InsightStreams.Pairs(), InsightNearest.Make(), InsightUnknown.Make(),
    };

    private static Command Train()
    {
        var dev = new Option<string[]>("--dev") { Description = "Texts to choose the cost of errors by. Default: parts of the data left out in turn.", AllowMultipleArgumentsPerToken = true };
        var balance = new Option<float>("--balance") { Description = "How far rare labels are lifted, 0 to 1.", DefaultValueFactory = _ => TrainingOptions.Default.Balance };
        var cost = new Option<float?>("--cost") { Description = "The weight of an error. Default: chosen by trying." };
        var command = new Command("train", "Learns the labels of a field and writes a model.") { Data, LabelField, Model, TextField, dev, balance, cost };
        command.SetAction((parsed, stop) => Task.FromResult(Checked(parsed.GetValue(Data)!.Concat(parsed.GetValue(dev) ?? []), () =>
        {
            var (field, text) = (parsed.GetValue(LabelField)!, parsed.GetValue(TextField));
            var examples = Examples(parsed.GetValue(Data)!, field, text);
            if (examples.Count == 0) return CommandLine.Wrong($"No line has a text and a \"{field}\".");
            var options = TrainingOptions.Default with { Balance = parsed.GetValue(balance), Cost = parsed.GetValue(cost) };
            var watch = Stopwatch.StartNew();
            var model = InsightFiles.WithBar("learning", say =>
            {
                var told = new Say(say);
                if (parsed.GetValue(dev) is not { Length: > 0 } files || options.Cost is not null) return TextClassifier.Train(examples, options, told, stop);
                var held = Examples(files, field, text);
                return ((float[])[0.3f, 1, 3]).Select(tried => TextClassifier.Train(examples, options with { Cost = tried }, told, stop)).MaxBy(tried => Scorecard.Of(tried, held, field).Accuracy)!;
            });
            var file = parsed.GetValue(Model)!;
            Directory.CreateDirectory(file.DirectoryName!);
            using (var stream = file.Create()) model.Write(stream);
            file.Refresh();
            Console.WriteLine(JsonSerializer.Serialize(new { texts = examples.Count, labels = model.Labels(field).Count, seconds = Math.Round(watch.Elapsed.TotalSeconds, 2), bytes = file.Length }, Json));
            return 0;
        })));
        return command;
    }

    private static Command Evaluate()
    {
        var command = new Command("evaluate", "Says how right a model is on texts that it has not seen, label by label.") { Data, LabelField, Model, TextField, AsJson };
        command.SetAction((parsed, _) => Task.FromResult(Checked(parsed.GetValue(Data)!, () =>
        {
            if (Open(parsed.GetValue(Model)!) is not { } model) return CommandLine.Wrong($"{parsed.GetValue(Model)} is no model.");
            var field = parsed.GetValue(LabelField)!;
            if (AxisFor(model, field) is not { } axis) return CommandLine.Wrong($"The model knows {string.Join(", ", model.AxisNames)}, not \"{field}\".");
            var examples = Examples(parsed.GetValue(Data)!, field, parsed.GetValue(TextField), axis);
            if (examples.Count == 0) return CommandLine.Wrong($"No line has a text and a \"{field}\".");
            var card = Scorecard.Of(model, examples, axis);
            if (parsed.GetValue(AsJson)) Console.WriteLine(JsonSerializer.Serialize(card, Json));
            else card.Print(Console.Out);
            return 0;
        })));
        return command;
    }

    private static Command Classify()
    {
        var top = new Option<int>("--top") { Description = "How many labels an answer names.", DefaultValueFactory = _ => 3 };
        var command = new Command("classify", "Prints a JSON line for each text: its labels with their probabilities.") { Data, Model, TextField, top };
        command.SetAction((parsed, stop) => Task.FromResult(Checked(parsed.GetValue(Data)!, () =>
        {
            if (Open(parsed.GetValue(Model)!) is not { } model) return CommandLine.Wrong($"{parsed.GetValue(Model)} is no model.");
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            foreach (var row in InsightFiles.Rows(parsed.GetValue(Data)!))
            {
                stop.ThrowIfCancellationRequested();
                if (InsightFiles.Text(row, parsed.GetValue(TextField)) is not { } text) continue;
                var answer = new Dictionary<string, object?> { ["id"] = InsightFiles.Id(row) };
                foreach (var axis in model.AxisNames)
                {
                    var probabilities = new double[model.Labels(axis).Count];
                    var known = model.Probabilities(text, axis, probabilities);
                    var guesses = model.Labels(axis).Zip(probabilities).OrderByDescending(pair => pair.Second).ToList();
                    answer[axis] = model.IsMany(axis) ? guesses.Where(pair => pair.Second >= 0.5).Select(pair => pair.First).ToArray() : guesses[0].First;
                    answer[$"{axis}_probability"] = Math.Round(guesses[0].Second, 4);
                    answer[$"{axis}_top"] = guesses.Take(parsed.GetValue(top)).Select(pair => new { label = pair.First, probability = Math.Round(pair.Second, 4) });
                    answer["abstained"] = answer.GetValueOrDefault("abstained") is true || known == 0 || guesses[0].Second < Understanding.SureEnough;
                }
                answer["language"] = Tongue.Of(text);
                output.WriteLine(JsonSerializer.Serialize(answer, Json));
            }
            return 0;
        })));
        return command;
    }

    /// <summary>Runs work on files that are there, and turns what the world may do to them into a sentence.</summary>
    internal static int Checked(IEnumerable<string> files, Func<int> work)
    {
        foreach (var file in files) if (file != "-" && !File.Exists(file)) return CommandLine.Wrong($"There is no file {file}.");
        try { return work(); }
        catch (Exception failed) when (failed is IOException or InvalidDataException or UnauthorizedAccessException) { return CommandLine.Wrong(failed.Message); }
    }

    internal static TextClassifier? Open(FileInfo file)
    {
        if (!file.Exists) return null;
        using var stream = file.OpenRead();
        try { return TextClassifier.Read(stream); }
        catch (InvalidDataException) { return null; }
    }

    /// <summary>The axis that the field is about: its namesake, or the only one.</summary>
    private static string? AxisFor(TextClassifier model, string field) => model.AxisNames.Contains(field) ? field : model.AxisNames.Count() == 1 ? model.AxisNames.First() : null;

    private static List<LabelledText> Examples(IEnumerable<string> files, string field, string? text, string? axis = null)
    {
        var examples = new List<LabelledText>();
        foreach (var row in InsightFiles.Rows(files))
            if (InsightFiles.Labels(row, field) is { } labels && InsightFiles.Text(row, text) is { } words) examples.Add(new(words, new Dictionary<string, string[]> { [axis ?? field] = labels }));
        return examples;
    }

    private sealed class Say(Action<double, string> say) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => say(value.Done, value.What);
    }
}
