namespace Huifang.Insights;

/// <summary>
/// Understands what customers write: topics, sentiment, intent, severity and whether somebody should talk to them, in one pass over the text.
/// Immutable; any number of threads may read at once. An axis that the model was not taught answers with its most harmless label at probability 0.
/// </summary>
public sealed class Understanding
{
    /// <summary>Below this probability of the first topic the reading abstains: a person decides.</summary>
    public const double SureEnough = 0.4;

    /// <summary>A second topic is named from this probability on.</summary>
    public const double Second = 0.2;

    private const int TopicsMax = 3;

    private readonly TextModel _model;
    private readonly Axis? _topics;

    internal Understanding(TextModel model)
    {
        _model = model;
        _topics = model.AllAxes.FirstOrDefault(axis => axis.Name == Axes.Topic);
        Version = Fingerprint(model);
    }

    /// <summary>Twelve hexadecimal digits that differ when the model differs.</summary>
    public string Version { get; }

    /// <summary>The probability from which on a text may be about fraud; below it recall of fraud would suffer.</summary>
    public double FraudFrom { get; init; } = 0.12;

    internal TextModel Model => _model;

    /// <exception cref="InvalidDataException">This is no model of ours, or it is damaged.</exception>
    public static Understanding Read(Stream model) => new(TextModelFile.Read(model));

    public void Write(Stream stream) => TextModelFile.Write(_model, stream);

    /// <param name="text">Of any length; the first 32,768 characters are read.</param>
    public Reading Of(string text)
    {
        Span<float> scores = _model.Width <= 512 ? stackalloc float[_model.Width] : new float[_model.Width];
        var known = _model.Score(text, scores);
        var topics = Topics(scores, out var fraud);
        return new(topics, Best(Axes.Sentiment, "neutral", scores), Best(Axes.Intent, "question", scores), Best(Axes.Severity, "low", scores), Best(Axes.NeedsContact, "no", scores),
            Tongue.Of(text), known == 0 || topics[0].Probability < SureEnough) { MayBeFraud = fraud >= FraudFrom };
    }

    /// <summary>Every topic with its probability, in the order of the model: for reports, active learning and clusters of what no topic fits.</summary>
    public IReadOnlyList<Guess> AllTopics(string text)
    {
        if (_topics is null) return [];
        Span<float> scores = _model.Width <= 512 ? stackalloc float[_model.Width] : new float[_model.Width];
        _model.Score(text, scores);
        var probabilities = new double[_topics.Labels.Count];
        _topics.Probabilities(scores, probabilities);
        return [.. _topics.Labels.Select((label, i) => new Guess(label, probabilities[i]))];
    }

    private IReadOnlyList<Guess> Topics(ReadOnlySpan<float> scores, out double fraud)
    {
        fraud = 0;
        if (_topics is null) return [new("other.unclear", 0)];
        Span<double> probabilities = stackalloc double[_topics.Labels.Count];
        _topics.Probabilities(scores, probabilities);
        for (var k = 0; k < probabilities.Length; k++) if (_topics.Labels[k].StartsWith("security_fraud", StringComparison.Ordinal)) fraud += probabilities[k];
        var found = new List<Guess>(1);
        for (var place = 0; place < TopicsMax; place++)
        {
            var best = 0;
            for (var k = 1; k < probabilities.Length; k++) if (probabilities[k] > probabilities[best]) best = k;
            if (place > 0 && probabilities[best] < Second) break;
            found.Add(new(_topics.Labels[best], probabilities[best]));
            probabilities[best] = -1;
        }
        return found;
    }

    private Guess Best(string name, string otherwise, ReadOnlySpan<float> scores)
    {
        foreach (var axis in _model.AllAxes)
        {
            if (axis.Name != name) continue;
            Span<double> probabilities = stackalloc double[axis.Labels.Count];
            axis.Probabilities(scores, probabilities);
            var best = 0;
            for (var k = 1; k < probabilities.Length; k++) if (probabilities[k] > probabilities[best]) best = k;
            return new(axis.Labels[best], probabilities[best]);
        }
        return new(otherwise, 0);
    }

    private static string Fingerprint(TextModel model)
    {
        var hash = 0xCBF29CE484222325UL;
        void Add(ulong value) => hash = (hash ^ value) * 0x100000001B3;
        foreach (var axis in model.AllAxes) foreach (var c in axis.Name + string.Join('\n', axis.Labels)) Add(c);
        // A sum, for the order of n-grams says nothing.
        ulong sum = 0;
        for (var f = 0; f < model.Hashes.Length; f++)
        {
            ulong one = model.Hashes[f] + 1;
            foreach (var weight in model.WeightsOf(f)) one = (one ^ (byte)weight) * 0x100000001B3;
            sum += one;
        }
        Add(sum);
        return (hash ^ (hash >> 29)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture)[..12];
    }
}

/// <summary>Teaches an <see cref="Understanding"/>.</summary>
public static class UnderstandingTrainer
{
    /// <param name="examples">Texts with what people said of them; every axis of its own, so a set that knows only topics and one that knows only sentiment go together.</param>
    /// <exception cref="ArgumentException">No example has a label.</exception>
    public static Understanding Train(IEnumerable<LabelledText> examples, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken stop = default) =>
        new(TextModelTrainer.Train([.. examples], options ?? TrainingOptions.Default, progress, stop));
}
