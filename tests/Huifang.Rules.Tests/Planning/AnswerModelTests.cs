using Huifang.Calls;
using Huifang.Contacts;

namespace Huifang.Planning;

public sealed class AnswerModelTests // P2, B3
{
    private static readonly DateTimeOffset Begin = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AnswerTime Morning = new(DayPart.Morning, false), Evening = new(DayPart.Evening, false);

    /// <summary>People with a level and a favourite time of their own, called at all kinds of time.</summary>
    private static (List<CallTry> Tries, Func<string, AnswerTime, double> True) World(int seed, int people, int tries)
    {
        var random = new Random(seed);
        var (level, likes) = (Enumerable.Range(0, people).Select(_ => (random.NextDouble() - .5) * 3).ToArray(), Enumerable.Range(0, people).Select(_ => random.Next(5)).ToArray());
        double True(string customer, AnswerTime time)
        {
            var i = int.Parse(customer, System.Globalization.CultureInfo.InvariantCulture);
            return 1 / (1 + Math.Exp(-(0.3 + level[i] + (time.Part == DayPart.Evening ? .6 : 0) + ((int)time.Part == likes[i] ? 1.2 : 0) - (time.IsWeekend ? .4 : 0))));
        }
        var list = new List<CallTry>();
        for (var i = 0; i < tries; i++)
        {
            var (customer, time) = (random.Next(people).ToString(System.Globalization.CultureInfo.InvariantCulture), AnswerTime.Of(random.Next(AnswerTime.Count)));
            list.Add(new(customer, Channel.Voice, Begin.AddMinutes(i), time, random.NextDouble() < True(customer, time)));
        }
        return (list, True);
    }

    [Fact]
    public void Somebody_without_a_history_gets_everybodys_figure()
    {
        var tries = Enumerable.Range(0, 400).Select(i => new CallTry($"c{i}", Channel.Voice, Begin.AddHours(i), i % 2 == 0 ? Morning : Evening, i % 2 == 0 ? i % 10 == 0 : i % 10 < 8)).ToList();
        var model = AnswerModel.Learn(tries);
        var stranger = model.Of(Channel.Voice, []);
        Assert.Equal(model.Everybody(Channel.Voice, Evening), stranger[Evening.Index], 6);
        Assert.InRange(stranger[Morning.Index], .15, .3);
        Assert.InRange(stranger[Evening.Index], .7, .85);
        Assert.Equal(.6, AnswerModel.Learn([]).Of(Channel.Phone, [])[3], 6);
    }

    [Fact]
    public void A_few_tries_move_the_figure_a_little_and_many_move_it_far()
    {
        var (tries, _) = World(11, 200, 4000);
        var model = AnswerModel.Learn(tries);
        double After(int n) => model.Of(Channel.Voice, [.. Enumerable.Range(0, n).Select(i => new CallTry("x", Channel.Voice, Begin, Evening, false))])[Evening.Index];
        Assert.True(After(0) > After(1) && After(1) > After(4) && After(4) > After(30));
        Assert.InRange(After(1), .25, After(0));
        Assert.True(After(30) < .2 && After(30) >= AnswerModel.Least);
    }

    [Fact]
    public void When_people_do_not_differ_their_histories_hardly_count()
    {
        var random = new Random(5);
        var alike = Enumerable.Range(0, 6000).Select(i => new CallTry($"c{i % 300}", Channel.Voice, Begin.AddMinutes(i), AnswerTime.Of(random.Next(10)), random.NextDouble() < .7)).ToList();
        Assert.True(AnswerModel.Learn(alike).CustomerStrength > 50);
        Assert.True(AnswerModel.Learn(World(5, 300, 6000).Tries).CustomerStrength < 15);
    }

    [Fact]
    public void Whoever_answers_is_not_called_again_and_that_deceives_nobody()
    {
        // Everybody answers seven times in ten, and is tried until she does: her history is failures only, and says nothing.
        var random = new Random(9);
        var tries = new List<CallTry>();
        for (var i = 0; i < 3000; i++)
            for (var (turn, answered) = (0, false); turn < 4 && !answered; turn++)
                tries.Add(new($"c{i}", Channel.Voice, Begin.AddHours(i * 5 + turn), AnswerTime.Of(random.Next(10)), answered = random.NextDouble() < .7));
        var model = AnswerModel.Learn(tries);
        Assert.InRange(model.Of(Channel.Voice, [tries[0] with { Answered = false }, tries[0] with { Answered = false }])[Morning.Index], .6, .75);
        Assert.True(AnswerTest.Of(tries)!.Error < .05);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void What_is_said_comes_true_and_beats_one_figure_for_all(int seed)
    {
        var (tries, _) = World(seed, 800, 20000);
        var test = AnswerTest.Of(tries)!;
        Assert.True(test.Error < .035, $"seed {seed}: calibration error {test.Error}");
        Assert.True(test.Brier < test.BrierOfOne * .93, $"seed {seed}: {test.Brier} against {test.BrierOfOne}");
        Assert.Equal(4000, test.Asked);
        Assert.Equal(test.Asked, test.Bins.Sum(bin => bin.Tries));
        Assert.All(test.Bins, bin => Assert.True(bin.Low <= bin.Answered && bin.Answered <= bin.High));
    }

    [Fact]
    public void The_chances_are_nearer_to_the_truth_than_each_customers_own_share()
    {
        var (tries, truth) = World(7, 500, 5000);
        var model = AnswerModel.Learn(tries);
        var (ours, raw, n) = (0.0, 0.0, 0);
        foreach (var person in tries.GroupBy(one => one.CustomerId))
        {
            var said = model.Of(Channel.Voice, [.. person]);
            for (var i = 0; i < AnswerTime.Count; i++, n++)
            {
                var is1 = truth(person.Key, AnswerTime.Of(i));
                ours += Math.Pow(said[i] - is1, 2);
                raw += Math.Pow(person.Average(one => one.Answered ? 1.0 : 0) - is1, 2);
            }
        }
        Assert.True(ours / n < raw / n * .8, $"{ours / n} against {raw / n}");
    }

    [Fact]
    public void The_retry_is_at_the_best_time_and_on_the_better_channel_but_does_not_wait_for_nothing()
    {
        var now = Begin;
        RetryChoice At(double hours, double chance, Channel channel = Channel.Voice) => new(now.AddHours(hours), channel, chance);
        Assert.Equal(At(8, .8), RetryAfterCall.Best([At(3, .4), At(8, .8), At(32, .81)], now));
        Assert.Equal(At(3, .7, Channel.Phone), RetryAfterCall.Best([At(3, .5), At(3, .7, Channel.Phone)], now));
        Assert.Equal(At(3, .5), RetryAfterCall.Best([At(3, .5), At(4, .5)], now));
        Assert.Null(RetryAfterCall.Best([], now));
    }
}
