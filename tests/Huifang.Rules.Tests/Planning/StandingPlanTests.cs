using Huifang.Calendars;
using Xunit;
using static Huifang.Contacts.ContactScene;

namespace Huifang.Planning;

/// <summary>Sheet after sheet, the plan that is followed is worth what a plan made afresh is worth.</summary>
public sealed class StandingPlanTests // P2, live
{
    private static readonly PlanSpan Span = PlanSpan.From(new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero), Shanghai);
    private static readonly string[] Languages = ["zh-Hans", "zh-Hant", "en"], Skills = ["general", "complaint"];

    [Fact]
    public void Whatever_comes_and_goes_it_stays_the_best_plan()
    {
        var followed = 0;
        for (var seed = 1; seed <= 30; seed++)
        {
            var chance = new Random(seed);
            var (calls, people, plan) = (Enumerable.Range(0, 60).Select(i => Call(chance, i)).ToList(), Enumerable.Range(0, 5).Select(i => Agent(chance, i)).ToList(), new StandingPlan());
            for (var (step, next) = (0, 60); step < 8; step++)
            {
                switch (chance.Next(4))
                {
                    case 0: calls.Insert(chance.Next(calls.Count), Call(chance, next++)); break;
                    case 1: calls.RemoveAt(chance.Next(calls.Count)); break;
                    case 2: calls[chance.Next(calls.Count)] = Call(chance, chance.Next(60)) with { FollowUpId = $"f{next++}" }; break;
                    default:
                        var ill = chance.Next(people.Count);
                        Array.Fill(people[ill].Free, chance.Next(2) == 0, chance.Next(Span.Quarters - 40), 40);
                        people.Reverse();
                        break;
                }
                var sheet = PlanSheet.Of(Span, [.. calls], [.. people]);
                var mine = plan.Follow(sheet);
                followed += plan.IsFollowed ? 1 : 0;
                PlanSolverTests.Judge(sheet.Problem, mine, $"seed {seed}, step {step}");
                Assert.True(mine.IsOptimal);
                Assert.Equal(PlanSolver.Solve(sheet.Problem).Objective, mine.Objective);
            }
        }
        Assert.True(followed > 100, $"{followed} of 240 sheets were followed");
    }

    [Fact]
    public void One_call_more_moves_few()
    {
        var chance = new Random(5);
        var (calls, people, plan) = (Enumerable.Range(0, 300).Select(i => Call(chance, i)).ToList(), Enumerable.Range(0, 4).Select(i => Agent(chance, i)).ToList(), new StandingPlan());
        var before = plan.Follow(PlanSheet.Of(Span, [.. calls], people));
        calls.Add(Call(chance, 300) with { Value = 100, Urgency = 6 });
        var after = plan.Follow(PlanSheet.Of(Span, [.. calls], people));
        Assert.True(plan.IsFollowed);
        var moved = Enumerable.Range(0, 300).Count(task => before.CellOf[task] % Span.Blocks != after.CellOf[task] % Span.Blocks);
        Assert.InRange(moved, 0, 20);
    }

    [Fact]
    public void Another_day_or_an_agent_of_a_new_kind_begins_again()
    {
        var chance = new Random(6);
        var (calls, people, plan) = (Enumerable.Range(0, 40).Select(i => Call(chance, i)).ToList(), Enumerable.Range(0, 3).Select(i => Agent(chance, i)).ToList(), new StandingPlan());
        plan.Follow(PlanSheet.Of(Span, calls, people));
        plan.Follow(PlanSheet.Of(Span, calls, people));
        Assert.True(plan.IsFollowed);
        plan.Follow(PlanSheet.Of(Span, calls, [.. people, new PlanPerson("new", ["de"], ["general"], new bool[Span.Quarters])]));
        Assert.False(plan.IsFollowed);
        plan.Follow(PlanSheet.Of(Span with { Begin = Span.Begin.AddDays(1) }, calls, people));
        Assert.False(plan.IsFollowed);
        Assert.All(plan.Follow(PlanSheet.Of(Span, calls, [])).CellOf, cell => Assert.Equal(-1, cell));
    }

    [Fact]
    public void A_sheet_that_cannot_be_told_leaves_no_half_told_plan()
    {
        var chance = new Random(7);
        var (calls, people, plan) = (Enumerable.Range(0, 40).Select(i => Call(chance, i)).ToList(), Enumerable.Range(0, 3).Select(i => Agent(chance, i)).ToList(), new StandingPlan());
        var dear = Array.FindIndex(plan.Follow(PlanSheet.Of(Span, calls, people)).CellOf, cell => cell >= 0);
        var absurd = calls.Select((call, i) => i == dear ? call with { Value = int.MaxValue } : call).ToList();
        Assert.Throws<ArgumentException>(() => plan.Follow(PlanSheet.Of(Span, absurd, people)));
        var again = PlanSheet.Of(Span, calls, people);
        var mine = plan.Follow(again);
        PlanSolverTests.Judge(again.Problem, mine, "after a sheet that threw");
        Assert.Equal(PlanSolver.Solve(again.Problem).Objective, mine.Objective);
    }

    private static PlanCall Call(Random chance, int id)
    {
        var (from, day) = (chance.Next(18, 40), chance.Next(Span.Days));
        int[] window = chance.Next(10) == 0 ? [] : [day * 48 + from, day * 48 + from + chance.Next(1, 8)];
        return new($"f{id}", chance.Next(1, 101), new[] { 1, 3, 6 }[chance.Next(3)], Languages[chance.Next(3)], Skills[chance.Next(2)], window, [.. Enumerable.Repeat(new[] { .3, .6, .9 }[chance.Next(3)], AnswerTime.Count)], Shanghai, false);
    }

    private static PlanPerson Agent(Random chance, int id)
    {
        var free = new bool[Span.Quarters];
        for (var day = 0; day < Span.Days; day++) Array.Fill(free, true, day * 96 + 36, chance.Next(8, 30));
        return new($"a{id}", Languages[..chance.Next(1, 4)], Skills[..chance.Next(1, 3)], free);
    }
}
