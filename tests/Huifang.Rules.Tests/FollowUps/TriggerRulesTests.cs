using FsCheck;
using FsCheck.Fluent;
using static Huifang.FollowUps.TriggerScene;

namespace Huifang.FollowUps;

public sealed class TriggerRulesTests // T1–T4, T7, T8, T12
{
    [Theory]
    [InlineData("""{"amount":5000000,"currency":"CNY"}""", null)]
    [InlineData("""{"amount":4999999,"currency":"CNY"}""", LeaveReason.Condition)]
    [InlineData("""{"amount":5000000,"currency":"USD"}""", LeaveReason.Condition)] // never converted silently
    [InlineData("""{"amount":5000000}""", LeaveReason.Condition)]
    [InlineData("""{"amount":"a lot","currency":"CNY"}""", LeaveReason.Condition)]
    [InlineData("not json", LeaveReason.Condition)]
    public void An_amount_counts_only_in_its_currency(string data, LeaveReason? left) =>
        Assert.Equal(left, Left(Decide(Rule("withdrawal-important"), Fact("withdrawal.completed", data), Zhou)));

    [Fact]
    public void Two_failures_in_a_day_are_worth_a_call_and_one_is_not()
    {
        var rule = Rule("withdrawal-failed");
        Assert.Equal(LeaveReason.TooFew, Left(Decide(rule, Fact("withdrawal.failed"), Zhou)));
        Assert.Equal(LeaveReason.TooFew, Left(Decide(rule, Fact("withdrawal.failed"), Zhou with { Past = [Past("withdrawal.failed", 24)] })));
        var arrange = Assert.IsType<TriggerDecision.Arrange>(Decide(rule, Fact("withdrawal.failed"), Zhou with { Past = [Past("withdrawal.returned", 23)] }));
        Assert.Equal((Noon.AddMinutes(30), Noon.AddHours(72), Noon.AddHours(168)), (arrange.DueAt, arrange.AnswerBy, arrange.ExpiresAt));
    }

    [Fact]
    public void The_first_use_counts_once_for_each_feature()
    {
        var rule = Rule("feature-first-use");
        var used = Zhou with { Past = [Past("feature.used", 500, ("feature", "qr"))] };
        Assert.Equal(LeaveReason.NotFirst, Left(Decide(rule, Fact("feature.used", """{"feature":"qr"}"""), used)));
        Assert.IsType<TriggerDecision.Arrange>(Decide(rule, Fact("feature.used", """{"feature":"fx"}"""), used));
    }

    [Fact]
    public void A_rule_for_new_customers_leaves_the_others()
    {
        var rule = Rule("new-customer");
        Assert.Equal(LeaveReason.NotForThisCustomer, Left(Decide(rule, Fact("top-up.failed"), Zhou)));
        Assert.IsType<TriggerDecision.Arrange>(Decide(rule, Fact("top-up.failed"), Zhou with { Since = Noon.AddDays(-7.9) }));
        Assert.Equal(LeaveReason.NotForThisCustomer, Left(Decide(rule, Fact("top-up.failed"), Zhou with { Since = null })));
        Assert.Equal(LeaveReason.UnknownCustomer, Left(Decide(rule, Fact("top-up.failed"), null)));
    }

    [Fact]
    public void A_rule_never_wants_a_customer_more_often_than_its_cap()
    {
        var rule = Rule("low-score");
        var bad = Fact("survey.answered", """{"score":1}""");
        Assert.Equal(LeaveReason.CapReached, Left(Decide(rule, bad, Zhou with { Arranged = [new("low-score", Noon.AddDays(-29))] })));
        Assert.IsType<TriggerDecision.Arrange>(Decide(rule, bad, Zhou with { Arranged = [new("low-score", Noon.AddDays(-30)), new("dormancy", Noon)] }));
        Assert.Equal(LeaveReason.Condition, Left(Decide(rule, Fact("survey.answered", """{"score":3}"""), Zhou)));
    }

    [Fact]
    public void What_comes_late_is_due_at_once_and_what_comes_too_late_is_left()
    {
        var rule = Rule("complaint-resolved");
        var fact = Fact("complaint.resolved");
        var late = Assert.IsType<TriggerDecision.Arrange>(TriggerRules.Consider(fact, Zhou, new([rule]), Noon.AddHours(30))[0]);
        Assert.Equal(Noon.AddHours(30), late.DueAt);
        Assert.Equal(LeaveReason.TooLate, Left(TriggerRules.Consider(fact, Zhou, new([rule]), Noon.AddHours(168))[0]));
    }

