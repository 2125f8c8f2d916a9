using Huifang.Calendars;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Planning;

public sealed class CalendarFileTests // P1
{
    private static readonly Agent Lin = new("s-lin", "林静", "Asia/Shanghai", ["zh-Hans"], ["general"]);
    private static readonly DateTimeOffset From = new(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8));

    private static ToldTimes Read(string events, int days = 21) => CalendarFile.Read($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events.ReplaceLineEndings("\r\n")}\r\nEND:VCALENDAR\r\n", Lin, From, From.AddDays(days));

    private static string[] Said(ToldTimes told) => [.. told.Times.Select(row => $"{row.Time.Kind} {Shanghai.LocalTime(row.Time.From):MM-dd HH:mm}-{Shanghai.LocalTime(row.Time.To):HH:mm}")];

    [Fact]
    public void A_weekly_shift_repeats_on_its_days_until_its_end_without_the_exceptions() => Assert.Equal(
        ["Shift 11-23 09:00-17:00", "Shift 11-25 09:00-17:00", "Shift 12-02 09:00-17:00", "Shift 12-07 09:00-17:00"],
        Said(Read("""
            BEGIN:VEVENT
            SUMMARY:班次
            DTSTART;TZID=Asia/Shanghai:20261116T090000
            DTEND;TZID=Asia/Shanghai:20261116T170000
            RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261208
            EXDATE;TZID=Asia/Shanghai:20261130T090000
            END:VEVENT
            """)));

    [Fact]
    public void Other_zones_durations_folded_lines_and_every_second_day_are_read() => Assert.Equal(
        ["Training 11-24 22:00-23:30", "Training 11-26 22:00-23:30", "Break 11-24 12:00-12:30"],
        Said(Read("BEGIN:VEVENT\nCATEGORIES:TRAIN\n ING\nDTSTART;TZID=Europe/London:20261124T140000\nDURATION:PT1H30M\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=2\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Lunch\nDTSTART:20261124T040000Z\nDTEND:20261124T043000Z\nEND:VEVENT")));

    [Fact]
    public void A_repetition_that_says_a_part_twice_is_a_row_for_a_person() =>
        Assert.Single(Read("BEGIN:VEVENT\nSUMMARY:Shift\nDTSTART:20261124T090000Z\nDTEND:20261124T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;BYDAY=TU\nEND:VEVENT").Bad);

    [Fact]
    public void A_repetition_over_a_change_of_the_clock_keeps_its_wall_time()
    {
        var emma = Lin with { TimeZone = "Europe/London" };
        var told = CalendarFile.Read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Shift\nDTSTART:20261023T090000\nDTEND:20261023T100000\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT\nEND:VCALENDAR", emma, new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal([8, 8, 9, 9], told.Times.Select(row => row.Time.From.UtcDateTime.Hour));
    }

    [Fact]
    public void A_whole_day_is_time_off_and_a_cancelled_event_is_nothing() => Assert.Equal(
        ["Off 11-26 00:00-00:00"],
        Said(Read("BEGIN:VEVENT\nSUMMARY:家里有事\nDTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261127\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Shift\nSTATUS:CANCELLED\nDTSTART:20261126T090000\nDTEND:20261126T100000\nEND:VEVENT")));

    [Theory]
    [InlineData("DTSTART:20261124T090000\nDTEND:20261124T100000\nRRULE:FREQ=MONTHLY", DayRefusal.CannotRepeat)]
    [InlineData("DTSTART:20261124T090000\nDTEND:20261124T100000\nRRULE:FREQ=WEEKLY;BYDAY=2MO", DayRefusal.CannotRepeat)]
    [InlineData("DTSTART;TZID=Nowhere/City:20261124T090000\nDTEND:20261124T100000", DayRefusal.UnknownZone)]
    [InlineData("DTSTART:tomorrow\nDTEND:20261124T100000", DayRefusal.NotATime)]
    public void What_is_not_understood_is_a_row_for_a_person_and_not_a_guess(string body, DayRefusal reason)
    {
        var told = Read($"BEGIN:VEVENT\nSUMMARY:Shift\n{body}\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Shift\nDTSTART:20261125T090000\nDTEND:20261125T100000\nEND:VEVENT");
        Assert.Equal(reason, Assert.Single(told.Bad).Reason);
        Assert.Single(told.Times);
    }

    [Fact]
    public void Rows_of_a_table_are_read_in_the_agents_zone_or_as_instants_and_bad_ones_say_why()
    {
        var agents = new Dictionary<string, Agent> { ["lin"] = Lin };
        ToldRow Row(int line, string agent, string kind, string from, string to) => new(line, $"{agent},{kind},{from},{to}", agent, kind, from, to);
        var told = ToldTimeRules.Read([Row(2, "lin", "班次", "2026-11-24 09:00", "2026-11-24 18:00"), Row(3, "lin", "break", "2026-11-24T04:00:00Z", "2026-11-24T13:00+08:00"), Row(4, "nobody", "shift", "", ""), Row(5, "lin", "party", "2026-11-24 09:00", "2026-11-24 18:00"),
            Row(6, "lin", "shift", "9 o'clock", "2026-11-24 18:00"), Row(7, "lin", "shift", "2026-11-24 18:00", "2026-11-24 09:00")], agents);
        Assert.Equal(["Shift 11-24 09:00-18:00", "Break 11-24 12:00-13:00"], Said(told));
        Assert.Equal([(4, DayRefusal.UnknownAgent), (5, DayRefusal.UnknownKind), (6, DayRefusal.NotATime), (7, DayRefusal.EndsBeforeItStarts)], told.Bad.Select(row => (row.Line, row.Reason)));
    }
}
