using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Huifang.Data;

namespace Huifang.Calendars;

/// <summary>The calendars that ship with the product, read once from <c>Data/calendars</c>.</summary>
public static class CalendarShelf
{
    private static readonly Lazy<FrozenDictionary<string, BusinessCalendar>> Shelf = new(() =>
        ShippedData.Names("calendars").Select(name => Read(ShippedData.Json(name))).ToFrozenDictionary(calendar => calendar.Id, StringComparer.Ordinal));

    public static IEnumerable<BusinessCalendar> All => Shelf.Value.Values.OrderBy(calendar => calendar.Id, StringComparer.Ordinal);

    /// <summary>CN, UK, US, TARGET, HK, SG, TW; null for others.</summary>
    public static BusinessCalendar? Find(string id) => Shelf.Value.GetValueOrDefault(id);

    /// <summary>Reads one calendar. Throws <see cref="FormatException"/> with the path of what is wrong.</summary>
    public static BusinessCalendar Read(JsonElement json)
    {
        var root = new DataReader(json, "$");
        return new(root.Text("id"), root.Text("version"), root.Localized("title"),
            [.. root.List("weekend").Select(day => day.Enum<DayOfWeek>())], root.List("years").Select(Year), root.Has("makesUp") && root.Flag("makesUp"));
    }

    private static CalendarYear Year(DataReader year) => new(
        year.Int("year"), year.Flag("published"), year.Source("source"),
        [.. year.List("holidays").Select(holiday => new Holiday(holiday.Date("date"), holiday.Localized("name"), holiday.Has("certain") && holiday.Flag("certain")))],
        [.. year.List("makeUpDays").Select(day => day.Date())]);
}
