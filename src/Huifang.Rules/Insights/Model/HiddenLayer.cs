namespace Huifang.Insights;

/// <summary>
/// A few units between n-grams and labels: each unit sums weights of the n-grams and counts only when it is above nought; labels sum the units.
/// It bends where a linear model cannot ("not" and "bad" together), errs elsewhere, and so the two together err less than either.
/// Learned by stochastic descent with steps that shrink for what was moved often (AdaGrad), with n-grams left out by chance, which keeps it from learning texts by heart.
/// </summary>
internal sealed class HiddenLayer
{
    private const float LeftOut = 0.4f, Step = 0.2f, StepOut = 0.06f;

    private readonly Corpus _corpus;
    private readonly bool[] _read;
    private readonly IReadOnlyList<Axis> _axes;
    private readonly int _width;

    /// <param name="read">Which features it reads: a rare n-gram teaches it nothing.</param>
    /// <param name="width">Columns of the labels, padded to a multiple of the vector.</param>
    private HiddenLayer(Corpus corpus, bool[] read, IReadOnlyList<Axis> axes, int width, int units)
    {
        (_corpus, _read, _axes, _width, Units) = (corpus, read, axes, width, units);
        (In, Out, Bias) = (new float[(long)corpus.Features * units], new float[units * width], new float[width]);
    }

    internal int Units { get; }

    /// <summary>Of feature f and unit u at f × units + u.</summary>
    internal float[] In { get; }

    /// <summary>Of unit u and column k at u × width + k.</summary>
    internal float[] Out { get; }

    internal float[] Bias { get; }

    /// <param name="rows">Rows of the corpus to learn from.</param>
    /// <param name="says">For row r and column k at r × width + k: 1 holds, -1 does not, 0 was not judged.</param>
    /// <param name="outer">The width of a row of <paramref name="says"/>.</param>
    internal static HiddenLayer Learn(Corpus corpus, bool[] read, int[] rows, sbyte[] says, int outer, IReadOnlyList<Axis> axes, int units, int rounds, CancellationToken stop)
    {
        var layer = new HiddenLayer(corpus, read, axes, (outer + 7) / 8 * 8, units);
        layer.Learn(rows, says, outer, rounds, stop);
        return layer;
    }

    /// <summary>What it says of a row, in log odds.</summary>
    internal void Score(int row, Span<float> scores)
    {
        Span<float> hidden = stackalloc float[Units], all = stackalloc float[_width];
        for (var i = _corpus.Start[row]; i < _corpus.Start[row + 1]; i++) if (_read[_corpus.Feature[i]]) LinearSolver.Add(hidden, In.AsSpan(_corpus.Feature[i] * Units, Units), _corpus.Value[i]);
        Sum(hidden, all);
        all[..scores.Length].CopyTo(scores);
    }

    private void Sum(ReadOnlySpan<float> hidden, Span<float> scores)
    {
        Bias.CopyTo(scores);
        for (var u = 0; u < Units; u++) if (hidden[u] > 0) LinearSolver.Add(scores, Out.AsSpan(u * _width, _width), hidden[u]);
    }

