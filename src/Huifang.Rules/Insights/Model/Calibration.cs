namespace Huifang.Insights;

/// <summary>Learns from scores of texts that were left out how probable a label is at a score (Platt; one temperature for a choice among many).</summary>
internal static class Calibration
{
    internal static Axis Fit(Axis axis, sbyte[] says, float[] scores, int width)
    {
        if (axis.IsPair)
        {
            var (slope, offset) = Platt(axis.Column, says, scores, width);
            return axis with { Slope = [slope], Offset = [offset] };
        }
        if (axis.Kind == AxisKind.One) return axis with { Slope = [Temperature(axis, says, scores, width)], Offset = [0] };
        var (slopes, offsets) = (new float[axis.Columns], new float[axis.Columns]);
        for (var k = 0; k < axis.Columns; k++) (slopes[k], offsets[k]) = Platt(axis.Column + k, says, scores, width);
        return axis with { Slope = slopes, Offset = offsets };
    }

    /// <summary>Newton's method on a and b of 1 / (1 + e^-(a s + b)), with Platt's smoothed targets.</summary>
    private static (float Slope, float Offset) Platt(int column, sbyte[] says, float[] scores, int width)
    {
        double yes = 0, no = 0;
        for (var at = column; at < says.Length; at += width) if (says[at] > 0) yes++; else if (says[at] < 0) no++;
        var (high, low) = ((yes + 1) / (yes + 2), 1 / (no + 2));
        var (a, b) = (2.0, Math.Log((yes + 1) / (no + 1)) * 0.5);
        for (var round = 0; round < 50; round++)
        {
            double ga = 0, gb = 0, aa = 1e-3, ab = 0, bb = 1e-3;
            for (var at = column; at < says.Length; at += width)
            {
                if (says[at] == 0) continue;
                var p = Axis.Sigmoid(a * scores[at] + b);
                var error = p - (says[at] > 0 ? high : low);
                var weight = Math.Max(p * (1 - p), 1e-6);
                (ga, gb) = (ga + error * scores[at], gb + error);
                (aa, ab, bb) = (aa + weight * scores[at] * scores[at], ab + weight * scores[at], bb + weight);
            }
            var determinant = aa * bb - ab * ab;
            var (da, db) = ((bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant);
            (a, b) = (Math.Clamp(a - Math.Clamp(da, -2, 2), 0.05, 50), b - Math.Clamp(db, -2, 2));
            if (Math.Abs(da) + Math.Abs(db) < 1e-5) break;
        }
        return ((float)a, (float)b);
    }

    /// <summary>The multiplier before softmax with the least loss, by golden section over its logarithm: the loss has one valley.</summary>
    private static float Temperature(Axis axis, sbyte[] says, float[] scores, int width)
    {
        var (low, high, ratio) = (Math.Log(0.2), Math.Log(60), (Math.Sqrt(5) - 1) / 2);
        for (var round = 0; round < 24; round++)
        {
            var (left, right) = (high - (high - low) * ratio, low + (high - low) * ratio);
            if (Loss(axis, says, scores, width, Math.Exp(left)) < Loss(axis, says, scores, width, Math.Exp(right))) high = right; else low = left;
        }
        return (float)Math.Exp((low + high) / 2);
    }

    private static double Loss(Axis axis, sbyte[] says, float[] scores, int width, double slope)
    {
        double loss = 0;
        // A few thousand texts tell one number well enough.
        var stride = Math.Max(1, says.Length / width / 4000) * width;
        for (var from = axis.Column; from < says.Length; from += stride)
        {
            var own = scores.AsSpan(from, axis.Columns);
            var held = says.AsSpan(from, axis.Columns).IndexOf((sbyte)1);
            if (held < 0) continue;
            var (most, sum) = (own[0], 0.0);
            foreach (var score in own) most = MathF.Max(most, score);
            foreach (var score in own) sum += Math.Exp((score - most) * slope);
            loss += Math.Log(sum) - (own[held] - most) * slope;
        }
        return loss;
    }

    /// <summary>How many texts an axis was wrong of.</summary>
    internal static double Wrong(Axis axis, sbyte[] says, float[] scores, int width)
    {
        double wrong = 0;
        for (var from = axis.Column; from < says.Length; from += width)
        {
            var truth = says.AsSpan(from, axis.Columns);
            var own = scores.AsSpan(from, axis.Columns);
            if (axis.Kind == AxisKind.Many || axis.IsPair)
            {
                for (var k = 0; k < own.Length; k++) if (truth[k] * own[k] < 0) wrong++;
                continue;
            }
            var held = truth.IndexOf((sbyte)1);
            if (held < 0) continue;
            for (var k = 0; k < own.Length; k++) if (k != held && own[k] >= own[held]) { wrong++; break; }
        }
        return wrong;
    }

    /// <summary>How much the columns were wrong, for choosing between costs: texts whose best column is not one that holds, or, with one column, is on the wrong side.</summary>
    internal static double Wrong(sbyte[] says, float[] scores, int width)
    {
        double wrong = 0;
        for (var row = 0; row < says.Length / width; row++)
        {
            var own = scores.AsSpan(row * width, width);
            var truth = says.AsSpan(row * width, width);
            if (width == 1) { if (truth[0] * own[0] <= 0) wrong++; continue; }
            var best = -1;
            for (var k = 0; k < width; k++) if (truth[k] != 0 && (best < 0 || own[k] > own[best])) best = k;
            if (best >= 0 && truth[best] < 0) wrong++;
        }
        return wrong;
    }
}
