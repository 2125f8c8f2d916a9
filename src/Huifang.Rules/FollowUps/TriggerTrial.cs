using System.Collections.Immutable;
using Huifang.Calendars;
using Huifang.Contacts;

namespace Huifang.FollowUps;

/// <summary>A customer whom a trial would have contacted, or not.</summary>
/// <param name="Why">Null when she would have been contacted; else the reason's name, of the rule or of the guard.</param>
public sealed record TrialCase(string CustomerId, DateTimeOffset At, DateTimeOffset DueAt, string? Why, bool TodayToo);

/// <summary>One local day of a trial.</summary>
public sealed record TrialDay(DateOnly Date, int Calls, int CallsToday, int Capacity)
{
    public bool Fits => Calls <= Capacity;
}

/// <summary>What a candidate would have done with a piece of history, beside what today's version would have done. Nobody was contacted.</summary>
public sealed record TrialResult
{
    public required int Events { get; init; }
    public required int Contacts { get; init; }
    public required int Customers { get; init; }
    public required int ContactsToday { get; init; }
    public required int CustomersToday { get; init; }
    /// <summary>Minutes of agents that the candidate asks for, and today's.</summary>
    public required int AgentMinutes { get; init; }
    public required int AgentMinutesToday { get; init; }
    /// <summary>Customers whom the candidate passed over and never contacted.</summary>
    public required int CustomersLeft { get; init; }
    /// <summary>Customers passed over at least once, by reason; a customer may have several, and may have been contacted another time.</summary>
    public required ImmutableSortedDictionary<string, int> LeftAlone { get; init; }
    public required ImmutableArray<TrialDay> Days { get; init; }
    /// <summary>Contacts by local hour of the day.</summary>
    public required ImmutableArray<int> Hours { get; init; }
    /// <summary>Some cases to look at, those first where candidate and today differ.</summary>
    public required ImmutableArray<TrialCase> Sample { get; init; }

    public IEnumerable<TrialDay> TooMuch => Days.Where(day => !day.Fits);
}

/// <summary>
/// Replays history against a rule before it goes live. Feed events in the order of time, one customer's past grows as they come, exactly as it would live;
/// memory is bounded by the customers seen and a fixed sample.
/// </summary>
public sealed class TriggerTrial(TriggerRule candidate, TriggerRule? today, ZoneClock zone, DateOnly from, DateOnly to)
{
    private const int PastMax = 200;
    private const int SampleMax = 40;

