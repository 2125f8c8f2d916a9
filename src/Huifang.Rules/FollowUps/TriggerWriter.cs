using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Huifang.FollowUps;

/// <summary>Writes a rule as the JSON that <see cref="TriggerReader"/> reads; fields that demand nothing are left out.</summary>
public static class TriggerWriter
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Write(TriggerRule rule)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("key", rule.Key);
            json.WriteNumber("version", rule.Version);
            json.WriteStartObject("name");
            json.WriteString("zh-Hans", rule.Name.ZhHans);
            json.WriteString("zh-Hant", rule.Name.ZhHant);
            json.WriteString("en", rule.Name.En);
            json.WriteEndObject();
            When(json, rule);
            Who(json, rule.Who);
            What(json, rule);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void When(Utf8JsonWriter json, TriggerRule rule)
    {
        Texts(json, "on", rule.On);
        if (rule.Every is { } every)
        {
            json.WriteStartObject("every");
            json.WriteNumber("days", every.EveryDays);
            if (every.QuietDays is { } quiet) json.WriteNumber("quietDays", quiet);
            json.WriteEndObject();
        }
        Conditions(json, "where", rule.Where);
        if (rule.Count is { } count)
        {
            json.WriteStartObject("count");
            json.WriteNumber("atLeast", count.AtLeast);
            json.WriteNumber("withinHours", (int)count.Within.TotalHours);
            json.WriteEndObject();
        }
        if (rule.First) json.WriteBoolean("first", true);
        if (rule.FirstBy is { } by) json.WriteString("firstBy", by);
    }

    private static void Who(Utf8JsonWriter json, TriggerAudience who)
    {
        if (who == new TriggerAudience()) return;
        json.WriteStartObject("who");
        Texts(json, "segmentsAny", who.SegmentsAny);
        Texts(json, "segmentsNone", who.SegmentsNone);
        Texts(json, "countries", who.Countries);
        Conditions(json, "attributes", who.Attributes);
        if (who.JoinedDaysMin is { } min) json.WriteNumber("joinedDaysMin", min);
        if (who.JoinedDaysMax is { } max) json.WriteNumber("joinedDaysMax", max);
        json.WriteEndObject();
    }

    private static void What(Utf8JsonWriter json, TriggerRule rule)
    {
        json.WriteNumber("delayMinutes", (int)rule.Delay.TotalMinutes);
        json.WriteNumber("answerWithinHours", (int)rule.AnswerWithin.TotalHours);
        json.WriteNumber("expiresAfterHours", (int)rule.ExpiresAfter.TotalHours);
        json.WriteNumber("value", rule.Value);
        json.WriteString("script", rule.Script);
        json.WriteString("purpose", rule.Purpose.ToString());
        Texts(json, "channels", rule.Channels.Select(channel => channel.ToString()));
        json.WriteString("skill", rule.Skill);
        json.WriteNumber("capMax", rule.CapMax);
        json.WriteNumber("capDays", rule.CapDays);
        json.WriteNumber("sharePercent", rule.SharePercent);
        json.WriteNumber("holdOutPercent", rule.HoldOutPercent);
        json.WriteNumber("agentMinutes", rule.AgentMinutes);
    }

    private static void Conditions(Utf8JsonWriter json, string name, IReadOnlyCollection<TriggerCondition> conditions)
    {
        if (conditions.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var condition in conditions)
        {
            json.WriteStartObject();
            json.WriteString("field", condition.Field);
            json.WriteString("is", condition.Is.ToString());
            Texts(json, "values", condition.Values);
            if (condition.Number is { } number) json.WriteNumber("number", number);
            if (condition.Currency is { } currency) json.WriteString("currency", currency);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        var all = texts.ToList();
        if (all.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in all) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
