using System.Collections.Immutable;
using System.Globalization;
using Huifang.Contacts;
using Huifang.Languages;

namespace Huifang.FollowUps;

internal static class TriggerScene
{
    public static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-11-20T04:00:00Z", CultureInfo.InvariantCulture);

    public static TriggerRule Rule(string key) => TriggerShelf.Shipped.Single(rule => rule.Key == key) with { HoldOutPercent = 0, SharePercent = 100 };

    public static TriggerFact Fact(string type, string data = "{}", string customer = "zhou", double hours = 0) => new($"{type}@{hours}", type, customer, Noon.AddHours(hours), data);

    public static PastEvent Past(string type, double hoursAgo, params (string, string)[] values) =>
        new(type, Noon.AddHours(-hoursAgo), values.ToImmutableDictionary(value => value.Item1, value => value.Item2));

    public static TriggerCustomer Zhou { get; } = new("zhou") { Since = Noon.AddDays(-400), Country = "CN", Segments = ["plus"] };

    public static TriggerDecision Decide(TriggerRule rule, TriggerFact fact, TriggerCustomer? customer) =>
        Assert.Single(TriggerRules.Consider(fact, customer, new([rule]), fact.At));

    public static LeaveReason? Left(TriggerDecision decision) => (decision as TriggerDecision.Leave)?.Why;
}
