using System.Text.Json;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Languages;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>What came of an answer.</summary>
public enum SurveyTaken { Kept, Twice, Ended, Faulty, Unknown }

/// <summary>Surveys: written, published in versions, asked through the guard, answered once.</summary>
public sealed class SurveyDesk(JournalDesk journal, SurveyAsking asking, FeedbackDesk feedback, Vault vault, FeedbackClock clock)
{
    public SurveyAsking Asking => asking;

    public async Task<string> Make(Tx tx, string by)
    {
        var id = clock.Ids.New();
        await SurveyTable.Insert(tx, id, "", clock.Now, by);
        await SurveyTable.SaveDraft(tx, id, 1, SurveyDefinition.Empty, clock.Now);
        return id;
    }

    public Task<List<SurveyLine>> All(Tx tx) => SurveyTable.All(tx);
    public Task<SurveyLine?> Find(Tx tx, string id) => SurveyTable.Find(tx, id);
    public Task<SurveyVersion?> Version(Tx tx, string id, long version) => SurveyTable.Version(tx, id, version);

    /// <summary>The draft: the version after the published one, with its questions to begin with.</summary>
    public async Task<SurveyVersion?> Draft(Tx tx, string id)
    {
        var newest = await SurveyTable.Newest(tx, id);
        if (newest == 0 || await SurveyTable.Version(tx, id, newest) is not { } version) return null;
        return version.PublishedAt is null ? version : version with { Version = newest + 1, PublishedAt = null };
    }

    public async Task<bool> SaveDraft(Tx tx, string id, SurveyDefinition definition) => await Draft(tx, id) is { } draft && await SurveyTable.SaveDraft(tx, id, draft.Version, definition, clock.Now) == 1;

    /// <summary>From now on it is what is asked. Whoever was shown an earlier version answers that one.</summary>
    public async Task<IReadOnlyList<SurveyFault>> Publish(Tx tx, string id, string by)
    {
        if (await Draft(tx, id) is not { } draft) return [new("survey", "unknown")];
        if (SurveyRules.Check(draft.Definition) is { Count: > 0 } faults) return faults;
        await SurveyTable.SaveDraft(tx, id, draft.Version, draft.Definition, clock.Now);
        if (!await SurveyTable.Publish(tx, id, draft.Version, draft.Definition.Title.ZhHans, clock.Now, by)) return [new("survey", "ended")];
        await Tell(tx, "survey.published", null, by, new { survey = id, version = draft.Version });
        return [];
    }

    public async Task<bool> End(Tx tx, string id, string by)
    {
        if (await SurveyTable.End(tx, id, clock.Now) != 1) return false;
        await Tell(tx, "survey.ended", null, by, new { survey = id });
        return true;
    }

    public Task<SurveyAsk?> FindAsk(Tx tx, string askId) => SurveyTable.FindAsk(tx, askId);

    /// <summary>She sees the questions: from here on this version is hers.</summary>
    public async Task<SurveyVersion?> Show(Tx tx, SurveyAsk ask)
    {
        if (ask.ShownAt is null && await SurveyTable.Find(tx, ask.SurveyId) is { State: SurveyState.Running, LiveVersion: { } live })
        {
            await SurveyTable.Shown(tx, ask.Id, live, clock.Now);
            ask = ask with { Version = live };
        }
        return await SurveyTable.Version(tx, ask.SurveyId, ask.Version);
    }

    /// <summary>Takes what she answered: against the version that she was shown, once; secrets in her words are taken out. An ended survey takes no more, and says so.</summary>
    public async Task<(SurveyTaken Taken, IReadOnlyList<SurveyFault> Faults)> Answer(Tx tx, string askId, IReadOnlyList<SurveyAnswer> sent)
    {
        if (await SurveyTable.FindAsk(tx, askId) is not { } ask || await SurveyTable.Find(tx, ask.SurveyId) is not { } survey || await SurveyTable.Version(tx, ask.SurveyId, ask.Version) is not { } version) return (SurveyTaken.Unknown, []);
        if (ask.AnsweredAt is not null) return (SurveyTaken.Twice, []);
        if (survey.State == SurveyState.Ended) return (SurveyTaken.Ended, []);
        var (answers, faults) = SurveyRules.Take(version.Definition, sent);
        if (faults.Count > 0) return (SurveyTaken.Faulty, faults);
        return (await Keep(tx, ask, version.Definition, answers) ? SurveyTaken.Kept : SurveyTaken.Twice, []);
    }

    /// <summary>
    /// A number that came back by text message answers the one question that the message asked, in the version whose question it carried. The other questions stay unanswered, also those that a form
    /// would insist on: a reply is one answer.
    /// </summary>
    public async Task<SurveyTaken> AnswerByNumber(Tx tx, string askId, int number)
    {
        if (await SurveyTable.FindAsk(tx, askId) is not { } ask || await SurveyTable.Find(tx, ask.SurveyId) is not { } survey || await SurveyTable.Version(tx, ask.SurveyId, ask.Version) is not { } version) return SurveyTaken.Unknown;
        if (ask.AnsweredAt is not null) return SurveyTaken.Twice;
        if (survey.State == SurveyState.Ended) return SurveyTaken.Ended;
        if (SurveyByNumber.Question(version.Definition) is not { } question || SurveyByNumber.Answer(question, number) is not { } answer) return SurveyTaken.Faulty;
        return await Keep(tx, ask, version.Definition, [answer]) ? SurveyTaken.Kept : SurveyTaken.Twice;
    }

    private async Task<bool> Keep(Tx tx, SurveyAsk ask, SurveyDefinition definition, IReadOnlyList<SurveyAnswer> answers)
    {
        if (!await SurveyTable.Answered(tx, ask.Id, clock.Now)) return false;
        var key = ask.CustomerId is null ? null : await vault.KeyFor(tx, ask.CustomerId);
        await SurveyTable.Save(tx, ask.Id, [.. answers.Select(answer => (answer, answer.Words is not { } words ? null : FeedbackWords.Keep(words).Words is var clean && key is not null ? key.Seal(clean) : vault.SealForHouse(clean)))]);
        var rating = SurveyRules.RatingOf(definition, answers);
        await feedback.Keep(tx, await Items(tx, ask, answers, rating), "customer");
        await Tell(tx, "survey.completed", ask.CustomerId, "customer", new { survey = ask.SurveyId, ask = ask.Id, version = ask.Version, rating });
        return true;
    }

    // Every text is a record of its own; whoever left none left a rating.
    private async Task<List<FeedbackItem>> Items(Tx tx, SurveyAsk ask, IReadOnlyList<SurveyAnswer> answers, int? rating)
    {
        var customer = ask.CustomerId is null ? null : await asking.Customers.Find(tx, ask.CustomerId);
        FeedbackItem Item(string id, string words) => new(FeedbackSource.Survey, id, ask.CustomerId, clock.Now, customer?.Language ?? FeedbackRows.Guess(words), words, rating)
        {
            Channel = ask.Channel, Segment = customer?.Segments.Count > 0 ? customer.Segments[0] : null, Region = customer?.Country,
        };
        var texts = answers.Where(answer => answer.Words is not null).Select(answer => Item($"{ask.Id}:{answer.QuestionId}", answer.Words!)).ToList();
        return texts.Count > 0 ? texts : rating is null ? [] : [Item(ask.Id, "")];
    }

    private Task Tell(Tx tx, string kind, string? customerId, string by, object data) => journal.Append(tx, new Fact(Fact.Care, clock.Ids.New(), kind, customerId, clock.Now, by, JsonSerializer.Serialize(data)));
}