    [Fact]
    public void A_share_and_a_hold_out_are_the_same_customers_every_time_and_of_the_right_size()
    {
        var rule = Rule("complaint-resolved") with { SharePercent = 30, HoldOutPercent = 20, Purpose = Contacts.Purpose.Survey };
        var decisions = Enumerable.Range(0, 5000).Select(n => Decide(rule, Fact("complaint.resolved", customer: $"c{n}"), Zhou with { Id = $"c{n}" })).ToList();
        Assert.Equal(decisions, Enumerable.Range(0, 5000).Select(n => Decide(rule, Fact("complaint.resolved", customer: $"c{n}"), Zhou with { Id = $"c{n}" })));
        var arranged = decisions.OfType<TriggerDecision.Arrange>().ToList();
        Assert.InRange(arranged.Count, 1350, 1650);
        Assert.InRange(arranged.Count(each => each.IsHeldOut), 225, 375);
    }

    [Fact]
    public void Quiet_customers_are_wanted_when_they_have_just_become_quiet()
    {
        var dormancy = Rule("dormancy");
        Assert.Equal(LeaveReason.Condition, Left(TriggerRules.ConsiderPeriod(dormancy, Zhou, Noon.AddDays(-59), Noon)));
        Assert.IsType<TriggerDecision.Arrange>(TriggerRules.ConsiderPeriod(dormancy, Zhou, Noon.AddDays(-60), Noon));
        Assert.Equal(LeaveReason.Condition, Left(TriggerRules.ConsiderPeriod(dormancy, Zhou, Noon.AddDays(-91), Noon)));
        Assert.Equal(LeaveReason.CapReached, Left(TriggerRules.ConsiderPeriod(dormancy, Zhou with { Arranged = [new("dormancy", Noon.AddDays(-100))] }, Noon.AddDays(-60), Noon)));
    }

    [Fact]
    public void Periodic_care_comes_once_a_period_and_is_spread_over_it()
    {
        var care = Rule("quarterly-care");
        var wanted = new int[90];
        foreach (var customer in Enumerable.Range(0, 900).Select(n => Zhou with { Id = $"c{n}" }))
        {
            var arranged = new List<PastArrangement>();
            for (var day = 0; day < 180; day++)
                if (TriggerRules.ConsiderPeriod(care, customer with { Arranged = arranged }, null, Noon.AddDays(day)) is TriggerDecision.Arrange)
                {
                    arranged.Add(new(care.Key, Noon.AddDays(day)));
                    if (day is >= 3 and < 90) wanted[day]++;
                }
            Assert.InRange(arranged.Count, 2, 3);
            Assert.True((arranged[1].At - arranged[0].At).TotalDays >= 87);
        }
        Assert.All(wanted.Skip(3), count => Assert.InRange(count, 1, 30));
        Assert.Equal(LeaveReason.NotForThisCustomer, Enumerable.Range(0, 90).Select(day => Left(TriggerRules.ConsiderPeriod(care, Zhou with { Segments = [] }, null, Noon.AddDays(day)))).First(left => left != LeaveReason.Condition));
    }

    [Fact]
    public void An_event_that_nobody_wants_is_passed_over()
    {
        TriggerSet live = new(TriggerShelf.Shipped);
        Assert.Empty(TriggerRules.Consider(Fact("payment.completed"), Zhou, live, Noon));
        Assert.False(live.Wants("payment.completed"));
        Assert.Equal(TimeSpan.FromDays(1), live.Reach("withdrawal.failed"));
        Assert.Equal(TimeSpan.MaxValue, live.Reach("feature.used"));
        Assert.Null(live.Reach("complaint.resolved"));
    }

    [Fact]
    public void More_past_never_makes_a_count_smaller() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, 60)).ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), (hours, more) =>
        {
            var rule = Rule("withdrawal-failed");
            var before = Zhou with { Past = [.. hours.Select(ago => Past("withdrawal.failed", ago))] };
            var after = before with { Past = [.. before.Past, Past("withdrawal.failed", more)] };
            return Decide(rule, Fact("withdrawal.failed"), before) is TriggerDecision.Leave || Decide(rule, Fact("withdrawal.failed"), after) is TriggerDecision.Arrange;
        }).QuickCheckThrowOnFailure();
}
