using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Huifang.FollowUps;

/// <summary>Decides which follow-ups an event is worth. Pure; the contact guard decides afterwards whether the customer may be contacted.</summary>
public static class TriggerRules
{
    /// <summary>What every rule that listens to this type makes of the event; empty when none listens.</summary>
    public static IReadOnlyList<TriggerDecision> Consider(TriggerFact fact, TriggerCustomer? customer, TriggerSet rules, DateTimeOffset now)
    {
        var listening = rules.For(fact.Type);
        if (listening.IsEmpty) return [];
        var values = Values(fact.Data);
        var decisions = new TriggerDecision[listening.Length];
        for (var index = 0; index < decisions.Length; index++) decisions[index] = Decide(listening[index], fact, values, customer, now);
        return decisions;
    }

    /// <summary>A period that was missed because nobody looked is made up for this long; later it is left to the next one.</summary>
    public const int PeriodGraceDays = 3;

    /// <summary>Somebody quiet for this much longer than the rule asks is no longer news.</summary>
    public const int QuietNewsDays = 30;

    /// <summary>
    /// Whether a periodic rule is due for a customer on a day. Customers are spread evenly over the period by a fixed hash, so that a rule that goes live
    /// does not want everybody at once; a rule about quiet customers wants each when she has just become quiet.
    /// </summary>
    public static TriggerDecision ConsiderPeriod(TriggerRule rule, TriggerCustomer customer, DateTimeOffset? lastEventAt, DateTimeOffset now)
    {
        var every = rule.Every ?? throw new ArgumentException("The rule is not periodic.", nameof(rule));
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (every.QuietDays is { } quiet)
        {
            var days = (lastEventAt ?? customer.Since) is { } last ? (now - last).TotalDays : -1;
            if (days < quiet || days > quiet + QuietNewsDays) return new TriggerDecision.Leave(rule, LeaveReason.Condition, $"quiet {(int)days}/{quiet} d");
        }
        else if (today.DayNumber - PeriodStart(rule, customer.Id, today).DayNumber >= PeriodGraceDays)
            return new TriggerDecision.Leave(rule, LeaveReason.Condition, $"period of {every.EveryDays} d");
        var span = Math.Max(1, Math.Min(every.EveryDays - PeriodGraceDays, every.EveryDays));
        if (customer.Arranged.Where(past => past.RuleKey == rule.Key).Select(past => (DateTimeOffset?)past.At).Max() is { } before && now - before < TimeSpan.FromDays(span))
            return new TriggerDecision.Leave(rule, LeaveReason.CapReached, $"{(int)(now - before).TotalDays}/{every.EveryDays} d");
        return WhyNot(rule.Who, customer, now) is { } notHer ? new TriggerDecision.Leave(rule, LeaveReason.NotForThisCustomer, notHer) : Chosen(rule, customer, now, now);
    }

    /// <summary>The day on which the customer's current period of a rule began.</summary>
    public static DateOnly PeriodStart(TriggerRule rule, string customerId, DateOnly day)
    {
        var days = rule.Every?.EveryDays ?? 1;
        var phase = (Lot("period", rule.Key, customerId) * 100 + Lot("phase", rule.Key, customerId)) % days;
        return day.AddDays(-((day.DayNumber + phase) % days));
    }

