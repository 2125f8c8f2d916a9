using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Redaction;

namespace Huifang.Bench;

/// <summary>
/// How much is hidden, how much is damaged, how fast, on sets of labelled turns: <c>bin/bench redaction</c>. HUIFANG_DATASETS names their folder
/// (default <c>../shared/data</c>), HUIFANG_SPLIT the part (default <c>test</c>). A secret counts as hidden when every character of it is covered; conversations are read turn by turn with their context.
/// </summary>
internal static partial class RedactionBench
{
    private sealed record Turn(string Id, string Text, List<(string Type, int Start, int End)> Spans, List<(string Type, int Start, int End)> Keep, string Conversation);

    public static Task Run(Report report, BenchOptions options)
    {
        var data = Environment.GetEnvironmentVariable("HUIFANG_DATASETS") ?? "../shared/data";
        var split = Environment.GetEnvironmentVariable("HUIFANG_SPLIT") ?? "test";
        foreach (var set in (string[])["pii_wallet_synth", "multidogo_finance", "presidio_generated_large", "presidio_synth_v2"])
            Measure(report, set, Path.Combine(data, set, $"{split}.jsonl.gz"), talk: set == "multidogo_finance");
        Speed(report, Path.Combine(data, "pii_wallet_synth", "train.jsonl.gz"));
        return Task.CompletedTask;
    }

    private static void Measure(Report report, string set, string path, bool talk)
    {
        if (!File.Exists(path)) { Console.WriteLine($"{set}: not here ({path})"); return; }
        var turns = Read(path);
        if (talk) turns = [.. turns.OrderBy(turn => turn.Conversation, StringComparer.Ordinal).ThenBy(turn => int.Parse(TurnNumber().Match(turn.Id).Groups[1].Value))];
        var hidden = new SortedDictionary<string, (int Hidden, int All)>(StringComparer.Ordinal);
        var (kept, damaged) = (0, 0);
        var context = RedactionContext.None;
        var conversation = "";
        foreach (var turn in turns)
        {
            if (turn.Conversation != conversation || !talk) (context, conversation) = (RedactionContext.None, turn.Conversation);
            var found = Redactor.Redact(turn.Text, context).Spans;
            foreach (var (type, start, end) in turn.Spans.Where(span => Counts(span.Type)))
            {
                var (before, all) = hidden.GetValueOrDefault(type);
                hidden[type] = (before + (Covered(turn.Text, start, end, found) ? 1 : 0), all + 1);
            }
            kept += turn.Keep.Count;
            damaged += turn.Keep.Count(keep => found.Any(span => span.Start < keep.End && span.End > keep.Start));
            context = context.Then(turn.Text);
        }
        foreach (var (type, (covered, all)) in hidden) report.Add($"redaction.{set}.{type}", 100.0 * covered / all, "% hidden", runs: all);
        if (kept > 0) report.Add($"redaction.{set}.look-alikes", 100.0 * damaged / kept, "% damaged", runs: kept);
    }

    private static void Speed(Report report, string path)
    {
        if (!File.Exists(path)) return;
        var texts = Read(path).Select(turn => turn.Text).ToArray();
        long characters = texts.Sum(text => (long)text.Length);
        for (var i = 0; i < 30; i++) foreach (var text in texts) Redactor.Redact(text);
        var best = double.MaxValue;
        for (var round = 0; round < 7; round++)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 10; i++) foreach (var text in texts) Redactor.Redact(text);
            best = Math.Min(best, watch.Elapsed.TotalSeconds / 10);
        }
        report.Add("redaction.speed", characters / best / 1e6, "M chars/s", runs: 7);
    }

    private static bool Covered(string text, int start, int end, IEnumerable<SecretSpan> spans)
    {
        for (var i = start; i < end; i++)
            if (char.IsLetterOrDigit(text[i]) && !spans.Any(span => span.Start <= i && i < span.End)) return false;
        return true;
    }

    /// <summary>Labels that are ours to hide; names, places and streets are not.</summary>
    private static bool Counts(string type) => type is "CARD" or "CREDIT_CARD" or "card_number" or "CN_ID" or "PHONE" or "PHONE_NUMBER" or "EMAIL" or "EMAIL_ADDRESS"
        or "PASSWORD" or "OTP" or "PIN" or "CVV" or "SEED_PHRASE" or "US_SSN" or "IBAN_CODE";

    private static List<Turn> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var turns = new List<Turn>();
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            var root = row.RootElement;
            var text = root.GetProperty("text").GetString()!;
            turns.Add(new Turn(root.GetProperty("id").GetString()!, text, Marks(root, "spans", text), Marks(root, "must_keep", text),
                root.TryGetProperty("conv", out var conv) ? conv.GetString()! : ""));
        }
        return turns;
    }

    /// <summary>The sets count code points; our positions are UTF-16.</summary>
    private static List<(string, int, int)> Marks(JsonElement root, string name, string text)
    {
        if (!root.TryGetProperty(name, out var list)) return [];
        var at = new List<int>();
        for (var i = 0; i < text.Length; i++) if (!char.IsLowSurrogate(text[i])) at.Add(i);
        at.Add(text.Length);
        return [.. list.EnumerateArray().Select(mark => (mark.GetProperty("type").GetString()!, at[mark.GetProperty("start").GetInt32()], at[mark.GetProperty("end").GetInt32()]))];
    }

    [GeneratedRegex(@"<TURN>(\d+)")]
    private static partial Regex TurnNumber();
}
