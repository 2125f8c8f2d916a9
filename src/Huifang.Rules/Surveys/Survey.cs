using Huifang.Languages;

namespace Huifang.Surveys;

/// <summary>The kinds of questions that a survey may ask.</summary>
public enum SurveyKind
{
    /// <summary>Satisfaction, 1–5; reported as the share of 4 and 5.</summary>
    Csat,

    /// <summary>Would recommend, 0–10; reported as promoters (9–10) less detractors (0–6), in points.</summary>
    Nps,

    /// <summary>Effort, 1 (hard) – 5 (easy); reported as its mean.</summary>
    Ces,

    /// <summary>Stars, 1–5; reported as their mean.</summary>
    Rating,
    Choice,
    Text,

    /// <summary>Several rows on one scale of 1–5.</summary>
    Matrix,
}

/// <summary>A choice or a row, by its id.</summary>
public sealed record SurveyOption(string Id, Localized Words);

/// <summary>Asked only of those who answered an earlier question so.</summary>
public sealed record SurveyCondition(string QuestionId, IReadOnlyList<string> Values);

/// <summary>One question.</summary>
/// <param name="Id">Stays the same from version to version as long as the question means the same, so that answers can be compared.</param>
public sealed record SurveyQuestion(string Id, SurveyKind Kind, Localized Words, bool Required)
{
    public IReadOnlyList<SurveyOption> Choices { get; init; } = [];
    public IReadOnlyList<SurveyOption> Rows { get; init; } = [];
    public SurveyCondition? When { get; init; }

    /// <summary>The lowest and highest number of a scale; null for choices and texts.</summary>
    public (int From, int To)? Scale => Kind switch { SurveyKind.Nps => (0, 10), SurveyKind.Csat or SurveyKind.Ces or SurveyKind.Rating or SurveyKind.Matrix => (1, 5), _ => null };
}

/// <summary>When customers are asked by themselves.</summary>
public enum SurveyTrigger { ByHand, CallFinished, ComplaintClosed }

/// <summary>One version of a survey: what is asked, of whom, and how often.</summary>
/// <param name="Quota">After so many answers nobody else is asked; null: no limit.</param>
/// <param name="SameDays">Nobody is asked the same survey again within so many days.</param>
/// <param name="AnyDays">Nor any survey within so many.</param>
public sealed record SurveyDefinition(Localized Title, IReadOnlyList<SurveyQuestion> Questions, bool InPortal = true, SurveyTrigger Trigger = SurveyTrigger.ByHand, int? Quota = null, int SameDays = 90, int AnyDays = 30)
{
    public static readonly SurveyDefinition Empty = new(new("", "", ""), []);
}

/// <summary>Where a survey stands.</summary>
public enum SurveyState { Draft, Running, Ended }

/// <summary>One answer: the question, the row of a matrix ("" otherwise), the number or the id of a choice, and words.</summary>
public sealed record SurveyAnswer(string QuestionId, string RowId, string? Value, string? Words);

/// <summary>What is wrong: where, and a word for the reason.</summary>
public sealed record SurveyFault(string Field, string Reason);

/// <summary>Why somebody is not asked now.</summary>
public enum SurveyHold
{
    /// <summary>It is not running.</summary>
    NotRunning,

    /// <summary>Enough have answered.</summary>
    QuotaFull,

    /// <summary>She was asked this survey lately.</summary>
    SameLately,

    /// <summary>She was asked another one lately.</summary>
    AnyLately,

    /// <summary>A complaint of hers is being worked on.</summary>
    ComplaintOpen,
}
