using System.Text.RegularExpressions;
using Huifang.Languages;

namespace Huifang.Scripts;

/// <summary>What is wrong with a script.</summary>
public enum ScriptFault
{
    KeyNotPlain, NoGoal, NoQuestion, MissingLanguage, IdTwice, IdNotPlain,
    /// <summary>A branch names a question that does not exist, or an aside as a place to go on at.</summary>
    LeadsNowhere,
    /// <summary>A branch goes back, or an aside leads to itself.</summary>
    Loop,
    /// <summary>No way through the script comes here.</summary>
    Unreachable,
    /// <summary>A branch waits for an answer that the question does not offer.</summary>
    NoSuchAnswer,
    TooFewChoices, TooManyChoices, RatingNotRising, TooLong,
    /// <summary>A word in braces that nothing fills.</summary>
    UnknownPlaceholder,
    /// <summary>The placeholders of one language are not those of the others.</summary>
    PlaceholderMissing,
    /// <summary>It asks for a password, a code or a full card number. Nobody of ours ever does.</summary>
    AsksForSecret,
    TextTooLong, SecondsOutOfRange,
}

/// <summary>One finding: where (a path such as <c>sections/2/questions/0/choices/3/text</c>), what, and the word or number it is about.</summary>
public sealed record ScriptFinding(string Path, ScriptFault Fault, string Detail);

/// <summary>Says whether a script can be used. All findings at once, in the order in which they are read.</summary>
public static partial class ScriptRules
{
    /// <summary>What the desk fills in when it shows a text: the agent's and the operator's name, the two words of the seal, what the call is about, the customer's name as she is addressed.</summary>
    public static readonly IReadOnlySet<string> Placeholders = new HashSet<string> { "agent", "operator", "words", "subject", "customer" };

    public const int TextMax = 600;
    public const int ChoicesMax = 9;

    public static IReadOnlyList<ScriptFinding> Check(Script script)
    {
        var found = new List<ScriptFinding>();
        if (!PlainId().IsMatch(script.Key)) found.Add(new("key", ScriptFault.KeyNotPlain, script.Key));
        CheckText("title", script.Title, found);
        if (script.Goals.Count == 0) found.Add(new("goals", ScriptFault.NoGoal, ""));
        for (var i = 0; i < script.Goals.Count; i++) CheckText($"goals/{i}", script.Goals[i], found);
        if (!script.All().Any(pair => !pair.Question.Aside)) found.Add(new("sections", ScriptFault.NoQuestion, ""));

        var places = Places(script, found);
        for (var s = 0; s < script.Sections.Count; s++)
        {
            CheckText($"sections/{s}/name", script.Sections[s].Name, found);
            for (var q = 0; q < script.Sections[s].Questions.Count; q++)
                CheckQuestion($"sections/{s}/questions/{q}", script.Sections[s].Questions[q], places, found);
        }
        for (var d = 0; d < script.Deviations.Count; d++)
        {
            CheckText($"deviations/{d}/heard", script.Deviations[d].Heard, found);
            CheckText($"deviations/{d}/reply", script.Deviations[d].Reply, found);
        }
        CheckWays(script, places, found);
        return found;
    }

    /// <summary>How long the longest way takes, in seconds: every main question, and for each the branch whose asides take longest.</summary>
    public static int SecondsMax(Script script)
    {
        int Of(Question question, HashSet<string> seen) => !seen.Add(question.Id) ? 0 : question.Seconds + question.Answers
            .Select(answer => question.Branches.Where(branch => branch.When.Contains(answer)).SelectMany(branch => branch.Ask)
                .Select(script.Find).OfType<Question>().Sum(aside => Of(aside, [.. seen]))).DefaultIfEmpty(0).Max();
        return script.All().Where(pair => !pair.Question.Aside).Sum(pair => Of(pair.Question, []));
    }

    private sealed record Place(string Path, Question Question, int Order);

    private static Dictionary<string, Place> Places(Script script, List<ScriptFinding> found)
    {
        var places = new Dictionary<string, Place>();
        var order = 0;
        for (var s = 0; s < script.Sections.Count; s++)
            for (var q = 0; q < script.Sections[s].Questions.Count; q++)
            {
                var question = script.Sections[s].Questions[q];
                var path = $"sections/{s}/questions/{q}";
                if (!PlainId().IsMatch(question.Id)) found.Add(new($"{path}/id", ScriptFault.IdNotPlain, question.Id));
                if (!places.TryAdd(question.Id, new Place(path, question, order++))) found.Add(new($"{path}/id", ScriptFault.IdTwice, question.Id));
            }
        return places;
    }

