using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Contacts;
using Huifang.Data;
using Huifang.Languages;

namespace Huifang.FollowUps;

/// <summary>Reads rules from JSON and checks them. Collects every problem, because a person is looking at the form.</summary>
public static partial class TriggerReader
{
    /// <summary>The rule, or every problem that keeps it from being one.</summary>
    public static (TriggerRule? Rule, IReadOnlyList<FieldProblem> Problems) Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(WholeText.Of(json));
            return Read(document.RootElement);
        }
        catch (JsonException wrong) { return (null, [new("", "not-json", $"line {wrong.LineNumber + 1}")]); }
        // An escape names half of a surrogate pair.
        catch (InvalidOperationException) { return (null, [new("", "not-json")]); }
    }

    public static (TriggerRule? Rule, IReadOnlyList<FieldProblem> Problems) Read(JsonElement json)
    {
        var read = new JsonFields(json);
        var rule = new TriggerRule
        {
            Key = read.Text("key"),
            Version = read.Whole("version", 1),
            Name = read.At("name") is { } name ? new(name.Text("zh-Hans"), name.Text("zh-Hant"), name.Text("en")) : new("", "", ""),
            On = [.. read.Texts("on")],
            Every = read.At("every") is { } every ? new(every.Whole("days", 0), every.WholeOrNull("quietDays")) : null,
            Where = Conditions(read, "where"),
            Count = read.At("count") is { } count ? new(count.Whole("atLeast", 0), TimeSpan.FromHours(count.Whole("withinHours", 0))) : null,
            First = read.Flag("first"),
            FirstBy = read.TextOrNull("firstBy"),
            Who = read.At("who") is { } who ? Audience(who) : new(),
            Delay = TimeSpan.FromMinutes(read.Whole("delayMinutes", 0)),
            AnswerWithin = TimeSpan.FromHours(read.Whole("answerWithinHours", 0)),
            ExpiresAfter = TimeSpan.FromHours(read.Whole("expiresAfterHours", 0)),
            Value = read.Whole("value", -1),
            Script = read.Text("script"),
            Purpose = read.Name("purpose", Purpose.Service),
            Channels = [.. read.Names<Channel>("channels")],
            Skill = read.TextOrNull("skill") ?? "general",
            CapMax = read.Whole("capMax", 0),
            CapDays = read.Whole("capDays", 0),
            SharePercent = read.Whole("sharePercent", 100),
            HoldOutPercent = read.Whole("holdOutPercent", 0),
            AgentMinutes = read.Whole("agentMinutes", 8),
        };
        var problems = read.Close().Concat(Check(rule)).DistinctBy(problem => problem.Path).ToList();
        return (problems.Count == 0 ? rule : null, problems);
    }

    /// <summary>Every demand that a rule must meet, whoever made it.</summary>
    public static IEnumerable<FieldProblem> Check(TriggerRule rule)
    {
        if (!KeyForm().IsMatch(rule.Key)) yield return new("key", "key-form", "a-z 0-9 -");
        foreach (var language in rule.Name.Missing()) yield return new($"name.{language}", "missing");
        if (rule.On.IsEmpty == rule.Every is null) yield return new("on", "event-or-period");
        for (var index = 0; index < rule.On.Length; index++)
            if (!TypeForm().IsMatch(rule.On[index])) yield return new($"on[{index}]", "type-form", "withdrawal.failed");
        if (rule.Every is { } every && every.EveryDays is < 1 or > 730) yield return new("every.days", "range", "1–730");
        if (rule.Every is { QuietDays: < 1 or > 730 }) yield return new("every.quietDays", "range", "1–730");
        if (rule.Every is not null && (rule.Count is not null || rule.First || !rule.Where.IsEmpty)) yield return new("every", "period-has-no-event");
        foreach (var problem in rule.Where.SelectMany((condition, index) => Check(condition, $"where[{index}]"))) yield return problem;
        foreach (var problem in rule.Who.Attributes.SelectMany((condition, index) => Check(condition, $"who.attributes[{index}]"))) yield return problem;
        if (rule.Count is { AtLeast: < 2 or > 100 }) yield return new("count.atLeast", "range", "2–100");
        if (rule.Count is { } count && (count.Within < TimeSpan.FromHours(1) || count.Within > TimeSpan.FromDays(90))) yield return new("count.withinHours", "range", "1–2160");
        if (rule.First && rule.Count is not null) yield return new("first", "first-and-count");
        if (rule.FirstBy is not null && !rule.First) yield return new("firstBy", "first-by-without-first");
        if (rule.Who is { JoinedDaysMin: { } min, JoinedDaysMax: { } max } && min > max) yield return new("who.joinedDaysMax", "range", $"≥ {min}");
        foreach (var (country, index) in rule.Who.Countries.Select((country, index) => (country, index)))
            if (country is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z']) yield return new($"who.countries[{index}]", "country-form", "CN");
        if (rule.Delay < TimeSpan.Zero || rule.Delay > TimeSpan.FromDays(60)) yield return new("delayMinutes", "range", "0–86400");
        if (rule.AnswerWithin <= rule.Delay || rule.AnswerWithin > TimeSpan.FromDays(90)) yield return new("answerWithinHours", "after-delay", "1–2160");
        if (rule.ExpiresAfter < rule.AnswerWithin || rule.ExpiresAfter > TimeSpan.FromDays(120)) yield return new("expiresAfterHours", "after-answer", "1–2880");
        if (rule.Value is < 0 or > 1000) yield return new("value", "range", "0–1000");
        if (string.IsNullOrWhiteSpace(rule.Script)) yield return new("script", "missing");
        if (rule.Channels.IsEmpty) yield return new("channels", "missing");
        if (rule.Channels.Distinct().Count() != rule.Channels.Length) yield return new("channels", "twice");
        if (rule.Purpose == Purpose.Security && rule.HoldOutPercent > 0) yield return new("holdOutPercent", "no-hold-out-for-security", "0");
        if (!KeyForm().IsMatch(rule.Skill)) yield return new("skill", "key-form", "a-z 0-9 -");
        if (rule.CapMax is < 1 or > 20) yield return new("capMax", "range", "1–20");
        if (rule.CapDays is < 1 or > 366) yield return new("capDays", "range", "1–366");
        if (rule.SharePercent is < 1 or > 100) yield return new("sharePercent", "range", "1–100");
        if (rule.HoldOutPercent is < 0 or > 50) yield return new("holdOutPercent", "range", "0–50");
        if (rule.AgentMinutes is < 1 or > 120) yield return new("agentMinutes", "range", "1–120");
    }

    private static IEnumerable<FieldProblem> Check(TriggerCondition condition, string path)
    {
        if (string.IsNullOrWhiteSpace(condition.Field) || condition.Field.Length > 64) yield return new($"{path}.field", "missing");
        if (condition.Is is Comparison.AtLeast or Comparison.AtMost && condition.Number is null) yield return new($"{path}.number", "missing");
        if (condition.Is is Comparison.Is or Comparison.IsNot or Comparison.OneOf && condition.Values.IsEmpty) yield return new($"{path}.values", "missing");
        if (condition.Currency is { } currency && !Money.Currency.IsKnown(currency)) yield return new($"{path}.currency", "unknown-currency", "CNY");
        if (condition is { Field: "amount", Currency: null, Is: Comparison.AtLeast or Comparison.AtMost }) yield return new($"{path}.currency", "amount-without-currency", "CNY");
    }

    private static TriggerAudience Audience(JsonFields who) => new()
    {
        SegmentsAny = [.. who.Texts("segmentsAny")],
        SegmentsNone = [.. who.Texts("segmentsNone")],
        Countries = [.. who.Texts("countries")],
        Attributes = Conditions(who, "attributes"),
        JoinedDaysMin = who.WholeOrNull("joinedDaysMin"),
        JoinedDaysMax = who.WholeOrNull("joinedDaysMax"),
    };

    private static ImmutableArray<TriggerCondition> Conditions(JsonFields read, string name) => [.. read.Items(name).Select(item =>
        new TriggerCondition(item.Text("field"), item.Name("is", Comparison.Is), [.. item.Texts("values")], item.LongOrNull("number"), item.TextOrNull("currency")))];

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KeyForm();

    [GeneratedRegex(@"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    private static partial Regex TypeForm();
}
