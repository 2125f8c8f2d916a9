namespace Huifang.Insights;

/// <summary>How much the hidden units count beside the straight line, axis by axis: the share that errs least on texts that were left out.</summary>
internal sealed class Blend
{
    private static readonly float[] Shares = [0.2f, 0.35f, 0.5f, 0.65f, 0.8f];

    private readonly IReadOnlyList<Axis> _axes;
    private readonly float[] _straight, _bent;
    private readonly int _width;

    private Blend(IReadOnlyList<Axis> axes, float[] straight, float[] bent, int width, float[] scores) => (_axes, _straight, _bent, _width, Scores) = (axes, straight, bent, width, scores);

    /// <summary>What the two say together of the texts that were left out.</summary>
    internal float[] Scores { get; }

    internal bool IsStraight => Array.TrueForAll(_bent, share => share == 0);

    /// <param name="says">1 holds, -1 does not, 0 was not judged or not left out.</param>
    internal static Blend Fit(IReadOnlyList<Axis> axes, sbyte[] says, float[] straight, float[] bent, int width)
    {
        var blend = new Blend(axes, new float[axes.Count], new float[axes.Count], width, straight.ToArray());
        for (var i = 0; i < axes.Count; i++)
        {
            var axis = axes[i];
            // In log odds both, so that a share is a share.
            var stretch = Calibration.Fit(axis, says, straight, width).Slope.Average();
            Mix(0);
            var (best, least, line) = (0f, double.MaxValue, Calibration.Wrong(axis, says, blend.Scores, width));
            foreach (var share in Shares)
            {
                Mix(share);
                if (Calibration.Wrong(axis, says, blend.Scores, width) is var wrong && wrong < least) (best, least) = (share, wrong);
            }
            // A gain that may be luck is not worth a larger and slower model.
            if (line - least < Math.Sqrt(line) / 2) best = 0;
            Mix(best);
            (blend._straight[i], blend._bent[i]) = ((1 - best) * stretch, best);

            void Mix(float share)
            {
                for (var from = axis.Column; from < says.Length; from += width)
                    for (var k = from; k < from + axis.Columns; k++) blend.Scores[k] = (1 - share) * stretch * straight[k] + share * bent[k];
            }
        }
        return blend;
    }

    /// <summary>Puts the shares into the weights.</summary>
    internal void Apply(float[] weights, HiddenLayer? hidden)
    {
        for (var i = 0; i < _axes.Count; i++)
        {
            for (var k = _axes[i].Column; k < _axes[i].Column + _axes[i].Columns; k++)
            {
                for (var at = k; at < weights.Length; at += _width) weights[at] *= _straight[i];
                if (hidden is null) continue;
                for (var at = k; at < hidden.Out.Length; at += hidden.Bias.Length) hidden.Out[at] *= _bent[i];
                hidden.Bias[k] *= _bent[i];
            }
        }
    }
}
