using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.Planning;

namespace Huifang.Bench;

/// <summary>What a month brings, drawn once from a seed: the same for every way of working, so that only the way differs.</summary>
internal sealed class MonthWorld
{
    public const int Days = 30, QuartersPerDay = 96, Opens = 36, Closes = 84;
    private const int Customers = 3_000;

    public static readonly ZoneClock Zone = ZoneClock.Of(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
    public static readonly DateTimeOffset Begin = new(2026, 8, 31, 16, 0, 0, TimeSpan.Zero);
    private static readonly string[] Languages = ["zh-Hans", "zh-Hans", "zh-Hans", "zh-Hans", "zh-Hans", "zh-Hant", "zh-Hant", "en"];

    // A share of people who answer mostly in the morning, mostly in the evening, at any time, and hardly ever; the true chances by part of the day are known to nobody.
    private static readonly (double Share, double Morning, double Noon, double Afternoon, double Evening)[] Kinds = [(.25, .8, .6, .4, .3), (.35, .2, .4, .35, .85), (.3, .6, .6, .6, .6), (.1, .25, .25, .25, .25)];

    public required IReadOnlyList<Owed> Calls { get; init; }
    public required IReadOnlyList<Desk> Desks { get; init; }

    /// <summary>Tries of the month before, from which the first chances are learned.</summary>
    public required IReadOnlyList<CallTry> Before { get; init; }

    /// <summary>Each draw that could turn out differently is made here and not while the month runs.</summary>
    public static MonthWorld Of(int seed, double load)
    {
        var chance = new Random(seed);
        int[] kind = [.. Enumerable.Range(0, Customers).Select(_ => Pick(chance))];
        var desks = Enumerable.Range(0, 12).Select(i => Desk.Of(i, chance)).ToList();
        var places = desks.Sum(desk => desk.Shift.Count(on => on));
        var calls = Enumerable.Range(0, (int)(places * load)).Select(i => Call(i, chance, kind)).OrderBy(call => call.Arrives).ToList();
        var before = Enumerable.Range(0, 6_000).Select(_ =>
        {
            var (customer, at) = (chance.Next(Customers), Begin - TimeSpan.FromDays(chance.Next(1, 31)) + TimeSpan.FromMinutes(15 * chance.Next(Opens, Closes)));
            return new CallTry($"k{customer}", Channel.Voice, at, AnswerTime.At(at, Zone), chance.NextDouble() < Answers(kind[customer], AnswerTime.At(at, Zone)));
        }).ToList();
        return new() { Calls = calls, Desks = desks, Before = before };
    }

    public static double Answers(int kind, AnswerTime time) => time.Part switch { DayPart.Morning => Kinds[kind].Morning, DayPart.Noon => Kinds[kind].Noon, DayPart.Afternoon => Kinds[kind].Afternoon, DayPart.Evening => Kinds[kind].Evening, _ => 0 };

    public static DateTimeOffset At(int quarter) => Begin + TimeSpan.FromMinutes(15 * quarter);

    private static int Pick(Random chance)
    {
        var (draw, kind) = (chance.NextDouble(), 0);
        while (kind < Kinds.Length - 1 && (draw -= Kinds[kind].Share) >= 0) kind++;
        return kind;
    }

    private static Owed Call(int id, Random chance, int[] kinds)
    {
        // More on weekdays and in the morning, as wallets have it; arrivals outside hours wait for the next day.
        int day;
        do day = chance.Next(Days); while (At(day * QuartersPerDay).AddHours(8).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && chance.Next(3) > 0);
        var arrives = day * QuartersPerDay + Math.Min(chance.Next(24, 96), chance.Next(24, 96));
        var customer = chance.Next(Customers);
        var sort = chance.NextDouble();
        var (value, urgency, daysLeft) = sort switch { < .45 => (chance.Next(5, 40), 1, 7), < .7 => (chance.Next(20, 70), 1, 10), < .9 => (chance.Next(40, 90), 3, 3), _ => (chance.Next(70, 101), 6, 1) };
        var hours = chance.Next(4) switch { 0 => (Opens, 56), 1 => (48, 72), 2 => (64, Closes), _ => (Opens, Closes) };
        return new()
        {
            Id = id, Customer = customer, Kind = kinds[customer], Arrives = arrives, Value = value, Urgency = urgency, Deadline = arrives + daysLeft * QuartersPerDay, Hours = hours,
            Language = Languages[chance.Next(Languages.Length)], Skill = sort is >= .7 and < .9 ? "complaint" : "general",
            Answer = [chance.NextDouble(), chance.NextDouble(), chance.NextDouble()], IsDeclined = chance.NextDouble() < .08, Books = chance.NextDouble() < .25, Choice = chance.NextDouble(), IsLong = chance.NextDouble() < .1,
        };
    }
}

/// <summary>A call that is owed.</summary>
internal sealed class Owed
{
    public required int Id, Customer, Kind, Arrives, Value, Urgency, Deadline;
    public required (int From, int To) Hours;
    public required string Language, Skill;
    public required double[] Answer;
    public required bool IsDeclined, Books, IsLong;
    public required double Choice;

    public int Tries, NotBefore;

    /// <summary>The quarter that she chose and with whom, or -1.</summary>
    public int Promised = -1, PromisedTo = -1;
    public bool IsOver;

    public bool IsOpen(int quarter) => quarter >= Math.Max(Arrives, NotBefore) && quarter < Deadline && quarter % MonthWorld.QuartersPerDay >= Hours.From && quarter % MonthWorld.QuartersPerDay < Hours.To;

    public Owed Copy() => (Owed)MemberwiseClone();
}

/// <summary>An agent with the month's shifts; who is ill on a day is known in the morning of that day and not before.</summary>
internal sealed class Desk
{
    public required string Id;
    public required string[] Languages, Skills;
    public required bool[] Shift;
    public required bool[] Ill;

    public bool Can(Owed call) => Languages.Contains(call.Language) && Skills.Contains(call.Skill);

    public static Desk Of(int number, Random chance)
    {
        var shift = new bool[MonthWorld.Days * MonthWorld.QuartersPerDay];
        for (var day = 0; day < MonthWorld.Days; day++)
        {
            if ((day + number) % 7 is 0 or 1) continue;
            var from = day * MonthWorld.QuartersPerDay + (number % 3 == 2 ? 52 : MonthWorld.Opens);
            Array.Fill(shift, true, from, 14);
            Array.Fill(shift, true, from + 18, 14);
        }
        return new()
        {
            Id = $"a{number:00}", Languages = number % 4 == 0 ? ["zh-Hans", "en"] : number % 4 == 1 ? ["zh-Hans", "zh-Hant"] : ["zh-Hans"], Skills = number % 2 == 0 ? ["general", "complaint"] : ["general"],
            Shift = shift, Ill = [.. Enumerable.Range(0, MonthWorld.Days).Select(_ => chance.NextDouble() < .03)],
        };
    }
}
