using System.Globalization;
using System.Text.Json.Nodes;
using Huifang.Contacts;
using Huifang.Money;

namespace Huifang.FollowUps;

/// <summary>
/// A rule as the fields of a form, both ways. What a person typed that is no number stays as typed, so that the reader of rules says what is wrong with it.
/// </summary>
public sealed class RuleForm
{
    public const int Conditions = 3;

    private readonly Dictionary<string, string[]> fields = new(StringComparer.Ordinal);

    public string this[string name] => fields.GetValueOrDefault(name) is [var first, ..] ? first : "";

    public bool Has(string name, string value) => fields.GetValueOrDefault(name, []).Contains(value, StringComparer.Ordinal);

    public bool IsPeriodic => this["wakes"] == "period";

    public static RuleForm From(IFormCollection posted)
    {
        var form = new RuleForm();
        foreach (var (name, values) in posted) form.fields[name] = [.. values.OfType<string>().Select(value => value.Trim())];
        return form;
    }

    public static RuleForm From(TriggerRule rule)
    {
        var form = new RuleForm();
        form.Set("key", rule.Key);
        form.Set("name.zh-Hans", rule.Name.ZhHans);
        form.Set("name.zh-Hant", rule.Name.ZhHant);
        form.Set("name.en", rule.Name.En);
        form.Set("wakes", rule.Every is null ? "event" : "period");
        form.fields["on"] = [.. rule.On];
        form.Set("every.days", rule.Every?.EveryDays);
        form.Set("every.quietDays", rule.Every?.QuietDays);
        for (var index = 0; index < Math.Min(Conditions, rule.Where.Length); index++) form.Set(index, rule.Where[index]);
        form.Set("count.atLeast", rule.Count?.AtLeast);
        form.Set("count.withinHours", (int?)rule.Count?.Within.TotalHours);
        form.Set("first", rule.First ? "true" : null);
        form.Set("firstBy", rule.FirstBy);
        form.Set("who.segmentsAny", string.Join(' ', rule.Who.SegmentsAny));
        form.Set("who.segmentsNone", string.Join(' ', rule.Who.SegmentsNone));
        form.Set("who.countries", string.Join(' ', rule.Who.Countries));
        form.Set("who.joinedDaysMin", rule.Who.JoinedDaysMin);
        form.Set("who.joinedDaysMax", rule.Who.JoinedDaysMax);
        form.Set("delayMinutes", (int)rule.Delay.TotalMinutes);
        form.Set("answerWithinHours", (int)rule.AnswerWithin.TotalHours);
        form.Set("expiresAfterHours", (int)rule.ExpiresAfter.TotalHours);
        form.Set("value", rule.Value);
        form.Set("script", rule.Script);
        form.Set("purpose", rule.Purpose.ToString());
        form.Set("channel1", rule.Channels[0].ToString());
        form.Set("channel2", rule.Channels.Length > 1 ? rule.Channels[1].ToString() : null);
        form.Set("skill", rule.Skill);
        form.Set("capMax", rule.CapMax);
        form.Set("capDays", rule.CapDays);
        form.Set("sharePercent", rule.SharePercent);
        form.Set("holdOutPercent", rule.HoldOutPercent);
        form.Set("agentMinutes", rule.AgentMinutes);
        return form;
    }

    /// <summary>A new rule with what is usual already filled in.</summary>
    public static RuleForm Blank()
    {
        var form = new RuleForm();
        foreach (var (name, value) in new[]
        {
            ("wakes", "event"), ("delayMinutes", "60"), ("answerWithinHours", "72"), ("expiresAfterHours", "168"), ("value", "300"), ("script", "standard"), ("purpose", nameof(Purpose.Service)),
            ("channel1", nameof(Channel.Voice)), ("channel2", nameof(Channel.Phone)), ("skill", "general"), ("capMax", "1"), ("capDays", "30"), ("sharePercent", "100"), ("holdOutPercent", "10"), ("agentMinutes", "8"),
        }) form.Set(name, value);
        return form;
    }

