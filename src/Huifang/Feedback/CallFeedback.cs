using System.Globalization;
using System.Text.Json;
using Huifang.Calls;
using Huifang.Complaints;
using Huifang.Journal;
using Huifang.Scripts;
using Huifang.Storage;

namespace Huifang.Feedback;

/// <summary>What a customer said elsewhere becomes feedback: in a call each answer in her own words and the agent's note, in a complaint what she wrote.</summary>
public sealed class CallFeedback(CallDesk calls, ComplaintDesk complaints, ComplaintJoining words, FeedbackDesk feedback) : IReaction
{
    public string Listener => "feedback";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts)
        {
            using var data = JsonDocument.Parse(fact.Data);
            if (fact.Kind == "complaint.filed") await Complained(tx, data.RootElement.GetProperty("complaint").GetString()!);
            else if (data.RootElement.GetProperty("call").GetString() is { } id && await calls.Find(tx, id) is { } call && call.Outcome?.Reached() == true)
                await feedback.Keep(tx, await Items(tx, call));
        }
    }

    private async Task Complained(Tx tx, string id)
    {
        if (await complaints.Find(tx, id) is not { } complaint || await words.Words(tx, complaint) is not { Length: > 1 } said) return;
        await feedback.Keep(tx, [new FeedbackItem(FeedbackSource.Complaint, id, complaint.CustomerId, complaint.ReceivedAt, complaint.Language, said, null, complaint.Subcategory is null ? complaint.Category : $"{complaint.Category}.{complaint.Subcategory}")
        {
            ComplaintId = id, Channel = complaint.Door.ToString().ToLowerInvariant(),
        }]);
    }

    private async Task<List<FeedbackItem>> Items(Tx tx, Call call)
    {
        var hand = await calls.InHand(tx, call);
        var at = call.FinishedAt ?? call.TakenAt;
        var items = new List<FeedbackItem>();
        foreach (var step in hand.Walk.Way.Where(step => !string.IsNullOrWhiteSpace(step.Answer?.Words)))
            items.Add(new FeedbackItem("call", $"{call.Id}:{step.Question.Id}", call.CustomerId, at, call.Language, step.Answer!.Words!, Rating(hand.Walk, step)) { CallId = call.Id, FollowUpId = call.FollowUpId });
        if (!string.IsNullOrWhiteSpace(hand.Note?.Words))
            items.Add(new FeedbackItem("note", call.Id, call.CustomerId, at, call.Language, hand.Note.Words) { CallId = call.Id, FollowUpId = call.FollowUpId });
        return items;
    }

    /// <summary>The rating that the words belong to: the question's own, or that of the question which led to it.</summary>
    private static int? Rating(ScriptWalk walk, WalkStep step)
    {
        var rated = step.Question.Kind == QuestionKind.Rating ? step : walk.Way.FirstOrDefault(other => other.Question.Id == step.Because && other.Question.Kind == QuestionKind.Rating);
        return rated is { Question.To: 5, Answer.Value: { } value } ? int.Parse(value, CultureInfo.InvariantCulture) : null;
    }
}
