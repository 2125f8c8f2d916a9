namespace Huifang.Insights;

/// <summary>What was measured in one arm: how many people, the mean of the metric and its variance.</summary>
public readonly record struct Arm(long People, double Mean, double Variance)
{
    /// <summary>From sums, as one pass over the rows gives them.</summary>
    public static Arm OfSums(double sum, double sumOfSquares, long people)
    {
        var mean = sum / people;
        return new(people, mean, people < 2 ? 0 : (sumOfSquares - people * mean * mean) / (people - 1));
    }

    /// <summary>A share: so many of the people did it.</summary>
    public static Arm OfShare(long did, long people) => new(people, (double)did / people, (double)did / people * (1 - (double)did / people));
}

/// <summary>The effect of what one arm got and the other did not, with an interval and the two-sided chance of so much without any effect.</summary>
public readonly record struct ArmEffect(double Effect, double From, double To, double P);

/// <summary>Compares two arms of an experiment.</summary>
public static class Experiment
{
    /// <summary>Mean of <paramref name="with"/> minus mean of <paramref name="without"/>; Welch's test.</summary>
    public static ArmEffect Difference(Arm without, Arm with, double confidence = 0.95) =>
        Welch(with.Mean - without.Mean, with.Variance / with.People + without.Variance / without.People, without, with, confidence);

    /// <summary>The difference as a part of the mean of <paramref name="without"/>; its variance by the delta method.</summary>
    /// <exception cref="ArgumentException">That mean is nought.</exception>
    public static ArmEffect Relative(Arm without, Arm with, double confidence = 0.95)
    {
        var (effect, variance) = RelativeParts(without, with);
        return Welch(effect, variance, without, with, confidence);
    }

    /// <summary>
    /// As <see cref="Relative"/>, but the interval holds however often one looks, and whenever one stops: an asymptotic confidence sequence
    /// (Waudby-Smith et al., arXiv 2103.06476), tightest at about <paramref name="tuning"/> people.
    /// </summary>
    public static (double Effect, double From, double To) RelativeAlwaysValid(Arm without, Arm with, double confidence = 0.95, double tuning = 1000)
    {
        var (effect, variance) = RelativeParts(without, with);
        var half = AlwaysValidHalf(variance, without.People + with.People, 1 - confidence, tuning);
        return (effect, effect - half, effect + half);
    }

    /// <summary>As <see cref="Difference"/>, however often one looks.</summary>
    public static (double Effect, double From, double To) DifferenceAlwaysValid(Arm without, Arm with, double confidence = 0.95, double tuning = 1000)
    {
        var half = AlwaysValidHalf(with.Variance / with.People + without.Variance / without.People, without.People + with.People, 1 - confidence, tuning);
        return (with.Mean - without.Mean, with.Mean - without.Mean - half, with.Mean - without.Mean + half);
    }

    private static (double Effect, double Variance) RelativeParts(Arm without, Arm with)
    {
        if (without.Mean == 0) throw new ArgumentException("nothing to be relative to", nameof(without));
        var (a, b) = (without.Mean, with.Mean);
        return ((b - a) / a, with.Variance / with.People / (a * a) + without.Variance / without.People * b * b / (a * a * a * a));
    }

    private static double AlwaysValidHalf(double variance, double people, double alpha, double tuning)
    {
        var rho2 = (-2 * Math.Log(alpha) + Math.Log(-2 * Math.Log(alpha) + 1)) / tuning;
        return Math.Sqrt(variance * people * 2 * (people * rho2 + 1) * Math.Log(Math.Sqrt(people * rho2 + 1) / alpha) / (people * people * rho2));
    }

    private static ArmEffect Welch(double effect, double variance, Arm without, Arm with, double confidence)
    {
        var (x, y) = (without.Variance / without.People, with.Variance / with.People);
        var freedom = (x + y) * (x + y) / (x * x / (without.People - 1) + y * y / (with.People - 1));
        var error = Math.Sqrt(variance);
        if (error == 0) return new(effect, effect, effect, effect == 0 ? 1 : 0);
        var half = StudentT.Quantile(0.5 + confidence / 2, freedom) * error;
        return new(effect, effect - half, effect + half, StudentT.TwoSided(effect / error, freedom));
    }
}

/// <summary>Student's distribution.</summary>
internal static class StudentT
{
    /// <summary>The chance of a value at least so far from 0.</summary>
    internal static double TwoSided(double t, double freedom) => IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));

    /// <summary>By bisection between the normal quantile, which is nearer to 0, and far out.</summary>
    internal static double Quantile(double p, double freedom)
    {
        var (low, high) = (0.0, 1e6);
        for (var i = 0; i < 200 && high - low > 1e-12 * high; i++)
        {
            var middle = (low + high) / 2;
            if (TwoSided(middle, freedom) > 2 * (1 - p)) low = middle; else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The regularised incomplete beta function, by its continued fraction (Lentz).</summary>
    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - IncompleteBeta(b, a, 1 - x);
        var front = Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a;
        var (f, c, d) = (1.0, 1.0, 0.0);
        for (var i = 0; i < 500; i++)
        {
            var m = i / 2;
            var numerator = i == 0 ? 1 : i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)) : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / Guard(1 + numerator * d);
            c = Guard(1 + numerator / c);
            f *= c * d;
            if (i > 0 && Math.Abs(c * d - 1) < 1e-15) break;
        }
        return front * (f - 1);

        static double Guard(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;
    }

    /// <summary>Stirling's series, after the argument is brought to 10 or more.</summary>
    internal static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 10) shift -= Math.Log(x++);
        return shift + (x - 0.5) * Math.Log(x) - x + 0.9189385332046727 + 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * Math.Pow(x, 5));
    }
}
