using System.Globalization;
using Huifang.Intake;

namespace Huifang.Demo;

/// <summary>
/// What happens in the demo's wallet, hour by hour, from a seed. What goes wrong falls as the CFPB's published complaints about wallets and
/// transfers fell in 2026: fraud 30 %, unauthorised 25 %, funds access 14 %, other transactions 12 %, accounts 9 %, money late 4 %, disclosures 2 %, fees 1 %.
/// </summary>
public static class DemoWallet
{
    public const string Source = "qingqiao/wallet";

    private static readonly (string Type, double PerDay)[] Daily =
    [
        ("customer.logged-in", .22), ("payment.completed", .30), ("top-up.completed", .06), ("transfer.completed", .05), ("withdrawal.completed", .035),
        ("withdrawal.failed", .0022), ("payment.failed", .004), ("refund.completed", .005), ("feature.used", .012), ("customer.registered", .0008), ("login.failed", .01), ("support.contacted", .012),
    ];

    private static readonly (string Topic, double Share)[] Troubles =
        [("fraud-scam", .301), ("unauthorised", .246), ("funds-access", .144), ("other-transaction", .115), ("account-management", .088), ("money-late", .038), ("disclosures", .018), ("fees", .011), ("other-service", .039)];

    private const double TroublesPerDay = .0032;
    private static readonly string[] Features = ["cross-border", "split-bill", "round-up", "family-card", "red-packet"];
    private static readonly double[] Hours = [.3, .2, .1, .1, .1, .2, .6, 1.2, 1.6, 1.5, 1.4, 1.6, 1.9, 1.4, 1.2, 1.2, 1.3, 1.5, 1.8, 2.0, 1.9, 1.5, 1.0, .6];

    /// <summary>The events of one hour that begins at <paramref name="hour"/>, in order.</summary>
    public static List<Reading> EventsOf(DateTimeOffset hour)
    {
        var random = new Random(unchecked((int)(hour.ToUnixTimeSeconds() / 3600 * 7919)));
        var share = Hours[hour.ToOffset(TimeSpan.FromHours(8)).Hour] / Hours.Sum();
        var events = new List<WalletEvent>();
        foreach (var (type, perDay) in Daily)
            for (var left = Poisson(random, perDay * share * DemoCustomers.Count); left > 0; left--)
            {
                var one = One(random, hour, type, events.Count);
                events.Add(one);
                // Who fails tries again, and often fails again.
                if (type == "withdrawal.failed" && random.NextDouble() < .4) events.Add(one with { Id = one.Id + "-again", At = one.At.AddMinutes(random.Next(3, 55)) is var at && at < hour.AddHours(1) ? at : hour.AddMinutes(59) });
            }
        for (var left = Poisson(random, TroublesPerDay * share * DemoCustomers.Count); left > 0; left--) events.Add(Trouble(random, hour, events.Count));
        return [.. events.OrderBy(e => e.At).Select(e => new Reading.Event(e))];
    }

    private static WalletEvent One(Random random, DateTimeOffset hour, string type, int number)
    {
        var amount = (long)Math.Exp(8.2 + 1.7 * Normal(random));
        var data = type switch
        {
            "feature.used" => $$"""{"feature":"{{Features[random.Next(Features.Length)]}}"}""",
            "customer.logged-in" or "login.failed" or "customer.registered" or "support.contacted" => """{"platform":"app"}""",
            "withdrawal.failed" => $$"""{"amount":{{amount * 10}},"currency":"CNY","reason":"{{(random.NextDouble() < .6 ? "name-check-timeout" : "bank-refused")}}"}""",
            "withdrawal.completed" => $$"""{"amount":{{amount * 10}},"currency":"CNY"}""",
            _ => $$"""{"amount":{{amount}},"currency":"CNY"}""",
        };
        return Event(random, hour, type, data, number);
    }

    private static WalletEvent Trouble(Random random, DateTimeOffset hour, int number)
    {
        var pick = random.NextDouble();
        var topic = Troubles.First(t => (pick -= t.Share) < 0 || t == Troubles[^1]).Topic;
        return random.NextDouble() < .55
            ? Event(random, hour, "complaint.resolved", $$"""{"topic":"{{topic}}","complaint":"{{hour.ToString("yyyy-MMdd", CultureInfo.InvariantCulture)}}-{{random.Next(1000, 9999)}}"}""", number)
            : Event(random, hour, "review.published", $$"""{"topic":"{{topic}}","score":{{random.Next(1, 4)}}}""", number);
    }

    private static WalletEvent Event(Random random, DateTimeOffset hour, string type, string data, int number) => new(
        Source, $"{hour.ToUnixTimeSeconds() / 3600}-{number}", type, DemoCustomers.IdOf(random.Next(DemoCustomers.Count)), hour.AddSeconds(random.Next(3600)), data, null);

    private static int Poisson(Random random, double mean)
    {
        // Sums of small ones keep the product away from zero.
        var (count, left) = (0, mean);
        for (; left > 20; left -= 20) count += Small(20);
        return count + Small(left);

        int Small(double m)
        {
            var (k, p) = (0, Math.Exp(-m));
            for (var product = random.NextDouble(); product > p; product *= random.NextDouble()) k++;
            return k;
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
