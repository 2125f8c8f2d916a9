using System.Globalization;
using Huifang.Accounts;
using Huifang.Calendars;
using Huifang.Languages;
using Huifang.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Huifang.Complaints;

/// <summary>The packs, and "what if it were filed now".</summary>
public sealed record ComplaintPacksView(IReadOnlyList<ComplaintPack> Shelf, ComplaintPack Pack, DateTime Local, IReadOnlyList<CaseFact> Given, IReadOnlyList<Deadline> Clocks, DateOnly Today, DeadlineWords Words)
{
    public IEnumerable<CaseFact> Askable => Pack.Clocks.SelectMany(clock => clock.When.Concat(clock.Unless)).Distinct().Order();

    /// <summary>The days from receipt to the last deadline that counts days, with the letters of the clocks that end on them.</summary>
    public IEnumerable<(DateOnly Date, DeadlineDay? Day, string Letters)> Calendar()
    {
        var shown = Clocks.Where(clock => clock.Rule.IsBinding && clock.Rule.From == ClockStart.Received).ToList();
        var longest = shown.Where(clock => clock.Days.Length > 1).MaxBy(clock => clock.Rule.Unit == ClockUnit.WorkingDays ? clock.Days.Length + 1000 : clock.Days.Length);
        if (longest is null) yield break;
        var first = longest.Days[0].Date.AddDays(-WeekHours.DayIndex(longest.Days[0].Date.DayOfWeek));
        for (var date = first; date <= longest.DueDate.AddDays(6 - WeekHours.DayIndex(longest.DueDate.DayOfWeek)); date = date.AddDays(1))
            yield return (date, longest.Days.FirstOrDefault(day => day.Date == date), string.Concat(shown.Where(clock => clock.DueDate == date).Select(clock => Letter(clock))));
    }

    public char Letter(Deadline clock) => (char)('A' + Clocks.ToList().IndexOf(clock) % 26);
}

/// <summary>Complaint packs with their sources, and the calculator.</summary>
public static class ComplaintPacksEndpoints
{
    internal static void MapComplaintPacks(this WebApplication app) => app.MapGet("/complaints/packs", Show).RequireAuthorization(Permission.SeeRules);

    private static RazorComponentResult Show(ComplaintPackShelf shelf, StaffClock clock, string? pack = null, string? at = null, CaseFact[]? given = null)
    {
        var today = DateOnly.FromDateTime(clock.Now.DateTime);
        var current = shelf.Packs.Select(one => one.Id).Distinct().Order(StringComparer.Ordinal).Select(id => shelf.Find(id, today)!).ToList();
        var chosen = current.FirstOrDefault(one => one.Id == pack) ?? current.FirstOrDefault(one => one.Id == "cn") ?? current[0];
        var zone = chosen.Time.Zone;
        var local = DateTime.TryParseExact(at, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wanted) && wanted.Year is >= 2000 and <= 2200 ? wanted : zone.LocalTime(clock.Now);
        var received = zone.FirstAt(local);
        var facts = given ?? [];
        var clocks = chosen.Clocks.Where(rule => rule.AppliesTo(facts) && rule.From is ClockStart.Received or ClockStart.Updated).OrderBy(rule => rule.IsOwn ? 1 : 0).Select(rule => DeadlineRules.Compute(chosen, rule, received)).ToList();
        return new RazorComponentResult<ComplaintPacksPage>(new { View = new ComplaintPacksView(current, chosen, local, facts, clocks, today, new(PageLanguage.Current)) });
    }
}