    private void Learn(int[] rows, sbyte[] says, int outer, int rounds, CancellationToken stop)
    {
        var chance = new Chance(20260104);
        float Around() => (float)((chance.Next() >> 11) / (double)(1L << 53) * 2 - 1);
        for (var i = 0L; i < In.LongLength; i++) In[i] = _read[i / Units] ? Around() * 0.25f / MathF.Sqrt(Units) : 0;
        var columns = _axes.Sum(axis => axis.Columns);
        for (var u = 0; u < Units; u++) for (var k = 0; k < columns; k++) Out[u * _width + k] = Around() * MathF.Sqrt(3f / Units);
        var (movedIn, movedOut, movedBias) = (new float[_corpus.Features], new float[Units], 1f);
        Array.Fill(movedOut, 1f);
        var order = rows.ToArray();
        var kept = new int[Enumerable.Range(0, _corpus.Rows).Max(row => _corpus.Start[row + 1] - _corpus.Start[row])];
        Span<float> hidden = stackalloc float[Units], back = stackalloc float[Units], error = stackalloc float[_width];
        for (var round = 0; round < rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            chance.Shuffle(order);
            var rate = 1 - 0.9f * round / rounds;
            foreach (var row in order)
            {
                var count = Keep(row, kept, ref chance);
                hidden.Clear();
                foreach (var i in kept.AsSpan(0, count)) LinearSolver.Add(hidden, In.AsSpan(_corpus.Feature[i] * Units, Units), _corpus.Value[i] / (1 - LeftOut));
                Sum(hidden, error);
                var wrong = Wrong(error, says.AsSpan(row * outer, columns));
                if (wrong < 1e-8f) continue;
                // What the labels' errors ask of the units, before the units' own weights move.
                var asked = 0f;
                for (var u = 0; u < Units; u++)
                {
                    back[u] = 0;
                    if (hidden[u] <= 0) continue;
                    var to = Out.AsSpan(u * _width, _width);
                    back[u] = LinearSolver.Dot(to, error);
                    asked += back[u] * back[u];
                    movedOut[u] += 4 * wrong / columns * hidden[u] * hidden[u];
                    LinearSolver.Add(to, error, -StepOut * rate * hidden[u] / MathF.Sqrt(movedOut[u]));
                }
                movedBias += 4 * wrong / columns;
                LinearSolver.Add(Bias, error, -StepOut * rate / MathF.Sqrt(movedBias));
                if (asked == 0) continue;
                foreach (var i in kept.AsSpan(0, count))
                {
                    var (feature, value) = (_corpus.Feature[i], _corpus.Value[i] / (1 - LeftOut));
                    movedIn[feature] += asked / Units * value * value;
                    LinearSolver.Add(In.AsSpan(feature * Units, Units), back, -Step * rate * value / MathF.Sqrt(movedIn[feature] + 1e-6f));
                }
            }
        }
    }

    /// <summary>The places of a row's features that it reads this time.</summary>
    private int Keep(int row, int[] kept, ref Chance chance)
    {
        var (count, bits, left) = (0, 0UL, 0);
        for (var i = _corpus.Start[row]; i < _corpus.Start[row + 1]; i++)
        {
            if (!_read[_corpus.Feature[i]]) continue;
            if (left == 0) (bits, left) = (chance.Next(), 4);
            if ((bits & 0xFFFF) >= LeftOut * 65536) kept[count++] = i;
            (bits, left) = (bits >> 16, left - 1);
        }
        return count;
    }

    /// <summary>Turns log odds into errors (what was stated less what is so); columns that nobody judged have none.</summary>
    /// <returns>The sum of their squares.</returns>
    private float Wrong(Span<float> scores, ReadOnlySpan<sbyte> says)
    {
        var squares = 0f;
        foreach (var axis in _axes)
        {
            var own = scores.Slice(axis.Column, axis.Columns);
            var truth = says.Slice(axis.Column, axis.Columns);
            if (axis.IsPair || axis.Kind == AxisKind.Many)
            {
                for (var k = 0; k < own.Length; k++) own[k] = truth[k] == 0 ? 0 : 1 / (1 + MathF.Exp(-own[k])) - (truth[k] > 0 ? 1 : 0);
            }
            else if (truth.Contains((sbyte)1))
            {
                var (most, sum) = (float.MinValue, 0f);
                foreach (var score in own) most = MathF.Max(most, score);
                for (var k = 0; k < own.Length; k++) sum += own[k] = MathF.Exp(own[k] - most);
                for (var k = 0; k < own.Length; k++) own[k] = own[k] / sum - (truth[k] > 0 ? 1 : 0);
            }
            else own.Clear();
            foreach (var error in own) squares += error * error;
        }
        scores[says.Length..].Clear();
        return squares;
    }
}
