using System.Numerics;
using System.Runtime.InteropServices;

namespace Huifang.Insights;

/// <summary>Whether the arms are as large as they were meant to be.</summary>
public static class Allocation
{
    /// <summary>
    /// Whether arms have the sizes that were meant (sample-ratio check): Pearson's χ² and its chance. A very small chance, below 0.001 by custom, says that people were lost or counted unevenly and that no effect may be believed.
    /// </summary>
    /// <param name="meant">What part each arm was to get; any positive numbers, for example 1, 1, 1.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or there are not two arms with people.</exception>
    public static (double ChiSquare, double P) SampleRatio(IReadOnlyList<long> people, IReadOnlyList<double> meant)
    {
        if (people.Count != meant.Count || people.Count < 2) throw new ArgumentException("two arms or more, each with its part", nameof(meant));
        if (people.Any(count => count < 0) || meant.Any(part => part <= 0) || people.Sum() == 0) throw new ArgumentException("people are counted and parts are more than nought", nameof(people));
        var (all, parts, sum) = ((double)people.Sum(), meant.Sum(), 0.0);
        for (var arm = 0; arm < people.Count; arm++)
        {
            var expected = all * meant[arm] / parts;
            sum += (people[arm] - expected) * (people[arm] - expected) / expected;
        }
        return (sum, ChiSquare.AtLeast(sum, people.Count - 1));
    }
}

/// <summary>What was measured in one arm, and of the same people before (CUPED).</summary>
/// <param name="Before">The sum of what was measured before, <paramref name="BeforeSquares"/> of its squares, <paramref name="Products"/> of its products with what was measured after.</param>
public readonly record struct PairedArm(long People, double After, double AfterSquares, double Before, double BeforeSquares, double Products);

/// <summary>Takes out of a comparison what people were like before: the same effect with a shorter interval (CUPED; Deng, Xu, Kohavi, Walker, WSDM 2013).</summary>
public static class Cuped
{
    /// <summary>The effect with less noise: the variance falls by the square of the correlation of before and after. Where before says nothing it is the plain difference.</summary>
    public static ArmEffect Difference(PairedArm without, PairedArm with, double confidence = 0.95)
    {
        var (a, b) = Adjusted(without, with);
        return Experiment.Difference(a, b, confidence);
    }

    /// <summary>As <see cref="Difference"/>, relative to the adjusted mean of <paramref name="without"/>.</summary>
    /// <exception cref="ArgumentException">That mean is nought.</exception>
    public static ArmEffect Relative(PairedArm without, PairedArm with, double confidence = 0.95)
    {
        var (a, b) = Adjusted(without, with);
        return Experiment.Relative(a, b, confidence);
    }

    /// <summary>The two arms as if everybody had been alike before; with them every other comparison of <see cref="Experiment"/> can be made.</summary>
    public static (Arm Without, Arm With) Adjusted(PairedArm without, PairedArm with)
    {
        var (spread, together) = (Part(without.BeforeSquares, without.Before, without.Before, without.People) + Part(with.BeforeSquares, with.Before, with.Before, with.People),
            Part(without.Products, without.Before, without.After, without.People) + Part(with.Products, with.Before, with.After, with.People));
        var slope = spread <= 1e-12 ? 0 : together / spread;
        var mean = (without.Before + with.Before) / (without.People + with.People);
        return (Shifted(without), Shifted(with));

        Arm Shifted(PairedArm arm)
        {
            var freedom = Math.Max(1, arm.People - 1);
            var variance = (Part(arm.AfterSquares, arm.After, arm.After, arm.People) + slope * slope * Part(arm.BeforeSquares, arm.Before, arm.Before, arm.People) - 2 * slope * Part(arm.Products, arm.Before, arm.After, arm.People)) / freedom;
            return new(arm.People, arm.After / arm.People - slope * (arm.Before / arm.People - mean), Math.Max(0, variance));
        }

        static double Part(double products, double one, double other, long people) => people == 0 ? 0 : products - one * other / people;
    }
}

/// <summary>Adds up many metrics of many people in one pass: sums and sums of squares for each arm and metric. Not safe for several threads; each may have its own and <see cref="Add(OutcomeSums)"/> it.</summary>
public sealed class OutcomeSums
{
    private readonly int _arms, _metrics, _width;
    private readonly long[] _people;
    private readonly double[] _sums, _squares;

    public OutcomeSums(int arms, int metrics)
    {
        (_arms, _metrics, _width) = (arms, metrics, (metrics + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count);
        (_people, _sums, _squares) = (new long[arms], new double[arms * _width], new double[arms * _width]);
    }

    /// <summary>One person's outcomes.</summary>
    /// <param name="outcomes">As many as there are metrics.</param>
    public void Add(int arm, ReadOnlySpan<double> outcomes)
    {
        if (outcomes.Length != _metrics) throw new ArgumentException("one outcome for each metric", nameof(outcomes));
        _people[arm]++;
        var sums = _sums.AsSpan(arm * _width, _width);
        var squares = _squares.AsSpan(arm * _width, _width);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var square = ref MemoryMarshal.GetReference(squares);
        ref var outcome = ref MemoryMarshal.GetReference(outcomes);
        var i = 0;
        for (; i + Vector<double>.Count <= outcomes.Length; i += Vector<double>.Count)
        {
            var value = Vector.LoadUnsafe(ref outcome, (nuint)i);
            Vector.StoreUnsafe(Vector.LoadUnsafe(ref sum, (nuint)i) + value, ref sum, (nuint)i);
            Vector.StoreUnsafe(Vector.FusedMultiplyAdd(value, value, Vector.LoadUnsafe(ref square, (nuint)i)), ref square, (nuint)i);
        }
        for (; i < outcomes.Length; i++) (sums[i], squares[i]) = (sums[i] + outcomes[i], squares[i] + outcomes[i] * outcomes[i]);
    }

    /// <summary>What another has added up of the same arms and metrics.</summary>
    public void Add(OutcomeSums other)
    {
        if (other._arms != _arms || other._metrics != _metrics) throw new ArgumentException("other arms or metrics", nameof(other));
        for (var arm = 0; arm < _arms; arm++) _people[arm] += other._people[arm];
        for (var i = 0; i < _sums.Length; i++) (_sums[i], _squares[i]) = (_sums[i] + other._sums[i], _squares[i] + other._squares[i]);
    }

    public Arm Of(int arm, int metric) => Arm.OfSums(_sums[arm * _width + metric], _squares[arm * _width + metric], _people[arm]);
}

/// <summary>Pearson's distribution.</summary>
internal static class ChiSquare
{
    /// <summary>The chance of a value at least so large: the regularised upper incomplete gamma function, by its series for small values and its continued fraction (Lentz) for large ones.</summary>
    internal static double AtLeast(double value, int freedom)
    {
        if (value <= 0) return 1;
        var (a, x) = (freedom / 2.0, value / 2);
        var front = Math.Exp(-x + a * Math.Log(x) - StudentT.LogGamma(a));
        if (x < a + 1)
        {
            var (term, sum) = (1 / a, 1 / a);
            for (var n = 1; n < 1000 && term > 1e-17 * sum; n++) sum += term *= x / (a + n);
            return 1 - front * sum;
        }
        var (b, c) = (x + 1 - a, 1e300);
        var d = 1 / b;
        var h = d;
        for (var n = 1; n < 1000; n++)
        {
            var an = -n * (n - a);
            b += 2;
            d = 1 / (an * d + b);
            c = b + an / c;
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15) break;
        }
        return front * h;
    }
}
