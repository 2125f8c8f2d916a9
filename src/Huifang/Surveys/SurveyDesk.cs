using System.Text.Json;
using Huifang.Accounts;
using Huifang.Complaints;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Languages;
using Huifang.Messages;
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
        if (!await SurveyTable.Answered(tx, askId, clock.Now)) return (SurveyTaken.Twice, []);
        var key = ask.CustomerId is null ? null : await vault.KeyFor(tx, ask.CustomerId);
        await SurveyTable.Save(tx, askId, [.. answers.Select(answer => (answer, answer.Words is not { } words ? null : FeedbackWords.Keep(words).Words is var clean && key is not null ? key.Seal(clean) : vault.SealForHouse(clean)))]);
        var rating = SurveyRules.RatingOf(version.Definition, answers);
        await feedback.Keep(tx, await Items(tx, ask, answers, rating), "customer");
        await Tell(tx, "survey.completed", ask.CustomerId, "customer", new { survey = ask.SurveyId, ask = askId, version = ask.Version, rating });
        return (SurveyTaken.Kept, []);
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

/// <summary>Asks customers: by cool-downs and quota first, and then, for everything that leaves the house, by the guard.</summary>
public sealed class SurveyAsking(MessageDesk messages, CustomerDesk customers, ComplaintDesk complaints, Links links, FeedbackClock clock)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromDays(14);

    /// <summary>Template of the invitation; a bare digit in the answer to it is understood.</summary>
    public const string Template = "survey-ask";

    internal CustomerDesk Customers => customers;

    /// <summary>Why she is not asked now, or null.</summary>
    public async Task<SurveyHold?> Hold(Tx tx, SurveyLine survey, SurveyDefinition definition, string customerId) =>
        SurveyRules.MayAsk(survey.Id, survey.State, definition, survey.Answered, await SurveyTable.AskedOf(tx, customerId, clock.Now.AddDays(-3650)), (await complaints.OfCustomer(tx, customerId)).Any(one => one.IsOpen), clock.Now);

    /// <summary>Asks by message: e-mail, SMS or inbox, in her own order, when the guard agrees.</summary>
    /// <param name="occasion">The same occasion asks once.</param>
    public async Task<SurveyHold?> Ask(Tx tx, string surveyId, string customerId, string occasion)
    {
        if (await SurveyTable.Find(tx, surveyId) is not { LiveVersion: { } live } survey || await SurveyTable.Version(tx, surveyId, live) is not { } version) return SurveyHold.NotRunning;
        if (await Hold(tx, survey, version.Definition, customerId) is { } hold) return hold;
        var ask = new SurveyAsk(clock.Ids.New(), surveyId, live, customerId, "message", clock.Now, null, null);
        if (!await SurveyTable.Ask(tx, ask, $"{surveyId}:{occasion}")) return SurveyHold.SameLately;
        var first = version.Definition.Questions[0];
        await messages.Queue(tx, new MessageDraft(customerId, Template, Purpose.Survey, $"survey-ask:{ask.Id}", clock.Now + AnswerWithin)
        {
            Path = $"/q/{LinkTo(ask.Id)}", Values = new Dictionary<string, Localized> { ["survey"] = version.Definition.Title, ["question"] = first.Words },
        });
        return null;
    }

    /// <summary>The title of the survey that her portal offers now, without asking her yet.</summary>
    public async Task<Localized?> Offer(Tx tx, string customerId)
    {
        if (await SurveyTable.Waiting(tx, customerId, clock.Now - AnswerWithin) is { } waiting && await SurveyTable.Find(tx, waiting.SurveyId) is { State: SurveyState.Running }) return (await SurveyTable.Version(tx, waiting.SurveyId, waiting.Version))?.Definition.Title;
        foreach (var id in await SurveyTable.Running(tx))
            if (await SurveyTable.Find(tx, id) is { LiveVersion: { } live } survey && await SurveyTable.Version(tx, id, live) is { Definition.InPortal: true } version && await Hold(tx, survey, version.Definition, customerId) is null) return version.Definition.Title;
        return null;
    }

    /// <summary>The survey that lies in her portal now: one that waits for her, or a running one that may ask her. Being there counts as asked.</summary>
    public async Task<SurveyAsk?> InPortal(Tx tx, string customerId)
    {
        if (await SurveyTable.Waiting(tx, customerId, clock.Now - AnswerWithin) is { } waiting && await SurveyTable.Find(tx, waiting.SurveyId) is { State: SurveyState.Running }) return waiting;
        foreach (var id in await SurveyTable.Running(tx))
        {
            if (await SurveyTable.Find(tx, id) is not { LiveVersion: { } live } survey || await SurveyTable.Version(tx, id, live) is not { Definition.InPortal: true } version || await Hold(tx, survey, version.Definition, customerId) is not null) continue;
            var ask = new SurveyAsk(clock.Ids.New(), id, live, customerId, "app", clock.Now, null, null);
            if (await SurveyTable.Ask(tx, ask, $"{id}:portal:{customerId}:{clock.Now.ToUnixTimeSeconds() / 86400}")) return ask;
        }
        return null;
    }

    /// <summary>Somebody whom we do not know opens the link of a survey.</summary>
    public async Task<SurveyAsk?> ByLink(Tx tx, string surveyId)
    {
        if (await SurveyTable.Find(tx, surveyId) is not { State: SurveyState.Running, LiveVersion: { } live }) return null;
        var ask = new SurveyAsk(clock.Ids.New(), surveyId, live, null, "link", clock.Now, null, null);
        return await SurveyTable.Ask(tx, ask, $"{surveyId}:link:{ask.Id}") ? ask : null;
    }

    public string LinkTo(string askId) => links.Make(LinkKind.Ask, askId, clock.Now + AnswerWithin);

    /// <summary>A link that anybody may follow, for a page, a letter or a poster; it ends with the survey, in a year at the latest.</summary>
    public string OpenLink(string surveyId) => links.Make(LinkKind.OpenSurvey, surveyId, clock.Now.AddYears(1));
}