    /// <summary>The JSON that <see cref="TriggerReader"/> judges.</summary>
    public string ToJson()
    {
        var json = new JsonObject { ["key"] = this["key"], ["name"] = new JsonObject { ["zh-Hans"] = this["name.zh-Hans"], ["zh-Hant"] = this["name.zh-Hant"], ["en"] = this["name.en"] } };
        if (IsPeriodic) json["every"] = Object(("days", Number("every.days")), ("quietDays", Number("every.quietDays")));
        else
        {
            json["on"] = new JsonArray([.. fields.GetValueOrDefault("on", []).Where(type => type.Length > 0).Select(type => JsonValue.Create(type))]);
            json["where"] = new JsonArray([.. Enumerable.Range(0, Conditions).Select(Condition).OfType<JsonNode>()]);
            if (this["count.atLeast"].Length > 0) json["count"] = Object(("atLeast", Number("count.atLeast")), ("withinHours", Number("count.withinHours")));
            if (this["first"] == "true") json["first"] = true;
            if (this["firstBy"].Length > 0) json["firstBy"] = this["firstBy"];
        }
        json["who"] = Object(("segmentsAny", Words("who.segmentsAny")), ("segmentsNone", Words("who.segmentsNone")), ("countries", Words("who.countries")), ("joinedDaysMin", Number("who.joinedDaysMin")), ("joinedDaysMax", Number("who.joinedDaysMax")));
        foreach (var name in new[] { "delayMinutes", "answerWithinHours", "expiresAfterHours", "value", "capMax", "capDays", "sharePercent", "holdOutPercent", "agentMinutes" }) json[name] = Number(name);
        json["script"] = this["script"];
        json["purpose"] = this["purpose"];
        json["skill"] = this["skill"];
        json["channels"] = new JsonArray([.. new[] { this["channel1"], this["channel2"] }.Where(channel => channel.Length > 0).Select(channel => JsonValue.Create(channel))]);
        return json.ToJsonString();
    }

    private JsonObject? Condition(int index)
    {
        var (field, value, currency) = (this[$"where[{index}].field"], this[$"where[{index}].value"], this[$"where[{index}].currency"]);
        if (field.Length == 0 && value.Length == 0) return null;
        var compares = this[$"where[{index}].is"];
        var condition = new JsonObject { ["field"] = field, ["is"] = compares };
        if (compares is nameof(Comparison.AtLeast) or nameof(Comparison.AtMost)) condition["number"] = Amount(value, currency);
        else if (compares is not (nameof(Comparison.IsPresent) or nameof(Comparison.IsAbsent))) condition["values"] = new JsonArray([.. value.Split([',', '、', '，', ' '], StringSplitOptions.RemoveEmptyEntries).Select(word => JsonValue.Create(word))]);
        if (currency.Length > 0) condition["currency"] = currency.ToUpperInvariant();
        return condition;
    }

    /// <summary>Money is typed in whole units and kept in minor ones.</summary>
    private static JsonNode Amount(string typed, string currency)
    {
        if (!decimal.TryParse(typed, NumberStyles.Number, CultureInfo.InvariantCulture, out var units)) return JsonValue.Create(typed);
        for (var digit = currency.Length == 0 ? 0 : Currency.MinorDigits(currency.ToUpperInvariant()); digit > 0; digit--) units *= 10;
        return units == decimal.Truncate(units) && Math.Abs(units) < long.MaxValue ? JsonValue.Create((long)units) : JsonValue.Create(typed);
    }

    private JsonNode? Number(string name) => this[name].Length == 0 ? null : long.TryParse(this[name], NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(this[name]);

    private JsonArray Words(string name) => new([.. this[name].Split([',', '、', '，', ' '], StringSplitOptions.RemoveEmptyEntries).Select(word => JsonValue.Create(word))]);

    private static JsonObject Object(params (string Name, JsonNode? Value)[] parts)
    {
        var json = new JsonObject();
        foreach (var (name, value) in parts) if (value is not null) json[name] = value;
        return json;
    }

    private void Set(int index, TriggerCondition condition)
    {
        Set($"where[{index}].field", condition.Field);
        Set($"where[{index}].is", condition.Is.ToString());
        Set($"where[{index}].currency", condition.Currency);
        Set($"where[{index}].value", condition.Number is { } number
            ? (condition.Currency is { } currency ? Currency.Units(number, currency) : number).ToString("0.########", CultureInfo.InvariantCulture) : string.Join(", ", condition.Values));
    }

    private void Set(string name, object? value) => fields[name] = [value is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{value}")];
}
