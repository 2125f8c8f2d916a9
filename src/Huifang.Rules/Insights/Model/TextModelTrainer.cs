namespace Huifang.Insights;

/// <summary>
/// Trains a <see cref="TextModel"/>: reads the texts, solves all columns at once, and learns on texts left out in turn what a score is worth.
/// The same texts in the same order give the same model.
/// </summary>
internal static class TextModelTrainer
{
    private const int Folds = 3, ManyRows = 20_000, HiddenRounds = 8;

    internal static TextModel Train(IReadOnlyList<LabelledText> examples, TrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var axes = AxesOf(examples, options.Many);
        if (axes.Count == 0) throw new ArgumentException("no text has a label", nameof(examples));
        var columns = axes.Sum(axis => axis.Columns);
        var width = columns == 1 ? 1 : (columns + 7) / 8 * 8;
        if (options.LearnNames) examples = [.. examples, .. Names(axes, examples.Count)];
        var order = Enumerable.Range(0, examples.Count).ToArray();
        new Chance(20260102).Shuffle(order);
        var shuffled = order.Select(i => examples[i]).ToList();
        progress?.Report(new(0, "reading"));
        var shape = Shape(shuffled);
        var corpus = Corpus.Read([.. shuffled.Select(example => example.Text)], shape, shuffled.Count > 20_000 ? 2 : 1, stop);
        var says = Says(shuffled, axes, width);
        var all = Enumerable.Range(0, shuffled.Count).ToArray();
        var positive = Lift(says, width, options.Balance);
        progress?.Report(new(0.1, "trying"));
        (corpus, var cost) = Choose(corpus, says, width, positive, options, progress, stop);
        progress?.Report(new(0.3, "learning what a score is worth"));
        var (straight, bent, judged) = Left(corpus, says, width, axes, positive, cost, options, stop);
        var blend = Blend.Fit(axes, judged, straight, bent, width);
        for (var i = 0; i < axes.Count; i++) axes[i] = Calibration.Fit(axes[i], judged, blend.Scores, width);
        progress?.Report(new(0.7, "learning"));
        var weights = LinearSolver.Solve(corpus, all, says, width, cost, positive, options.RoundsMax, stop);
        var hidden = blend.IsStraight ? null : HiddenLayer.Learn(corpus, Common(corpus), all, says, width, axes, UnitsFor(columns), HiddenRounds, stop);
        blend.Apply(weights, hidden);
        progress?.Report(new(0.95, "packing"));
        var model = Packing.Pack(corpus, axes, weights, width, columns, hidden, options.BytesMax);
        progress?.Report(new(1, "done"));
        return model;
    }

    /// <summary>Names of labels as examples, where there are so few that they matter.</summary>
    private static IEnumerable<LabelledText> Names(List<Axis> axes, int examples) =>
        from axis in axes
        where axis.Kind == AxisKind.One && !axis.IsPair && examples < 50 * axis.Labels.Count
        from label in axis.Labels
        where label.Any(char.IsLetter)
        select new LabelledText(string.Join(' ', label.Split('_', '.', '/', '-')), new Dictionary<string, string[]> { [axis.Name] = [label] });

    /// <summary>How much more an example for a column counts: its rarity, to the power asked for.</summary>
    private static float[] Lift(sbyte[] says, int width, float balance)
    {
        var (yes, no) = (new double[width], new double[width]);
        for (var i = 0; i < says.Length; i++) if (says[i] > 0) yes[i % width]++; else if (says[i] < 0) no[i % width]++;
        var lift = new float[width];
        for (var k = 0; k < width; k++) lift[k] = balance == 0 || yes[k] == 0 ? 1 : (float)Math.Clamp(Math.Pow(no[k] / yes[k], balance), 0.1, 50);
        return lift;
    }

    private static GramShape Shape(List<LabelledText> examples)
    {
        var long_ = examples.Average(example => (double)Math.Min(example.Text.Length, 4000)) > 400;
        return long_ ? GramShape.Usual with { CharMax = 4 } : GramShape.Usual;
    }

    private static List<Axis> AxesOf(IReadOnlyList<LabelledText> examples, IReadOnlySet<string> many)
    {
        var labels = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var several = new HashSet<string>(many, StringComparer.Ordinal);
        foreach (var example in examples)
        {
            foreach (var (axis, held) in example.Labels)
            {
                if (!labels.TryGetValue(axis, out var known)) labels[axis] = known = new(StringComparer.Ordinal);
                known.UnionWith(held);
                if (held.Distinct().Count() > 1) several.Add(axis);
            }
        }
        var axes = new List<Axis>();
        foreach (var (name, known) in labels)
        {
            if (known.Count == 0) continue;
            var kind = several.Contains(name) ? AxisKind.Many : AxisKind.One;
            axes.Add(new(name, kind, [.. known], axes.Sum(axis => axis.Columns), [1], [0]));
        }
        return axes;
    }

