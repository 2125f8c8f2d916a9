namespace Huifang.Calendars;

public sealed class CalendarTests
{
    private static BusinessCalendar China => CalendarShelf.Find("CN")!;

    [Fact]
    public void China_rests_33_days_in_2026_and_works_six_weekend_days()
    {
        var year = China.Years.Single(year => year.Year == 2026);
        Assert.Equal((33, 6), (year.Holidays.Length, year.MakeUpDays.Length));
        Assert.All(year.MakeUpDays, day => Assert.Contains(day.DayOfWeek, China.Weekend));
        Assert.Equal(DayKind.MakeUpDay, China.KindOf(new(2026, 10, 10)));
        Assert.Equal(DayKind.Holiday, China.KindOf(new(2026, 10, 7)));
    }

    [Fact]
    public void Working_days_count_make_up_days_and_skip_holidays() =>
        Assert.Equal(new CalendarDate(new(2026, 10, 14), false), China.AddWorkingDays(new(2026, 9, 17), 15)); // with 20 September and 10 October

    [Fact]
    public void A_date_that_crosses_into_an_unpublished_year_is_provisional()
    {
        Assert.True(China.AddWorkingDays(new(2026, 12, 25), 15).IsProvisional);
        Assert.False(China.AddWorkingDays(new(2026, 12, 1), 15).IsProvisional);
    }

    [Fact]
    public void Every_calendar_says_where_its_days_come_from()
    {
        Assert.Equal(["CN", "HK", "SG", "TARGET", "TW", "UK", "US"], CalendarShelf.All.Select(calendar => calendar.Id));
        foreach (var year in CalendarShelf.All.SelectMany(calendar => calendar.Years))
        {
            Assert.NotEmpty(year.Source.Title);
            Assert.All(year.Holidays, holiday => Assert.Equal(year.Year, holiday.Date.Year));
            Assert.Empty(year.MakeUpDays.Intersect(year.Holidays.Select(holiday => holiday.Date)));
        }
        Assert.All(CalendarShelf.All, calendar => Assert.Contains(calendar.Years, year => year is { Year: 2026, IsPublished: true }));
    }

    [Theory]
    [InlineData(22, 2, "0-120,9960-10080", 1320, true)]
    [InlineData(9, 20, "9540-10080", 0, false)]
    public void Hours_over_midnight_belong_to_the_day_they_start_on(int from, int to, string expected, int mondayMinute, bool isTuesdayIn)
    {
        var sunday = WeekHours.On([DayOfWeek.Sunday], new(from, 0), new(to, 0));
        if (from > to) Assert.Equal(expected, sunday.ToString());
        Assert.False(sunday.Contains(mondayMinute * 60_000L + 86_400_000));
        Assert.Equal(isTuesdayIn, sunday.Contains(60 * 60_000));
        Assert.Equal(sunday, WeekHours.Parse(sunday.ToString()));
    }

    [Theory]
    [InlineData("10-5")]
    [InlineData("0-10081")]
    [InlineData("x")]
    [InlineData("-5-10")]
    public void Damaged_hours_are_not_read(string text) => Assert.Null(WeekHours.Parse(text));

    [Theory]
    [InlineData("Asia/Shanghai", true)]
    [InlineData("China Standard Time", false)]
    [InlineData("Asia/Nowhere", false)]
    [InlineData("+08:00", false)]
    [InlineData("", false)]
    public void A_zone_is_an_iana_name(string id, bool known) => Assert.Equal(known, ZoneClock.Find(id) is not null);
}
