using System.Collections.Frozen;
using System.Text.Json;
using Huifang.Languages;

namespace Huifang.Messages;

/// <summary>What we write to customers, as data: one thing to say, in three languages, for each way of saying it.</summary>
/// <param name="Key">Names the occasion: <c>invitation</c>, <c>booked</c>, <c>reminder</c> …</param>
/// <param name="Asks">How a bare digit in the answer is understood.</param>
/// <param name="Sms">With the link.</param>
/// <param name="SmsNoLink">Where a rule pack forbids links in SMS; answered by digits.</param>
/// <param name="Action">The words on the one button of a letter or an in-app message; null when there is nothing to do.</param>
public sealed record MessageTemplate(string Key, Asked Asks, Localized Sms, Localized SmsNoLink, Localized Subject, Localized Body, Localized? Action)
{
    /// <summary>A text that must not end with "reply T": the confirmation that somebody has just done so.</summary>
    public bool IsFarewell { get; init; }
}

/// <summary>A message with everything filled in, as the customer reads it.</summary>
/// <param name="Subject">Of a letter or an in-app message; empty for SMS.</param>
/// <param name="Text">Paragraphs separated by a blank line.</param>
public sealed record MessageWords(string Subject, string Text, string? Action);

/// <summary>What is wrong with a template: where, and the offending word.</summary>
public sealed record TemplateFault(string Key, string Part, string Language, TemplateFaultKind Kind, string Seen);

public enum TemplateFaultKind { MissingLanguage, UnknownVariable, VariableNotInEveryLanguage, NoSender, NoStop, LinkNotAllowed, NoLink, TooManyParts }

