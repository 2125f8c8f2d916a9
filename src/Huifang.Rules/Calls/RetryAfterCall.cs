namespace Huifang.Calls;

/// <summary>
/// When to try again after nobody was reached: soon after a busy line, at another time of day after no answer, and never more than <see cref="TriesMax"/> times.
/// The contact guard decides again at that moment, with the customer's hours and the legal ones.
/// </summary>
public static class RetryAfterCall
{
    public const int TriesMax = 4;

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
}
