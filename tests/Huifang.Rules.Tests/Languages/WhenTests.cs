namespace Huifang.Languages;

public class WhenTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 12, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, Language.Simplified, "今天 14:00–14:30")]
    [InlineData(1, Language.Simplified, "明天 周三 14:00–14:30")]
    [InlineData(1, Language.Traditional, "明天 週三 14:00–14:30")]
    [InlineData(1, Language.English, "tomorrow, Wed, 14:00–14:30")]
    [InlineData(3, Language.English, "Fri 27 Nov, 14:00–14:30")]
    [InlineData(3, Language.Simplified, "周五 11 月 27 日 14:00–14:30")]
    public void A_slot_is_said_the_way_people_say_it(int days, string language, string said)
    {
        var from = new DateTimeOffset(2026, 11, 24 + days, 6, 0, 0, TimeSpan.Zero);
        Assert.Equal(said, When.Slot(from, from.AddMinutes(30), Now, Shanghai, language));
    }

    [Fact]
    public void Today_is_the_customers_day_not_ours()
    {
        var lateEvening = new DateTimeOffset(2026, 11, 24, 16, 30, 0, TimeSpan.Zero);
        Assert.Equal("今天 09:00–09:30", When.Slot(lateEvening.AddHours(8.5), lateEvening.AddHours(9), lateEvening, Shanghai, Language.Simplified));
    }

    [Theory]
    [InlineData(125, "2 h 5 min", "2 小时 5 分")]
    [InlineData(60, "1 h", "1 小时")]
    [InlineData(9, "9 min", "9 分")]
    [InlineData(1440, "1 day", "1 天")]
    [InlineData(7200, "5 days", "5 天")]
    public void A_span_is_as_coarse_as_people_need(int minutes, string english, string chinese)
    {
        Assert.Equal(english, When.Lasting(TimeSpan.FromMinutes(minutes), Language.English));
        Assert.Equal(chinese, When.Lasting(TimeSpan.FromMinutes(minutes), Language.Simplified));
    }

    [Fact]
    public void A_zone_without_a_name_says_its_distance()
    {
        Assert.Equal("北京时间", When.Zone(Shanghai, Now, Language.Simplified));
        Assert.Equal("GMT+5:30", When.Zone(TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"), Now, Language.English));
    }
}
