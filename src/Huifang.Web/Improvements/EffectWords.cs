using Huifang.Insights;
using Microsoft.Extensions.Localization;

namespace Huifang.Improvements;

/// <summary>Puts an effect into words that say no more than the figures do.</summary>
public static class EffectWords
{
    public static string Short(IStringLocalizer<ImprovementText> text, ImprovementEffect? effect) =>
        effect is null ? "—" : !effect.Effect.IsClear ? text["CannotTell"] : text[effect.Effect.Difference < 0 ? "Less" : "More", InsightWords.Percent(effect.Effect.Before), InsightWords.Percent(effect.Effect.After)];

    /// <summary>Whether like was compared with like, and what the plain comparison would have said where it was not.</summary>
    public static string Mix(IStringLocalizer<ImprovementText> text, ImprovementEffect effect, Func<string, string> source) => effect switch
    {
        { Mix: null } => text["MixOne"],
        { Mix: { } mix, Plain: { } plain } => text["MixUnlike", source(mix.Where), InsightWords.Percent(mix.Moved), InsightWords.Percent(plain.Before), InsightWords.Percent(plain.After), InsightWords.Points(plain.From), InsightWords.Points(plain.To)],
        { Mix: { IsUnlike: true } mix } => text["MixNothingAlike", source(mix.Where), InsightWords.Percent(mix.Moved)],
        { Mix: { } mix } => text["MixAlike", source(mix.Where), InsightWords.Percent(mix.Moved)],
    };

    public static string Long(IStringLocalizer<ImprovementText> text, ImprovementEffect effect) =>
        text["EffectLong", InsightWords.Percent(effect.Effect.Before), InsightWords.Percent(effect.Effect.After), InsightWords.Points(effect.Effect.From), InsightWords.Points(effect.Effect.To), effect.Days];
}
