using System.Globalization;
using Huifang.Languages;
using Microsoft.Extensions.Primitives;

namespace Huifang.Surveys;

/// <summary>Reads and writes a survey as the fields of its builder page: the whole draft travels with every press of a button, so that the page needs no script.</summary>
public static class SurveyForm
{
    public static SurveyDefinition Read(IFormCollection form)
    {
        Localized In(string name) => new(Trim(form[$"{name}.zh-Hans"]), Trim(form[$"{name}.zh-Hant"]), Trim(form[$"{name}.en"]));
        var questions = new List<SurveyQuestion>();
        for (var i = 0; i < SurveyRules.QuestionsMax && form.ContainsKey($"q{i}.kind"); i++)
        {
            if (!Enum.TryParse<SurveyKind>(form[$"q{i}.kind"], out var kind)) continue;
            var when = Trim(form[$"q{i}.when"]).Split('=', 2);
            questions.Add(new(Trim(form[$"q{i}.id"]) is { Length: > 0 and <= 40 } id ? id : $"q{i + 1}", kind, In($"q{i}.words"), form[$"q{i}.required"] == "1")
            {
                Choices = kind == SurveyKind.Choice ? Options(form[$"q{i}.options"]) : [], Rows = kind == SurveyKind.Matrix ? Options(form[$"q{i}.options"]) : [],
                When = when is [{ Length: > 0 } question, var values] ? new(question.Trim(), [.. values.Split(',', '，').Select(value => value.Trim()).Where(value => value.Length > 0)]) : null,
            });
        }
        return new(In("title"), questions, form["portal"] == "1", Enum.TryParse<SurveyTrigger>(form["trigger"], out var trigger) ? trigger : SurveyTrigger.ByHand, Number(form["quota"]), Number(form["sameDays"]) ?? 90, Number(form["anyDays"]) ?? 30);
    }

    /// <summary>Adds, removes or moves a question, as the pressed button says.</summary>
    public static SurveyDefinition Act(SurveyDefinition survey, string act)
    {
        var (verb, about) = act.Split(':', 2) is [var v, var a] ? (v, a) : (act, "");
        var questions = survey.Questions.ToList();
        var place = int.TryParse(about, CultureInfo.InvariantCulture, out var number) && number >= 0 && number < questions.Count ? number : -1;
        if (verb == "add" && Enum.TryParse<SurveyKind>(about, out var kind) && questions.Count < SurveyRules.QuestionsMax)
        {
            var free = Enumerable.Range(1, 99).Select(i => $"q{i}").First(id => questions.All(question => question.Id != id));
            questions.Add(new(free, kind, new("", "", ""), kind is not SurveyKind.Text) { Choices = kind == SurveyKind.Choice ? [new("a", new("", "", "")), new("b", new("", "", ""))] : [], Rows = kind == SurveyKind.Matrix ? [new("a", new("", "", ""))] : [] });
        }
        else if (verb == "remove" && place >= 0) questions.RemoveAt(place);
        else if (verb == "up" && place > 0) (questions[place - 1], questions[place]) = (questions[place], questions[place - 1]);
        else if (verb == "down" && place >= 0 && place < questions.Count - 1) (questions[place + 1], questions[place]) = (questions[place], questions[place + 1]);
        return survey with { Questions = questions };
    }

    /// <summary>One option a line: id = 简体 | 繁體 | English.</summary>
    public static string Write(IReadOnlyList<SurveyOption> options) => string.Join('\n', options.Select(option => $"{option.Id} = {option.Words.ZhHans} | {option.Words.ZhHant} | {option.Words.En}"));

    /// <summary>What a form of the customer's page says.</summary>
    public static IReadOnlyList<SurveyAnswer> Answers(SurveyDefinition survey, IFormCollection form)
    {
        var answers = new List<SurveyAnswer>();
        foreach (var question in survey.Questions)
            if (question.Kind == SurveyKind.Matrix) answers.AddRange(question.Rows.Select(row => new SurveyAnswer(question.Id, row.Id, form[$"a.{question.Id}.{row.Id}"], null)));
            else answers.Add(new(question.Id, "", question.Kind == SurveyKind.Text ? null : form[$"a.{question.Id}"].ToString(), question.Kind == SurveyKind.Text ? form[$"a.{question.Id}"].ToString() : null));
        return answers;
    }

    private static List<SurveyOption> Options(StringValues text) =>
        [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(SurveyRules.OptionsMax + 1).Select((line, i) =>
        {
            var named = line.Split('=', 2);
            var words = (named.Length == 2 ? named[1] : line).Split(['|', '｜'], 3);
            string Word(int place) => place < words.Length ? words[place].Trim() : "";
            return new SurveyOption(named.Length == 2 && named[0].Trim() is { Length: > 0 and <= 40 } id ? id : $"o{i + 1}", new(Word(0), Word(1), Word(2)));
        })];

    private static string Trim(StringValues value) => value.ToString().Trim();
    private static int? Number(StringValues value) => int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : null;
}
