using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Redaction;

namespace Huifang.Bench.Redaction;

/// <summary>
/// How much is hidden, how much is damaged, how fast: <c>bin/bench redaction [--data FOLDER] [--split dev] [--misses N]</c>.
/// A secret counts as hidden when every character of it is covered by a span of its kind.
/// </summary>
public static partial class RedactionBench
{
    private sealed record Turn(string Id, string Text, List<(string Type, int Start, int End)> Spans, List<(string Type, int Start, int End)> Keep, string Conversation);

    public static int Run(string[] args)
    {
        var data = Argument(args, "--data") ?? "../shared/data";
        var split = Argument(args, "--split") ?? "dev";
        var misses = int.Parse(Argument(args, "--misses") ?? "0");
        if (!Directory.Exists(data)) { Console.WriteLine($"no data at {data}"); return 0; }
        Measure(Path.Combine(data, "pii_wallet_synth", $"{split}.jsonl.gz"), misses, talk: false);
        Measure(Path.Combine(data, "multidogo_finance", $"{split}.jsonl.gz"), misses, talk: true);
        foreach (var set in (string[])["presidio_generated_large", "presidio_synth_v2"])
            Measure(Path.Combine(data, set, $"{(split == "dev" ? "train" : split)}.jsonl.gz"), misses, talk: false);
        Speed(Path.Combine(data, "pii_wallet_synth", "train.jsonl.gz"));
        return 0;
    }

    private static string? Argument(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : null;

    private static void Measure(string path, int misses, bool talk)
    {
        if (!File.Exists(path)) return;
        var turns = Read(path);
        if (talk) turns = [.. turns.OrderBy(turn => turn.Conversation, StringComparer.Ordinal).ThenBy(turn => int.Parse(TurnNumber().Match(turn.Id).Groups[1].Value))];
        var hidden = new SortedDictionary<string, (int Hit, int Any, int All)>(StringComparer.Ordinal);
        var (kept, damaged, extra) = (0, 0, 0);
        var context = RedactionContext.None;
        var conversation = "";
        foreach (var turn in turns)
        {
            if (turn.Conversation != conversation || !talk) (context, conversation) = (RedactionContext.None, turn.Conversation);
            var found = Redactor.Redact(turn.Text, context).Spans;
            foreach (var (type, start, end) in turn.Spans)
            {
                if (Kind(type) is not { } kind) continue;
                var hit = Covered(turn.Text, start, end, found.Where(span => span.Kind == kind));
                var any = Covered(turn.Text, start, end, found);
                hidden[type] = hidden.GetValueOrDefault(type) is var row ? (row.Hit + (hit ? 1 : 0), row.Any + (any ? 1 : 0), row.All + 1) : default;
                if (!any && misses-- > 0) Console.WriteLine($"  missed {type} [{turn.Text[start..end]}] in: {turn.Text}");
            }
            foreach (var (type, start, end) in turn.Keep)
            {
                kept++;
                if (!found.Any(span => span.Start < end && span.End > start)) continue;
                damaged++;
                if (misses-- > 0) Console.WriteLine($"  damaged {type} [{turn.Text[start..end]}] in: {turn.Text}");
            }
            foreach (var span in found.Where(span => !turn.Spans.Any(gold => gold.Start < span.End && gold.End > span.Start)))
            {
                extra++;
                if (misses-- > 0) Console.WriteLine($"  extra {span.Kind} [{turn.Text[span.Start..span.End]}] in: {turn.Text}");
            }
            context = context.Then(turn.Text);
        }
        Console.WriteLine($"{Path.GetFileName(Path.GetDirectoryName(path))} {Path.GetFileName(path)}: {turns.Count} turns, look-alikes damaged {damaged} of {kept}, spans without a label {extra}");
        foreach (var (type, (hit, any, all)) in hidden) Console.WriteLine($"  {type,-14} {100.0 * hit / all,6:0.0} % of its kind, {100.0 * any / all,6:0.0} % hidden, n = {all}");
    }

    private static void Speed(string path)
    {
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
        Console.WriteLine($"speed: {characters / best / 1e6:0.0} M characters/s on one core (best of 7 rounds over {texts.Length} texts full of secrets)");
    }

    private static bool Covered(string text, int start, int end, IEnumerable<SecretSpan> spans)
    {
        for (var i = start; i < end; i++)
            if (char.IsLetterOrDigit(text[i]) && !spans.Any(span => span.Start <= i && i < span.End)) return false;
        return true;
    }

    private static SecretKind? Kind(string type) => type switch
    {
        "CARD" or "CREDIT_CARD" or "card_number" => SecretKind.Card,
        "CN_ID" => SecretKind.CnId,
        "PHONE" or "PHONE_NUMBER" => SecretKind.Phone,
        "EMAIL" or "EMAIL_ADDRESS" => SecretKind.Email,
        "PASSWORD" => SecretKind.Password,
        "OTP" => SecretKind.Otp,
        "PIN" => SecretKind.Pin,
        "CVV" => SecretKind.Cvv,
        "SEED_PHRASE" => SecretKind.SeedPhrase,
        "US_SSN" or "ssn" => SecretKind.Ssn,
        "IBAN_CODE" => SecretKind.Iban,
        "account_number" => SecretKind.Account,
        _ => null,
    };

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
