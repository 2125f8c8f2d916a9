using System.Globalization;
using Huifang.Data;
using Huifang.Storage;

namespace Huifang.Checks;

/// <summary>
/// I7, to the day: no clock of a complaint ends later than the law's words allow. The periods are written here a second time, from the same laws, and counted by hand, a day at a
/// time, on the calendars' plain dates. Years that are not announced, and our own promises, are left to the rules' tests.
/// </summary>
internal static class DeadlineCheck
{
    private enum Unit { Hours, Days, WorkingDays, Months }

    private sealed record Period(Unit Unit, int Amount, bool Rolls = false, bool Stops = false);

    private static readonly Dictionary<string, Period> Periods = new(StringComparer.Ordinal)
    {
        ["cn/final"] = new(Unit.Days, 15, true, true), ["cn/final-complex"] = new(Unit.Days, 30, true, true), ["cn/final-special"] = new(Unit.Days, 60, true, true), ["cn/report-leak"] = new(Unit.Hours, 72), ["cn/referral"] = new(Unit.Days, 30),
        ["eu-psd2/final"] = new(Unit.WorkingDays, 15), ["eu-psd2/holding"] = new(Unit.WorkingDays, 15), ["eu-psd2/final-exceptional"] = new(Unit.WorkingDays, 35),
        ["hk/acknowledge-law"] = new(Unit.Days, 7), ["hk/final"] = new(Unit.Days, 30), ["hk/final-complex"] = new(Unit.Days, 60),
        ["sg/acknowledge-law"] = new(Unit.WorkingDays, 2), ["sg/final"] = new(Unit.WorkingDays, 20), ["sg/final-e-payment"] = new(Unit.WorkingDays, 21), ["sg/final-exceptional"] = new(Unit.WorkingDays, 45), ["sg/final-longer"] = new(Unit.WorkingDays, 45), ["sg/referral"] = new(Unit.WorkingDays, 15),
        ["tw/final"] = new(Unit.Days, 30), ["tw/referral"] = new(Unit.Days, 60),
        ["uk-disp/summary"] = new(Unit.WorkingDays, 3), ["uk-disp/final"] = new(Unit.WorkingDays, 15), ["uk-disp/holding"] = new(Unit.WorkingDays, 15), ["uk-disp/final-exceptional"] = new(Unit.WorkingDays, 35), ["uk-disp/final-other"] = new(Unit.Days, 56), ["uk-disp/referral"] = new(Unit.Months, 6),
        ["us-cfpb/response"] = new(Unit.Days, 15), ["us-cfpb/final"] = new(Unit.Days, 15), ["us-cfpb/final-progress"] = new(Unit.Days, 60), ["us-cfpb/referral"] = new(Unit.Days, 60),
        ["us-reg-e/final"] = new(Unit.WorkingDays, 10), ["us-reg-e/final-new-account"] = new(Unit.WorkingDays, 20), ["us-reg-e/credit"] = new(Unit.WorkingDays, 10), ["us-reg-e/credit-new-account"] = new(Unit.WorkingDays, 20),
        ["us-reg-e/final-45"] = new(Unit.Days, 45), ["us-reg-e/final-90"] = new(Unit.Days, 90),
    };

    private static readonly Dictionary<string, (string Zone, string Calendar)> Places = new(StringComparer.Ordinal)
    {
        ["cn"] = ("Asia/Shanghai", "CN"), ["hk"] = ("Asia/Hong_Kong", "HK"), ["sg"] = ("Asia/Singapore", "SG"), ["tw"] = ("Asia/Taipei", "TW"), ["uk-disp"] = ("Europe/London", "UK"), ["eu-psd2"] = ("Europe/Brussels", "TARGET"),
        ["us-cfpb"] = ("America/New_York", "US"), ["us-reg-e"] = ("America/New_York", "US"),
    };