/// <summary>At the end of a call or a case running surveys ask; a digit that comes back by SMS answers the first question.</summary>
public sealed class SurveyReactions(SurveyDesk surveys, MessageOnces onces) : IReaction
{
    public string Listener => "surveys";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts.Where(fact => fact.CustomerId is not null))
        {
            using var data = JsonDocument.Parse(fact.Data);
            switch (fact.Kind)
            {
                case "call.finished" when Text(data.RootElement, "outcome") is "Satisfied" or "NeedsMore": await Ask(tx, SurveyTrigger.CallFinished, fact, Text(data.RootElement, "call")); break;
                case "complaint.closed": await Ask(tx, SurveyTrigger.ComplaintClosed, fact, Text(data.RootElement, "complaint")); break;
                case "reply.received" when Text(data.RootElement, "meaning") is { } meaning && meaning.StartsWith("Rating ", StringComparison.Ordinal): await Digit(tx, Text(data.RootElement, "message"), meaning[^1..]); break;
            }
        }
    }

    private async Task Ask(Tx tx, SurveyTrigger trigger, Fact fact, string? about)
    {
        foreach (var id in await SurveyTable.Running(tx))
            if (await SurveyTable.Find(tx, id) is { LiveVersion: { } live } && await SurveyTable.Version(tx, id, live) is { } version && version.Definition.Trigger == trigger)
                await surveys.Asking.Ask(tx, id, fact.CustomerId!, $"{trigger}:{about}");
    }

    private async Task Digit(Tx tx, string? messageId, string digit)
    {
        if (messageId is null || await onces.Of(tx, messageId) is not { } once || !once.StartsWith("survey-ask:", StringComparison.Ordinal)) return;
        var askId = once.Split('/')[0]["survey-ask:".Length..];
        if (await surveys.FindAsk(tx, askId) is not { } ask || await surveys.Show(tx, ask) is not { } version) return;
        // The digit answers the first scale; further questions stay open to nobody: a reply is one answer.
        if (version.Definition.Questions.FirstOrDefault(question => question.Scale is not null && question.Kind != SurveyKind.Matrix) is { } first)
            await surveys.Answer(tx, askId, [new SurveyAnswer(first.Id, "", digit, null)]);
    }

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
