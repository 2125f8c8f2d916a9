using System.Globalization;
using Huifang.Insights;
using Huifang.Languages;

namespace Huifang.Surveys;

/// <summary>What a survey may be, whom it may ask, and which answers fit it.</summary>
public static class SurveyRules
{
    public const int QuestionsMax = 20, OptionsMax = 12, WordsMax = 2000, TextMax = 200;

    /// <summary>Everything that keeps it from being published; empty when it may be.</summary>
    public static IReadOnlyList<SurveyFault> Check(SurveyDefinition survey)
    {
        var faults = new List<SurveyFault>();
        void Words(string field, Localized words) { if (words.Missing().Any()) faults.Add(new(field, "missing-language")); else if (Language.All.Any(language => words.In(language).Length > TextMax)) faults.Add(new(field, "too-long")); }
        Words("title", survey.Title);
        if (survey.Questions.Count is 0 or > QuestionsMax) faults.Add(new("questions", "count"));
        if (survey.Quota is < 1 or > 10_000_000) faults.Add(new("quota", "out-of-range"));
        if (survey.SameDays is < 0 or > 3650 || survey.AnyDays is < 0 or > 3650) faults.Add(new("days", "out-of-range"));
        foreach (var (question, place) in survey.Questions.Select((one, i) => (one, i + 1)))
        {
            Words($"q{place}", question.Words);
            if (question.Kind == SurveyKind.Choice && question.Choices.Count is < 2 or > OptionsMax) faults.Add(new($"q{place}", "choices"));
            if (question.Kind == SurveyKind.Matrix && question.Rows.Count is < 1 or > OptionsMax) faults.Add(new($"q{place}", "rows"));
            foreach (var option in question.Choices.Concat(question.Rows)) Words($"q{place}", option.Words);
            // Only what was asked before can decide: so there is no ring.
            if (question.When is { } when && survey.Questions.Take(place - 1).All(other => other.Id != when.QuestionId)) faults.Add(new($"q{place}", "condition"));
        }
        if (survey.Questions.Select(question => question.Id).Distinct(StringComparer.Ordinal).Count() != survey.Questions.Count) faults.Add(new("questions", "twice"));
        return faults;
    }

    /// <summary>Why somebody is not asked now; null when she may be, as far as surveys go. The contact guard is asked besides.</summary>
    /// <param name="asked">When she was asked which survey.</param>
    public static SurveyHold? MayAsk(string surveyId, SurveyState state, SurveyDefinition survey, long answered, IReadOnlyList<(string SurveyId, DateTimeOffset At)> asked, bool complaintOpen, DateTimeOffset now) =>
        state != SurveyState.Running ? SurveyHold.NotRunning
        : survey.Quota is { } quota && answered >= quota ? SurveyHold.QuotaFull
        : complaintOpen ? SurveyHold.ComplaintOpen
        : asked.Any(one => one.SurveyId == surveyId && one.At > now.AddDays(-survey.SameDays)) ? SurveyHold.SameLately
        : asked.Any(one => one.At > now.AddDays(-survey.AnyDays)) ? SurveyHold.AnyLately : null;

    /// <summary>Whether a question is asked of somebody who answered so.</summary>
    public static bool IsAsked(SurveyDefinition survey, SurveyQuestion question, IReadOnlyList<SurveyAnswer> answers) =>
        question.When is not { } when || (survey.Questions.FirstOrDefault(one => one.Id == when.QuestionId) is { } before && IsAsked(survey, before, answers) && answers.Any(answer => answer.QuestionId == when.QuestionId && answer.Value is { } value && when.Values.Contains(value)));

    /// <summary>The answers that fit the version that she was shown, and what is missing. What a question of the logic makes needless is left out, whatever was sent.</summary>
    public static (IReadOnlyList<SurveyAnswer> Answers, IReadOnlyList<SurveyFault> Faults) Take(SurveyDefinition survey, IReadOnlyList<SurveyAnswer> sent)
    {
        var (kept, faults) = (new List<SurveyAnswer>(), new List<SurveyFault>());
        foreach (var question in survey.Questions)
        {
            if (!IsAsked(survey, question, kept)) continue;
            var own = sent.Where(answer => answer.QuestionId == question.Id).ToList();
            if (question.Kind == SurveyKind.Matrix)
            {
                foreach (var row in question.Rows)
                    if (own.FirstOrDefault(answer => answer.RowId == row.Id) is { Value: { Length: > 0 } value }) { if (Fits(question, value)) kept.Add(new(question.Id, row.Id, value, null)); else faults.Add(new(question.Id, "not-a-choice")); }
                    else if (question.Required) { faults.Add(new(question.Id, "required")); break; }
                continue;
            }
            var given = own.FirstOrDefault();
            if (question.Kind == SurveyKind.Text)
            {
                if (given?.Words is { } words && !string.IsNullOrWhiteSpace(words)) kept.Add(new(question.Id, "", null, words.Length > WordsMax ? words[..WordsMax] : words));
                else if (question.Required) faults.Add(new(question.Id, "required"));
            }
            else if (given?.Value is { Length: > 0 } value) { if (Fits(question, value)) kept.Add(new(question.Id, "", value, null)); else faults.Add(new(question.Id, "not-a-choice")); }
            else if (question.Required) faults.Add(new(question.Id, "required"));
        }
        return (kept, faults);
    }

    /// <summary>Her rating as 1–5, from the first scale that she answered; null without one.</summary>
    public static int? RatingOf(SurveyDefinition survey, IReadOnlyList<SurveyAnswer> answers)
    {
        foreach (var question in survey.Questions.Where(one => one.Scale is not null && one.Kind != SurveyKind.Matrix))
            if (answers.FirstOrDefault(answer => answer.QuestionId == question.Id)?.Value is { } value && int.TryParse(value, CultureInfo.InvariantCulture, out var number))
                return question.Kind == SurveyKind.Nps ? number switch { <= 3 => 1, <= 6 => 2, <= 8 => 3, 9 => 4, _ => 5 } : number;
        return null;
    }

    private static bool Fits(SurveyQuestion question, string value) => question.Scale is var (from, to)
        ? int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to
        : question.Choices.Any(choice => choice.Id == value);
}

/// <summary>A figure with its 95 % interval.</summary>
/// <param name="Value">A share 0–1 for CSAT, points −100–100 for NPS, a mean for the rest.</param>
public sealed record SurveyScore(double Value, double Low, double High, long Answers);

/// <summary>Makes figures of counted answers.</summary>
public static class SurveyScores
{
    /// <param name="counts">How often each number was given.</param>
    public static SurveyScore? Of(SurveyKind kind, IReadOnlyDictionary<int, long> counts)
    {
        var n = counts.Values.Sum();
        if (n == 0) return null;
        if (kind == SurveyKind.Csat)
        {
            var happy = counts.Where(one => one.Key >= 4).Sum(one => one.Value);
            var (low, high) = Statistics.Wilson(happy, n);
            return new((double)happy / n, low, high, n);
        }
        double Value(int number) => kind != SurveyKind.Nps ? number : number >= 9 ? 100 : number <= 6 ? -100 : 0;
        var mean = counts.Sum(one => Value(one.Key) * one.Value) / n;
        var spread = n < 2 ? 0 : Math.Sqrt(counts.Sum(one => (Value(one.Key) - mean) * (Value(one.Key) - mean) * one.Value) / (n - 1) / n);
        return new(mean, mean - 1.96 * spread, mean + 1.96 * spread, n);
    }
}
