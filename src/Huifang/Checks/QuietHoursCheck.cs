using System.Globalization;
using System.Text.Json;
using Huifang.Customers;
using Huifang.Data;

namespace Huifang.Checks;

/// <summary>I2: what rings, rings in legal hours and in her own, where she is. Hours are written here a second time; holidays are the calendars' plain dates.</summary>
internal static class QuietHoursCheck
{
    private sealed record Window(string? Country, string[] Purposes, string[] Channels, bool WorkdaysOnly, TimeOnly From, TimeOnly To);

    private static readonly string[] Calls = ["Voice", "Phone"], Rings = ["Voice", "Phone", "Sms", "Push"];

    private static readonly Window[] Windows =
    [
        new(null, ["Service", "Survey", "Complaint", "Marketing"], Rings, false, new(9, 0), new(20, 0)),
        new(null, ["Security"], Calls, false, new(8, 0), new(21, 0)),
        new("CN", ["Marketing"], Calls, true, new(9, 0), new(18, 0)),
        // 47 CFR 64.1200(c)(1)
        new("US", ["Service", "Survey", "Complaint", "Marketing"], ["Voice", "Phone", "Sms"], false, new(8, 0), new(21, 0)),
    ];

    private static readonly Lazy<Dictionary<string, HashSet<string>>> Holidays = new(() => ShippedData.Names("calendars").Select(ShippedData.Json).ToDictionary(
        calendar => calendar.GetProperty("id").GetString()!,
        calendar => calendar.GetProperty("years").EnumerateArray().SelectMany(year => year.GetProperty("holidays").EnumerateArray()).Select(day => day.GetProperty("date").GetString()!).ToHashSet()));

    /// <param name="places">Where she may have been when it was decided; it is wrong only when it is wrong in all of them. Empty: where her row says.</param>
    public static void Look(Made contact, Person person, IReadOnlyList<Place> places, List<Violation> found)
    {
        var each = places.Select(place => In(contact, person with { Zone = place.Zone, Country = place.Country })).DefaultIfEmpty(places.Count == 0 ? In(contact, person) : []).ToList();
        if (each.All(wrong => wrong.Count > 0)) found.AddRange(each[0]);
    }

    private static List<Violation> In(Made contact, Person person)
    {
        var found = new List<Violation>();
        var windows = Windows.Where(w => (w.Country is null || w.Country == person.Country) && w.Purposes.Contains(contact.Purpose) && w.Channels.Contains(contact.Channel)).ToList();
        if (windows.Count == 0) return found;
        if (person.Zone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(person.Zone, out var zone))
        {
            found.Add(contact.Breach("I2", "contacted by a channel that rings, and nobody knows what time it is where she is"));
            return found;
        }
        var local = TimeZoneInfo.ConvertTime(contact.When, zone).DateTime;
        var time = TimeOnly.FromDateTime(local);
        if (windows.Any(w => time < w.From || time >= w.To || w.WorkdaysOnly && local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday))
            found.Add(contact.Breach("I2", string.Create(CultureInfo.InvariantCulture, $"{contact.Purpose} by {contact.Channel} on {local:ddd HH:mm} of her time")));
        if (contact.Booked || contact.IsWarning) return found;

        if ((contact.IsCall || contact.Purpose is "Survey" or "Marketing") && Holidays.Value.TryGetValue(person.Country is "GB" ? "UK" : person.Country ?? "", out var days) && days.Contains(local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
            found.Add(contact.Breach("I2", string.Create(CultureInfo.InvariantCulture, $"{contact.Channel} on the public holiday {local:yyyy-MM-dd}")));
        if (person.Hours is not "[]" && person.ChosenAt < contact.DecidedAt
            && !JsonSerializer.Deserialize<ConvenientHours[]>(person.Hours)!.Any(hours => hours.Day == local.DayOfWeek && time >= hours.From && time < hours.To))
            found.Add(contact.Breach("I2", string.Create(CultureInfo.InvariantCulture, $"{contact.Channel} on {local:ddd HH:mm}, outside the hours that she chose")));
        return found;
    }
}
