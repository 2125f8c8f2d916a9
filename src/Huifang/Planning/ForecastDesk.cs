using Huifang.Calendars;
using Huifang.Calls;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>What is asked about: more agents, a campaign.</summary>
/// <param name="MoreAgents">Agents more, working nine to six on every day of the plan.</param>
/// <param name="Type">What they can, as <see cref="PlanPerson.Type"/>.</param>
/// <param name="Calls">Follow-ups more, all on <paramref name="Day"/>.</param>
public sealed record WhatIf(int MoreAgents, string? Type, int Calls, DateOnly? Day)
{
    public bool IsAsked => MoreAgents > 0 || Calls > 0;
}

/// <summary>The plan as it would be.</summary>
/// <param name="Planned">Of the calls that are there today.</param>
public sealed record WhatIfPlan(long Objective, long Planned, long Calls, long CampaignPlanned, int CampaignCalls, double Gap);

/// <summary>Arrivals of one trigger: so many in the seven days up to yesterday, so many expected in the next.</summary>
public sealed record TriggerLoad(string RuleKey, int LastWeek, double NextWeek, double Low, double High);

/// <summary>Forecast, need and what-if.</summary>
/// <param name="Past">Arrivals of each day, oldest first, with their dates.</param>
public sealed record ForecastView(
    DateTimeOffset Now, IReadOnlyList<(DateOnly Date, int Arrived)> Past, IReadOnlyList<(DateOnly Date, double Expected, double Low, double High)> Days, IReadOnlyList<(int Hour, ForecastHour Forecast)> Tomorrow,
    IReadOnlyList<DayNeed> Need, IReadOnlyList<TriggerLoad> Triggers, ForecastTest? Test, WhatIf Asked, WhatIfPlan Today, WhatIfPlan? Then, IReadOnlyList<string> Types);

/// <summary>Foretells what will arrive and how many agents it takes, and tries changes on the plan without making them.</summary>
public sealed class ForecastDesk(PlanLoader loader, PlanningDesk planning, AnswerDesk answers, Store store, PlanParts parts)
{
    private const int DaysAhead = 14;
    private static readonly TimeSpan Looked = TimeSpan.FromDays(56);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The house's own holidays; where there is no calendar of that name none are known.</summary>
    private static readonly BusinessCalendar? Holidays = CalendarShelf.Find("cn-public") ?? CalendarShelf.All.FirstOrDefault(calendar => calendar.Id.StartsWith("cn", StringComparison.Ordinal));

