using Huifang.Calendars;

namespace Huifang.Planning;

/// <summary>A part of the customer's own day. People answer alike within one and differently between them.</summary>
public enum DayPart { Night, Morning, Noon, Afternoon, Evening }

/// <summary>One of the ten kinds of time that answering is learned by: a part of the day, on a working day or at the weekend.</summary>
public readonly record struct AnswerTime(DayPart Part, bool IsWeekend)
{
    /// <summary>Number of kinds; arrays by <see cref="Index"/> have this length.</summary>
    public const int Count = 10;

    public int Index => (int)Part + (IsWeekend ? 5 : 0);

    public static AnswerTime Of(int index) => new((DayPart)(index % 5), index >= 5);

    /// <summary>The kind of time that an instant is for a customer in that zone.</summary>
    public static AnswerTime At(DateTimeOffset at, ZoneClock zone)
    {
        var local = zone.LocalTime(at);
        return new(local.Hour switch { >= 8 and < 11 => DayPart.Morning, >= 11 and < 14 => DayPart.Noon, >= 14 and < 18 => DayPart.Afternoon, >= 18 and < 22 => DayPart.Evening, _ => DayPart.Night },
            local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
    }
}
