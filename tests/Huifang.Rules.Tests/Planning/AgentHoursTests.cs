using Huifang.Calendars;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Planning;

public sealed class AgentHoursTests // P1
{
    private static readonly DateOnly Tuesday = new(2026, 11, 24);

    private static IReadOnlyList<AgentTime> Day(params (TimeKind, string, string)[] rows) =>
        AgentHours.OfDay("lin", Tuesday, [.. rows.Select(row => (row.Item1, TimeOnly.Parse(row.Item2), TimeOnly.Parse(row.Item3)))], Shanghai);

    [Fact]
    public void Two_shifts_a_day_with_breaks_meetings_and_training_stand_together() =>
        Assert.Null(AgentHours.Check(Day((TimeKind.Shift, "08:00", "12:00"), (TimeKind.Shift, "14:00", "19:00"), (TimeKind.Break, "10:00", "10:15"), (TimeKind.Training, "14:00", "15:00"), (TimeKind.Meeting, "15:00", "15:30"))));

    [Fact]
    public void What_cannot_be_is_refused_with_its_reason()
    {
        Assert.Equal(DayRefusal.OverlappingShifts, AgentHours.Check(Day((TimeKind.Shift, "08:00", "12:00"), (TimeKind.Shift, "11:45", "15:00"))));
        Assert.Equal(DayRefusal.TwoAtOnce, AgentHours.Check(Day((TimeKind.Shift, "08:00", "16:00"), (TimeKind.Break, "12:00", "13:00"), (TimeKind.Meeting, "12:30", "13:30"))));
        Assert.Equal(DayRefusal.BreakOutsideShift, AgentHours.Check(Day((TimeKind.Shift, "08:00", "12:00"), (TimeKind.Shift, "14:00", "19:00"), (TimeKind.Break, "11:45", "12:15"))));
        Assert.Equal(DayRefusal.EndsBeforeItStarts, AgentHours.Check([new("lin", TimeKind.Off, Start, Start)]));
    }

    [Fact]
    public void Time_off_may_lie_anywhere_and_takes_its_quarters()
    {
        var day = Day((TimeKind.Shift, "09:00", "11:00"), (TimeKind.Off, "10:20", "18:00"));
        Assert.Null(AgentHours.Check(day));
        Assert.Equal("11111000", Bits(AgentHours.Quarters(day, Start, 8)));
    }

    [Fact]
    public void Only_whole_quarters_of_a_shift_can_be_given_to_calls()
    {
        Assert.Equal("01110", Bits(AgentHours.Quarters(Day((TimeKind.Shift, "09:05", "10:05")), Start, 5)));
        Assert.Equal("11011111", Bits(AgentHours.Quarters(Day((TimeKind.Shift, "08:00", "12:00"), (TimeKind.Break, "09:35", "09:40")), Start, 8)));
        Assert.Equal("00000000", Bits(AgentHours.Quarters([], Start, 8)));
        Assert.Equal("11110000", Bits(AgentHours.Quarters(Day((TimeKind.Shift, "07:00", "10:00")), Start, 8)));
    }

    [Fact]
    public void Quarters_of_random_days_agree_with_asking_each_instant()
    {
        const int seed = 20261124;
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var times = Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(-300, 900)).Select(from => new AgentTime("lin", (TimeKind)random.Next(5), Start.AddMinutes(from), Start.AddMinutes(from + random.Next(1, 400)))).ToList();
            var quarters = AgentHours.Quarters(times, Start, 40);
            for (var i = 0; i < 40; i++)
            {
                var (from, to) = (Start + i * AgentHours.Quarter, Start + (i + 1) * AgentHours.Quarter);
                var expected = times.Any(time => time.Kind == TimeKind.Shift && time.From <= from && to <= time.To) && !times.Any(time => time.Kind != TimeKind.Shift && time.From < to && from < time.To);
                Assert.True(expected == quarters[i], $"seed {seed}, round {round}, quarter {i}");
            }
        }
    }

    [Fact]
    public void A_told_shift_replaces_the_day_and_leaves_her_holiday()
    {
        var day = Day((TimeKind.Shift, "09:00", "18:00"), (TimeKind.Break, "12:00", "13:00"), (TimeKind.Off, "15:00", "16:00"));
        Assert.Equal([TimeKind.Shift, TimeKind.Off], AgentHours.Merge(day, Day((TimeKind.Shift, "10:00", "17:00"))).Select(time => time.Kind));
        Assert.Equal(4, AgentHours.Merge(day, Day((TimeKind.Training, "10:00", "11:00"))).Count);
        Assert.Equal(3, AgentHours.Merge(day, Day((TimeKind.Off, "15:00", "16:00"))).Count); // told twice is told once
    }

    private static readonly DateTimeOffset Start = Shanghai.FirstAt(Tuesday.ToDateTime(new(9, 0)));

    private static string Bits(bool[] free) => string.Concat(free.Select(one => one ? '1' : '0'));
}
