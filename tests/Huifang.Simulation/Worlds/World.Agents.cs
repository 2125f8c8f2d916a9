using Huifang.Calls;
using Huifang.Contacts;
using Huifang.Scripts;
using Huifang.Simulation.Machine;

namespace Huifang.Simulation.Worlds;

/// <summary>What agents do: they look, take, ring, talk and close; they forget a promise now and then, and two may reach for the same one.</summary>
internal sealed partial class World
{
    private sealed record Promised(string Id, string? Agent, long At, long Until)
    {
        private Promised() : this("", null, 0, 0) { }
    }

    private static readonly string[] Languages = ["zh-Hans", "zh-Hant", "en"], Skills = ["general", "security"];

    private readonly HashSet<(string, long)> _promises = [];
    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);
    private long _lookUntil;

    private void SeeWork()
    {
        foreach (var promise in Peek(tx => tx.Query<Promised>("select id, agent_id as agent, promised_from as at, promised_to as until from follow_ups where state = 'Booked' order by id")))
        {
            if (!_promises.Add((promise.Id, promise.At)) || promise.Agent is null) continue;
            AtTheLastMoment(promise.Agent, promise.Until);
            var chance = new Chance(Chance.Of(Seed, $"promise {promise.Id} {promise.At}"));
            if (chance.Is(.12)) continue;
            var at = DateTimeOffset.FromUnixTimeMilliseconds(promise.At) + (chance.Is(.8) ? chance.Within(TimeSpan.FromMinutes(-2), TimeSpan.FromMinutes(3)) : chance.Within(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(32)));
            Look(at, promise.Agent);
            if (Has(Troubles.Races) && chance.Is(.25)) Look(at, chance.Of(Template.Agents).Id);
            // He sees that it is due; when she has moved it meanwhile he leaves it.
            if (chance.Is(.05) && chance.Of(Template.Agents).Id is var whom) At(at, "a supervisor hands it over by name", async () => { if (!IsAhead(promise.Id) && !_left.Contains(whom)) await Store.Write(tx => Get<CallQueue>().Take(tx, promise.Id, whom)); });
        }
        if (_lookUntil > Now.ToUnixTimeMilliseconds() || Peek(tx => tx.One<long>("select count(*) from follow_ups where state = 'Waiting' and ready = 1")) == 0) return;
        var look = _chance.Within(TimeSpan.FromMinutes(1), TimeSpan.FromHours(4));
        _lookUntil = (Now + look).ToUnixTimeMilliseconds();
        Look(Now + look, _chance.Of(Template.Agents).Id);
        if (Has(Troubles.Races) && _chance.Is(.3)) Look(Now + look, _chance.Of(Template.Agents).Id);
    }

    /// <summary>
    /// She takes it in the last second, and the watch of another node, whose clock is ahead by a little, has just read that its time is over: what it read is older than what it
    /// writes.
    /// </summary>
    private void AtTheLastMoment(string agent, long until)
    {
        var chance = new Chance(Chance.Of(Seed, $"last moment {agent} {until}"));
        if (!Has(Troubles.Races) || !chance.Is(.15)) return;
        var (last, over) = (DateTimeOffset.FromUnixTimeMilliseconds(until - 1), DateTimeOffset.FromUnixTimeMilliseconds(until));
        Look(last, agent);
        At(last, "the watch of a node whose clock is ahead", async () =>
        {
            var now = Now;
            if (now < over) _grounds.Clock.Now = over;
            // It reads at once and stops where it waits for its commit.
            var round = _house.Works["promise watch"].Round(default);
            _grounds.Clock.Now = now;
            await round;
        }, again: false);
    }

    private bool IsAhead(string followUpId) => Peek(tx => tx.One<long?>("select promised_from from follow_ups where id = @followUpId", new { followUpId })) > (Now + CallQueue.Early).ToUnixTimeMilliseconds();

    private void Look(DateTimeOffset at, string agent) => At(at, $"{agent} looks", async () =>
    {
        if (_left.Contains(agent)) return;
        var taken = await Store.Write(tx => Get<CallQueue>().Take(tx, new AgentReach(agent, Languages, Skills)));
        if (taken.Value is not { } call || !_calls.Add(call.Id)) return;
        var customer = call.CustomerId;
        if (IsAhead(call.FollowUpId))
            _witness.Breach("W3", $"call {call.Id} was handed out at {Now:O}, and she was promised a later time");
        var chance = new Chance(Chance.Of(Seed, $"call {call.Id}"));
        // A closed browser: she took it and never comes back to it.
        if (chance.Is(.04)) return;
        if (chance.Is(.08)) { At(Now.AddSeconds(40), "she gives it back", () => Settle(agent, call.Id, () => Store.Write(tx => Get<CallQueue>().GiveBack(tx, call.Id, agent)))); return; }
        var ring = Now + (chance.Is(.9) ? chance.Within(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(150)) : chance.Within(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(25)));
        var close = ring + chance.Within(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(14));
        var answers = chance.Is(.6);
        At(ring, "it rings", async () =>
        {
            if (!(await Store.Write(tx => Get<CallVerifier>().Arm(tx, call.Id, agent))).Ok) return;
            _witness.Reached(customer, call.Purpose, call.Channel, $"call {call.Id}");
            if (answers) await Store.Write(tx => Get<CallVerifier>().Join(tx, call.Id, customer));
        });
        if (Has(Troubles.Withdrawals) && chance.Is(.06)) At(ring.AddSeconds(chance.Between(-40, 5)), "she takes consent back while it rings", () => SayNo(customer, chance.Fork("no")));
        var outcome = answers ? chance.Of([CallOutcome.Satisfied, CallOutcome.Satisfied, CallOutcome.NeedsMore, CallOutcome.Complaint, CallOutcome.Rebook, CallOutcome.Declined, CallOutcome.StopContact, CallOutcome.NotVerified, CallOutcome.LineBroke])
            : chance.Of([CallOutcome.NoAnswer, CallOutcome.NoAnswer, CallOutcome.NoAnswer, CallOutcome.Busy, CallOutcome.LineBroke, CallOutcome.WrongPerson]);
        At(close, "she closes it", () => Settle(agent, call.Id, () => Close(call, agent, outcome, chance)));
        if (Has(Troubles.Races) && chance.Is(.1)) At(close, "she closes it twice", () => Store.Write(tx => Get<WrapUp>().Finish(tx, call.Id, agent, new WrapUpDraft(outcome, []))));
    });

    // After her call she looks for the next one.
    private async Task Settle(string agent, string callId, Func<Task> close)
    {
        await close();
        var chance = new Chance(Chance.Of(Seed, $"after {callId}"));
        if (chance.Is(.5)) Look(Now + chance.Within(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(20)), agent);
    }

    private async Task Close(Call call, string agent, CallOutcome outcome, Chance chance)
    {
        if (outcome.Talked())
            for (var asked = 0; asked < 40; asked++)
            {
                var hand = await Store.Read(tx => Get<CallDesk>().InHand(tx, call));
                if (hand.Walk.Open?.Question is not { } open) break;
                if (!(await Store.Write(tx => Get<CallDesk>().Answer(tx, call.Id, agent, AnswerTo(open, call.Id)))).Ok) break;
            }
        var again = outcome == CallOutcome.Rebook && chance.Is(.5) ? Now + chance.Within(TimeSpan.FromMinutes(5), TimeSpan.FromDays(2)) : (DateTimeOffset?)null;
        var closed = await Store.Write(tx => Get<WrapUp>().Finish(tx, call.Id, agent, new WrapUpDraft(outcome, outcome == CallOutcome.NeedsMore ? [NextStep.SecondFollowUp] : [], again)));
        if (closed.Ok && outcome == CallOutcome.StopContact) _witness.SaidNo(call.CustomerId, Care.SelectMany(purpose => Every.Select(channel => (purpose, channel))));
    }

    private Answer AnswerTo(Question question, string callId)
    {
        var chance = new Chance(Chance.Of(Seed, $"answer {callId} {question.Id}"));
        return question.Kind switch
        {
            QuestionKind.Say => new(question.Id, Question.Said, null),
            QuestionKind.Rating => new(question.Id, chance.Between(1, 5).ToString(System.Globalization.CultureInfo.InvariantCulture), null),
            QuestionKind.YesNo => new(question.Id, question.Id is "time" || chance.Is(.5) ? Question.Yes : Question.No, null),
            QuestionKind.Choice => new(question.Id, question.Choices[chance.Below(question.Choices.Count)].Id, null),
            _ => new(question.Id, null, "每次都不知道最晚几点到账"),
        };
    }
}
