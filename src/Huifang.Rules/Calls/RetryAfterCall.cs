using Huifang.Contacts;

namespace Huifang.Calls;

/// <summary>A time and channel at which a call could be tried again.</summary>
/// <param name="Chance">How likely the customer is to answer then, 0 to 1.</param>
public readonly record struct RetryChoice(DateTimeOffset At, Channel Channel, double Chance);

/// <summary>
/// When to try again after nobody was reached: soon after a busy line, at another time of day after no answer, and never more than <see cref="TriesMax"/> times.
/// The contact guard decides again at that moment, with the customer's hours and the legal ones.
/// </summary>
public static class RetryAfterCall
{
    public const int TriesMax = 4;

    /// <summary>How far ahead a better time may be chosen.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(3);

    // A day of waiting is worth this much chance: a call tomorrow must be likelier by it than one today.
    private const double ChancePerDay = 0.04;

    /// <param name="tries">Tries so far, the one that just failed included.</param>
    /// <returns>The next instant, or null when the tries are used up or the outcome is no reason to call again.</returns>
    public static DateTimeOffset? Next(CallOutcome outcome, int tries, DateTimeOffset now) =>
        !outcome.Retries() || tries >= TriesMax ? null
        : outcome switch
        {
            CallOutcome.LineBroke => now.AddMinutes(2),
            CallOutcome.Busy => now.AddMinutes(15 * tries),
            // Five hours later is another part of the day; after the second try, the next day and again another part of it.
            _ => now.AddHours(tries switch { 1 => 5, 2 => 21, _ => 29 }),
        };

    /// <summary>After no answer, not sooner than this: whoever did not answer now will hardly an hour later, and nobody is to be rung at.</summary>
    public static TimeSpan NotBefore(int tries) => TimeSpan.FromHours(tries switch { 1 => 3, 2 => 12, _ => 20 });

    /// <summary>The choice with the best chance, less a little for each day of waiting; of equals the sooner. Null when there is none: then <see cref="Next"/> says when.</summary>
    public static RetryChoice? Best(IEnumerable<RetryChoice> choices, DateTimeOffset now)
    {
        RetryChoice? best = null;
        var most = double.MinValue;
        foreach (var choice in choices)
        {
            var worth = choice.Chance - ChancePerDay * (choice.At - now).TotalDays;
            if (worth > most + 1e-9) (best, most) = (choice, worth);
        }
        return best;
    }
}
