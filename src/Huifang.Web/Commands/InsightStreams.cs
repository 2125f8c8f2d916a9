using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Huifang.Insights;
using Huifang.Redaction;

namespace Huifang.Commands;

/// <summary><c>huifang insight redact|trends|pairs</c>.</summary>
internal static class InsightStreams
{
    private static readonly JsonSerializerOptions Json = InsightCommand.Json;

    internal static Command Redact()
    {
        var command = new Command("redact", "Takes secrets out of texts. Turns of one conversation (conv) are read with what was asked before. Positions count code points.") { InsightCommand.Data, InsightCommand.TextField, InsightCommand.AsJson };
        command.SetAction((parsed, _) => Task.FromResult(InsightCommand.Checked(parsed.GetValue(InsightCommand.Data)!, () =>
        {
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            var turns = InsightFiles.Rows(parsed.GetValue(InsightCommand.Data)!).Select((row, place) => (Row: row, Place: place, Text: InsightFiles.Text(row, parsed.GetValue(InsightCommand.TextField)) ?? "", Conversation: Field(row, "conv"))).ToList();
            var answers = new (string Text, IReadOnlyList<SecretSpan> Spans)[turns.Count];
            foreach (var talk in turns.GroupBy(turn => turn.Conversation ?? $"\0{turn.Place}"))
            {
                var context = RedactionContext.None;
                foreach (var turn in talk.OrderBy(turn => TurnOf(InsightFiles.Id(turn.Row))).ThenBy(turn => turn.Place))
                {
                    var text = turn.Text.Length <= Redactor.LengthMax ? turn.Text : turn.Text[..Redactor.LengthMax];
                    var redacted = Redactor.Redact(text, context);
                    answers[turn.Place] = (redacted.Text, redacted.Spans);
                    context = context.Then(text);
                }
            }
            foreach (var turn in turns)
            {
                var (clean, spans) = answers[turn.Place];
                if (!parsed.GetValue(InsightCommand.AsJson)) { output.WriteLine(clean.ReplaceLineEndings(" ")); continue; }
                var points = Points(turn.Text);
                output.WriteLine(JsonSerializer.Serialize(new { id = InsightFiles.Id(turn.Row), spans = spans.Select(span => new { type = span.Kind.Tag(), start = points[span.Start], end = points[span.End] }), text = clean }, Json));
            }
            return 0;
        })));
        return command;
    }

    internal static Command Trends()
    {
        var stream = new Option<string[]>("--stream") { Description = "JSON Lines with date, and label or text.", Required = true, AllowMultipleArgumentsPerToken = true };
        var label = new Option<string?>("--label") { Description = "The field with the topic. Default: label, then topic; with a model, what the model says." };
        var model = new Option<FileInfo?>("--model") { Description = "A model that names the topic of each text." };
        var command = new Command("trends", "Finds days on which a topic rose, using nothing later than the day, and says with which test.") { stream, label, model, InsightCommand.TextField, InsightCommand.AsJson };
        command.SetAction((parsed, _) => Task.FromResult(InsightCommand.Checked(parsed.GetValue(stream)!, () =>
        {
            TextClassifier? reads = null;
            if (parsed.GetValue(model) is { } file) { using var opened = file.OpenRead(); reads = TextClassifier.Read(opened); }
            var seen = new List<(DateOnly Day, string Topic, double Weight)>();
            var axis = reads?.AxisNames.First() ?? "";
            var probabilities = new double[reads?.Labels(axis).Count ?? 0];
            foreach (var row in InsightFiles.Rows(parsed.GetValue(stream)!))
            {
                if (Field(row, "date") is not { Length: >= 10 } date || !DateOnly.TryParseExact(date[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) continue;
                if (reads is null) { if ((Field(row, parsed.GetValue(label) ?? "label") ?? Field(row, "topic")) is { Length: > 0 } topic) seen.Add((day, topic, 1)); continue; }
                if (InsightFiles.Text(row, parsed.GetValue(InsightCommand.TextField)) is not { } text) continue;
                reads.Probabilities(text, axis, probabilities);
                for (var k = 0; k < probabilities.Length; k++) if (probabilities[k] > 0.001) seen.Add((day, reads.Labels(axis)[k], probabilities[k]));
            }
            if (seen.Count == 0) return CommandLine.Wrong("No line has a date (yyyy-MM-dd) and a label; with --model a text is enough.");
            var (first, last) = (seen.Min(one => one.Day), seen.Max(one => one.Day));
            if (last.DayNumber - first.DayNumber > 3660) return CommandLine.Wrong("More than ten years between the first day and the last.");
            var topics = seen.GroupBy(one => one.Topic, StringComparer.Ordinal).Select(group =>
            {
                var days = new double[last.DayNumber - first.DayNumber + 1];
                foreach (var one in group) days[one.Day.DayNumber - first.DayNumber] += one.Weight;
                return new TopicDays(group.Key, days);
            }).ToList();
            foreach (var alarm in TrendAlarms.Find(topics, new TrendOptions(first)))
            {
                if (parsed.GetValue(InsightCommand.AsJson))
                    Console.WriteLine(JsonSerializer.Serialize(new { day = alarm.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), topic = alarm.Topic, label = alarm.Topic, since = alarm.Since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), kind = alarm.Kind.ToString().ToLowerInvariant(), test = alarm.Test, p = alarm.P, observed = Math.Round(alarm.Observed, 2), expected = Math.Round(alarm.Expected, 2) }, Json));
                else Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{alarm.Day:yyyy-MM-dd} {alarm.Topic}: {alarm.Observed:N0} since {alarm.Since:MM-dd} where {alarm.Expected:N1} were expected ({alarm.Test}, p {alarm.P:0.0e+0})"));
            }
            return 0;
        })));
        return command;
    }

