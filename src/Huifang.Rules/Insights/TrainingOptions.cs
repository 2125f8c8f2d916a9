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

    /// <summary>Axes of which any number of labels may hold at once. An axis with a text of two labels is one of them anyway.</summary>
    public IReadOnlySet<string> Many { get; init; } = new HashSet<string>();
}

/// <summary>How far training is, from 0 to 1, and what is being done.</summary>
public readonly record struct TrainingProgress(double Done, string What);
