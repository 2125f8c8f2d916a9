namespace Huifang.Insights;

/// <summary>
/// Finds among many texts those that mean the same as another: first by what they share, weighed by rarity, and by where they lie in the space that a <see cref="SameMeaning"/> has learned; then, of the likeliest, by what it says of each pair.
/// Immutable; any number of threads may read at once.
/// </summary>
public sealed class MeaningIndex
{
    /// <summary>What the learned space counts beside the shared n-grams' 1, and what a pair's probability counts.</summary>
    private const float SpaceShare = 0.25f, PairShare = 1.5f;

    /// <summary>So many are looked at as pairs.</summary>
    private const int Looked = 50;

    private readonly Corpus _corpus;
    private readonly List<(int Row, float Value)>[] _holders;
    private readonly float[][] _places;
    private readonly IReadOnlyList<string> _texts;
    private readonly SameMeaning _model;

    /// <param name="texts">Any number; memory goes with their n-grams.</param>
    public MeaningIndex(IReadOnlyList<string> texts, SameMeaning model)
    {
        (_texts, _model) = (texts, model);
        _corpus = Corpus.Read(texts, new GramShape(2, 3, 4, 3, false, false), 1);
        _holders = new List<(int, float)>[_corpus.Features];
        for (var row = 0; row < _corpus.Rows; row++)
            for (var i = _corpus.Start[row]; i < _corpus.Start[row + 1]; i++) (_holders[_corpus.Feature[i]] ??= []).Add((row, Part(row, i)));
        _places = [.. texts.Select(model.PlaceOf)];
    }

    /// <summary>The texts nearest to one of them, itself left out, the nearest first, with how near they are (0 to 2.75; only for comparing).</summary>
    public IReadOnlyList<(int Text, double Near)> Nearest(int text, int most)
    {
        var near = new float[_corpus.Rows];
        for (var i = _corpus.Start[text]; i < _corpus.Start[text + 1]; i++)
        {
            var own = Part(text, i);
            foreach (var (row, value) in _holders[_corpus.Feature[i]]) near[row] += own * value;
        }
        if (_places[text].Length > 0) for (var row = 0; row < near.Length; row++) near[row] += SpaceShare * LinearSolver.Dot(_places[text], _places[row]);
        // What is looked for costs a pass over what they share; only the likeliest are worth reading as pairs.
        return [.. Enumerable.Range(0, near.Length).Where(row => row != text && near[row] > 0).OrderByDescending(row => near[row]).ThenBy(row => row).Take(Math.Max(most, Looked))
            .Select(row => (Text: row, Near: near[row] + PairShare * _model.Of(_texts[text], _texts[row]))).OrderByDescending(one => one.Near).ThenBy(one => one.Text).Take(most)];
    }

    private float Part(int row, int at) => _corpus.Value[at] / MathF.Sqrt(_corpus.Square[row]);
}
