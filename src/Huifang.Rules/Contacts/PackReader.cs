using System.Collections.Immutable;
using System.Text.Json;
using Huifang.Calendars;
using Huifang.Data;

namespace Huifang.Contacts;

/// <summary>Reads a pack from JSON. Throws <see cref="FormatException"/> with the path of what is wrong.</summary>
public static class PackReader
{
    public static RulePack Read(JsonElement json)
    {
        var root = new DataReader(json, "$");
        var calendar = root.TextOrNull("calendar");
        var pack = new RulePack
        {
            Id = root.Text("id"),
            Version = root.Text("version"),
            Jurisdiction = root.Text("jurisdiction"),
            Members = [.. root.List("members").Select(member => member.Text())],
            InForceFrom = root.Date("inForceFrom"),
            InForceUntil = root.Has("inForceUntil") ? root.Date("inForceUntil") : null,
            Title = root.Localized("title"),
            Calendar = calendar is null ? null : CalendarShelf.Find(calendar) ?? throw root.Wrong($"names a calendar \"{calendar}\" that is not on the shelf"),
            Rules = [.. root.List("rules").Select(Rule)],
        };
        return pack.Rules.CountBy(rule => rule.Id).FirstOrDefault(count => count.Value > 1) is { Key: { } twice } ? throw root.Wrong($"has two rules \"{twice}\"") : pack;
    }

    private static PackRule Rule(DataReader json)
    {
        var kind = json.At("kind").Enum<PackRuleKind>();
        var rule = new PackRule
        {
            Id = json.Text("id"),
            Kind = kind,
            Text = json.Localized("text"),
            Source = json.Source("source"),
            Purposes = Names<Purpose>(json, "purposes") ?? [.. Enum.GetValues<Purpose>()],
            Channels = Names<Channel>(json, "channels") ?? [.. Enum.GetValues<Channel>()],
            Hours = kind == PackRuleKind.Hours ? Hours(json) : null,
            Needs = kind == PackRuleKind.Permission ? json.At("needs").Enum<Permission>() : Permission.None,
            Window = kind is PackRuleKind.Cap or PackRuleKind.Gap or PackRuleKind.Merge ? TimeSpan.FromMinutes(json.Int("windowMinutes")) : default,
            Max = kind == PackRuleKind.Cap ? json.Int("max") : kind == PackRuleKind.Gap ? 1 : 0,
            Duty = kind == PackRuleKind.Duty ? json.At("duty").Enum<Duties>() : Duties.None,
            Words = [.. json.List("words").Select(word => word.Text())],
        };
        return rule with { Counts = Names<Channel>(json, "counts") ?? rule.Channels };
    }

    private static WeekHours Hours(DataReader json) =>
        WeekHours.On(Names<DayOfWeek>(json, "days") ?? [.. Enum.GetValues<DayOfWeek>()], json.Time("from"), json.Time("to"));

    private static ImmutableArray<T>? Names<T>(DataReader json, string name) where T : struct, Enum =>
        json.Has(name) ? [.. json.List(name).Select(item => item.Enum<T>())] : null;
}
