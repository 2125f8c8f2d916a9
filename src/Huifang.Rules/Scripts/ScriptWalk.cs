namespace Huifang.Scripts;

/// <summary>Why an answer was not taken.</summary>
public enum AnswerRefusal
{
    NoSuchQuestion,
    /// <summary>The question is not on the way that the answers so far have taken.</summary>
    NotOnTheWay,
    /// <summary>Not one of the answers that the question offers.</summary>
    NoSuchAnswer,
    /// <summary>A required question cannot be skipped.</summary>
    Required,
    WordsTooLong,
}

/// <summary>A question on the way, with the answer it has got and the answer of another question that led to it.</summary>
public sealed record WalkStep(Section Section, Question Question, Answer? Answer, string? Because)
{
    public bool IsAnswered => Answer is not null;
}

/// <summary>
/// Where a talk stands: a script and the answers given so far. Everything else follows from these two, so that a call that was interrupted
/// goes on at the same question on any screen, and a changed answer changes the way behind it without losing a word:
/// what is no longer on the way is kept, but does not count.
/// </summary>
public sealed class ScriptWalk
{
    private readonly IReadOnlyDictionary<string, Answer> _answers;

    private ScriptWalk(Script script, IReadOnlyDictionary<string, Answer> answers)
    {
        Script = script;
        _answers = answers;
        Way = Walk();
    }

    public Script Script { get; }

    /// <summary>The questions of the way, answered ones first to last, then the open one, then what comes if nothing branches.</summary>
    public IReadOnlyList<WalkStep> Way { get; }

    /// <summary>The question to ask now; null when all have been asked.</summary>
    public WalkStep? Open => Way.FirstOrDefault(step => !step.IsAnswered);

    /// <summary>Answers that count: those on the way, in its order.</summary>
    public IEnumerable<Answer> Answers => Way.Where(step => step.IsAnswered).Select(step => step.Answer!);

    /// <summary>Required questions on the way that still have no answer.</summary>
    public IEnumerable<WalkStep> Owed => Way.Where(step => step.Question.Required && !step.IsAnswered);

    public static ScriptWalk Begin(Script script) => new(script, new Dictionary<string, Answer>());

    /// <summary>Goes on from stored answers, in any order; later ones win.</summary>
    public static ScriptWalk Resume(Script script, IEnumerable<Answer> answers)
    {
        var known = new Dictionary<string, Answer>();
        foreach (var answer in answers) known[answer.QuestionId] = answer;
        return new ScriptWalk(script, known);
    }

    /// <summary>Gives or changes an answer.</summary>
    public (ScriptWalk Walk, AnswerRefusal? Refusal) With(Answer answer)
    {
        if (Check(answer) is { } refusal) return (this, refusal);
        return (new ScriptWalk(Script, new Dictionary<string, Answer>(_answers) { [answer.QuestionId] = answer }), null);
    }

    /// <summary>Takes back the answer that was given last on the way, so that its question is open again. Stays when nothing was answered.</summary>
    public ScriptWalk Back()
    {
        if (Way.LastOrDefault(step => step.IsAnswered) is not { } last) return this;
        var known = new Dictionary<string, Answer>(_answers);
        known.Remove(last.Question.Id);
        return new ScriptWalk(Script, known);
    }

    private AnswerRefusal? Check(Answer answer)
    {
        if (Script.Find(answer.QuestionId) is not { } question) return AnswerRefusal.NoSuchQuestion;
        if (Way.All(step => step.Question.Id != answer.QuestionId)) return AnswerRefusal.NotOnTheWay;
        if (answer.Words is { Length: > Answer.WordsMax }) return AnswerRefusal.WordsTooLong;
        if (answer.IsSkipped) return question.Required ? AnswerRefusal.Required : null;
        if (answer.Value is not null && !question.Answers.Contains(answer.Value)) return AnswerRefusal.NoSuchAnswer;
        if (answer.Value is null && question.Kind != QuestionKind.Text && !question.OwnWords) return AnswerRefusal.NoSuchAnswer;
        return null;
    }

    private List<WalkStep> Walk()
    {
        var all = Script.All().ToList();
        var way = new List<WalkStep>();
        var seen = new HashSet<string>();
        var next = 0;
        while (next < all.Count)
        {
            var (section, question) = all[next++];
            if (question.Aside || !seen.Add(question.Id)) continue;
            var go = Visit(section, question, null, way, seen, all);
            if (go is not null && all.FindIndex(pair => pair.Question.Id == go) is var at && at >= next) next = at;
        }
        return way;
    }

    /// <summary>Adds a question and the asides that its answer leads to; gives the place to go on at, if the answer names one.</summary>
    private string? Visit(Section section, Question question, string? because, List<WalkStep> way, HashSet<string> seen, List<(Section, Question)> all)
    {
        var answer = _answers.GetValueOrDefault(question.Id);
        way.Add(new WalkStep(section, question, answer, because));
        if (answer?.Value is null) return null;
        string? go = null;
        foreach (var branch in question.Branches.Where(branch => branch.When.Contains(answer.Value)))
        {
            go ??= branch.Go;
            foreach (var id in branch.Ask)
            {
                var found = all.FirstOrDefault(pair => pair.Item2.Id == id && pair.Item2.Aside);
                if (found.Item2 is null || !seen.Add(id)) continue;
                go = Visit(section, found.Item2, question.Id, way, seen, all) ?? go;
            }
        }
        return go;
    }
}
