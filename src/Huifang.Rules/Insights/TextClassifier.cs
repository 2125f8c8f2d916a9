namespace Huifang.Insights;

/// <summary>
/// A model for labels of the operator's own: any number of axes, each with the labels that its examples had. <see cref="Understanding"/> is one whose axes the house knows.
/// Immutable; any number of threads may read at once.
/// </summary>
public sealed class TextClassifier
{
    private readonly TextModel _model;

    internal TextClassifier(TextModel model) => _model = model;

    internal TextModel Model => _model;

    /// <summary>The axes that the model was taught.</summary>
    public IEnumerable<string> AxisNames => _model.AllAxes.Select(axis => axis.Name);

    /// <exception cref="InvalidDataException">This is no model of ours, or it is damaged.</exception>
    public static TextClassifier Read(Stream model) => new(TextModelFile.Read(model));

    /// <inheritdoc cref="UnderstandingTrainer.Train"/>
    public static TextClassifier Train(IEnumerable<LabelledText> examples, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken stop = default) =>
        new(TextModelTrainer.Train([.. examples], options ?? TrainingOptions.Default, progress, stop));

    public void Write(Stream stream) => TextModelFile.Write(_model, stream);

    /// <summary>The labels of an axis, in the order of <see cref="Probabilities"/>; empty when the model does not know it.</summary>
    public IReadOnlyList<string> Labels(string axis) => Find(axis)?.Labels ?? [];

    /// <summary>Whether any number of the axis' labels may hold at once.</summary>
    public bool IsMany(string axis) => Find(axis)?.Kind == AxisKind.Many;

    /// <summary>Calibrated probabilities of the labels of an axis, in their order. Allocates nothing but for models of very many labels.</summary>
    /// <returns>How many different known n-grams the text holds: 0 means that nothing was understood.</returns>
    public int Probabilities(ReadOnlySpan<char> text, string axis, Span<double> into)
    {
        Span<float> scores = _model.Width <= 512 ? stackalloc float[_model.Width] : new float[_model.Width];
        var known = _model.Score(text, scores);
        Find(axis)?.Probabilities(scores, into);
        return known;
    }

    private Axis? Find(string name)
    {
        foreach (var axis in _model.AllAxes) if (axis.Name == name) return axis;
        return null;
    }
}
