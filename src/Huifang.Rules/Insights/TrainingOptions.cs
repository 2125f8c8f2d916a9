namespace Huifang.Insights;

/// <summary>How a model is trained. The defaults suit anything from a hundred sentences to a few hundred thousand reviews.</summary>
public sealed record TrainingOptions
{
    public static readonly TrainingOptions Default = new();

    /// <summary>The weight of an error, or null to choose it by trying on parts of the texts that were left out.</summary>
    public float? Cost { get; init; }

    /// <summary>Passes over the texts, at most.</summary>
    public int RoundsMax { get; init; } = 20;

    /// <summary>The largest model file, in bytes; the least telling n-grams are left out.</summary>
    public int BytesMax { get; init; } = 10_000_000;

    /// <summary>How far rare labels are lifted to the weight of common ones: 0 not at all, 1 fully. For when the mix of topics later is not the mix of the examples.</summary>
    public float Balance { get; init; }

    /// <summary>Whether the label's own name is one more example of it ("card_arrival" says much): a help when there are few examples.</summary>
    public bool LearnNames { get; init; } = true;

    /// <summary>A linear model alone, without hidden units: smaller, and quicker to learn.</summary>
    public bool Straight { get; init; }

    /// <summary>Axes of which any number of labels may hold at once. An axis with a text of two labels is one of them anyway.</summary>
    public IReadOnlySet<string> Many { get; init; } = new HashSet<string>();
}

/// <summary>How far training is, from 0 to 1, and what is being done.</summary>
public readonly record struct TrainingProgress(double Done, string What);
