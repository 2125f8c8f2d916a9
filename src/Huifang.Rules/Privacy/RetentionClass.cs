using System.Collections.Immutable;

namespace Huifang.Privacy;

/// <summary>A kind of data that is kept for a time and then deleted.</summary>
/// <param name="Key">Its name in tables, texts and facts.</param>
/// <param name="Days">How long it is kept where the operator has not said otherwise.</param>
/// <param name="DaysMin">Law or use forbids less.</param>
/// <param name="DaysMax">Law forbids more.</param>
/// <param name="Source">Where the times come from.</param>
public sealed record RetentionClass(string Key, int Days, int DaysMin, int DaysMax, string Source)
{
    /// <summary>Ten years: 反洗钱法 2024 art. 34 (ten years from the end of the transaction).</summary>
    public const int MoneyLaunderingDays = 3653;

    public static readonly ImmutableArray<RetentionClass> All =
    [
        new("messages", 730, 90, 1825, "GDPR art. 5(1)(e); PIPL art. 19"),
        new("replies", 730, 90, 1825, "GDPR art. 5(1)(e); PIPL art. 19"),
        new("call-words", 1095, 180, 1825, "ISO 10002 (complaints may follow a call); PIPL art. 19"),
        new("recordings", 180, 30, 1825, "PIPL art. 19; operator's notice"),
        new("feedback", 1095, 90, 1825, "PIPL art. 19"),
        new("event-details", 1095, 180, 1825, "PIPL art. 19"),
        new("transaction-details", MoneyLaunderingDays, MoneyLaunderingDays, 5479, "反洗钱法 2024 art. 34"),
        new("contact-decisions", 1095, 400, 1825, "caps look back a year; evidence of lawful contact"),
        new("quarantine", 90, 7, 365, "settled items only"),
        new("sessions", 365, 90, 1095, "ASVS 5.0 V16.2; 网络安全法 art. 21 (six months)"),
    ];

    public static RetentionClass? Find(string key) => All.FirstOrDefault(one => one.Key == key);

    /// <summary>Whether the operator may choose this time.</summary>
    public bool Allows(int days) => days >= DaysMin && days <= DaysMax;

    /// <summary>The next weekly run: Sunday at three in the morning where the operator's staff sit.</summary>
    public static DateTimeOffset NextRun(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var day = local.Date.AddDays((7 - (int)local.DayOfWeek) % 7).AddHours(3);
        if (day <= local.DateTime) day = day.AddDays(7);
        return new DateTimeOffset(day, zone.GetUtcOffset(day)).ToUniversalTime();
    }
}
