using System.Globalization;

namespace Huifang.Languages;

/// <summary>Days and times as people say them, in the three languages. Local values come in; nothing here knows a clock.</summary>
public static class When
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    private static readonly string[] EnglishDays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private const string ChineseDays = "日一二三四五六";

    private static readonly Dictionary<string, Localized> ZoneNames = new(StringComparer.Ordinal)
    {
        ["Asia/Shanghai"] = new("北京时间", "北京時間", "Beijing time"),
        ["Asia/Hong_Kong"] = new("香港时间", "香港時間", "Hong Kong time"),
        ["Asia/Taipei"] = new("台北时间", "台北時間", "Taipei time"),
        ["Asia/Singapore"] = new("新加坡时间", "新加坡時間", "Singapore time"),
        ["Asia/Tokyo"] = new("东京时间", "東京時間", "Tokyo time"),
        ["Europe/London"] = new("伦敦时间", "倫敦時間", "London time"),
        ["Europe/Berlin"] = new("柏林时间", "柏林時間", "Berlin time"),
        ["America/New_York"] = new("纽约时间", "紐約時間", "New York time"),
        ["America/Los_Angeles"] = new("洛杉矶时间", "洛杉磯時間", "Los Angeles time"),
        ["UTC"] = new("协调世界时", "協調世界時", "UTC"),
    };

    /// <summary>"周三", "週三", "Wed".</summary>
    public static string Weekday(DayOfWeek day, string language) => language switch
    {
        Language.Traditional => $"週{ChineseDays[(int)day]}",
        Language.English => EnglishDays[(int)day],
        _ => $"周{ChineseDays[(int)day]}",
    };

    /// <summary>"11 月 25 日", "25 Nov".</summary>
    public static string Date(DateOnly date, string language) =>
        language == Language.English ? $"{date.Day} {Months[date.Month - 1]}" : $"{date.Month} 月 {date.Day} 日";

    /// <summary>"今天", "明天 周三", "周四 11 月 26 日": relative as long as that is how people say it.</summary>
    public static string Day(DateOnly date, DateOnly today, string language)
    {
        var weekday = Weekday(date.DayOfWeek, language);
        return (date.DayNumber - today.DayNumber) switch
        {
            0 => language == Language.English ? "today" : "今天",
            1 => language == Language.English ? $"tomorrow, {weekday}" : $"明天 {weekday}",
            -1 => language == Language.English ? "yesterday" : "昨天",
            _ => $"{weekday} {Date(date, language)}",
        };
    }

    public static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"14:00–14:30".</summary>
    public static string Span(TimeOnly from, TimeOnly to) => $"{Time(from)}–{Time(to)}";

    /// <summary>"明天 周三 14:00–14:30", "tomorrow, Wed, 14:00–14:30".</summary>
    public static string Slot(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, TimeZoneInfo zone, string language)
    {
        var (start, end) = (Local(from, zone), Local(to, zone));
        var separator = language == Language.English ? ", " : " ";
        return $"{Day(DateOnly.FromDateTime(start), Today(now, zone), language)}{separator}{Span(TimeOnly.FromDateTime(start), TimeOnly.FromDateTime(end))}";
    }

    /// <summary>"周四 18:00", "Thu 18:00"; with the date when it is a week or more away.</summary>
    public static string Instant(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone, string language)
    {
        var local = Local(at, zone);
        var (date, today) = (DateOnly.FromDateTime(local), Today(now, zone));
        var days = Math.Abs(date.DayNumber - today.DayNumber);
        var day = days <= 1 ? Day(date, today, language).Split(language == Language.English ? ", " : " ")[0]
            : days < 7 && date > today ? Weekday(date.DayOfWeek, language)
            : Date(date, language);
        return $"{day} {Time(TimeOnly.FromDateTime(local))}";
    }

    /// <summary>The zone as its people call it: "北京时间"; else its distance from Greenwich, "GMT+5:30".</summary>
    public static string Zone(TimeZoneInfo zone, DateTimeOffset at, string language)
    {
        if (ZoneNames.TryGetValue(zone.Id, out var name)) return name.In(language);
        var offset = zone.GetUtcOffset(at);
        var minutes = Math.Abs(offset.Minutes);
        return $"GMT{(offset < TimeSpan.Zero ? "−" : "+")}{Math.Abs(offset.Hours)}{(minutes == 0 ? "" : $":{minutes:00}")}";
    }

    /// <summary>"3 小时 20 分", "3 h 20 min", "2 天": as coarse as people need it.</summary>
    public static string Lasting(TimeSpan span, string language)
    {
        var (days, hours, minutes) = ((int)span.TotalDays, span.Hours, span.Minutes);
        var english = language == Language.English;
        var traditional = language == Language.Traditional;
        var day = english ? (days == 1 ? "day" : "days") : "天";
        var hour = english ? "h" : traditional ? "小時" : "小时";
        var minute = english ? "min" : "分";
        if (days >= 1) return hours == 0 || days >= 3 ? $"{days} {day}" : $"{days} {day} {hours} {hour}";
        if (hours >= 1) return minutes == 0 ? $"{hours} {hour}" : $"{hours} {hour} {minutes} {minute}";
        return $"{Math.Max(minutes, 0)} {minute}";
    }

    public static DateOnly Today(DateTimeOffset now, TimeZoneInfo zone) => DateOnly.FromDateTime(Local(now, zone));

    private static DateTime Local(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;
}
