using System.Globalization;
using Huifang.Languages;

namespace Huifang.Surveys;

/// <summary>The one question of a survey that a text message can ask: a number answers it.</summary>
public static class SurveyByNumber
{
    /// <summary>Replies are understood up to 12, so a longer list cannot be asked so.</summary>
    private const int ChoicesMax = 12;

    /// <summary>The first question that a number answers and that is asked of everybody; null when there is none.</summary>
    public static SurveyQuestion? Question(SurveyDefinition survey) => survey.Questions.FirstOrDefault(question =>
        question.When is null && (question.Kind == SurveyKind.Choice ? question.Choices.Count <= ChoicesMax : question.Scale is not null && question.Kind != SurveyKind.Matrix));

    /// <summary>The question with what its numbers mean.</summary>
    public static Localized Words(SurveyQuestion question)
    {
        if (question.Kind == SurveyKind.Choice) return In(language => $"{question.Words.In(language)} {string.Join(' ', question.Choices.Select((choice, i) => $"{i + 1} {choice.Words.In(language)}"))}");
        var ends = Ends(question.Kind);
        return new($"{question.Words.ZhHans}（{ends.ZhHans}）", $"{question.Words.ZhHant}（{ends.ZhHant}）", $"{question.Words.En} ({ends.En})");
    }

    /// <summary>The answer that a number gives, or null when the question has no such number.</summary>
    public static SurveyAnswer? Answer(SurveyQuestion question, int number) => question.Kind == SurveyKind.Choice
        ? number >= 1 && number <= question.Choices.Count ? new(question.Id, "", question.Choices[number - 1].Id, null) : null
        : question.Scale is var (from, to) && number >= from && number <= to ? new(question.Id, "", number.ToString(CultureInfo.InvariantCulture), null) : null;

    private static Localized Ends(SurveyKind kind) => kind switch
    {
        SurveyKind.Nps => new("0 绝对不会，10 一定会", "0 絕對不會，10 一定會", "0 not at all, 10 certainly"),
        SurveyKind.Csat => new("1 很不满意，5 很满意", "1 很不滿意，5 很滿意", "1 very unhappy, 5 very happy"),
        SurveyKind.Ces => new("1 很费力，5 不费力", "1 很費力，5 不費力", "1 hard, 5 easy"),
        SurveyKind.Rating => new("1 最差，5 最好", "1 最差，5 最好", "1 worst, 5 best"),
        SurveyKind.Choice or SurveyKind.Text or SurveyKind.Matrix => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no scale."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Localized In(Func<string, string> words) => new(words(Language.Simplified), words(Language.Traditional), words(Language.English));
}
