using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Huifang.Insights;

/// <summary>How right a model is on one label. Recall is the part of its texts that were found, with Wilson's 95 % interval; precision the part of the texts so labelled that were right.</summary>
public sealed record LabelScore(string Label, int Texts, double Precision, double Recall, double F1, double RecallFrom, double RecallTo, double PrecisionFrom, double PrecisionTo);

/// <summary>How right a model is on texts that it has not seen.</summary>
/// <param name="Accuracy">The part of the texts whose labels were all right.</param>
/// <param name="Ece">How far the stated probability of the first label is from the truth, on average over ten bins (expected calibration error).</param>
/// <param name="Answered">The part of the texts that the model did not leave to a person, and <paramref name="AnsweredAccuracy"/> how right it was on them.</param>
public sealed record Scorecard(
    int Texts, double Accuracy, double AccuracyFrom, double AccuracyTo, double MacroF1, double MicroF1, double Ece, double Answered, double AnsweredAccuracy, IReadOnlyList<LabelScore> Labels)
{
    public static Scorecard Of(TextClassifier model, IReadOnlyList<LabelledText> examples, string axis)
    {
        var (labels, many) = (model.Labels(axis), model.IsMany(axis));
        var names = labels.Concat(examples.SelectMany(example => example.Labels[axis])).Distinct(StringComparer.Ordinal).ToList();
        var at = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        var (found, said, true_) = (new int[names.Count], new int[names.Count], new int[names.Count]);
        var bins = new (int Count, double Right, double Stated)[10];
        var (right, answered, answeredRight) = (0, 0, 0);
        var probabilities = new double[labels.Count];
        foreach (var example in examples)
        {
            var known = model.Probabilities(example.Text, axis, probabilities);
            var best = 0;
            for (var k = 1; k < probabilities.Length; k++) if (probabilities[k] > probabilities[best]) best = k;
            var held = example.Labels[axis].Select(label => at[label]).ToHashSet();
            HashSet<int> guessed = many ? [.. Enumerable.Range(0, probabilities.Length).Where(k => probabilities[k] >= 0.5)] : [best];
            var isRight = guessed.SetEquals(held);
            if (isRight) right++;
            if (known > 0 && probabilities[best] >= Understanding.SureEnough) { answered++; if (isRight) answeredRight++; }
            foreach (var k in held) { true_[k]++; if (guessed.Contains(k)) found[k]++; }
            foreach (var k in guessed) said[k]++;
            ref var bin = ref bins[Math.Min(9, (int)(probabilities[best] * 10))];
            bin = (bin.Count + 1, bin.Right + (held.Contains(best) ? 1 : 0), bin.Stated + probabilities[best]);
        }
        var scores = names.Select((name, k) => Score(name, found[k], said[k], true_[k])).OrderBy(score => score.Label, StringComparer.Ordinal).ToList();
        var (from, to) = Statistics.Wilson(right, examples.Count);
        var (allFound, all) = (found.Sum(), said.Sum() + true_.Sum());
        return new(examples.Count, (double)right / examples.Count, from, to, scores.Where(score => score.Texts > 0).Average(score => score.F1), all == 0 ? 0 : 2.0 * allFound / all,
            bins.Sum(bin => Math.Abs(bin.Right - bin.Stated)) / examples.Count, (double)answered / examples.Count, answered == 0 ? 0 : (double)answeredRight / answered, scores);
    }

    private static LabelScore Score(string name, int found, int said, int texts)
    {
        var (precision, recall) = (said == 0 ? 0 : (double)found / said, texts == 0 ? 0 : (double)found / texts);
        var ((from, to), (sureFrom, sureTo)) = (Statistics.Wilson(found, texts), Statistics.Wilson(found, said));
        return new(name, texts, precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall), from, to, sureFrom, sureTo);
    }

    /// <summary>For a person: the whole, then the labels, the commonest first.</summary>
    public void Print(TextWriter writer)
    {
        void Line([StringSyntax("CompositeFormat")] FormattableString line) => writer.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"{Texts:N0} texts: accuracy {Accuracy:P1} ({AccuracyFrom:P1}–{AccuracyTo:P1}), macro-F1 {MacroF1:P1}, calibration error {Ece:0.000}; answered {Answered:P0}, of those right {AnsweredAccuracy:P1}");
        foreach (var label in Labels.OrderByDescending(label => label.Texts)) Line($"{label.Label,-48} {label.Texts,6} recall {label.Recall:P1} ({label.RecallFrom:P0}–{label.RecallTo:P0}) precision {label.Precision:P1} F1 {label.F1:P1}");
    }
}
