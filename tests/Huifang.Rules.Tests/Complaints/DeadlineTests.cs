using System.Globalization;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Complaints;

public sealed class DeadlineTests
{
    [Theory]
    // China: calendar days, the day itself not counted; a last day on a public holiday moves to the first day after it.
    [InlineData("cn", "final", "2026-11-24T14:10:00+08:00", "2026-12-09")]
    [InlineData("cn", "final", "2026-11-24T23:59:59+08:00", "2026-12-09")]
    [InlineData("cn", "final", "2026-11-25T00:00:00+08:00", "2026-12-10")]
    [InlineData("cn", "final", "2026-11-24T16:30:00Z", "2026-12-10")]
    [InlineData("cn", "final", "2026-09-17T10:00:00+08:00", "2026-10-08")]
    [InlineData("cn", "final", "2026-01-30T10:00:00+08:00", "2026-02-14")]
    [InlineData("cn", "final", "2026-01-31T10:00:00+08:00", "2026-02-24")]
    [InlineData("cn", "final", "2024-02-15T10:00:00+08:00", "2024-03-01")]
    [InlineData("cn", "final-complex", "2026-11-24T14:10:00+08:00", "2026-12-24")]
    [InlineData("cn", "final-special", "2026-11-24T14:10:00+08:00", "2027-01-23")]
    [InlineData("cn", "progress", "2026-09-17T10:00:00+08:00", "2026-09-23")]
    [InlineData("cn", "progress", "2026-02-12T10:00:00+08:00", "2026-02-26")]
    [InlineData("cn", "progress", "2026-10-06T10:00:00+08:00", "2026-10-13")]
    // The European Union: T2 closing days, Brussels.
    [InlineData("eu-psd2", "final", "2026-12-18T10:00:00+01:00", "2027-01-12")]
    [InlineData("eu-psd2", "final-exceptional", "2026-03-20T10:00:00+01:00", "2026-05-13")]
    [InlineData("eu-psd2", "final", "2028-02-20T10:00:00Z", "2028-03-10")]
    // The United Kingdom, with substitute days.
    [InlineData("uk-disp", "summary", "2026-12-24T09:00:00Z", "2026-12-31")]
    [InlineData("uk-disp", "final", "2026-12-18T17:30:00Z", "2027-01-13")]
    [InlineData("uk-disp", "final-exceptional", "2026-12-18T17:30:00Z", "2027-02-10")]
    [InlineData("uk-disp", "final-other", "2026-12-18T17:30:00Z", "2027-02-12")]
    [InlineData("uk-disp", "final", "2026-03-28T23:30:00Z", "2026-04-21")]
    [InlineData("uk-disp", "final", "2026-06-30T23:30:00Z", "2026-07-22")]
    // The United States: federal holidays, New York, also where Coordinated Universal Time is a day ahead.
    [InlineData("us-reg-e", "final", "2026-10-30T23:59:00-04:00", "2026-11-16")]
    [InlineData("us-reg-e", "final", "2026-10-31T03:59:00Z", "2026-11-16")]
    [InlineData("us-reg-e", "final-new-account", "2026-10-30T23:59:00-04:00", "2026-12-01")]
    [InlineData("us-reg-e", "final-45", "2026-10-30T23:59:00-04:00", "2026-12-14")]
    [InlineData("us-reg-e", "final-90", "2026-12-01T12:00:00-05:00", "2027-03-01")]
    [InlineData("us-reg-e", "credit", "2026-06-15T12:00:00-04:00", "2026-06-30")]
    [InlineData("us-cfpb", "response", "2026-12-20T12:00:00-05:00", "2027-01-04")]
    [InlineData("us-cfpb", "final-progress", "2026-12-20T12:00:00-05:00", "2027-02-18")]
    // Hong Kong, Singapore, Taiwan.
    [InlineData("hk", "acknowledge-law", "2026-11-24T10:00:00+08:00", "2026-12-01")]
    [InlineData("hk", "final", "2026-11-24T10:00:00+08:00", "2026-12-24")]
    [InlineData("hk", "final-complex", "2026-11-24T10:00:00+08:00", "2027-01-23")]
    [InlineData("sg", "acknowledge-law", "2026-11-06T10:00:00+08:00", "2026-11-11")]
    [InlineData("sg", "final", "2026-11-06T10:00:00+08:00", "2026-12-07")]
    [InlineData("sg", "final-e-payment", "2026-05-25T10:00:00+08:00", "2026-06-25")]
    [InlineData("tw", "final", "2026-11-24T10:00:00+08:00", "2026-12-24")]
    public void Every_clock_ends_on_the_day_that_its_rule_says(string pack, string clock, string received, string due) =>
        Assert.Equal(due, Deadline(pack, clock, received).DueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("uk-disp", "final", "2026-03-20T10:00:00Z", "2026-04-14T22:59:59.999Z")] // summer time begins on the way
    [InlineData("us-reg-e", "final", "2026-10-19T10:00:00-04:00", "2026-11-03T04:59:59.999Z")] // and ends
    [InlineData("uk-disp", "summary", "2026-11-20T10:00:00Z", "2026-11-25T17:00:00Z")]
    [InlineData("cn", "acknowledge", "2026-11-24T23:30:00+08:00", "2026-11-24T16:30:00Z")]
    [InlineData("cn", "first-contact", "2026-11-27T17:00:00+08:00", "2026-11-30T08:00:00Z")]
    [InlineData("cn", "report-leak", "2026-11-27T17:00:00+08:00", "2026-11-30T09:00:00Z")]
    public void The_last_moment_is_the_end_of_a_local_day_or_what_the_rule_says(string pack, string clock, string received, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due, CultureInfo.InvariantCulture), Deadline(pack, clock, received).DueAt);

    [Fact]
    public void The_ombudsman_can_be_asked_for_six_months_also_from_the_last_day_of_august() =>
        Assert.Equal(new DateOnly(2027, 2, 28), Deadline("uk-disp", "referral", "2026-08-31T10:00:00+01:00").DueDate);

    [Fact]
    public void Across_a_year_without_a_calendar_a_deadline_is_provisional_and_as_early_as_it_can_be()
    {
        var deadline = Deadline("cn", "progress", "2026-12-30T10:00:00+08:00");
        // 2027-01-01 is off by law; the days after it are expected to be off, but may be worked.
        Assert.True(deadline.IsProvisional);
        Assert.Equal(DayTreatment.Holiday, deadline.Days.Single(day => day.Date == new DateOnly(2027, 1, 1)).Treatment);
        Assert.Equal(DayTreatment.CountedUnconfirmed, deadline.Days.Single(day => day.Date == new DateOnly(2027, 1, 2)).Treatment);
        var expected = CalendarShelf.Find("CN")!.AddWorkingDays(new(2026, 12, 30), 5).Date;
        Assert.True(deadline.DueDate <= expected, $"{deadline.DueDate} is later than the expected {expected}.");
        Assert.True(Deadline("cn", "progress", "2031-05-01T10:00:00+08:00").IsProvisional);
        Assert.False(Deadline("eu-psd2", "final", "2026-12-18T10:00:00+01:00").IsProvisional);
    }

    [Fact]
    public void A_clock_stands_still_only_where_its_rule_allows_it_and_by_the_days_at_whose_end_it_stood()
    {
        ClockStop[] stops = [new(At("2026-11-12T10:05:00+08:00"), At("2026-11-13T09:30:00+08:00"), "AwaitingCustomer")];
        var plain = Deadline("cn", "final", "2026-11-08T14:14:00+08:00");
        var held = Deadline("cn", "final", "2026-11-08T14:14:00+08:00", stops);
        Assert.Equal((new DateOnly(2026, 11, 23), new DateOnly(2026, 11, 24)), (plain.DueDate, held.DueDate));
        Assert.Equal(DayTreatment.Stopped, held.Days.Single(day => day.Date == new DateOnly(2026, 11, 12)).Treatment);
        Assert.Equal(Deadline("eu-psd2", "final", "2026-11-08T14:14:00+08:00"), Deadline("eu-psd2", "final", "2026-11-08T14:14:00+08:00", stops), (a, b) => a!.DueAt == b!.DueAt);
        // Stops that overlap, lie before the beginning or are turned round do not count twice.
        ClockStop[] messy = [stops[0], new(At("2026-11-12T12:00:00+08:00"), At("2026-11-13T09:00:00+08:00"), "x"), new(At("2026-11-01T12:00:00+08:00"), At("2026-11-02T09:00:00+08:00"), "x")];
        Assert.Equal(held.DueAt, Deadline("cn", "final", "2026-11-08T14:14:00+08:00", messy).DueAt);
    }

    [Fact]
    public void Every_day_on_the_way_is_accounted_for_and_no_later_receipt_is_due_earlier()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var first = At("2024-01-01T00:00:00Z");
        for (var run = 0; run < 4000; run++)
        {
            var pack = ComplaintPackShelf.Shipped.Packs[random.Next(ComplaintPackShelf.Shipped.Packs.Length)];
            var rule = pack.Clocks[random.Next(pack.Clocks.Length)];
            var from = first.AddMinutes(random.Next(4 * 366 * 1440));
            var deadline = DeadlineRules.Compute(pack, rule, from);
            var about = $"seed {seed}: {deadline.Reference} from {from:O}";
            Assert.True(deadline.DueAt > from, about);
            Assert.Equal(deadline.DueDate, pack.Time.Zone.LocalDate(deadline.DueAt));
            if (rule.Unit is ClockUnit.Days or ClockUnit.Weeks or ClockUnit.WorkingDays)
            {
                Assert.Equal(Enumerable.Range(0, deadline.Days.Length), deadline.Days.Select(day => day.Date.DayNumber - deadline.Days[0].Date.DayNumber));
                Assert.Equal(Enumerable.Range(1, rule.Unit == ClockUnit.Weeks ? rule.Amount * 7 : rule.Amount), deadline.Counted.Select(day => day.Number));
                Assert.True(deadline.Days[^1].IsCounted && deadline.Days[^1].Date == deadline.DueDate, about);
                if (rule.Unit == ClockUnit.WorkingDays && !deadline.IsProvisional) Assert.True(deadline.Counted.All(day => pack.Time.Calendar.IsWorking(day.Date)), about);
            }
            Assert.True(DeadlineRules.Compute(pack, rule, from.AddMinutes(random.Next(100_000))).DueAt >= deadline.DueAt, about);
            var half = deadline.WarnAt(.5);
            Assert.True(half > from && half <= deadline.DueAt, about);
            Assert.NotEmpty(new DeadlineWords(Language.All[random.Next(3)]).Explain(deadline));
        }
    }

    [Fact]
    public void Half_of_the_time_is_over_in_working_hours_never_at_midnight()
    {
        var half = Deadline("cn", "final", "2026-11-24T14:10:00+08:00").WarnAt(.5);
        var local = half.ToOffset(TimeSpan.FromHours(8));
        Assert.InRange(local.Hour, 9, 18);
        Assert.NotEqual(DayOfWeek.Sunday, local.DayOfWeek);
    }

    [Fact]
    public void Every_pack_names_its_sources_and_what_the_answer_must_say()
    {
        Assert.Equal(["cn", "eu-psd2", "hk", "sg", "tw", "uk-disp", "us-cfpb", "us-reg-e"], ComplaintPackShelf.Shipped.Packs.Select(pack => pack.Id).Order(StringComparer.Ordinal));
        foreach (var pack in ComplaintPackShelf.Shipped.Packs)
        {
            Assert.Equal(pack.Clocks.Length, pack.Clocks.Select(clock => clock.Id).Distinct().Count());
            Assert.All(pack.Clocks, clock => Assert.NotEmpty(clock.Source.Title));
            Assert.NotEmpty(pack.Referral.Text.En);
            Assert.Contains(pack.Clocks, clock => clock.Kind == ClockKind.Acknowledge);
        }
    }

    private static Deadline Deadline(string pack, string clock, string received, ClockStop[]? stops = null) =>
        DeadlineRules.Compute(ComplaintPackShelf.Shipped.Find(pack)!, ComplaintPackShelf.Shipped.Find(pack)!.Clock(clock)!, At(received), stops);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
