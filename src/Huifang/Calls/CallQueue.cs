using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Scripts;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>What an agent speaks and knows; the queue gives her nothing else.</summary>
public sealed record AgentReach(string AgentId, string[] Languages, string[] Skills);

/// <summary>Hands each agent the one right next talk. The contact guard decides in the same transaction; what may not be is given back or ended with its reasons.</summary>
public sealed class CallQueue(FollowUpDesk followUps, CallLeave leave, ScriptShelf scripts, JournalDesk journal, CallParts parts)
{
    /// <summary>A promise is handed out this much before its time, so that the agent can read first.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(2);

    private const int TriesMax = 12;

    /// <summary>The next talk, or why there is none. What the agent has in hand comes first: after a closed browser it is there again.</summary>
    public async Task<Done<Call>> Take(Tx tx, AgentReach agent)
    {
        if (await CallTable.OpenOfAgent(tx, agent.AgentId) is { } open) return open;
        var passed = new List<string>();
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var taken = await followUps.TakeNext(tx, agent.AgentId, agent.Languages, agent.Skills, Early, [.. passed]);
            if (taken is null) break;
            if (await Open(tx, taken, agent.AgentId) is { } call) return call;
            passed.Add(taken.Id);
        }
        return CallRefusal.NothingWaits;
    }

    /// <summary>This follow-up and no other: asked for by name, or handed over by a supervisor.</summary>
    public async Task<Done<Call>> Take(Tx tx, string followUpId, string agentId)
    {
        if (await CallTable.OpenOfAgent(tx, agentId) is { } open) return open.FollowUpId == followUpId ? open : CallRefusal.OneAtATime;
        if (await followUps.Find(tx, followUpId) is not { } followUp) return CallRefusal.NoSuchCall;
        if (!await followUps.Take(tx, followUp, agentId)) return CallRefusal.Overtaken;
        return await Open(tx, (await followUps.Find(tx, followUpId))!, agentId) is { } call ? call : CallRefusal.NothingWaits;
    }

    /// <summary>Not called after all: a promise stands again and whoever is free keeps it, anything else waits; the guard's leave is taken back.</summary>
    public async Task<Done<bool>> GiveBack(Tx tx, string callId, string agentId)
    {
        if (await CallTable.Find(tx, callId) is not { } call) return CallRefusal.NoSuchCall;
        if (call.AgentId != agentId) return CallRefusal.NotYours;
        if (call.ArmedAt is not null) return CallRefusal.StillOnTheLine;
        var now = parts.Time.GetUtcNow();
        if (!await CallTable.Finish(tx, callId, agentId, CallOutcome.NoAnswer, now)) return CallRefusal.AlreadyFinished;
        await leave.TakeBack(tx, call.DecisionId, "given-back");
        var followUp = (await followUps.Find(tx, call.FollowUpId))!;
        await followUps.GiveBack(tx, followUp, now + TimeSpan.FromMinutes(1), "given-back");
        return true;
    }

    /// <summary>What was taken and has not rung for so long was forgotten: a closed browser, a crash, an agent who was called away.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(15);

    /// <summary>Gives back what was forgotten, so that nobody waits for a call that nobody will make.</summary>
    public async Task<int> GiveBackForgotten(Tx tx)
    {
        var given = 0;
        foreach (var (id, agent) in await CallTable.Forgotten(tx, parts.Time.GetUtcNow() - ForgottenAfter))
            if ((await GiveBack(tx, id, agent)).Ok) given++;
        return given;
    }

    public Task<bool> AnyForgotten(Tx tx) => CallTable.AnyForgotten(tx, parts.Time.GetUtcNow() - ForgottenAfter);

    /// <summary>The guard, then the call; null when the guard says no, and the follow-up has gone where its verdict sends it.</summary>
    private async Task<Call?> Open(Tx tx, FollowUp followUp, string agentId)
    {
        var now = parts.Time.GetUtcNow();
        if (await leave.Ask(tx, followUp) is not { } clearance) return null;
        var script = await scripts.Live(tx, followUp.ScriptKey);
        var call = new Call
        {
            Id = parts.Ids.New(), FollowUpId = followUp.Id, CustomerId = followUp.CustomerId, AgentId = agentId, Purpose = followUp.Purpose, Channel = clearance.Channel,
            ScriptKey = script.Key, ScriptVersion = script.Version, Language = followUp.Language, DecisionId = clearance.DecisionId, TakenAt = now,
        };
        var sealKey = new byte[32];
        parts.Ids.Random(sealKey);
        await CallTable.Insert(tx, call, parts.Vault.SealForHouse(sealKey));
        await CallTable.Moment(tx, call.Id, "taken", now);
        await journal.Append(tx, parts.Told(call, "call.taken", agentId));
        // The queue chose the customer: many of these alarm, but her work goes on.
        await parts.Sight.Look(tx, agentId, call.CustomerId, "desk", Sight.Because.Call(call.Id), byChoice: false);
        tx.AfterCommit(parts.Live.LookAgain);
        return call;
    }
}
