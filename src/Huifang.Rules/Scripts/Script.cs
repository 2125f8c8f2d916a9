using Huifang.Languages;

namespace Huifang.Scripts;

/// <summary>How a question is answered.</summary>
public enum QuestionKind
{
    /// <summary>A whole number from <see cref="Question.From"/> to <see cref="Question.To"/>.</summary>
    Rating,
    /// <summary>One of <see cref="Question.Choices"/>.</summary>
    Choice,
    /// <summary>Yes or no; the answers are <c>yes</c> and <c>no</c>.</summary>
    YesNo,
    /// <summary>The customer's own words, redacted before they are kept.</summary>
    Text,
    /// <summary>Something that the agent says; it is answered by having been said (<c>said</c>).</summary>
    Say,
}

/// <summary>What the desk offers beside a prepared reply.</summary>
public enum DeviationAct { None, ShowSeal, OfferSlot, StopContact, AskSupervisor, OpenComplaint }

/// <summary>
/// What an agent goes through with a customer: goals, sections, questions in order, what an answer leads to, and prepared replies for when the
/// customer speaks of something else. A version never changes once it has been used; a change makes the next version.
/// </summary>
/// <param name="Key">Stable name, <c>a-z0-9-</c>, at most 40 characters; follow-ups refer to it.</param>
/// <param name="Version">1, 2, 3 …</param>
/// <param name="MinutesMax">How long a call by this script may take when every question on its longest way is asked.</param>
public sealed record Script(
    string Key, int Version, Localized Title, int MinutesMax,
    IReadOnlyList<Localized> Goals, IReadOnlyList<Section> Sections, IReadOnlyList<Deviation> Deviations)
{
    /// <summary>All questions with their section, in the order in which they are written.</summary>
    public IEnumerable<(Section Section, Question Question)> All() =>
        Sections.SelectMany(section => section.Questions.Select(question => (section, question)));

    public Question? Find(string questionId) => All().Select(pair => pair.Question).FirstOrDefault(question => question.Id == questionId);
}

/// <summary>A stretch of the talk, shown as one step of the path above the question.</summary>
public sealed record Section(string Id, Localized Name, IReadOnlyList<Question> Questions);

/// <param name="Id">Unique in the script; answers are kept under it, so it stays when the words change.</param>
/// <param name="Aside">Asked only where a branch asks it; the main line passes it by.</param>
/// <param name="Hint">For the agent alone.</param>
/// <param name="OwnWords">A choice or rating that also takes the customer's own words.</param>
/// <param name="Seconds">How long it takes as a rule, 5–300.</param>
public sealed record Question(
    string Id, QuestionKind Kind, bool Required, bool Aside, Localized Text, Localized? Hint,
    IReadOnlyList<Choice> Choices, int From, int To, bool OwnWords, int Seconds, IReadOnlyList<Branch> Branches)
{
    /// <summary>Every answer that a branch can wait for, in the order of the keys 1–9.</summary>
    public IReadOnlyList<string> Answers => Kind switch
    {
        QuestionKind.Rating => [.. Enumerable.Range(From, Math.Max(0, To - From + 1)).Select(rating => rating.ToString(System.Globalization.CultureInfo.InvariantCulture))],
        QuestionKind.Choice => [.. Choices.Select(choice => choice.Id)],
        QuestionKind.YesNo => [Yes, No],
        QuestionKind.Text => [],
        QuestionKind.Say => [Said],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public const string Yes = "yes";
    public const string No = "no";
    public const string Said = "said";
}

public sealed record Choice(string Id, Localized Text);

/// <summary>When one of the answers is given: ask these first, then go on at another place if one is named.</summary>
/// <param name="When">Answers that lead here.</param>
/// <param name="Ask">Asides, in order.</param>
/// <param name="Go">A question of the main line further down, or null for the next one.</param>
public sealed record Branch(IReadOnlyList<string> When, IReadOnlyList<string> Ask, string? Go);

/// <summary>What a customer may say instead of an answer, and what we say before we come back to the same question.</summary>
public sealed record Deviation(string Id, Localized Heard, Localized Reply, DeviationAct Act);

/// <summary>One answer. <see cref="Value"/> is one of <see cref="Question.Answers"/>, or null when only words were given or the question was skipped.</summary>
/// <param name="Words">The customer's own words, already redacted; at most 2,000 characters.</param>
public sealed record Answer(string QuestionId, string? Value, string? Words)
{
    public const int WordsMax = 2000;

    public static Answer Skip(string questionId) => new(questionId, null, null);

    public bool IsSkipped => Value is null && string.IsNullOrWhiteSpace(Words);
}