/// <summary>The shipped templates and what may be done with them.</summary>
public static class MessageTemplates
{
    /// <summary>Every variable that a template may name, with an example for the preview and the check of lengths: as long as it gets.</summary>
    public static readonly FrozenDictionary<string, Localized> Variables = new Dictionary<string, Localized>(StringComparer.Ordinal)
    {
        ["operator"] = new("青桥钱包", "青橋錢包", "Qingqiao Wallet"),
        ["agent"] = new("林静", "林靜", "Lin Jing"),
        ["topic"] = new("您第一次跨境汇款", "您第一次跨境匯款", "your first transfer abroad"),
        ["slot"] = new("明天 周三 14:00–14:30", "明天 週三 14:00–14:30", "tomorrow, Wed, 14:00–14:30"),
        ["zone"] = new("北京时间", "北京時間", "Beijing time"),
        ["minutes"] = new("5", "5", "5"),
        ["link"] = new("https://hf.qingqiao.example/r/3fK9xQ2vLm8RtY7w", "https://hf.qingqiao.example/r/3fK9xQ2vLm8RtY7w", "https://hf.qingqiao.example/r/3fK9xQ2vLm8RtY7w"),
        ["late"] = new("30 分", "30 分", "30 min"),
        ["improvement"] = new("提现被退回时写明原因", "提現被退回時寫明原因", "why a withdrawal came back"),
        ["survey"] = new("提现之后", "提現之後", "after a withdrawal"),
        ["question"] = new("这次提现，办起来费不费力？（1 很费力，5 不费力）", "這次提現，辦起來費不費力？（1 很費力，5 不費力）", "How easy was it to withdraw? (1 hard, 5 easy)"),
        ["number"] = new("2026-1124-0387", "2026-1124-0387", "2026-1124-0387"),
        ["latest"] = new("2026 年 12 月 9 日（周三）", "2026 年 12 月 9 日（週三）", "Wed 9 Dec 2026"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const int PartsMax = 4;

    private static readonly Localized StopLine = new("不想再收到，回复 T。", "不想再收到，請回覆 T。", "Reply STOP to opt out.");

    public static readonly IReadOnlyDictionary<string, MessageTemplate> All = Load();

    public static MessageTemplate Named(string key) => All[key];

    /// <summary>The words for SMS: sender first, the way out last.</summary>
    public static MessageWords Sms(MessageTemplate template, string language, bool linksAllowed, IReadOnlyDictionary<string, string> values)
    {
        var text = Fill((linksAllowed ? template.Sms : template.SmsNoLink).In(language), values);
        if (!template.IsFarewell) text = $"{text}{(text is [.., var last] && char.IsAscii(last) ? " " : "")}{StopLine.In(language)}";
        return new("", language == Language.English ? Typewritten(text) : text, null);
    }

    // One typographic dash would make a whole English message travel as UCS-2 and cost twice as much.
    private static string Typewritten(string text) => text.Replace('–', '-').Replace('’', '\'').Replace('“', '"').Replace('”', '"');

    /// <summary>The words for a letter or an in-app message.</summary>
    public static MessageWords Letter(MessageTemplate template, string language, IReadOnlyDictionary<string, string> values) =>
        new(Fill(template.Subject.In(language), values), Fill(template.Body.In(language), values), template.Action?.In(language));

    /// <summary>Example values in a language, for previews.</summary>
    public static IReadOnlyDictionary<string, string> Examples(string language) => Variables.ToDictionary(v => v.Key, v => v.Value.In(language));

    /// <summary>Everything that is wrong with a template; empty when it may be used.</summary>
    public static IReadOnlyList<TemplateFault> Check(MessageTemplate template)
    {
        var faults = new List<TemplateFault>();
        (string Part, Localized? Text)[] parts = [("sms", template.Sms), ("smsNoLink", template.SmsNoLink), ("subject", template.Subject), ("body", template.Body), ("action", template.Action)];
        foreach (var (part, text) in parts)
        {
            if (text is null) continue;
            faults.AddRange(text.Missing().Select(language => new TemplateFault(template.Key, part, language, TemplateFaultKind.MissingLanguage, "")));
            var named = Language.All.ToDictionary(language => language, language => Named(text, language));
            foreach (var language in Language.All)
            {
                faults.AddRange(named[language].Where(name => !Variables.ContainsKey(name)).Select(name => new TemplateFault(template.Key, part, language, TemplateFaultKind.UnknownVariable, name)));
                faults.AddRange(named[Language.Simplified].Except(named[language]).Select(name => new TemplateFault(template.Key, part, language, TemplateFaultKind.VariableNotInEveryLanguage, name)));
                if (part is "sms" or "smsNoLink") CheckSms(template, part, language, named[language], faults);
            }
        }
        return faults;
    }

    private static void CheckSms(MessageTemplate template, string part, string language, IReadOnlySet<string> named, List<TemplateFault> faults)
    {
        var examples = new Dictionary<string, string>(Examples(language));
        foreach (var name in named) examples.TryAdd(name, "");
        var words = Sms(template, language, part == "sms", examples).Text;
        if (!named.Contains("operator")) faults.Add(new(template.Key, part, language, TemplateFaultKind.NoSender, ""));
        if (part == "smsNoLink" && (named.Contains("link") || words.Contains("://", StringComparison.Ordinal) || words.Contains("www.", StringComparison.OrdinalIgnoreCase)))
            faults.Add(new(template.Key, part, language, TemplateFaultKind.LinkNotAllowed, "link"));
        if (part == "sms" && template.Action is not null && !named.Contains("link")) faults.Add(new(template.Key, part, language, TemplateFaultKind.NoLink, ""));
        var length = SmsLength.Of(words);
        if (length.Parts > PartsMax) faults.Add(new(template.Key, part, language, TemplateFaultKind.TooManyParts, length.Parts.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static HashSet<string> Named(Localized text, string language)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        Walk(text.In(language), literal: _ => { }, variable: name => named.Add(name));
        return named;
    }

    internal static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        var filled = new System.Text.StringBuilder(text.Length + 64);
        Walk(text, literal => filled.Append(literal), name => filled.Append(values.TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"The message names {{{name}}}, which was not given.")));
        return filled.ToString();
    }

    private static void Walk(string text, Action<string> literal, Action<string> variable)
    {
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0) { literal(text[at..]); return; }
            literal(text[at..open]);
            variable(text[(open + 1)..close]);
            at = close + 1;
        }
    }

    private static Dictionary<string, MessageTemplate> Load()
    {
        using var stream = typeof(MessageTemplates).Assembly.GetManifestResourceStream("Huifang.Data.messages.templates.json") ?? throw new InvalidOperationException("The message templates were not embedded.");
        using var file = JsonDocument.Parse(stream);
        return file.RootElement.GetProperty("templates").EnumerateArray().Select(Read).ToDictionary(template => template.Key, StringComparer.Ordinal);
    }

    private static MessageTemplate Read(JsonElement one) => new(
        one.GetProperty("key").GetString()!,
        one.TryGetProperty("asks", out var asks) ? Enum.Parse<Asked>(asks.GetString()!) : Asked.Nothing,
        Text(one, "sms")!, Text(one, "smsNoLink") ?? Text(one, "sms")!, Text(one, "subject")!, Text(one, "body")!, Text(one, "action"))
    {
        IsFarewell = one.TryGetProperty("farewell", out var farewell) && farewell.GetBoolean(),
    };

    private static Localized? Text(JsonElement one, string part) =>
        one.TryGetProperty(part, out var text) ? new(Word(text, Language.Simplified), Word(text, Language.Traditional), Word(text, Language.English)) : null;

    private static string Word(JsonElement text, string language) => text.TryGetProperty(language, out var word) ? word.GetString()! : "";
}
