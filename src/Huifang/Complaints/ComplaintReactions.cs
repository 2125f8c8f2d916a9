using System.Globalization;
using System.Text.Json;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Complaints;

/// <summary>What customers say afterwards, in the survey or in the talk: an unhappy answer opens the complaint again by itself.</summary>
public sealed class ComplaintReactions(ComplaintClosing closing, FollowUpDesk followUps, RedressDesk redress) : IReaction
{
    /// <summary>The trigger rule whose follow-ups ask whether a complaint was really solved.</summary>
    public const string Rule = "complaint-resolved";

    private const int UnhappyAtMost = 2;

    public string Listener => "complaints";

    public async Task React(Tx tx, IReadOnlyList<Fact> facts, CancellationToken stop)
    {
        foreach (var fact in facts)
        {
            using var data = JsonDocument.Parse(fact.Data);
            switch (fact.Kind)
            {
                case "call.finished": await Talked(tx, fact, data.RootElement); break;
                case "approval.refused" or "approval.expired" or "approval.withdrawn" or "approval.failed": await redress.NotApproved(tx, Text(data.RootElement, "approval") ?? "", fact.Kind is "approval.refused" ? fact.Actor : ComplaintParts.House); break;
                case "feedback.received": await Rated(tx, fact, data.RootElement); break;
            }
        }
    }

    private async Task Talked(Tx tx, Fact fact, JsonElement data)
    {
        if (Text(data, "followUp") is not { } followUp || await ComplaintOf(tx, followUp) is not { } complaint) return;
        var answers = data.TryGetProperty("answers", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var solved = answers.ValueKind == JsonValueKind.Object ? Text(answers, "solved") : null;
        if (solved is "unsolved" or "partly" or "back" && Text(answers, "reopen") != "no") await closing.Reopen(tx, complaint.Id, null, fact.Actor, $"follow-up:{solved}");
        else if (Text(data, "outcome") == "Complaint") await closing.Reopen(tx, complaint.Id, null, fact.Actor, "follow-up:complaint");
        else if (solved == "solved") await closing.Close(tx, complaint.Id, fact.Actor, "satisfied");
    }

    private async Task Rated(Tx tx, Fact fact, JsonElement data)
    {
        if (Text(data, "source") != "survey" || !data.TryGetProperty("rating", out var rating) || rating.ValueKind != JsonValueKind.Number || rating.GetInt32() > UnhappyAtMost) return;
        if (Text(data, "feedback") is { } feedback && await tx.One<string>("select follow_up_id from feedback where id = @feedback", new { feedback }) is { } followUp && await ComplaintOf(tx, followUp) is { } complaint)
            await closing.Reopen(tx, complaint.Id, null, ComplaintParts.Customer, $"survey:{rating.GetInt32().ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>The complaint whose answer was the cause of a follow-up.</summary>
    private async Task<Complaint?> ComplaintOf(Tx tx, string followUpId)
    {
        if (await followUps.Find(tx, followUpId) is not { RuleKey: Rule } followUp || await JournalTable.Find(tx, followUp.CauseSeq) is not { } cause) return null;
        using var data = JsonDocument.Parse(cause.Data);
        return Text(data.RootElement, "complaint") is { } id && await ComplaintTable.Find(tx, id) is { State: ComplaintState.Answered or ComplaintState.Closed } complaint ? complaint : null;
    }

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
