using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>What a plan is made from, and what is promised beside it.</summary>
public sealed record PlanInput(DateTimeOffset Now, PlanSpan Span, IReadOnlyList<PlanCall> Calls, IReadOnlyList<PlanPerson> People, int Promised);

/// <summary>Loads what there is to plan: follow-ups with the times that the guard allows, and the quarters of agents that nothing else takes.</summary>
public sealed class PlanLoader(FollowUpDesk followUps, PlanWindows allowed, PlanningDesk planning, AnswerDesk answers, PlanParts parts)
{
    public async Task<PlanInput> Load(Tx tx)
    {
        var now = parts.Time.GetUtcNow();
        var span = PlanSpan.From(now, ZoneClock.Of(parts.Ground.Zone));
        var promised = (await parts.Slots.Between(tx, span.Begin, span.End)).Where(slot => !slot.IsFree).ToList();
        var people = await People(tx, now, span, promised);
        return new(now, span, await Calls(tx, now, span, people), people, promised.Count);
    }

    private async Task<List<PlanPerson>> People(Tx tx, DateTimeOffset now, PlanSpan span, List<Slot> promised)
    {
        var zone = ZoneClock.Of(parts.Ground.Zone);
        var times = (await planning.Times(tx, zone.LocalDate(span.Begin).AddDays(-1), zone.LocalDate(span.End))).ToLookup(each => each.AgentId, StringComparer.Ordinal);
        var slots = promised.ToLookup(slot => slot.AgentId, StringComparer.Ordinal);
        var talking = (await tx.Query<string>("select agent_id from calls where finished_at is null")).ToHashSet(StringComparer.Ordinal);
        var current = (int)((now - span.Begin) / AgentHours.Quarter);
        var people = new List<PlanPerson>();
        foreach (var agent in await planning.Agents(tx))
        {
            var free = AgentHours.Quarters(times[agent.Id], span.Begin, span.Quarters);
            // What is over is over; whoever is on a call, however long it lasts, has this quarter no more.
            for (var quarter = 0; quarter < current + (talking.Contains(agent.Id) ? 1 : 0) && quarter < free.Length; quarter++) free[quarter] = false;
            foreach (var slot in slots[agent.Id])
                for (var quarter = (int)Math.Floor((slot.From - span.Begin) / AgentHours.Quarter); quarter < (int)Math.Ceiling((slot.To - span.Begin) / AgentHours.Quarter); quarter++)
                    if (quarter >= 0 && quarter < free.Length) free[quarter] = false;
            people.Add(new(agent.Id, agent.Languages, agent.Skills, free));
        }
        return people;
    }

    private async Task<List<PlanCall>> Calls(Tx tx, DateTimeOffset now, PlanSpan span, List<PlanPerson> people)
    {
        var open = (await followUps.ToPlan(tx)).Where(followUp => followUp.Channel.IsCall()).ToList();
        if (open.Count == 0) return [];
        var useful = new bool[span.Blocks];
        foreach (var person in people)
            for (var quarter = 0; quarter < person.Free.Length; quarter++) useful[quarter / PlanSpan.QuartersPerBlock] |= person.Free[quarter];
        var windows = await allowed.Of(tx, open, span, useful);
        var (model, tries) = (await answers.Model(tx), await answers.TriesOf(tx, open.Select(followUp => followUp.CustomerId)));
        var strangers = new Dictionary<Channel, double[]>();
        var calls = new List<PlanCall>(open.Count);
        for (var i = 0; i < open.Count; i++)
        {
            var followUp = open[i];
            double[] chances;
            if (tries.Contains(followUp.CustomerId)) chances = model.Of(followUp.Channel, [.. tries[followUp.CustomerId]]);
            else if (!strangers.TryGetValue(followUp.Channel, out chances!)) strangers[followUp.Channel] = chances = model.Of(followUp.Channel, []);
            calls.Add(new(followUp.Id, PlanCall.ValueOf(followUp), PlanCall.UrgencyOf(followUp, now), followUp.Language, followUp.Skill, windows[i].Runs, chances, windows[i].Zone ?? ZoneClock.Of(parts.Ground.Zone), PlanCall.Hard(followUp)));
        }
        return calls;
    }
}

/// <summary>What the desks of planning work with.</summary>
public sealed record PlanParts(Ground Ground, SlotDesk Slots, Ids Ids, TimeProvider Time, Calls.LiveFeed Live);