    private static sbyte[] Says(List<LabelledText> examples, List<Axis> axes, int width)
    {
        var says = new sbyte[examples.Count * width];
        foreach (var axis in axes)
        {
            var at = axis.Labels.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i, StringComparer.Ordinal);
            for (var row = 0; row < examples.Count; row++)
            {
                // No label on an axis of which one holds means that nobody judged it; where many may hold, none is an answer.
                if (!examples[row].Labels.TryGetValue(axis.Name, out var held) || (held.Length == 0 && axis.Kind == AxisKind.One)) continue;
                var own = says.AsSpan(row * width + axis.Column, axis.Columns);
                own.Fill(-1);
                foreach (var label in held) if (!axis.IsPair) own[at[label]] = 1; else if (at[label] == 1) own[0] = 1;
            }
        }
        return says;
    }

    /// <summary>
    /// Tries, on a third of the texts that was left out, how much rarity should count and how much an error should weigh, one after the other;
    /// where there are very many texts the usual values do as well and trying would take long.
    /// </summary>
    private static (Corpus Corpus, float Cost) Choose(Corpus corpus, sbyte[] says, int width, float[] positive, TrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var cost = options.Cost ?? 1f;
        if ((long)corpus.Feature.Length * width > 200_000_000 || corpus.Rows < 30) return (corpus, cost);
        var (best, least) = (corpus, Tried(corpus, cost));
        foreach (var power in (ReadOnlySpan<float>)[0.5f, 0f])
        {
            var other = corpus.Reweighed(power);
            if (Tried(other, cost) is var wrong && wrong < least) (best, least) = (other, wrong);
            progress?.Report(new(0.2, "trying"));
        }
        if (options.Cost is not null) return (best, cost);
        foreach (var other in (ReadOnlySpan<float>)[0.3f, 3f])
        {
            if (Tried(best, other) is var wrong && wrong < least) (cost, least) = (other, wrong);
            progress?.Report(new(0.3, "trying"));
        }
        return (best, cost);

        double Tried(Corpus tried, float at)
        {
            var weights = LinearSolver.Solve(tried, [.. Enumerable.Range(0, tried.Rows).Where(row => row % Folds != 0)], says, width, at, positive, 10, stop);
            var (scores, truth) = (new float[(tried.Rows + Folds - 1) / Folds * width], new sbyte[(tried.Rows + Folds - 1) / Folds * width]);
            for (var row = 0; row < tried.Rows; row += Folds)
            {
                LinearSolver.Score(tried, row, weights, scores.AsSpan(row / Folds * width, width));
                says.AsSpan(row * width, width).CopyTo(truth.AsSpan(row / Folds * width, width));
            }
            return Calibration.Wrong(truth, scores, width);
        }
    }

    /// <summary>Scores of texts that the models did not learn from, straight and bent, and what is so; of very many texts a third is enough.</summary>
    private static (float[] Straight, float[] Bent, sbyte[] Judged) Left(Corpus corpus, sbyte[] says, int width, List<Axis> axes, float[] positive, float cost, TrainingOptions options, CancellationToken stop)
    {
        var (straight, bent) = (new float[corpus.Rows * width], new float[corpus.Rows * width]);
        var (folds, read) = (corpus.Rows > ManyRows ? 1 : Folds, Common(corpus));
        for (var fold = 0; fold < folds; fold++)
        {
            var rows = Enumerable.Range(0, corpus.Rows).Where(row => row % Folds != fold).ToArray();
            var weights = LinearSolver.Solve(corpus, rows, says, width, cost, positive, Math.Min(options.RoundsMax, 10), stop);
            var hidden = options.Straight ? null : HiddenLayer.Learn(corpus, read, rows, says, width, axes, UnitsFor(axes.Sum(axis => axis.Columns)), HiddenRounds, stop);
            for (var row = fold; row < corpus.Rows; row += Folds)
            {
                LinearSolver.Score(corpus, row, weights, straight.AsSpan(row * width, width));
                hidden?.Score(row, bent.AsSpan(row * width, width));
            }
        }
        if (folds == Folds) return (straight, bent, says);
        var judged = new sbyte[says.Length];
        for (var row = 0; row < corpus.Rows; row += Folds) says.AsSpan(row * width, width).CopyTo(judged.AsSpan(row * width));
        return (straight, bent, judged);
    }

    /// <summary>Which n-grams the hidden units read.</summary>
    private static bool[] Common(Corpus corpus) => Array.ConvertAll(corpus.Texts, texts => texts >= 2);

    private static int UnitsFor(int columns) => columns > 8 ? 32 : 16;
}
