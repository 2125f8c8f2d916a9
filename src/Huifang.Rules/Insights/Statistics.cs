namespace Huifang.Insights;

/// <summary>The few distributions and intervals that the rooms need.</summary>
public static class Statistics
{
    /// <summary>Wilson's interval of a share; within 0 and 1, and of some width for 0 of n and n of n.</summary>
    public static (double Low, double High) Wilson(long part, long whole, double confidence = 0.95)
    {
        if (whole <= 0) return (0, 1);
        var z = NormalQuantile(0.5 + confidence / 2);
        var (p, n, z2) = ((double)part / whole, (double)whole, z * z);
        var middle = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>How much daily numbers vary beyond pure chance: their variance over their mean, at least 1.</summary>
    public static double Overdispersion(IReadOnlyList<int> perDay)
    {
        if (perDay.Count < 2) return 1;
        var mean = perDay.Average();
        return mean == 0 ? 1 : Math.Max(1, perDay.Sum(count => (count - mean) * (count - mean)) / (perDay.Count - 1) / mean);
    }

    /// <summary>The chance of a standard normal value at least so far from 0.</summary>
    public static double TwoSided(double z) => Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The chance of a standard normal value below <paramref name="z"/>.</summary>
    public static double Normal(double z) => 0.5 * Erfc(-z / Math.Sqrt(2));

    /// <summary>The value below which a standard normal one lies with chance <paramref name="p"/>: Acklam's approximation, made exact by one step of Halley's method.</summary>
    public static double NormalQuantile(double p)
    {
        if (p is <= 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(p), p, "lies between 0 and 1");
        double x;
        if (p < 0.02425 || p > 1 - 0.02425)
        {
            var q = Math.Sqrt(-2 * Math.Log(Math.Min(p, 1 - p)));
            x = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
                / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
            if (p > 0.5) x = -x;
        }
        else
        {
            var q = p - 0.5;
            var r = q * q;
            x = (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239) * q
                / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1);
        }
        var error = Normal(x) - p;
        var step = error * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
        return x - step / (1 + x * step / 2);
    }

    /// <summary>The complementary error function; about fifteen digits. Series near 0, continued fraction (Lentz) far from it.</summary>
    public static double Erfc(double x)
    {
        if (x < 0) return 2 - Erfc(-x);
        if (x < 2.2)
        {
            var (term, sum) = (x, x);
            for (var n = 1; n < 200 && Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
            {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.Sqrt(Math.PI) * sum;
        }
        if (x > 27) return 0;
        var (f, c, d) = (x, x, 0.0);
        for (var n = 1; n < 200; n++)
        {
            var a = n / 2.0;
            d = 1 / (x + a * d);
            c = x + a / c;
            f *= c * d;
            if (Math.Abs(c * d - 1) < 1e-16) break;
        }
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * f);
    }
}
