using Huifang.Contacts;
using Huifang.Consents;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Intake;
using Huifang.Planning;
using Huifang.Simulation.Machine;

namespace Huifang.Simulation.Worlds;

/// <summary>What is known beforehand to happen: what the wallet tells, who moves, who falls ill, who complains. The rest follows from what the house does.</summary>
internal sealed partial class World
{
    public ulong Seed => (ulong)_plan.Seed;
    public bool LinesFail => Has(Troubles.Lines);

    private static readonly Purpose[] Care = [Purpose.Service, Purpose.Survey, Purpose.Marketing];
    private static readonly Channel[] Every = Enum.GetValues<Channel>();

    private DateTimeOffset Sometime(Chance chance) => Begin + chance.Within(TimeSpan.FromHours(1), TimeSpan.FromDays(_plan.Days) - TimeSpan.FromHours(2));

    private void Prepare()
    {
        var chance = _chance.Fork("prepare");
        foreach (var number in _active)
        {
            // Everything a customer will do is drawn for herself, so that leaving out another changes nothing of it.
            var hers = new Chance(Chance.Of(Seed, $"customer {number}"));
            var id = Template.IdOf(number);
            Events(id, hers.Fork("events"));
            Life(id, number, hers.Fork("life"));
        }
        if (Has(Troubles.Sick))
            for (var i = chance.Between(1, 4); i > 0; i--)
            {
                var (agent, at) = (chance.Of(Template.Agents).Id, Sometime(chance));
                At(at, "an agent is away", () => Away(agent, at));
            }
        if (Has(Troubles.Complaints))
            for (var i = chance.Between(0, 3); i > 0; i--) Complain(chance.Fork("complaint"));
        if (Has(Troubles.Complaints) && chance.Is(.2)) At(Sometime(chance), "somebody leaves", Leave);
        // Agents look whether something waits, also at hours when nobody should be called.
        for (var i = chance.Between(1, 4); i > 0; i--) Look(Sometime(chance), chance.Of(Template.Agents).Id);
    }

    private void Events(string customer, Chance chance)
    {
        var number = 0;
        for (var i = chance.Between(1, 3); i > 0; i--)
        {
            var at = Sometime(chance);
            var told = new List<Reading>();
            Reading Event(string type, DateTimeOffset when, string data) => new Reading.Event(new("wallet", $"{customer}-{number++}", type, customer, when, data, null));
            switch (chance.Below(6))
            {
                case 0 or 1: told.AddRange([Event("withdrawal.failed", at.AddHours(-2), """{"amount":430000,"currency":"CNY"}"""), Event("withdrawal.failed", at, """{"amount":430000,"currency":"CNY"}""")]); break;
                case 2: told.Add(Event("withdrawal.completed", at, """{"amount":5200000,"currency":"CNY"}""")); break;
                case 3: told.Add(Event("review.published", at, """{"score":1,"topic":"fees"}""")); break;
                case 4: told.Add(Event("feature.used", at, $$"""{"feature":"f{{chance.Below(3)}}"}""")); break;
                case 5: told.Add(Event("complaint.resolved", at, $$"""{"topic":"fees","complaint":"old-{{customer}}-{{i}}"}""")); break;
            }
            Tell(told, at, chance);
        }
    }

    /// <summary>The wallet's line to us: at least once, in no order, and sometimes days late.</summary>
    private void Tell(List<Reading> told, DateTimeOffset at, Chance chance)
    {
        if (Has(Troubles.Late) && chance.Is(.25)) at += chance.Within(TimeSpan.FromMinutes(5), TimeSpan.FromDays(4));
        var batch = new List<Reading>(told);
        // A batch of more than a few goes the way without a queue of its own, whose thread the simulator cannot hold.
        while (batch.Count <= 16) batch.Add(chance.Of(told));
        if (Has(Troubles.Repeats)) chance.Shuffle(batch);
        Deliver(at);
        if (Has(Troubles.Repeats))
            while (chance.Is(.35)) Deliver(at + chance.Within(TimeSpan.FromSeconds(-5), TimeSpan.FromHours(30)));

        void Deliver(DateTimeOffset when) => At(when, "the wallet tells", async () =>
        {
            var answers = await Get<IntakeDesk>().Take(batch, "wallet", IntakeDesk.EventContent);
            for (var i = 0; i < answers.Count; i++)
                if (answers[i].Status is ItemStatus.Accepted or ItemStatus.Known) _witness.Acknowledged("wallet", answers[i].Id!);
                else _witness.Breach("I6", $"event {answers[i].Id}, told again word for word, was answered with {answers[i].Status}");
        });
    }

