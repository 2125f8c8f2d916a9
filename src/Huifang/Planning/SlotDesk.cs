using Huifang.Calendars;
using Huifang.Contacts;
using Huifang.Storage;

namespace Huifang.Planning;

/// <summary>What a promised talk needs.</summary>
/// <param name="Wish">The contact that the slot is for; the guard says at which times it may be offered.</param>
/// <param name="CustomerZone">IANA id of the customer, in whose days the offer is spread; null: UTC.</param>
public sealed record SlotNeed(ContactWish Wish, string Language, string Skill, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string? CustomerZone);

/// <summary>Offers half hours of agents to customers and keeps each from being promised twice.</summary>
public sealed class SlotDesk(ContactDesk contacts, TimeProvider time)
{
    private const int Looked = 600;

    /// <summary>An offer leaves at least this long until the talk.</summary>
    public static readonly TimeSpan Soonest = TimeSpan.FromMinutes(20);

    /// <summary>Up to <paramref name="most"/> free slots that law, holidays and the customer's own hours permit, spread over days, those first that cost the plan least. An offer holds nothing: <see cref="Claim"/> does.</summary>
    public async Task<IReadOnlyList<Slot>> Offer(Tx tx, SlotNeed need, int most)
    {
        var soonest = time.GetUtcNow() + Soonest;
        var free = await SlotTable.Free(tx, need.NotBefore > soonest ? need.NotBefore : soonest, need.NotAfter, need.Language, need.Skill, Looked);
        // A promise takes a whole half hour of its agent; the cheapest agent who is free then is offered.
        var prices = await PlanTable.PricesOf(tx, free.Select(slot => slot.AgentId).Distinct(), free.Select(slot => slot.From).DefaultIfEmpty(soonest).Min(), need.NotAfter);
        long Price(Slot slot) => PlanSpan.QuartersPerBlock * prices.GetValueOrDefault((slot.AgentId, slot.From));
        var byStart = free.GroupBy(slot => slot.From).ToDictionary(group => group.Key, group => group.MinBy(Price)!);
        var permitted = await contacts.Permitted(tx, need.Wish, [.. byStart.Keys.Order()]);
        var zone = ZoneClock.Find(need.CustomerZone) ?? ZoneClock.Of(TimeZoneInfo.Utc);
        return [.. SlotRules.Pick(permitted, most, zone, start => Price(byStart[start])).Select(start => byStart[start])];
    }

    /// <summary>Takes the slot for a follow-up; false when somebody else was first, it has begun, or the follow-up has one already.</summary>
    public Task<bool> Claim(Tx tx, string slotId, string followUpId) => SlotTable.Claim(tx, slotId, followUpId, time.GetUtcNow());

    /// <summary>Takes the same time with another agent who fits, when the slot itself is gone.</summary>
    public async Task<Slot?> ClaimSameTime(Tx tx, Slot wanted, SlotNeed need, string followUpId)
    {
        foreach (var slot in await SlotTable.Free(tx, wanted.From, wanted.To, need.Language, need.Skill, 20))
            if (await Claim(tx, slot.Id, followUpId)) return slot with { FollowUpId = followUpId };
        return null;
    }

    /// <summary>Gives the follow-up's slot back, if it has one.</summary>
    public Task<bool> Release(Tx tx, string followUpId) => SlotTable.Release(tx, followUpId);

    /// <summary>Takes away a half hour that nobody holds.</summary>
    public Task<int> Remove(Tx tx, Slot slot) => SlotTable.RemoveFree(tx, [slot.Id]);

    public Task<Slot?> Find(Tx tx, string slotId) => SlotTable.Find(tx, slotId);

    public Task<Slot?> OfFollowUp(Tx tx, string followUpId) => SlotTable.OfFollowUp(tx, followUpId);

    /// <summary>All slots that begin in a span, free and promised, for the week's page and for capacity.</summary>
    public Task<List<Slot>> Between(Tx tx, DateTimeOffset from, DateTimeOffset to) => SlotTable.Between(tx, from, to);

    /// <summary>How many slots each day of the week has, Sunday first, as the shifts of the coming seven days are written.</summary>
    public async Task<int[]> CapacityByDay(Tx tx, TimeZoneInfo zone)
    {
        var clock = ZoneClock.Of(zone);
        var start = clock.FirstAt(clock.LocalDate(time.GetUtcNow()).AddDays(1).ToDateTime(TimeOnly.MinValue));
        var byDay = new int[7];
        foreach (var slot in await SlotTable.Between(tx, start, start.AddDays(7))) byDay[(int)clock.LocalDate(slot.From).DayOfWeek]++;
        return byDay;
    }
}
