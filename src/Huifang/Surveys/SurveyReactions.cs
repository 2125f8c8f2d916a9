using System.Globalization;
using System.Text.Json;
using Huifang.Contacts;
using Huifang.Journal;
using Huifang.Messages;
using Huifang.Storage;

namespace Huifang.Surveys;

/// <summary>At the end of a call or a case running surveys ask; a number that comes back by SMS answers the question that was sent; what became of a message is noted on whom it asked.</summary>
public sealed class SurveyReactions(SurveyDesk surveys, MessageOnces onces, ReplyDesk replies) : IReaction
{
    public string Listener => "surveys";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts.Where(fact => fact.CustomerId is not null))
        {
            using var data = JsonDocument.Parse(fact.Data);
            switch (fact.Kind)
            {
                case "message.sent" or "message.withheld" or "message.failed" when Text(data.RootElement, "template") == SurveyAsking.Template: await Became(tx, fact, data.RootElement); break;
                case "call.finished" when Text(data.RootElement, "outcome") is "Satisfied" or "NeedsMore": await Ask(tx, SurveyTrigger.CallFinished, fact, Text(data.RootElement, "call")); break;
                case "complaint.closed": await Ask(tx, SurveyTrigger.ComplaintClosed, fact, Text(data.RootElement, "complaint")); break;
                case "reply.received" when Text(data.RootElement, "meaning") is { } meaning && meaning.StartsWith("Number ", StringComparison.Ordinal): await Number(tx, data.RootElement, int.Parse(meaning["Number ".Length..], CultureInfo.InvariantCulture)); break;
            }
        }
    }

    private async Task Ask(Tx tx, SurveyTrigger trigger, Fact fact, string? about)
    {
        foreach (var id in await SurveyTable.Running(tx))
            if (await SurveyTable.Find(tx, id) is { LiveVersion: { } live } && await SurveyTable.Version(tx, id, live) is { } version && version.Definition.Trigger == trigger)
                await surveys.Asking.Ask(tx, id, fact.CustomerId!, $"{trigger}:{about}");
    }

    // What cannot be taken (another number than the question has, a survey that ended) is never lost: a person reads it.
    private async Task Number(Tx tx, JsonElement data, int number)
    {
        if (await AskOf(tx, Text(data, "message")) is not { } askId) return;
        if (await surveys.AnswerByNumber(tx, askId, number) is SurveyTaken.Faulty or SurveyTaken.Ended or SurveyTaken.Unknown && Text(data, "reply") is { } reply) await replies.Reopen(tx, reply);
    }

    private async Task Became(Tx tx, Fact fact, JsonElement data)
    {
        if (await AskOf(tx, Text(data, "message")) is not { } askId) return;
        if (fact.Kind == "message.sent") await SurveyTable.Sent(tx, askId, Text(data, "channel") ?? "", fact.At);
        else await SurveyTable.Withheld(tx, askId, Why(fact.Kind, Text(data, "reason") ?? ""));
    }

    private async Task<string?> AskOf(Tx tx, string? messageId) =>
        messageId is not null && await onces.Of(tx, messageId) is { } once && once.StartsWith(SurveyAsking.OnceOf(""), StringComparison.Ordinal) ? once.Split('/')[0][SurveyAsking.OnceOf("").Length..] : null;

    // "guard:NoConsent", "merged:…", "too-late" become the words that a dry run uses for the same.
    private static string Why(string kind, string reason) => (kind, reason) switch
    {
        ("message.failed", _) => "failed",
        (_, "too-late") => nameof(DropReason.TooLate),
        (_, "no-time-fits") => nameof(DropReason.NoTimeFits),
        (_, "unreachable") => nameof(DropReason.Unreachable),
        _ when reason.StartsWith("guard:", StringComparison.Ordinal) => reason["guard:".Length..],
        _ when reason.StartsWith("merged:", StringComparison.Ordinal) => "Merged",
        _ => reason,
    };

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
