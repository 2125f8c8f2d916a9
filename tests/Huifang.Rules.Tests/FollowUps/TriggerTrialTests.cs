using Huifang.Calendars;
using Huifang.Contacts;
using static Huifang.FollowUps.TriggerScene;

namespace Huifang.FollowUps;

public sealed class TriggerTrialTests // T12
{
    private static readonly ZoneClock Shanghai = ZoneClock.Find("Asia/Shanghai")!;

    private static TrialResult Try(TriggerRule candidate, TriggerRule? today, IEnumerable<TriggerFact> facts, Func<TriggerDecision.Arrange, ContactVerdict>? weigh = null, int capacity = 2)
    {
        var trial = new TriggerTrial(candidate, today, Shanghai, new(2026, 11, 20), new(2026, 11, 26));
        foreach (var fact in facts) trial.Feed(fact, Zhou with { Id = fact.CustomerId }, weigh);
        return trial.Finish(_ => capacity);
    }

    [Fact]
    public void A_stricter_candidate_is_shown_beside_todays_rule()
    {
        var today = Rule("withdrawal-failed");
        TriggerFact[] facts = [.. Enumerable.Range(0, 10).SelectMany(n => Enumerable.Range(0, n % 4).Select(time => Fact("withdrawal.failed", customer: $"c{n}", hours: time)))];
        var result = Try(today with { Count = new(3, TimeSpan.FromHours(24)) }, today, facts.OrderBy(fact => fact.At));
        Assert.Equal((2, 4), (result.Customers, result.CustomersToday));
        Assert.Equal((16, 32), (result.AgentMinutes, result.AgentMinutesToday));
        Assert.Equal(7, result.LeftAlone["TooFew"]);
        Assert.Contains(result.Sample, shown => shown is { TodayToo: true, Why: not null });
    }

    [Fact]
    public void Days_that_do_not_fit_the_agents_are_named()
    {
        var result = Try(Rule("complaint-resolved"), null, Enumerable.Range(0, 5).Select(n => Fact("complaint.resolved", customer: $"c{n}", hours: n < 4 ? n : 50)));
        Assert.Equal(new DateOnly(2026, 11, 21), Assert.Single(result.TooMuch).Date);
        Assert.Equal(5, result.Hours.Sum());
        Assert.Equal((5, 5, 0), (result.Contacts, result.Days.Sum(day => day.Calls), result.ContactsToday));
    }

    [Fact]
    public void The_guard_and_the_hold_out_have_their_say()
    {
        var held = Try(Rule("complaint-resolved"), null, [Fact("complaint.resolved")],
            arrange => ContactRules.Decide(new() { Customer = new() { Id = "zhou" }, Purpose = Purpose.Service, Channel = Channel.Phone, At = arrange.DueAt, Pack = null }));
        Assert.Equal(0, held.Contacts);
        Assert.Equal(1, held.LeftAlone["Unreachable"]);
        var rule = Rule("complaint-resolved") with { HoldOutPercent = 50 };
        var measured = Try(rule, null, Enumerable.Range(0, 200).Select(n => Fact("complaint.resolved", customer: $"c{n}")));
        Assert.Equal(200, measured.Contacts + measured.LeftAlone["HeldOut"]);
        Assert.InRange(measured.LeftAlone["HeldOut"], 70, 130);
    }
}
