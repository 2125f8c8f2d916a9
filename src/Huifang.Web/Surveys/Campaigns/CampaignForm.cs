using System.Collections.Immutable;
using System.Globalization;
using Huifang.Languages;
using Microsoft.Extensions.Primitives;

namespace Huifang.Surveys;

/// <summary>A campaign's plan as the fields of its form. A number that is none stays impossible, so that the rules say which field is wrong.</summary>
public static class CampaignForm
{
    public static CampaignPlan Read(IFormCollection form) => new(new CampaignAudience
    {
        Who = new()
        {
            SegmentsAny = Parts(form["segments"]), SegmentsNone = Parts(form["segmentsNone"]), Countries = [.. Parts(form["countries"]).Select(country => country.ToUpperInvariant())],
            JoinedDaysMin = Optional(form["joinedMin"]), JoinedDaysMax = Optional(form["joinedMax"]),
        },
        Languages = [.. form["language"].OfType<string>().Where(Language.All.Contains)],
        Talk = Text(form["talk"]), Event = Text(form["event"]), Product = Text(form["product"]), Days = Number(form["days"]),
    }, Enum.TryParse<CampaignWay>(form["way"], out var way) && Enum.IsDefined(way) ? way : CampaignWay.HerOrder, Optional(form["askMax"]), Number(form["perHour"]), Number(form["withinDays"]));

    public static readonly CampaignPlan Blank = new(new(), CampaignWay.HerOrder);

    private static ImmutableArray<string> Parts(StringValues value) => [.. value.ToString().Split([' ', ',', '，', '、', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
    private static string? Text(StringValues value) => value.ToString().Trim() is { Length: > 0 } text ? text : null;
    private static int Number(StringValues value) => int.TryParse(value.ToString().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    private static int? Optional(StringValues value) => string.IsNullOrWhiteSpace(value) ? null : Number(value);
}
