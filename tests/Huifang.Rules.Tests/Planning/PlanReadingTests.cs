using Huifang.Calendars;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Planning;

public sealed class PlanReadingTests // P2
{
    private static readonly PlanSpan Span = PlanSpan.From(new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero), Shanghai);
    private const int Nine = 18, Noon = 24, Six = 36;

    private static PlanPerson Agent(string id, string[]? languages = null, params (int From, int To)[] blocks)
    {
        var free = new bool[Span.Quarters];
        foreach (var (from, to) in blocks) Array.Fill(free, true, from * 2, (to - from) * 2);
        return new(id, languages ?? ["zh-Hans"], ["general"], free);
    }

    private static double[] Chances(double usual = .8, params (DayPart Part, double Chance)[] others)
    {
        var chances = Enumerable.Repeat(usual, AnswerTime.Count).ToArray();
        foreach (var (part, chance) in others) chances[(int)part] = chances[(int)part + 5] = chance;
        return chances;
    }

    private static PlanCall Call(string id, int value = 50, int urgency = 1, string language = "zh-Hans", bool hard = false, double[]? chances = null, params int[] window) =>
        new(id, value, urgency, language, "general", window.Length == 0 ? [Nine, Six] : window, chances ?? Chances(), Shanghai, hard);

    private static (PlanSheet Sheet, PlanReading Plan) Solve(IReadOnlyList<PlanCall> calls, params PlanPerson[] people)
    {
        var sheet = PlanSheet.Of(Span, calls, people);
        return (sheet, PlanReading.Of(sheet, PlanSolver.Solve(sheet.Problem), Nine));
    }

    [Fact]
    public void Calls_are_made_as_soon_in_the_day_as_nothing_is_lost()
    {
        var (_, plan) = Solve([Call("a"), Call("b", urgency: 6), Call("c")], Agent("lin", null, (Nine, Six)));
        Assert.Equal([Nine, Nine, Nine + 1], plan.Calls.Select(call => call.Block).Order());
        Assert.Equal(Nine, plan.Calls[1].Block);
        Assert.Equal(0, plan.Gap);
        Assert.All(plan.Calls, call => Assert.Equal("lin", call.AgentId));
        Assert.Equal(3, plan.Calls.Select(call => call.At).Distinct().Count());
    }

    [Fact]
    public void A_customer_who_answers_in_the_evening_is_called_in_the_evening_and_nobody_takes_her_earlier()
    {
        var (_, plan) = Solve([Call("a", chances: Chances(.3, (DayPart.Evening, .9)), window: [Nine, 44])], Agent("lin", null, (Nine, 44)));
        Assert.Equal(Six, plan.Calls[0].Block);
        Assert.Equal(Span.At(Six), plan.Calls[0].From);
        Assert.Equal(900, plan.Calls[0].Chance);
        var (_, calm) = Solve([Call("b", window: [Nine, Six])], Agent("lin", null, (Noon, Six)));
        Assert.Equal(Span.At(Nine), calm.Calls[0].From); // an agent who is early may have her from nine
    }

    [Fact]
    public void When_places_are_short_the_more_valuable_are_planned_and_the_rest_says_why()
    {
        var (sheet, plan) = Solve([Call("low", 20), Call("high", 90), Call("mid", 60), Call("english", language: "en"), Call("never") with { Window = [] }], Agent("lin", null, (Noon, Noon + 1)));
        Assert.Equal([UnplannedReason.Outbid, null, null, UnplannedReason.NobodyCan, UnplannedReason.NoTime], plan.Calls.Select(call => call.Reason));
        Assert.True(plan.Calls[0].OtherLoss > 0 || plan.Calls[0].Price >= plan.Calls[0].Gain);
        var cell = Assert.Single(plan.Cells);
        Assert.Equal((2, 2), (cell.Capacity, cell.Used));
        // One more place would let the low one in: the price says so.
        Assert.Equal(sheet.Gain(0, Noon), cell.Price);
        Assert.Equal(plan.Objective, plan.Bound);
    }

    [Fact]
    public void What_another_time_would_lose_is_what_solving_afresh_without_this_one_says()
    {
        const int seed = 42;
        var random = new Random(seed);
        var calls = Enumerable.Range(0, 40).Select(i => Call($"c{i}", random.Next(10, 100), random.Next(3) * 2 + 1, window: [Nine + random.Next(12), 31 + random.Next(5)])).ToList();
        var people = new[] { Agent("lin", null, (Nine + 2, Nine + 8)), Agent("he", null, (Nine + 6, Nine + 14)) };
        var (_, plan) = Solve(calls, people);
        Assert.Equal(0, plan.Gap);
        foreach (var i in Enumerable.Range(0, calls.Count).Where(i => plan.Calls[i].IsPlanned).Take(8))
        {
            // Forbidding the call its half hour can cost no more than prices say it costs to move it where it is next best, or to leave it.
            var block = plan.Calls[i].Block;
            var without = calls[i] with { Window = [.. Pieces(calls[i].Window, block)] };
            var (_, other) = Solve([.. calls.Select((call, k) => k == i ? without : call)], people);
            Assert.True(plan.Objective - other.Objective <= Math.Max(0, plan.Calls[i].Gain), $"seed {seed}, call {i}");
            Assert.True(other.Objective <= plan.Objective, $"seed {seed}, call {i}");
        }
    }

    private static IEnumerable<int> Pieces(int[] window, int without)
    {
        for (var run = 0; run < window.Length; run += 2)
        {
            var (from, to) = (window[run], window[run + 1]);
            if (without < from || without >= to) { yield return from; yield return to; continue; }
            if (without > from) { yield return from; yield return without; }
            if (without + 1 < to) { yield return without + 1; yield return to; }
        }
    }

    [Fact]
    public void Nobody_gets_all_the_hard_calls_and_nobody_gets_one_in_her_break()
    {
        var calls = Enumerable.Range(0, 24).Select(i => Call($"c{i}", hard: i < 8, window: [Nine, Nine + 8])).ToList();
        var people = new[] { Agent("lin", null, (Nine, Nine + 4), (Nine + 5, Nine + 8)), Agent("he", null, (Nine, Nine + 8)), Agent("ma", null, (Nine, Nine + 8)), Agent("xu", null, (Nine + 2, Nine + 8)) };
        var (_, plan) = Solve(calls, people);
        Assert.All(plan.Calls, call => Assert.True(call.IsPlanned));
        var hard = plan.Calls.Take(8).GroupBy(call => call.AgentId).ToDictionary(group => group.Key!, group => group.Count());
        Assert.All(hard.Values, count => Assert.InRange(count, 1, 3));
        foreach (var call in plan.Calls)
        {
            var person = people.Single(each => each.Id == call.AgentId);
            Assert.True(person.Free[(int)((call.At!.Value - Span.Begin) / AgentHours.Quarter)]);
        }
        Assert.Equal(24, plan.Calls.Select(call => (call.AgentId, call.At)).Distinct().Count());
    }

    [Fact]
    public void Nobody_on_duty_and_nothing_to_do_are_plans_too()
    {
        Assert.Equal(UnplannedReason.NobodyCan, Solve([Call("a")]).Plan.Calls[0].Reason);
        var (_, empty) = Solve([], Agent("lin", null, (Nine, Six)));
        Assert.Empty(empty.Calls);
        Assert.Equal(0, empty.Gap);
        Assert.All(empty.Cells, cell => Assert.Equal(0, cell.Price));
    }

    [Fact]
    public void More_kinds_of_customers_than_the_solver_can_tell_apart_are_rounded_and_not_refused()
    {
        var random = new Random(3);
        var calls = Enumerable.Range(0, 2000).Select(i => Call($"c{i}", chances: [.. Enumerable.Range(0, 10).Select(_ => .05 + .9 * random.NextDouble())])).ToList();
        var (sheet, plan) = Solve(calls, Agent("lin", null, (Nine, Six)), Agent("he", null, (Nine, Six)));
        Assert.InRange(sheet.Problem.TaskProfile!.Max(), (byte)1, (byte)255);
        Assert.Equal((Six - Nine) * 4, plan.Planned);
    }

    [Fact]
    public void One_more_hour_is_worth_its_places_times_their_price()
    {
        var hours = PlanWorth.OneMoreHour([new("zh", 20, 4, 4, 300), new("zh", 21, 4, 4, 100), new("zh", 40, 4, 1, 0), new("en", 22, 2, 0, 0)], 18);
        Assert.Equal([new("zh", 20, 4, 800), new("en", 22, 4, 0)], hours);
        Assert.Equal("zh", Assert.Single(PlanWorth.OneMoreHour([new("zh", 20, 4, 4, 300)], 10)).AgentType);
        Assert.Empty(PlanWorth.OneMoreHour([new("zh", 20, 4, 4, 300)], 21));
    }

    [Fact]
    public void Whoever_is_free_calls_where_calling_now_is_worth_most_and_what_waits_is_believed_by_half()
    {
        // One place now and none later today; in the evening b is likelier to answer, and there is room for both.
        var (sheet, plan) = Solve([Call("a", 20), Call("b", 80, chances: Chances(.5, (DayPart.Evening, .9)), window: [Nine, 44]), Call("later", 90, window: [Noon, Six]), Call("never") with { Window = [] }], Agent("lin", null, (Nine, Nine + 1), (40, 42)));
        var (a, b) = (plan.Calls[0], plan.Calls[1]);
        Assert.Equal((Nine, 40), (a.Block, b.Block));
        Assert.Equal(sheet.Gain(1, Nine) - (b.Gain - b.Price) * CallNow.BelievedPercent / 100, b.Now);
        // The plan lets b wait, and rightly, if the evening were certain; whoever has nothing better to do now calls the one who is worth more now.
        Assert.True(b.Now > CallNow.NotNow && a.Now > 0);
        Assert.Equal((CallNow.NotNow, CallNow.NotNow), (plan.Calls[2].Now, plan.Calls[3].Now));
    }
}
