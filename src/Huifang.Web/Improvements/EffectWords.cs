using Huifang.Insights;
using Microsoft.Extensions.Localization;

namespace Huifang.Improvements;

/// <summary>Puts an effect into words that say no more than the figures do.</summary>
public static class EffectWords
{
    public static string Short(IStringLocalizer<ImprovementText> text, ImprovementEffect? effect) =>
        effect is null ? "—" : !effect.Effect.IsClear ? text["CannotTell"] : text[effect.Effect.Difference < 0 ? "Less" : "More", InsightWords.Percent(effect.Effect.Before), InsightWords.Percent(effect.Effect.After)];

    public static string Long(IStringLocalizer<ImprovementText> text, ImprovementEffect effect) =>
        text["EffectLong", InsightWords.Percent(effect.Effect.Before), InsightWords.Percent(effect.Effect.After), InsightWords.Points(effect.Effect.From), InsightWords.Points(effect.Effect.To), effect.Days];
}