    private void Life(string id, int number, Chance chance)
    {
        if (Has(Troubles.Withdrawals) && chance.Is(.15)) At(Sometime(chance), "she takes consent back", () => SayNo(id, chance.Fork("no")));
        if (Has(Troubles.Withdrawals) && chance.Is(.1)) At(Sometime(chance), "she agrees again", () => SayYes(id));
        if (Has(Troubles.Withdrawals) && chance.Is(.06)) At(Sometime(chance), "somebody else has her number", () => Store.Write(tx => Get<ConsentDesk>().Suppress(tx, id, null, null, "wrong-person", "s-jiang")));
        if (Has(Troubles.Moves) && chance.Is(.2)) Move(id, Sometime(chance), chance);
        if (Has(Troubles.Wishes) && chance.Is(.3)) At(Sometime(chance), "she chooses", () => Choose(id, chance.Fork("wishes")));
        if (Has(Troubles.Asked) && chance.Is(.3)) Ask(id, Sometime(chance), chance);
        if (chance.Is(.2)) At(Sometime(chance), "a supervisor asks for a call", () => Store.Write(tx => Get<HandDesk>().Arrange(tx, new HandWish(id, "standard", "test", HandDesk.ByHand) { Key = $"hand-{id}" }, "s-jiang")));
        if (Has(Troubles.Replies) && chance.Is(.1)) Reply(number, Sometime(chance), chance.Is(.5) ? "STOP" : "退订", chance);
    }

    private void Move(string id, DateTimeOffset at, Chance chance)
    {
        var home = chance.Of(Template.Homes);
        At(at, "she moves", () => Store.Write(tx => Get<CustomerDesk>().Save(tx, [new CustomerDraft(id, null, home.Language, home.Zone, home.Country)], "wallet")));
    }

    private Task Choose(string id, Chance chance)
    {
        var days = Enum.GetValues<DayOfWeek>().Where(_ => chance.Is(.7)).Select(day => new ConvenientHours(day, new(chance.Between(7, 14), 0), new(chance.Between(15, 21), 30))).ToList();
        var channels = Every.Where(_ => chance.Is(.7)).ToList();
        return Store.Write(tx => Get<CustomerDesk>().SavePreferences(tx, id, new(channels, days, chance.Is(.3) ? chance.Between(1, 3) : null), "customer"));
    }

    private async Task SayNo(string id, Chance chance)
    {
        switch (chance.Below(4))
        {
            case 0:
                await Store.Write(tx => Get<ConsentDesk>().NeverAgain(tx, id, "customer", "portal"));
                _witness.SaidNo(id, Care.SelectMany(purpose => Every.Select(channel => (purpose, channel))));
                break;
            case 1:
                var (purpose, way) = (chance.Of(Care), chance.Of(Every));
                await Store.Write(tx => Get<ConsentDesk>().Withdraw(tx, id, [(purpose, way)], "customer", "portal"));
                _witness.SaidNo(id, [(purpose, way)]);
                break;
            default:
                var calls = Care.Append(Purpose.Complaint).SelectMany(each => new[] { (each, Channel.Voice), (each, Channel.Phone) }).ToList();
                await Store.Write(tx => Get<Booking.BookingDesk>().StopCalls(tx, id, "customer", "portal"));
                _witness.SaidNo(id, calls);
                break;
        }
    }

    private async Task SayYes(string id)
    {
        var what = Care.SelectMany(purpose => Every.Select(channel => (purpose, channel))).ToList();
        _witness.SaidYes(id, what);
        await Store.Write(async tx =>
        {
            await Get<ConsentDesk>().Give(tx, id, what, "customer", "portal");
            await Get<ConsentDesk>().Lift(tx, id, "customer");
        });
    }

    private async Task Away(string agent, DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Template.Agents.First(one => one.Id == agent).Zone);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        await Store.Write(tx => Get<PlanningDesk>().SetDay(tx, agent, day, null, "s-jiang"));
        await Store.Write(tx => Get<PlanningDesk>().SetDay(tx, agent, day.AddDays(1), new AgentDay(default, new(14, 0), new(18, 0), []), "s-jiang"));
    }
}
