using Huifang.Languages;

namespace Huifang.Scripts;

/// <summary>Takes what the editor's form sends into the draft. Whatever is written is kept; the check says what is wrong with it.</summary>
public static class ScriptForm
{
    private const int TextMax = 2000;

    public static (Script Draft, string? Open) Question(Script draft, string id, IFormCollection form)
    {
        var changed = Each(draft, id, question => question with
        {
            Kind = Enum.TryParse<QuestionKind>(form["kind"], out var kind) ? kind : question.Kind,
            Required = form["required"] == "true",
            OwnWords = form["ownWords"] == "true",
            Seconds = int.TryParse(form["seconds"], out var seconds) ? Math.Clamp(seconds, 5, 300) : question.Seconds,
            Text = Words(form, "text") ?? question.Text,
            Hint = Words(form, "hint") is { } hint && hint.Missing().Count() < Language.All.Count ? hint : null,
            Choices = Choices(question, form),
            Branches = Branches(form),
        });
        return (changed, id);
    }

    public static (Script Draft, string? Open) AddAfter(Script draft, string after, bool aside)
    {
        var id = Enumerable.Range(1, 1000).Select(i => $"question-{i}").First(candidate => draft.Find(candidate) is null);
        var added = new Question(id, QuestionKind.YesNo, false, aside, new Localized("", "", ""), null, [], 1, 5, false, 30, []);
        return (draft with
        {
            Sections = [.. draft.Sections.Select(section => section.Questions.Any(question => question.Id == after)
                ? section with { Questions = [.. section.Questions.SelectMany(question => question.Id == after ? new[] { question, added } : [question])] }
                : section)],
        }, id);
    }

    public static (Script Draft, string? Open) Remove(Script draft, string id)
    {
        var ids = draft.All().Select(pair => pair.Question.Id).ToList();
        var at = ids.IndexOf(id);
        return (draft with { Sections = [.. draft.Sections.Select(section => section with { Questions = [.. section.Questions.Where(question => question.Id != id)] })] },
            at > 0 ? ids[at - 1] : ids.Skip(1).FirstOrDefault());
    }

    /// <summary>One place up or down; at the edge of a section into the next one.</summary>
    public static (Script Draft, string? Open) Move(Script draft, string id, int by)
    {
        var sections = draft.Sections.Select(section => section.Questions.ToList()).ToList();
        var s = sections.FindIndex(list => list.Exists(question => question.Id == id));
        if (s < 0) return (draft, id);
        var q = sections[s].FindIndex(question => question.Id == id);
        var moved = sections[s][q];
        if (q + by >= 0 && q + by < sections[s].Count) (sections[s][q], sections[s][q + by]) = (sections[s][q + by], moved);
        else if (s + by >= 0 && s + by < sections.Count)
        {
            sections[s].RemoveAt(q);
            sections[s + by].Insert(by < 0 ? sections[s + by].Count : 0, moved);
        }
        return (draft with { Sections = [.. draft.Sections.Select((section, i) => section with { Questions = sections[i] })] }, id);
    }

    public static (Script Draft, string? Open) Deviation(Script draft, string id, IFormCollection form) =>
        (draft with
        {
            Deviations = [.. draft.Deviations.Select(deviation => deviation.Id != id ? deviation : deviation with
            {
                Heard = Words(form, "heard") ?? deviation.Heard,
                Reply = Words(form, "reply") ?? deviation.Reply,
                Act = Enum.TryParse<DeviationAct>(form["act"], out var act) ? act : deviation.Act,
            })],
        }, form["open"]);

    private static Script Each(Script draft, string id, Func<Question, Question> change) => draft with
    {
        Sections = [.. draft.Sections.Select(section => section with { Questions = [.. section.Questions.Select(question => question.Id == id ? change(question) : question)] })],
    };

    private static Localized? Words(IFormCollection form, string name) => form.ContainsKey($"{name}.zh-Hans")
        ? new Localized(Text(form, $"{name}.zh-Hans"), Text(form, $"{name}.zh-Hant"), Text(form, $"{name}.en")) : null;

    private static string Text(IFormCollection form, string name)
    {
        var text = form[name].ToString().Trim();
        return text.Length > TextMax ? text[..TextMax] : text;
    }

    private static List<Choice> Choices(Question question, IFormCollection form)
    {
        var choices = new List<Choice>();
        for (var i = 0; i < ScriptRules.ChoicesMax && form.ContainsKey($"choice{i}.zh-Hans"); i++)
        {
            var words = Words(form, $"choice{i}")!;
            if (words.Missing().Count() == Language.All.Count) continue;
            var id = form[$"choice{i}.id"].ToString();
            choices.Add(new Choice(id.Length is > 0 and <= 40 ? id : $"choice-{i + 1}", words));
        }
        return choices;
    }

    /// <summary>One row per answer: which asides it asks, and where it goes on. Answers that lead to the same share a branch.</summary>
    private static List<Branch> Branches(IFormCollection form) =>
        [.. Enumerable.Range(0, 12).Where(i => form.ContainsKey($"branch{i}.when"))
            .Select(i => (When: form[$"branch{i}.when"].ToString(), Ask: form[$"branch{i}.ask"].ToString().Trim(), Go: form[$"branch{i}.go"].ToString().Trim()))
            .Where(row => row.Ask.Length > 0 || row.Go.Length > 0)
            .GroupBy(row => (row.Ask, row.Go))
            .Select(group => new Branch([.. group.Select(row => row.When)], group.Key.Ask.Split([' ', ',', '，'], StringSplitOptions.RemoveEmptyEntries), group.Key.Go.Length > 0 ? group.Key.Go : null))];
}
