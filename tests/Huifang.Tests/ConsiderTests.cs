using Huifang.Consents;
using Huifang.Contacts;
using Huifang.FollowUps;
using Huifang.Intake;

namespace Huifang.Tests;

public sealed class ConsiderTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_failed_withdrawals_in_a_day_arrange_one_follow_up(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await Tell(house, Failed("e-1", customer, house.Now.AddHours(-3)), Failed("e-2", customer, house.Now.AddHours(-1)));
        await house.Settle();

        var followUp = Assert.Single(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, customer)));
        Assert.Equal(("withdrawal-failed", true, Purpose.Service), (followUp.RuleKey, followUp.IsOpen, followUp.Purpose));
        Assert.Equal(["leave", "arrange"], await house.Read(tx => tx.Query<string>("select verdict from considerations order by seq")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_same_events_again_change_nothing(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        for (var i = 0; i < 3; i++)
        {
            await Tell(house, Failed("e-1", customer, house.Now.AddHours(-3)), Failed("e-2", customer, house.Now.AddHours(-2)));
            await house.Settle();
        }
        Assert.Single(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, customer)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_withdrew_is_left_alone_and_can_read_why(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await house.Write(tx => house.Get<ConsentDesk>().NeverAgain(tx, customer, "customer", "link"));
        await Tell(house, Failed("e-1", customer, house.Now.AddHours(-3)), Failed("e-2", customer, house.Now.AddHours(-2)));
        await house.Settle();

        var followUp = Assert.Single(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, customer)));
        Assert.Equal(FollowUpState.Dropped, followUp.State);
        var why = await house.Read(tx => house.Get<WhyContacted>().OfFollowUp(tx, followUp.Id));
        Assert.IsType<ContactVerdict.Drop>(why.Planned!.Verdict);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_withdrawal_ends_what_is_open_at_once(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        await Tell(house, Failed("e-1", customer, house.Now.AddHours(-3)), Failed("e-2", customer, house.Now.AddHours(-2)));
        await house.Settle();
        await house.Write(tx => house.Get<ConsentDesk>().NeverAgain(tx, customer, "customer", "sms"));
        await house.Settle();
        Assert.Equal(FollowUpState.Withdrawn, Assert.Single(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, customer))).State);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_event_of_a_stranger_is_kept_and_left_with_its_reason(string database)
    {
        await using var house = await House.Open(database);
        await Tell(house, Failed("e-1", "nobody", house.Now.AddHours(-3)), Failed("e-2", "nobody", house.Now.AddHours(-2)));
        await house.Settle();
        Assert.All(await house.Read(tx => tx.Query<string>("select reasons from considerations")), reasons => Assert.Contains("UnknownCustomer", reasons, StringComparison.Ordinal));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from reactions")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_cannot_be_read_waits_for_a_person_who_mends_it(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<IntakeDesk>();
        var body = """[{"specversion":"1.0","id":"e-1","source":"wallet","type":"payment.completed","subject":"c-1","data":{"amount":"4,300.00","currency":"CNY"}},{"specversion":"1.0","id":"e-2","source":"wallet","type":"payment.completed","subject":"c-1"}]""";
        var answers = await desk.Take(EventReader.ReadBatch(System.Text.Encoding.UTF8.GetBytes(body), house.Now), "wallet", "json");
        Assert.Equal([ItemStatus.Quarantined, ItemStatus.Accepted], answers.Select(a => a.Status));

        var kept = Assert.Single(await house.Read(tx => desk.Quarantine(tx)));
        Assert.Equal(("NotMinorUnits", "data.amount"), (kept.Reason, kept.Field));
        Assert.Equal(ItemStatus.Quarantined, (await desk.SendAgain(kept.Id, kept.Text, "s-1"))!.Status);
        Assert.Equal(ItemStatus.Accepted, (await desk.SendAgain(kept.Id, kept.Text.Replace("\"4,300.00\"", "430000", StringComparison.Ordinal), "s-1"))!.Status);
        Assert.Empty(await house.Read(tx => desk.Quarantine(tx)));
        Assert.Null(await desk.SendAgain(kept.Id, kept.Text, "s-1"));
        Assert.All(await house.Read(tx => IntakeTally.Since(tx, house.Now)), tally => Assert.Equal(0, tally.Difference));
    }

    private static async Task Tell(House house, params WalletEvent[] events) => await house.Get<IntakeDesk>().Take([.. events.Select(e => new Reading.Event(e))], "wallet", "json");

    private static WalletEvent Failed(string id, string customer, DateTimeOffset at) => new("wallet", id, "withdrawal.failed", customer, at, """{"amount":430000,"currency":"CNY"}""", null);
}
