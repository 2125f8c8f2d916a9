using Huifang.Accounts;
using Huifang.Complaints;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>Asks customers: by cool-downs and quota first, and then, for everything that leaves the house, by the guard.</summary>
public sealed class SurveyAsking(MessageDesk messages, CustomerDesk customers, ComplaintDesk complaints, Links links, FeedbackClock clock)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromDays(14);

    /// <summary>Template of the invitation; a bare number in the answer to it is understood.</summary>
    public const string Template = "survey-ask";

    internal CustomerDesk Customers => customers;
    internal MessageDesk Messages => messages;
    internal FeedbackClock Clock => clock;

    /// <summary>Why she is not asked now, or null.</summary>
    public async Task<SurveyHold?> Hold(Tx tx, SurveyLine survey, SurveyDefinition definition, string customerId) =>
        SurveyRules.MayAsk(survey.Id, survey.State, definition, survey.Answered, [.. (await SurveyTable.AskedOf(tx, [customerId], clock.Now.AddDays(-3650))).Select(one => (one.SurveyId, one.At))], (await complaints.WithOpen(tx, [customerId])).Count > 0, clock.Now);

    /// <summary>The same for many at once; whoever may be asked is missing from the answer.</summary>
    internal async Task<Dictionary<string, SurveyHold>> Holds(Tx tx, SurveyLine survey, SurveyDefinition definition, IReadOnlyCollection<string> customerIds)
    {
        var held = new Dictionary<string, SurveyHold>(StringComparer.Ordinal);
        foreach (var ids in customerIds.Chunk(500))
        {
            var asked = (await SurveyTable.AskedOf(tx, ids, clock.Now.AddDays(-3650))).ToLookup(one => one.Customer, one => (one.SurveyId, one.At), StringComparer.Ordinal);
            var complaining = await complaints.WithOpen(tx, ids);
            foreach (var id in ids)
                if (SurveyRules.MayAsk(survey.Id, survey.State, definition, survey.Answered, [.. asked[id]], complaining.Contains(id), clock.Now) is { } hold) held[id] = hold;
        }
        return held;
    }

    /// <summary>Asks by message: e-mail, SMS or inbox, in her own order, when the guard agrees.</summary>
    /// <param name="occasion">The same occasion asks once.</param>
    public async Task<SurveyHold?> Ask(Tx tx, string surveyId, string customerId, string occasion)
    {
        if (await SurveyTable.Find(tx, surveyId) is not { LiveVersion: { } live } survey || await SurveyTable.Version(tx, surveyId, live) is not { } version) return SurveyHold.NotRunning;
        if (await Hold(tx, survey, version.Definition, customerId) is { } hold) return hold;
        var ask = new SurveyAsk(clock.Ids.New(), surveyId, live, customerId, "message", clock.Now, null, null);
        if (!await SurveyTable.Ask(tx, ask, $"{surveyId}:{occasion}")) return SurveyHold.SameLately;
        await messages.Queue(tx, Draft(ask, version.Definition, clock.Now + AnswerWithin));
        return null;
    }

    /// <summary>The message that asks. A text message carries the one question that a number answers; the link leads to all of them.</summary>
    internal MessageDraft Draft(SurveyAsk ask, SurveyDefinition definition, DateTimeOffset notAfter) => new(ask.CustomerId!, Template, Purpose.Survey, OnceOf(ask.Id), notAfter)
    {
        Path = $"/q/{LinkTo(ask.Id)}",
        Values = new Dictionary<string, Localized> { ["survey"] = definition.Title, ["question"] = SurveyByNumber.Question(definition) is { } question ? SurveyByNumber.Words(question) : definition.Questions[0].Words },
    };

    internal static string OnceOf(string askId) => $"{Template}:{askId}";

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
