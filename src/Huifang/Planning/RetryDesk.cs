using Huifang.Calls;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>When, and on which channel, somebody who did not answer is tried again: where she is likeliest to answer, inside what the guard allows and the bounds of the retry policy.</summary>
public sealed class RetryDesk(ContactDesk contacts, AnswerDesk answers, TimeProvider time)
{
    private static readonly Channel[] Calls = [Channel.Voice, Channel.Phone];

    /// <returns>Null when the tries are used up or no time is left before it loses its point.</returns>
    public async Task<RetryChoice?> Next(Tx tx, FollowUp followUp, CallOutcome outcome)
    {
        var now = time.GetUtcNow();
        if (RetryAfterCall.Next(outcome, followUp.Attempts, now) is not { } usual) return null;
        var best = outcome == CallOutcome.NoAnswer ? RetryAfterCall.Best(await Choices(tx, followUp, now), now) : null;
        var choice = best ?? new RetryChoice(usual, followUp.Channel, 0);
        return choice.At < followUp.ExpiresAt ? choice : null;
    }

    private async Task<List<RetryChoice>> Choices(Tx tx, FollowUp followUp, DateTimeOffset now)
    {
        var first = Up(now + RetryAfterCall.NotBefore(followUp.Attempts));
        var last = followUp.ExpiresAt < now + RetryAfterCall.Ahead ? followUp.ExpiresAt : now + RetryAfterCall.Ahead;
        var blocks = (int)((last - first) / PlanSpan.Block);
        if (blocks <= 0) return [];
        var tries = (await answers.TriesOf(tx, [followUp.CustomerId]))[followUp.CustomerId].ToList();
        var model = await answers.Model(tx);
        var useful = new bool[blocks];
        Array.Fill(useful, true);
        // Her own channel first: of equals the sooner and the known one stays.
        var channels = Calls.OrderBy(channel => channel == followUp.Channel ? 0 : 1).ToArray();
        var windows = await contacts.Windows(tx, [.. channels.Select(channel => (new ContactWish(followUp.CustomerId, followUp.Purpose, channel) { Stage = ContactStage.Planned, FollowUpId = followUp.Id, NotAfter = followUp.ExpiresAt }, 0, blocks))], first, PlanSpan.Block, useful);
        var choices = new List<RetryChoice>();
        for (var i = 0; i < channels.Length; i++)
        {
            if (windows[i].Zone is not { } zone) continue;
            var chances = model.Of(channels[i], tries);
            for (var run = 0; run < windows[i].Runs.Length; run += 2)
                for (var block = windows[i].Runs[run]; block < windows[i].Runs[run + 1]; block++)
                    choices.Add(new(first + block * PlanSpan.Block, channels[i], chances[AnswerTime.At(first + block * PlanSpan.Block, zone).Index]));
        }
        return choices;
    }

    private static DateTimeOffset Up(DateTimeOffset at) => at.AddTicks((PlanSpan.Block.Ticks - at.Ticks % PlanSpan.Block.Ticks) % PlanSpan.Block.Ticks);
}