    private readonly Side candidateSide = new(candidate);
    private readonly Side todaySide = new(today);
    private readonly Dictionary<string, List<PastEvent>> past = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), int> leftAlone = [];
    private readonly Dictionary<DateOnly, (int Calls, int Today)> days = [];
    private readonly int[] hours = new int[24];
    private readonly List<TrialCase> differing = [], contacted = [], passedOver = [];
    private int events;

    /// <summary>Considers one event. <paramref name="weigh"/> asks the contact guard about a would-be contact; null leaves it out.</summary>
    public void Feed(TriggerFact fact, TriggerCustomer customer, Func<TriggerDecision.Arrange, ContactVerdict>? weigh = null)
    {
        if (!candidateSide.Wants(fact.Type) && !todaySide.Wants(fact.Type)) return;
        if (!past.TryGetValue(fact.CustomerId, out var before)) past[fact.CustomerId] = before = [.. customer.Past];
        var inside = zone.LocalDate(fact.At) is var date && date >= from && date <= to;
        var now = candidateSide.Consider(fact, customer, before, weigh);
        var then = todaySide.Consider(fact, customer, before, weigh);
        before.Add(new(fact.Type, fact.At, TriggerRules.Values(fact.Data)));
        if (before.Count > PastMax) before.RemoveAt(0);
        if (!inside || now is null && then is null) return;

        events++;
        if (now is { Why: { } why }) leftAlone[(why, fact.CustomerId)] = 1;
        Count(now, then);
        Keep(new(fact.CustomerId, fact.At, now?.DueAt ?? fact.At, now is null ? "not-asked" : now.Why, then is { Why: null }));
    }

    private void Keep(TrialCase shown)
    {
        var list = shown.Why is null != shown.TodayToo ? differing : shown.Why is null ? contacted : passedOver;
        if (list.Count < SampleMax && list.All(other => other.CustomerId != shown.CustomerId)) list.Add(shown);
    }

    /// <summary>Looks at one customer on one day, as a periodic rule does. <paramref name="lastEventAt"/> is the last event before that day.</summary>
    public void FeedDay(TriggerCustomer customer, DateTimeOffset? lastEventAt, DateTimeOffset at, Func<TriggerDecision.Arrange, ContactVerdict>? weigh = null)
    {
        var now = candidateSide.ConsiderDay(customer, lastEventAt, at, weigh);
        var then = todaySide.ConsiderDay(customer, lastEventAt, at, weigh);
        if (now is null && then is null) return;
        events++;
        if (now is { Why: { } why }) leftAlone[(why, customer.Id)] = 1;
        Count(now, then);
        Keep(new(customer.Id, at, now?.DueAt ?? at, now is null ? "not-asked" : now.Why, then is { Why: null }));
    }

    /// <param name="capacity">Calls that fit on a day.</param>
    public TrialResult Finish(Func<DateOnly, int> capacity)
    {
        var all = new List<TrialDay>();
        for (var date = from; date <= to.AddDays(1) && all.Count < 400; date = date.AddDays(1))
            if (date <= to || days.ContainsKey(date)) all.Add(new(date, days.GetValueOrDefault(date).Calls, days.GetValueOrDefault(date).Today, capacity(date)));
        return new()
        {
            Events = events,
            Contacts = candidateSide.Contacts, Customers = candidateSide.Customers.Count, AgentMinutes = candidateSide.Contacts * candidate.AgentMinutes,
            ContactsToday = todaySide.Contacts, CustomersToday = todaySide.Customers.Count, AgentMinutesToday = todaySide.Contacts * (today?.AgentMinutes ?? 0),
            CustomersLeft = leftAlone.Keys.Select(key => key.Item2).Where(customer => !candidateSide.Customers.Contains(customer)).Distinct(StringComparer.Ordinal).Count(),
            LeftAlone = leftAlone.Keys.GroupBy(key => key.Item1).ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
            Days = [.. all],
            Hours = [.. hours],
            Sample = [.. differing.Concat(contacted.Take(6)).Concat(passedOver.GroupBy(shown => shown.Why).SelectMany(group => group.Take(2))).Concat(contacted.Skip(6)).Take(SampleMax)],
        };
    }

    private void Count(Considered? now, Considered? then)
    {
        if (now is { Why: null })
        {
            var local = zone.LocalTime(now.DueAt);
            var date = DateOnly.FromDateTime(local);
            days[date] = (days.GetValueOrDefault(date).Calls + 1, days.GetValueOrDefault(date).Today);
            hours[local.Hour]++;
            candidateSide.Count(now.CustomerId);
        }
        if (then is { Why: null })
        {
            var date = zone.LocalDate(then.DueAt);
            days[date] = (days.GetValueOrDefault(date).Calls, days.GetValueOrDefault(date).Today + 1);
            todaySide.Count(then.CustomerId);
        }
    }

    private sealed record Considered(string CustomerId, DateTimeOffset DueAt, string? Why);

    /// <summary>One version at work, with what it would have arranged so far.</summary>
    private sealed class Side(TriggerRule? rule)
    {
        private readonly TriggerSet set = new(rule is null ? [] : [rule]);
        private readonly Dictionary<string, List<PastArrangement>> arranged = new(StringComparer.Ordinal);

        public int Contacts { get; private set; }
        public HashSet<string> Customers { get; } = new(StringComparer.Ordinal);

        public bool Wants(string type) => set.Wants(type);

        public void Count(string customerId) { Contacts++; Customers.Add(customerId); }

        public Considered? Consider(TriggerFact fact, TriggerCustomer customer, List<PastEvent> before, Func<TriggerDecision.Arrange, ContactVerdict>? weigh)
        {
            var mine = arranged.GetValueOrDefault(fact.CustomerId, []);
            var decision = TriggerRules.Consider(fact, customer with { Past = before, Arranged = mine }, set, fact.At).FirstOrDefault();
            return decision is null ? null : Weigh(decision, fact.CustomerId, fact.At, weigh);
        }

        /// <summary>Null also when it is simply not the customer's day: a period passes over nearly everybody nearly always.</summary>
        public Considered? ConsiderDay(TriggerCustomer customer, DateTimeOffset? lastEventAt, DateTimeOffset at, Func<TriggerDecision.Arrange, ContactVerdict>? weigh)
        {
            if (rule is not { Every: not null }) return null;
            var mine = arranged.GetValueOrDefault(customer.Id, []);
            var decision = TriggerRules.ConsiderPeriod(rule, customer with { Arranged = mine }, lastEventAt, at);
            return decision is TriggerDecision.Leave { Why: LeaveReason.Condition or LeaveReason.CapReached } ? null : Weigh(decision, customer.Id, at, weigh);
        }

        private Considered? Weigh(TriggerDecision decision, string customerId, DateTimeOffset at, Func<TriggerDecision.Arrange, ContactVerdict>? weigh)
        {
            if (decision is TriggerDecision.Leave leave) return new(customerId, at, leave.Why.ToString());
            if (decision is not TriggerDecision.Arrange arrange) return null;
            arranged[customerId] = [.. arranged.GetValueOrDefault(customerId, []), new(arrange.Rule.Key, at)];
            if (arrange.IsHeldOut) return new(customerId, arrange.DueAt, nameof(DropReason.HeldOut));
            return weigh?.Invoke(arrange) switch
            {
                ContactVerdict.Drop drop => new(customerId, arrange.DueAt, drop.Reason.ToString()),
                ContactVerdict.Merge => new(customerId, arrange.DueAt, nameof(ContactVerdict.Merge)),
                ContactVerdict.Hold hold => hold.Until > arrange.ExpiresAt ? new(customerId, arrange.DueAt, nameof(DropReason.TooLate)) : new(customerId, hold.Until, null),
                _ => new(customerId, arrange.DueAt, null),
            };
        }
    }
}
