using Huifang.Calendars;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Planning;

public sealed class SlotRulesTests // P1
{
    private static IReadOnlyList<AgentTime> Times(string zone, string date, string from, string to, params (TimeKind, string, string)[] within)
    {
        var day = new AgentDay(DateOnly.Parse(date), TimeOnly.Parse(from), TimeOnly.Parse(to), [.. within.Select(each => (each.Item1, TimeOnly.Parse(each.Item2), TimeOnly.Parse(each.Item3)))]);
        var (times, refusal) = AgentDay.Instants("lin", day, Zone(zone));
        Assert.Null(refusal);
        return times!;
    }

    private static string[] Local(IEnumerable<DateTimeOffset> starts, string zone) => [.. starts.Select(start => Zone(zone).LocalTime(start).ToString("HH:mm"))];

    [Fact]
    public void Slots_are_half_hours_of_the_shift_without_its_breaks() => Assert.Equal(
        ["09:00", "09:30", "10:00", "11:00", "11:30", "13:00", "13:30"],
        Local(SlotRules.Starts(Times("Asia/Shanghai", "2026-11-24", "08:50", "14:10", (TimeKind.Break, "12:00", "13:00"), (TimeKind.Meeting, "10:30", "10:45")), Shanghai), "Asia/Shanghai"));

    [Theory]
    [InlineData("Asia/Kathmandu", "2026-11-24")]      // 5 h 45 min ahead
    [InlineData("Australia/Lord_Howe", "2026-10-04")] // half an hour forward at two
    [InlineData("Europe/London", "2026-10-25")]       // an hour back at two
    [InlineData("America/New_York", "2026-03-08")]
    public void On_any_wall_clock_slots_begin_at_whole_half_hours_and_last_half_an_hour(string zone, string date)
    {
        var times = Times(zone, date, "00:10", "09:00");
        var starts = SlotRules.Starts(times, Zone(zone)).ToList();
        Assert.All(Local(starts, zone), time => Assert.True(time.EndsWith(":00") || time.EndsWith(":30"), time));
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= SlotRules.Length));
        Assert.True(starts[^1] + SlotRules.Length <= times[0].To);
    }

    [Fact]
    public void A_night_shift_runs_into_the_next_day_with_its_break() => Assert.Equal(
        ["22:00", "22:30", "23:00", "23:30", "00:00", "01:30"],
        Local(SlotRules.Starts(Times("Asia/Shanghai", "2026-11-24", "22:00", "02:00", (TimeKind.Break, "00:30", "01:30")), Shanghai), "Asia/Shanghai"));

    [Theory]
    [InlineData("09:00", "23:30", null, null, DayRefusal.TooLong)]
    [InlineData("09:00", "18:00", "08:00", "09:30", DayRefusal.BreakOutsideShift)]
    [InlineData("09:00", "18:00", "13:00", "12:00", DayRefusal.EndsBeforeItStarts)]
    public void A_day_that_cannot_be_is_refused_with_its_reason(string from, string to, string? start, string? end, DayRefusal expected)
    {
        var day = new AgentDay(new(2026, 11, 24), TimeOnly.Parse(from), TimeOnly.Parse(to), start is null ? [] : [(TimeKind.Break, TimeOnly.Parse(start), TimeOnly.Parse(end!))]);
        Assert.Equal(expected, AgentDay.Instants("lin", day, Shanghai).Refusal);
    }

    [Fact]
    public void An_offer_shows_the_soonest_and_then_other_half_days()
    {
        var monday = Contacts.ContactScene.Local("Asia/Shanghai", "2026-11-23 09:00");
        DateTimeOffset[] free = [.. Enumerable.Range(0, 3).SelectMany(day => new[] { 0.0, 0.5, 1, 5, 5.5 }.Select(hour => monday.AddDays(day).AddHours(hour)))];
        Assert.Equal([0, 5, 24, 29], SlotRules.Pick(free, 4, Shanghai).Select(start => (int)(start - monday).TotalHours));
        Assert.Equal(free.Length, SlotRules.Pick(free, 99, Shanghai).Count);
        Assert.Empty(SlotRules.Pick([], 4, Shanghai));
    }
}