    private sealed record Calendar(HashSet<DateOnly> Holidays, HashSet<DateOnly> MakeUps)
    {
        public bool IsWorked(DateOnly date) => MakeUps.Contains(date) || !Holidays.Contains(date) && date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
    }

    private static readonly Lazy<Dictionary<string, Calendar>> Calendars = new(() => ShippedData.Names("calendars").Select(ShippedData.Json).ToDictionary(
        json => json.GetProperty("id").GetString()!.ToUpperInvariant(),
        json => new Calendar(Dates(json, "holidays", day => day.GetProperty("date").GetString()!), Dates(json, "makeUpDays", day => day.GetString()!)), StringComparer.Ordinal));

    private static HashSet<DateOnly> Dates(System.Text.Json.JsonElement json, string name, Func<System.Text.Json.JsonElement, string> date) =>
        [.. json.GetProperty("years").EnumerateArray().SelectMany(year => year.TryGetProperty(name, out var days) ? days.EnumerateArray().Select(day => DateOnly.Parse(date(day), CultureInfo.InvariantCulture)) : [])];

    private sealed record Clock(string Complaint, string Pack, string Name, DateTimeOffset From, DateTimeOffset Due)
    {
        private Clock() : this("", "", "", default, default) { }
    }

    public static async Task Run(Tx tx, List<Violation> found, DateTimeOffset now)
    {
        // Complaint by complaint, so that a large house needs no more memory than one page.
        for (var after = ""; ;)
        {
            var clocks = await tx.Query<Clock>(
                """
                select complaint_id as complaint, pack, clock as name, from_at as "from", due_at as due from complaint_clocks
                where own = 0 and provisional = 0 and complaint_id in (select id from complaints where id > @after order by id limit 500)
                """, new { after });
            var last = await tx.One<string>("select max(id) from (select id from complaints where id > @after order by id limit 500) page", new { after });
            if (last is null) return;
            var stops = (await tx.Query<(string Complaint, DateTimeOffset From, DateTimeOffset? To)>("select complaint_id, from_at, to_at from complaint_stops where complaint_id > @after and complaint_id <= @last", new { after, last })).ToLookup(stop => stop.Complaint);
            foreach (var clock in clocks)
                if (Periods.TryGetValue($"{clock.Pack}/{clock.Name}", out var period) && Latest(clock, period, [.. stops[clock.Complaint].Select(stop => (stop.From, stop.To ?? now))]) is var latest && clock.Due > latest)
                    found.Add(new("I7", $"complaint {clock.Complaint}", $"clock {clock.Name} of {clock.Pack} ends at {clock.Due:O}, and the law's words end at {latest:O}"));
            after = last;
        }
    }

    private static DateTimeOffset Latest(Clock clock, Period period, (DateTimeOffset From, DateTimeOffset To)[] stops)
    {
        if (period.Unit == Unit.Hours) return clock.From.AddHours(period.Amount);
        var (zone, calendar) = (TimeZoneInfo.FindSystemTimeZoneById(Places[clock.Pack].Zone), Calendars.Value[Places[clock.Pack].Calendar]);
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.From, zone).DateTime);
        if (period.Unit == Unit.Months) return EndOf(date.AddMonths(period.Amount), zone);
        for (var left = period.Amount; left > 0;)
        {
            date = date.AddDays(1);
            var end = EndOf(date, zone);
            if (period.Stops && stops.Any(stop => stop.From <= end && end < stop.To)) continue;
            if (period.Unit == Unit.Days || calendar.IsWorked(date)) left--;
        }
        while (period.Rolls && calendar.Holidays.Contains(date)) date = date.AddDays(1);
        return EndOf(date, zone);
    }

    private static DateTimeOffset EndOf(DateOnly date, TimeZoneInfo zone) => new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(date.AddDays(1).ToDateTime(TimeOnly.MinValue), zone), TimeSpan.Zero).AddMilliseconds(-1);
}
