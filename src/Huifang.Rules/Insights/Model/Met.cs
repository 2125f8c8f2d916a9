namespace Huifang.Insights;

/// <summary>How often the n-grams of a model were met in learning, one byte each: what is commoner in new texts than it was then is new.</summary>
/// <param name="Texts">How many texts were learned from; 0 when that is not known (files of the first kind).</param>
/// <param name="Often">For each feature eight times the binary logarithm of its texts.</param>
/// <param name="Whole">False when n-grams were left out for lack of room, so that an unknown one may have been met.</param>
internal sealed record Met(int Texts, byte[] Often, bool Whole)
{
    internal static readonly Met Unknown = new(0, [], false);

    internal float Part(int feature) => MathF.Pow(2, Often[feature] / 8f) / Texts;

    internal static byte Packed(int texts) => (byte)MathF.Round(8 * MathF.Log2(Math.Max(1, texts)));

    internal Met Sorted(int[] order) => Texts == 0 ? this : this with { Often = Array.ConvertAll(order, i => Often[i]) };
}