    private static void CheckQuestion(string path, Question question, Dictionary<string, Place> places, List<ScriptFinding> found)
    {
        CheckText($"{path}/text", question.Text, found);
        if (question.Hint is not null) CheckText($"{path}/hint", question.Hint, found);
        if (question.Kind != QuestionKind.Say && Asks(question.Text) is { } secret) found.Add(new($"{path}/text", ScriptFault.AsksForSecret, secret));
        if (question.Seconds is < 5 or > 300) found.Add(new($"{path}/seconds", ScriptFault.SecondsOutOfRange, $"{question.Seconds}"));
        if (question.Kind == QuestionKind.Rating && question.To <= question.From) found.Add(new($"{path}/to", ScriptFault.RatingNotRising, $"{question.From}–{question.To}"));
        if (question.Kind == QuestionKind.Choice && question.Choices.Count < 2) found.Add(new($"{path}/choices", ScriptFault.TooFewChoices, $"{question.Choices.Count}"));
        if (question.Choices.Count > ChoicesMax) found.Add(new($"{path}/choices", ScriptFault.TooManyChoices, $"{question.Choices.Count}"));
        for (var c = 0; c < question.Choices.Count; c++)
        {
            CheckText($"{path}/choices/{c}/text", question.Choices[c].Text, found);
            if (question.Choices.Take(c).Any(other => other.Id == question.Choices[c].Id)) found.Add(new($"{path}/choices/{c}/id", ScriptFault.IdTwice, question.Choices[c].Id));
        }
        for (var b = 0; b < question.Branches.Count; b++)
        {
            var branch = question.Branches[b];
            foreach (var when in branch.When.Where(when => !question.Answers.Contains(when)))
                found.Add(new($"{path}/branches/{b}/when", ScriptFault.NoSuchAnswer, when));
            foreach (var ask in branch.Ask.Where(ask => !places.TryGetValue(ask, out var place) || !place.Question.Aside))
                found.Add(new($"{path}/branches/{b}/ask", ScriptFault.LeadsNowhere, ask));
            if (branch.Go is not { } go) continue;
            if (!places.TryGetValue(go, out var target) || target.Question.Aside) found.Add(new($"{path}/branches/{b}/go", ScriptFault.LeadsNowhere, go));
            else if (!question.Aside && target.Order <= places[question.Id].Order) found.Add(new($"{path}/branches/{b}/go", ScriptFault.Loop, go));
        }
    }

    private static void CheckWays(Script script, Dictionary<string, Place> places, List<ScriptFinding> found)
    {
        foreach (var place in places.Values.Where(place => place.Question.Aside))
            if (LeadsBack(place.Question, place.Question.Id, places, []))
                found.Add(new(place.Path, ScriptFault.Loop, place.Question.Id));

        var reached = new HashSet<string>();
        var main = script.All().Where(pair => !pair.Question.Aside).Select(pair => pair.Question).ToList();
        var open = new bool[main.Count + 1];
        if (main.Count > 0) open[0] = true;
        for (var i = 0; i < main.Count; i++)
        {
            if (!open[i]) continue;
            reached.Add(main[i].Id);
            foreach (var go in Exits(main[i], places, reached))
            {
                var at = go is null ? i + 1 : main.FindIndex(question => question.Id == go);
                open[at > i ? at : i + 1] = true;
            }
        }
        foreach (var place in places.Values.Where(place => !reached.Contains(place.Question.Id)))
            found.Add(new(place.Path, ScriptFault.Unreachable, place.Question.Id));

        var seconds = found.Exists(finding => finding.Fault == ScriptFault.Loop) ? 0 : SecondsMax(script);
        if (seconds > script.MinutesMax * 60) found.Add(new("minutesMax", ScriptFault.TooLong, $"{seconds}"));
    }

    private static bool LeadsBack(Question from, string to, Dictionary<string, Place> places, HashSet<string> seen) =>
        from.Branches.SelectMany(branch => branch.Ask).Any(id =>
            id == to || seen.Add(id) && places.TryGetValue(id, out var place) && LeadsBack(place.Question, to, places, seen));

    /// <summary>Where the talk can go on after this question, whatever is answered here and in its asides.</summary>
    private static List<string?> Exits(Question question, Dictionary<string, Place> places, HashSet<string> reached)
    {
        // A text question, an optional one, and own words have an answer that no branch waits for.
        var answers = question.Answers.Count == 0 || !question.Required || question.OwnWords ? [.. question.Answers, null] : question.Answers.Cast<string?>().ToList();
        var exits = new List<string?>();
        foreach (var answer in answers)
        {
            var taken = question.Branches.Where(branch => answer is not null && branch.When.Contains(answer)).ToList();
            foreach (var id in taken.SelectMany(branch => branch.Ask))
            {
                if (!places.TryGetValue(id, out var place) || !place.Question.Aside) continue;
                reached.Add(id);
                if (!LeadsBack(place.Question, id, places, [])) exits.AddRange(Exits(place.Question, places, reached).OfType<string>());
            }
            exits.Add(taken.Select(branch => branch.Go).FirstOrDefault(go => go is not null));
        }
        return [.. exits.Distinct()];
    }

    private static void CheckText(string path, Localized text, List<ScriptFinding> found)
    {
        foreach (var language in text.Missing()) found.Add(new($"{path}/{language}", ScriptFault.MissingLanguage, language));
        var all = Language.All.Where(language => !string.IsNullOrWhiteSpace(text.In(language))).ToList();
        foreach (var language in all)
        {
            if (text.In(language).Length > TextMax) found.Add(new($"{path}/{language}", ScriptFault.TextTooLong, $"{text.In(language).Length}"));
            foreach (var name in Names(text.In(language)).Where(name => !Placeholders.Contains(name)))
                found.Add(new($"{path}/{language}", ScriptFault.UnknownPlaceholder, name));
        }
        var union = all.SelectMany(language => Names(text.In(language))).ToHashSet();
        foreach (var language in all)
            foreach (var name in union.Except(Names(text.In(language))))
                found.Add(new($"{path}/{language}", ScriptFault.PlaceholderMissing, name));
    }

    private static IEnumerable<string> Names(string text) => Braces().Matches(text).Select(match => match.Groups[1].Value);

    private static string? Asks(Localized text) => Language.All.Select(text.In).Select(words => Secret().Match(words)).FirstOrDefault(match => match.Success)?.Value;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex PlainId();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"(您的|告诉我|報一下|报一下|说一下|說一下|念一下|提供)[^，。？]{0,8}(密码|密碼|验证码|驗證碼|完整卡号|完整卡號|安全码|安全碼|助记词|助記詞)(是多少|是什么|是什麼|给我|給我)?|\b(your|the)\b[^.?]{0,20}\b(password|passcode|pin|one-time code|verification code|full card number|cvv|security code|recovery phrase)\b[^.]*\?", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
