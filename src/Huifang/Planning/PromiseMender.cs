using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>
/// When an agent is no longer there at a time that was promised: another who fits keeps the promise at the same time, and the customer notices nothing. Only when
/// there is nobody is she told, at once and once, with an apology and the first choice of new times.
/// </summary>
public sealed class PromiseMender(FollowUpDesk followUps, SlotDesk slots, PlanningDesk planning, TimeProvider time)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(62);

    /// <returns>How many were taken over, and how many had to be given up.</returns>
    public async Task<(int TakenOver, int GivenUp)> Mend(Tx tx, string agentId)
    {
        var now = time.GetUtcNow();
        var promised = (await slots.Between(tx, now, now + Ahead)).Where(slot => slot.AgentId == agentId && !slot.IsFree).ToList();
        if (promised.Count == 0) return default;
        var agent = (await planning.Agents(tx)).FirstOrDefault(each => each.Id == agentId);
        var zone = ZoneClock.Find(agent?.TimeZone) ?? ZoneClock.Of(TimeZoneInfo.Utc);
        var times = (await planning.Times(tx, zone.LocalDate(now).AddDays(-1), zone.LocalDate(now + Ahead))).Where(each => each.AgentId == agentId).ToList();
        var (over, up) = (0, 0);
        foreach (var slot in promised)
        {
            var whole = AgentHours.Quarters(times, slot.From, (int)((slot.To - slot.From) / AgentHours.Quarter)).All(free => free);
            if (await followUps.Find(tx, slot.FollowUpId!) is not { State: FollowUpState.Booked } followUp || followUp.SlotId != slot.Id) continue;
            if (agent is not null && whole && agent.Languages.Contains(followUp.Language) && agent.Skills.Contains(followUp.Skill)) continue;
            if (await TakeOver(tx, followUp, slot, whole)) over++;
            else if (await followUps.GiveUpPromise(tx, followUp, "agent-away")) up++;
        }
        return (over, up);
    }

    private async Task<bool> TakeOver(Tx tx, FollowUp followUp, Slot slot, bool isThere)
    {
        var need = new SlotNeed(new ContactWish(followUp.CustomerId, followUp.Purpose, followUp.Channel), followUp.Language, followUp.Skill, slot.From, slot.To, null);
        await slots.Release(tx, followUp.Id);
        // She is not there at that time, so nobody else is promised it either.
        if (!isThere) await slots.Remove(tx, slot);
        if (await slots.ClaimSameTime(tx, slot, need, followUp.Id) is not { } other) return false;
        // Another answer may have come in between; then all of this is undone.
        if (!await followUps.TakeOver(tx, followUp, other.Id, other.AgentId, "agent-away")) throw new InvalidOperationException($"Follow-up {followUp.Id} changed while its promise was taken over.");
        return true;
    }
}