    /// <summary>The clear values of an event's data as text; numbers as written. Nested values are not visible to rules.</summary>
    public static ImmutableDictionary<string, string> Values(string data)
    {
        if (data is "{}" or "") return ImmutableDictionary<string, string>.Empty;
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(data);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                foreach (var field in document.RootElement.EnumerateObject())
                    if (field.Value.ValueKind is JsonValueKind.String) values[field.Name] = field.Value.GetString()!;
                    else if (field.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) values[field.Name] = field.Value.GetRawText();
        }
        catch (JsonException) { /* Data that cannot be read matches no condition. */ }
        return values.ToImmutable();
    }

    /// <summary>A fixed number from 0 to 99 for a rule and a customer: the same on every day and every machine. FNV-1a with a final mix.</summary>
    public static int Lot(string purpose, string ruleKey, string customerId) => (int)(Hash(purpose, ruleKey, customerId) % 100);

    /// <summary>The same lot as a number from 0 up to, not including, 1: for shares finer than a hundredth.</summary>
    public static double Draw(string purpose, string key, string customerId) => (Hash(purpose, key, customerId) >> 11) * (1.0 / (1UL << 53));

    private static ulong Hash(string purpose, string ruleKey, string customerId)
    {
        var hash = 14695981039346656037UL;
        foreach (var text in (ReadOnlySpan<string>)[purpose, "\u001f", ruleKey, "\u001f", customerId])
            foreach (var letter in text) hash = (hash ^ letter) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        return hash ^ hash >> 33;
    }

    private static TriggerDecision Decide(TriggerRule rule, TriggerFact fact, ImmutableDictionary<string, string> values, TriggerCustomer? customer, DateTimeOffset now)
    {
        foreach (var condition in rule.Where)
            if (!Holds(condition, values)) return Leave(LeaveReason.Condition, Say(condition));
        if (customer is null) return Leave(LeaveReason.UnknownCustomer, fact.CustomerId);
        if (rule.Count is { } count && Within(rule, fact, customer, count) is var seen && seen < count.AtLeast) return Leave(LeaveReason.TooFew, $"{seen}/{count.AtLeast}");
        if (rule.First && Earlier(rule, fact, values, customer)) return Leave(LeaveReason.NotFirst, rule.FirstBy ?? "");
        if (WhyNot(rule.Who, customer, fact.At) is { } notHer) return Leave(LeaveReason.NotForThisCustomer, notHer);
        var arranged = customer.Arranged.Count(past => past.RuleKey == rule.Key && past.At > fact.At.AddDays(-rule.CapDays));
        if (arranged >= rule.CapMax) return Leave(LeaveReason.CapReached, $"{arranged}/{rule.CapMax}");
        if (fact.At + rule.ExpiresAfter <= now) return Leave(LeaveReason.TooLate, "");
        return Chosen(rule, customer, fact.At, now);

        TriggerDecision.Leave Leave(LeaveReason why, string detail) => new(rule, why, detail);
    }

    private static TriggerDecision Chosen(TriggerRule rule, TriggerCustomer customer, DateTimeOffset from, DateTimeOffset now)
    {
        if (rule.SharePercent < 100 && Lot("share", rule.Key, customer.Id) >= rule.SharePercent) return new TriggerDecision.Leave(rule, LeaveReason.NotInShare, $"{rule.SharePercent} %");
        var due = from + rule.Delay;
        return new TriggerDecision.Arrange(rule, due < now ? now : due, from + rule.AnswerWithin, from + rule.ExpiresAfter, Lot("hold-out", rule.Key, customer.Id) < rule.HoldOutPercent);
    }

    /// <summary>Which demand of an audience this customer does not meet at an instant, as text; null when she is meant.</summary>
    public static string? WhyNot(TriggerAudience who, TriggerCustomer customer, DateTimeOffset at)
    {
        if (!who.SegmentsAny.IsEmpty && !who.SegmentsAny.Any(customer.Segments.Contains)) return string.Join(' ', who.SegmentsAny);
        if (who.SegmentsNone.FirstOrDefault(customer.Segments.Contains) is { } barred) return barred;
        if (!who.Countries.IsEmpty && (customer.Country is null || !who.Countries.Contains(customer.Country))) return customer.Country ?? "?";
        foreach (var condition in who.Attributes)
            if (!Holds(condition, customer.Attributes)) return Say(condition);
        if (who.JoinedDaysMin is null && who.JoinedDaysMax is null) return null;
        if (customer.Since is not { } since) return "joined ?";
        var days = (int)Math.Floor((at - since).TotalDays);
        return days < (who.JoinedDaysMin ?? int.MinValue) || days > (who.JoinedDaysMax ?? int.MaxValue) ? $"joined {days} d" : null;
    }

    private static bool Holds(TriggerCondition condition, IReadOnlyDictionary<string, string> values)
    {
        var present = values.TryGetValue(condition.Field, out var value);
        return condition.Is switch
        {
            Comparison.IsPresent => present,
            Comparison.IsAbsent => !present,
            Comparison.Is => present && condition.Values.Contains(value!, StringComparer.Ordinal),
            Comparison.IsNot => !present || !condition.Values.Contains(value!, StringComparer.Ordinal),
            Comparison.OneOf => present && condition.Values.Contains(value!, StringComparer.Ordinal),
            Comparison.AtLeast => Number(condition, values) is { } number && number >= condition.Number,
            Comparison.AtMost => Number(condition, values) is { } number && number <= condition.Number,
            _ => false,
        };
    }

    private static decimal? Number(TriggerCondition condition, IReadOnlyDictionary<string, string> values)
    {
        if (condition.Currency is not null && (!values.TryGetValue("currency", out var currency) || currency != condition.Currency)) return null;
        return values.TryGetValue(condition.Field, out var text) && decimal.TryParse(text, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int Within(TriggerRule rule, TriggerFact fact, TriggerCustomer customer, TriggerCount count) =>
        1 + customer.Past.Count(past => past.At > fact.At - count.Within && past.At <= fact.At && rule.On.Contains(past.Type) && rule.Where.All(condition => Holds(condition, past.Values)));

    private static bool Earlier(TriggerRule rule, TriggerFact fact, ImmutableDictionary<string, string> values, TriggerCustomer customer) =>
        customer.Past.Any(past => past.At <= fact.At && rule.On.Contains(past.Type)
            && (rule.FirstBy is null || past.Values.GetValueOrDefault(rule.FirstBy) == values.GetValueOrDefault(rule.FirstBy)));

    private static string Say(TriggerCondition condition) =>
        $"{condition.Field} {condition.Is} {(condition.Number is { } number ? number.ToString(CultureInfo.InvariantCulture) : string.Join('/', condition.Values))} {condition.Currency}".Trim();
}