    internal static Command Pairs()
    {
        var model = new Option<FileInfo?>("--model") { Description = "Weights that --learn wrote. Default: those that ship." };
        var learn = new Option<string[]>("--learn") { Description = "Pairs with a label (1 the same, 0 not) to learn from first.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("pairs", "Says of pairs of texts (a, b) how probable it is that they mean the same.") { InsightCommand.Data, model, learn, InsightCommand.AsJson };
        command.SetAction((parsed, stop) => Task.FromResult(InsightCommand.Checked(parsed.GetValue(InsightCommand.Data)!.Concat(parsed.GetValue(learn) ?? []), () =>
        {
            SameMeaning same;
            if (parsed.GetValue(learn) is { Length: > 0 } lessons)
            {
                var pairs = InsightFiles.Rows(lessons).Select(row => (Field(row, "a") ?? "", Field(row, "b") ?? "", Same: InsightFiles.Labels(row, "label") is ["1" or "true" or "same" or "yes"])).ToList();
                if (pairs.All(pair => pair.Same) || !pairs.Any(pair => pair.Same)) return CommandLine.Wrong("To learn, pairs that mean the same (label 1) and pairs that do not (label 0) are needed.");
                same = SameMeaning.Learn(pairs, stop);
                if (parsed.GetValue(model) is { } written) { using var made = written.Create(); same.Write(made); }
            }
            else if (parsed.GetValue(model) is { } file) { using var opened = file.OpenRead(); same = SameMeaning.Read(opened); }
            else same = SameMeaning.Shipped;
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            foreach (var row in InsightFiles.Rows(parsed.GetValue(InsightCommand.Data)!))
            {
                if (Field(row, "a") is not { } a || Field(row, "b") is not { } b) continue;
                var score = same.Of(a, b);
                if (parsed.GetValue(InsightCommand.AsJson)) output.WriteLine(JsonSerializer.Serialize(new { id = InsightFiles.Id(row), score = Math.Round(score, 5), same = score >= 0.5 }, Json));
                else output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{score:0.000}\t{a}\t{b}"));
            }
            return 0;
        })));
        return command;
    }

    private static string? Field(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The number at the end of an id: the place of a turn in its conversation.</summary>
    private static int TurnOf(string? id)
    {
        var from = id?.Length ?? 0;
        while (from > 0 && char.IsAsciiDigit(id![from - 1])) from--;
        return int.TryParse(id.AsSpan(from), CultureInfo.InvariantCulture, out var turn) ? turn : 0;
    }

    /// <summary>From UTF-16 positions to code points, as other tools count.</summary>
    private static int[] Points(string text)
    {
        var points = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++) points[i + 1] = points[i] + (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 0 : 1);
        return points;
    }
}
