namespace Huifang.Insights;

/// <summary>How the labels of an axis go together.</summary>
public enum AxisKind
{
    /// <summary>Exactly one label holds.</summary>
    One,

    /// <summary>Any number of labels hold.</summary>
    Many,
}

/// <summary>
/// One question that a model answers of a text, with what turns its scores into probabilities. <see cref="Column"/> is the first of its columns;
/// an axis of two labels, of which one holds, has a single column, whose positive side is the second label.
/// </summary>
/// <param name="Slope">For <see cref="AxisKind.One"/>: by what scores are multiplied before softmax (or the sigmoid); for <see cref="AxisKind.Many"/> one for each column.</param>
/// <param name="Offset">Added to the multiplied score.</param>
internal sealed record Axis(string Name, AxisKind Kind, IReadOnlyList<string> Labels, int Column, float[] Slope, float[] Offset)
{
    internal bool IsPair => Kind == AxisKind.One && Labels.Count == 2;

    internal int Columns => IsPair ? 1 : Labels.Count;

    /// <summary>Probabilities of the labels, in their order, from the scores of the whole model.</summary>
    internal void Probabilities(ReadOnlySpan<float> scores, Span<double> into)
    {
        var own = scores.Slice(Column, Columns);
        if (IsPair)
        {
            into[1] = Sigmoid(own[0] * Slope[0] + Offset[0]);
            into[0] = 1 - into[1];
            return;
        }
        if (Kind == AxisKind.Many)
        {
            for (var k = 0; k < own.Length; k++) into[k] = Sigmoid(own[k] * Slope[k] + Offset[k]);
            return;
        }
        var (most, sum) = (float.MinValue, 0.0);
        foreach (var score in own) most = MathF.Max(most, score);
        for (var k = 0; k < own.Length; k++) sum += into[k] = Math.Exp((own[k] - most) * Slope[0]);
        for (var k = 0; k < own.Length; k++) into[k] /= sum;
    }

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