    public async Task<ForecastView> Look(WhatIf asked, CancellationToken stop)
    {
        var now = parts.Time.GetUtcNow();
        var zone = ZoneClock.Of(parts.Ground.Zone);
        var (history, input, model, have) = await store.Read(async tx => (await Arrivals(tx, now), await loader.Load(tx), await answers.Model(tx), await Have(tx, zone, now)), stop);
        var (begin, hours) = Whole(history, now, zone);
        var first = WeekHours.DayIndex(begin.DayOfWeek) * 24;
        var holidays = Enumerable.Range(0, hours.Length / 24 + DaysAhead + 2).Where(day => Holidays?.Off.Contains(ZoneClock.Day(begin.AddDays(day))) == true).ToHashSet();
        var forecast = LoadForecast.Learn(hours, first, holidays);
        // The history ends with yesterday's last hour, so what follows begins with today.
        var today = zone.LocalDate(now);
        var next = forecast?.Next(hours.Length, (DaysAhead + 1) * 24, first, holidays, hour => Factor(asked, today.AddDays(hour / 24), hours, first)) ?? [];
        var answer = Enumerable.Range(0, AnswerTime.Count).Where(i => AnswerTime.Of(i).Part != DayPart.Night).Average(i => model.Everybody(Contacts.Channel.Voice, AnswerTime.Of(i)));
        var days = Enumerable.Range(0, next.Count / 24).Select(day => (Date: today.AddDays(day), Hours: next.Skip(day * 24).Take(24).ToList())).ToList();
        return new(now,
            [.. Enumerable.Range(0, hours.Length / 24).TakeLast(28).Select(day => (begin.AddDays(day), hours.Skip(day * 24).Take(24).Sum()))],
            [.. days.Select(day => (day.Date, day.Hours.Sum(hour => hour.Expected), CountRules.Quantile(day.Hours.Sum(hour => hour.Expected), forecast!.Dispersion, 0.025), CountRules.Quantile(day.Hours.Sum(hour => hour.Expected), forecast.Dispersion, 0.975)))],
            [.. next.Skip(24).Take(24).Select((hour, i) => (i, hour))],
            [.. days.Select(day => StaffingNeed.Of(day.Date, day.Hours, forecast!.Dispersion, answer, RetryAfterCall.TriesMax, have.GetValueOrDefault(day.Date) + (asked.MoreAgents * StaffingNeed.QuartersOfShift)))],
            Triggers([.. history.Where(row => row.Hour < DayStart(now).ToUnixTimeMilliseconds() / 3_600_000)], now, next), ForecastTest.Of(hours, first, holidays), asked, Tried(input, input, 0, stop), asked.IsAsked ? Tried(With(input, asked, zone, model), input, asked.Calls, stop) : null,
            [.. input.People.Select(person => person.Type).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static Task<List<(string RuleKey, long Hour, long Count)>> Arrivals(Tx tx, DateTimeOffset now) => tx.Query<(string RuleKey, long Hour, long Count)>(
        "select rule_key, arranged_at / 3600000 as hour, count(*) as count from follow_ups where arranged_at > @since group by rule_key, arranged_at / 3600000", new { since = now - Looked });

    /// <summary>Whole local days up to yesterday, hour by hour.</summary>
    private static (DateOnly Begin, int[] Hours) Whole(List<(string RuleKey, long Hour, long Count)> arrivals, DateTimeOffset now, ZoneClock zone)
    {
        var today = zone.LocalDate(now);
        if (arrivals.Count == 0) return (today, []);
        var begin = zone.LocalDate(DateTimeOffset.FromUnixTimeMilliseconds(arrivals.Min(row => row.Hour) * 3_600_000)).AddDays(1);
        if (begin >= today) return (today, []);
        var start = zone.FirstAt(begin.ToDateTime(TimeOnly.MinValue));
        var hours = new int[(today.DayNumber - begin.DayNumber) * 24];
        foreach (var (_, hour, count) in arrivals)
            if ((int)Math.Floor((DateTimeOffset.FromUnixTimeMilliseconds(hour * 3_600_000) - start) / Hour) is var at && at >= 0 && at < hours.Length) hours[at] += (int)count;
        return (begin, hours);
    }

    private async Task<Dictionary<DateOnly, double>> Have(Tx tx, ZoneClock zone, DateTimeOffset now)
    {
        var today = zone.LocalDate(now);
        var begin = zone.FirstAt(today.ToDateTime(TimeOnly.MinValue));
        var times = (await planning.Times(tx, today.AddDays(-1), today.AddDays(DaysAhead + 1))).GroupBy(time => time.AgentId);
        var have = new Dictionary<DateOnly, double>();
        foreach (var agent in times)
        {
            var quarters = AgentHours.Quarters(agent, begin, (DaysAhead + 1) * 96);
            for (var quarter = 0; quarter < quarters.Length; quarter++)
                if (quarters[quarter]) have[today.AddDays(quarter / 96)] = have.GetValueOrDefault(today.AddDays(quarter / 96)) + 1;
        }
        return have;
    }

    /// <summary>A campaign is so many more on its day; as a factor it keeps the shape of the day.</summary>
    private static double Factor(WhatIf asked, DateOnly date, int[] hours, int first) =>
        asked.Calls == 0 || asked.Day != date || hours.Length < LoadForecast.HoursMin ? 1 : 1 + asked.Calls / Math.Max(1.0, hours.TakeLast(LoadForecast.HoursMin).Sum() / 14.0);

    private DateTimeOffset DayStart(DateTimeOffset now)
    {
        var zone = ZoneClock.Of(parts.Ground.Zone);
        return zone.FirstAt(zone.LocalDate(now).ToDateTime(TimeOnly.MinValue));
    }

    private List<TriggerLoad> Triggers(List<(string RuleKey, long Hour, long Count)> arrivals, DateTimeOffset now, IReadOnlyList<ForecastHour> next)
    {
        var (week, all) = (DayStart(now).AddDays(-7).ToUnixTimeMilliseconds() / 3_600_000 - 1, arrivals.Sum(row => row.Count));
        var expected = next.Skip(24).Take(LoadForecast.Week).Sum(hour => hour.Expected);
        // Each trigger's part of what is to come is its part of what came.
        return [.. arrivals.GroupBy(row => row.RuleKey).Select(rule => (Rule: rule.Key, Part: (double)rule.Sum(row => row.Count) / all, Last: rule.Where(row => row.Hour > week).Sum(row => (int)row.Count)))
            .Select(rule => new TriggerLoad(rule.Rule, rule.Last, expected * rule.Part, CountRules.Quantile(expected * rule.Part, 0.02, 0.025), CountRules.Quantile(expected * rule.Part, 0.02, 0.975))).OrderByDescending(load => load.NextWeek).Take(12)];
    }

    private static PlanInput With(PlanInput input, WhatIf asked, ZoneClock zone, AnswerModel model)
    {
        var people = input.People.ToList();
        var like = people.FirstOrDefault(person => person.Type == asked.Type) ?? people.FirstOrDefault();
        for (var i = 0; i < asked.MoreAgents && like is not null; i++)
        {
            var free = new bool[input.Span.Quarters];
            for (var quarter = 0; quarter < free.Length; quarter++) free[quarter] = quarter % 96 is >= 36 and < 48 or >= 52 and < 72 && input.Span.QuarterAt(quarter) >= input.Now;
            people.Add(new($"more-{i}", like.Languages, like.Skills, free));
        }
        var calls = input.Calls.ToList();
        var day = ((asked.Day ?? zone.LocalDate(input.Now).AddDays(1)).DayNumber - zone.LocalDate(input.Span.Begin).DayNumber) * PlanSpan.BlocksPerDay;
        if (day >= 0 && day + PlanSpan.BlocksPerDay <= input.Span.Blocks)
        {
            // By the evening of the day after, in the hours that suit nearly everybody.
            int[] window = [.. new[] { day, day + PlanSpan.BlocksPerDay }.Where(begin => begin + 42 <= input.Span.Blocks).SelectMany(begin => new[] { begin + 18, begin + 42 })];
            var chances = model.Of(Contacts.Channel.Voice, []);
            for (var i = 0; i < asked.Calls; i++) calls.Add(new($"campaign-{i}", 40, 1, like?.Languages.FirstOrDefault() ?? "zh-Hans", like?.Skills.FirstOrDefault() ?? "general", window, chances, zone, false));
        }
        return input with { People = people, Calls = calls };
    }

    private static WhatIfPlan Tried(PlanInput input, PlanInput today, int campaign, CancellationToken stop)
    {
        var (_, plan) = PlanDesk.Solve(input, stop);
        var own = plan.Calls.Take(today.Calls.Count).Count(call => call.IsPlanned);
        return new(plan.Objective, own, today.Calls.Count, plan.Planned - own, campaign, plan.Gap);
    }
}
