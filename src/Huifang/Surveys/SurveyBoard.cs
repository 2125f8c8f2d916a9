using System.Globalization;
using Huifang.Insights;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>One choice or number with its share and interval.</summary>
public sealed record AnswerShare(string Value, long Count, double Share, double Low, double High);

/// <summary>What was answered to one question, or to one row of a matrix.</summary>
public sealed record QuestionResult(SurveyQuestion Question, SurveyOption? Row, SurveyScore? Score, IReadOnlyList<AnswerShare> Shares);

/// <summary>What came of a survey.</summary>
/// <param name="Funnel">By version and channel: asked, shown, answered.</param>
public sealed record SurveyResults(SurveyLine Survey, SurveyDefinition Definition, IReadOnlyList<(long Version, string Channel, long Asked, long Shown, long Answered)> Funnel, IReadOnlyList<QuestionResult> Questions)
{
    /// <summary>Of those who saw it, how many answered, with the interval.</summary>
    public (double Share, double Low, double High) Response => Statistics.Wilson(Survey.Answered, Survey.Shown) is var (low, high) ? (Survey.Shown == 0 ? 0 : (double)Survey.Answered / Survey.Shown, low, high) : default;
}

/// <summary>Counts answers over all versions: a question that kept its id kept its meaning.</summary>
public sealed class SurveyBoard
{
    public async Task<SurveyResults?> Look(Tx tx, string id)
    {
        if (await SurveyTable.Find(tx, id) is not { } survey || await SurveyTable.Version(tx, id, survey.LiveVersion ?? 1) is not { } version) return null;
        var counts = await SurveyTable.Counts(tx, id);
        var results = new List<QuestionResult>();
        foreach (var question in version.Definition.Questions.Where(question => question.Kind != SurveyKind.Text))
            foreach (var row in question.Kind == SurveyKind.Matrix ? question.Rows.Cast<SurveyOption?>() : [null])
            {
                var own = counts.Where(one => one.Question == question.Id && one.Row == (row?.Id ?? "")).ToList();
                var all = own.Sum(one => one.Count);
                string[] values = question.Scale is var (from, to) ? [.. Enumerable.Range(from, to - from + 1).Select(number => number.ToString(CultureInfo.InvariantCulture))] : [.. question.Choices.Select(choice => choice.Id)];
                results.Add(new(question, row, question.Scale is null ? null : SurveyScores.Of(question.Kind, own.Where(one => int.TryParse(one.Value, CultureInfo.InvariantCulture, out _)).ToDictionary(one => int.Parse(one.Value, CultureInfo.InvariantCulture), one => one.Count)),
                    [.. values.Select(value => { var count = own.FirstOrDefault(one => one.Value == value).Count; var (low, high) = Statistics.Wilson(count, all); return new AnswerShare(value, count, all == 0 ? 0 : (double)count / all, low, high); })]));
            }
        return new(survey, version.Definition, await SurveyTable.Funnel(tx, id), results);
    }
}
