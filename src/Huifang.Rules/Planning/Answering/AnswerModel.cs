using Huifang.Contacts;

namespace Huifang.Planning;

/// <summary>One try to reach a customer by a call.</summary>
/// <param name="Answered">A person was on the line.</param>
public readonly record struct CallTry(string CustomerId, Channel Channel, DateTimeOffset At, AnswerTime Time, bool Answered);

/// <summary>
/// How likely a customer is to answer, by kind of time and channel. Learned in three steps, each drawn to the one before by as much as the data warrant:
/// everybody on a channel → everybody at that kind of time → this customer's own level → this customer at that kind of time. How strongly kinds of time are drawn is
/// estimated from how much more their counts differ than chance explains (method of moments of the beta-binomial; empirical Bayes as in Efron and Morris, 1975). For customers that
/// would deceive, because who answers is not called again: there the strength is the one that, going through the tries in their order, foretells each best from those before
/// (prequential, Dawid 1984). Somebody without a history gets everybody's figure; somebody with a long one her own.
/// </summary>
public sealed class AnswerModel
{
    /// <summary>Nobody is certain, and nobody is given up.</summary>
    public const double Least = 0.02, Most = 0.98;

    private const double WithoutData = 0.6;
    private static readonly Channel[] Calls = [Channel.Voice, Channel.Phone];

    private readonly double[] overall = new double[Channels.Count];
    private readonly double[][] everybody = new double[Channels.Count][];

    private AnswerModel(IReadOnlyCollection<CallTry> tries)
    {
        Tries = tries.Count;
        foreach (var channel in Calls)
        {
            var counts = new Count[AnswerTime.Count];
            foreach (var one in tries) if (one.Channel == channel) counts[one.Time.Index] += one.Answered;
            var all = counts.Aggregate((a, b) => new(a.Tries + b.Tries, a.Answers + b.Answers));
            // Ten imagined tries at the usual rate, until there are real ones.
            overall[(int)channel] = (all.Answers + 10 * WithoutData) / (all.Tries + 10);
            var strength = Strength(counts.Select(count => (count, overall[(int)channel])));
            everybody[(int)channel] = [.. counts.Select(count => (count.Answers + strength * overall[(int)channel]) / (count.Tries + strength))];
        }
        var people = tries.GroupBy(one => one.CustomerId, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => group.OrderBy(one => one.At).ToArray()).ToList();
        CustomerStrength = Likeliest(people, Alone);
        OwnTimeStrength = Likeliest(people, (own, before, strength) => Chance(own[before].Channel, own[before].Time, own.AsSpan(0, before), CustomerStrength, strength));
        double Alone(CallTry[] own, int before, double strength) => Chance(own[before].Channel, own[before].Time, own.AsSpan(0, before), strength, Alike);
    }

    private const double Alike = 500;
    private static readonly double[] Strengths = [1, 2, 4, 8, 16, 32, 64, 128, Alike];

    /// <summary>The strength with which each try is best foretold from the same customer's earlier ones; of equals the stronger.</summary>
    private static double Likeliest(List<CallTry[]> people, Func<CallTry[], int, double, double> chance)
    {
        var (best, least) = (Alike, double.MaxValue);
        foreach (var strength in Strengths.Reverse())
        {
            var loss = 0.0;
            foreach (var own in people)
                for (var i = 1; i < Math.Min(own.Length, 20); i++) loss -= Math.Log(own[i].Answered ? chance(own, i, strength) : 1 - chance(own, i, strength));
            if (loss < least - 1e-9) (best, least) = (strength, loss);
        }
        return best;
    }

    /// <summary>How many tries it was learned from.</summary>
    public int Tries { get; }

    /// <summary>A customer's own history weighs as much as everybody's figure after this many tries.</summary>
    public double CustomerStrength { get; }

    /// <summary>The same for a customer's history at one kind of time.</summary>
    public double OwnTimeStrength { get; }

    /// <summary>Learns from tries in any order. No tries are allowed: then every figure is a guess of 60 %.</summary>
    public static AnswerModel Learn(IReadOnlyCollection<CallTry> tries) => new(tries);

    /// <summary>Somebody of whom nothing is known.</summary>
    public double Everybody(Channel channel, AnswerTime time) => everybody[(int)channel]?[time.Index] ?? WithoutData;

    /// <summary>A customer's chances at the ten kinds of time, from her own tries on any channel.</summary>
    /// <param name="own">Her tries; may be empty.</param>
    public double[] Of(Channel channel, IReadOnlyCollection<CallTry> own)
    {
        var chances = new double[AnswerTime.Count];
        CallTry[] known = [.. own];
        for (var i = 0; i < chances.Length; i++) chances[i] = Chance(channel, AnswerTime.Of(i), known, CustomerStrength, OwnTimeStrength);
        return chances;
    }

    private double Chance(Channel channel, AnswerTime time, ReadOnlySpan<CallTry> own, double customer, double ownTime)
    {
        var (count, expected, there) = (default(Count), 0.0, default(Count));
        foreach (var one in own)
        {
            count += one.Answered;
            expected += Everybody(one.Channel, one.Time);
            if (one.Channel == channel && one.Time == time) there += one.Answered;
        }
        // How far her own level lies from what everybody would have done at her times, in log-odds.
        var mean = count.Tries == 0 ? 0.5 : expected / count.Tries;
        var shift = count.Tries == 0 ? 0 : LogOdds((count.Answers + customer * mean) / (count.Tries + customer)) - LogOdds(mean);
        return Math.Clamp((there.Answers + ownTime * Shifted(Everybody(channel, time), shift)) / (there.Tries + ownTime), Least, Most);
    }

    /// <summary>
    /// Imagined tries at the expected rate that each group is drawn to it with. From the excess of (k − ne)² over n e (1 − e), which for a beta-binomial is
    /// n (n − 1) e (1 − e) / (s + 1). When groups differ no more than chance explains, the strength is large and everybody is alike.
    /// </summary>
    private static double Strength(IEnumerable<(Count Count, double Expected)> groups)
    {
        var (excess, scale) = (0.0, 0.0);
        foreach (var ((n, k), e) in groups)
        {
            if (n < 2) continue;
            excess += Math.Pow(k - n * e, 2) - n * e * (1 - e);
            scale += n * (n - 1.0) * e * (1 - e);
        }
        return scale <= 0 ? 500 : 1 / Math.Clamp(excess / scale, 0.002, 0.5) - 1;
    }

    private static double LogOdds(double chance) => Math.Log(Math.Clamp(chance, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(chance, 1e-6, 1 - 1e-6)));

    private static double Shifted(double chance, double shift) => 1 / (1 + Math.Exp(-(LogOdds(chance) + shift)));

    private readonly record struct Count(int Tries, int Answers)
    {
        public static Count operator +(Count count, bool answered) => new(count.Tries + 1, count.Answers + (answered ? 1 : 0));
    }
}
