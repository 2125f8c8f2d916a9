using Huifang.Checks;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.FollowUps;

namespace Huifang.Tests;

/// <summary>The checker must find each kind of breach: every test breaks the ledger by hand, past all desks, and looks whether it is seen.</summary>
public sealed class LedgerCheckTests
{
    [Theory]
    [InlineData("I1", "update contact_decisions set purpose = 'Marketing'")]
    [InlineData("I11", "update contact_decisions set decided_at = decided_at + 86400000, at = at + 86400000")]
    [InlineData("I1", "delete from consents")]
    [InlineData("I1", "insert into suppressions (id, customer_id, reason, at, by_whom) select 's', customer_id, 'asked:portal', decided_at - 1000, 'customer' from contact_decisions")]
    [InlineData("I1", "insert into preferences (customer_id, channels, hours, changed_at, changed_by) select customer_id, '[\"Email\"]', '[]', decided_at - 1000, 'customer' from contact_decisions")]
    [InlineData("I2", "update contact_decisions set at = at + 50400000")]
    [InlineData("I2", "update contact_decisions set at = 1791000000000")] // 3 October 2026, a public holiday
    [InlineData("I2", "insert into preferences (customer_id, channels, hours, changed_at, changed_by) select customer_id, '[]', '[{\"Day\":0,\"From\":\"09:00:00\",\"To\":\"10:00:00\"}]', decided_at - 1000, 'customer' from contact_decisions")]
    [InlineData("I3", "insert into contact_decisions (id, customer_id, follow_up_id, purpose, channel, stage, at, decided_at, outcome, verdict) select id || '-2', customer_id, follow_up_id, purpose, channel, stage, at + 3600000, decided_at - 1000, outcome, verdict from contact_decisions")]
    [InlineData("I3", "insert into preferences (customer_id, channels, hours, contacts_per_month_max, changed_at, changed_by) select customer_id, '[]', '[]', 0, decided_at - 1000, 'customer' from contact_decisions")]
    [InlineData("I5", "insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at) select 'k', 'f-1', customer_id, 'lin', purpose, channel, 'standard', 1, 'zh-Hans', id, x'00', at from contact_decisions")]
    [InlineData("I11", "insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at, armed_at, finished_at) select 'k', 'f-1', customer_id, 'lin', purpose, channel, 'standard', 1, 'zh-Hans', id, x'00', at, at + 61000, at + 90000 from contact_decisions")]
    [InlineData("I4", "update follow_ups set state = 'Finished' where id in ('f-1', 'f-2')")]
    [InlineData("I4", "insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at, armed_at, ended_at, finished_at, outcome) select 'k', 'f-1', customer_id, 'lin', purpose, channel, 'standard', 1, 'zh-Hans', id, x'00', at, at, at, at, 'Satisfied' from contact_decisions")]
    [InlineData("I4", "insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at, armed_at, ended_at, finished_at, outcome) select 'k', 'f-1', customer_id, 'lin', purpose, channel, 'standard', 1, 'zh-Hans', id, x'00', at, at, at, at, 'NoAnswer' from contact_decisions; insert into call_moments (call_id, at, kind, detail) values ('k', 1, 'finished', '{}'), ('k', 2, 'finished', '{}')")]
    [InlineData("I4", "insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at, armed_at) select 'k', 'f-1', customer_id, 'lin', purpose, channel, 'standard', 1, 'zh-Hans', id, x'00', at, at from contact_decisions")]
    [InlineData("I5", "update follow_ups set slot_id = 'no-such-slot', state = 'Booked' where id = 'f-1'")]
    [InlineData("I6", "delete from considerations")]
    [InlineData("I6", "update intake_tally set received = received + 1")]
    public async Task A_broken_promise_is_found(string invariant, string breach)
    {
        await using var house = await Lived();
        Assert.Empty((await house.Get<LedgerCheck>().Run()).Violations);
        await house.Write(tx => tx.Run(breach));
        Assert.Contains((await house.Get<LedgerCheck>().Run()).Violations, v => v.Invariant == invariant);
    }

    [Fact]
    public async Task A_promise_that_passed_in_silence_is_found()
    {
        await using var house = await Lived();
        await house.Write(async tx => await house.Get<FollowUpDesk>().Promise(tx, (await house.Get<FollowUpDesk>().Find(tx, "f-1"))!, "s-1", house.Now.AddHours(1), house.Now.AddHours(2), null, "customer"));
        await house.Write(tx => tx.Run("insert into slots (id, agent_id, from_at, to_at, follow_up_id) values ('s-1', 'a', 1, 2, 'f-1')"));
        Assert.Empty((await house.Get<LedgerCheck>().Run()).Violations);
        house.Clock.Pass(TimeSpan.FromHours(3));
        Assert.Contains((await house.Get<LedgerCheck>().Run()).Violations, v => v.Invariant == "I5");
    }

    [Theory]
    [InlineData("follow-up.taken", "{\"followUp\":\"f-1\"}", true)]
    [InlineData("follow-up.given-back", "{\"followUp\":\"f-1\"}", false)]
    public async Task An_apology_while_an_agent_calls_is_found(string before, string data, bool found)
    {
        await using var house = await Lived();
        var desk = house.Get<Journal.JournalDesk>();
        Journal.Fact Fact(string kind, string what) => new(Journal.Fact.Care, house.Get<Storage.Ids>().New(), kind, "c-zhou", house.Now, "house", what);
        await house.Write(tx => desk.Append(tx, [Fact("follow-up.booked", $$"""{"followUp":"f-1","to":"{{house.Now.AddHours(1):O}}"}"""), Fact("follow-up.taken", """{"followUp":"f-1"}"""), Fact(before, data), Fact("promise.broken", """{"followUp":"f-1"}""")]));
        Assert.Equal(found, (await house.Get<LedgerCheck>().Run()).Violations.Any(v => v.Invariant == "I5" && v.What.Contains("apologised", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_she_lives_now_says_nothing_about_the_hour_of_an_earlier_contact()
    {
        await using var house = await Lived();
        house.Clock.Pass(TimeSpan.FromDays(1));
        await house.Write(tx => house.Get<Customers.CustomerDesk>().Save(tx, [new Customers.CustomerDraft("c-zhou", null, "en", "America/Los_Angeles", "US")], "wallet"));
        Assert.Empty((await house.Get<LedgerCheck>().Run()).Violations);
        // And where she lived then does: the same contact at the same instant would have been at two in the morning.
        await house.Write(tx => tx.Run("update journal set data = replace(data, 'Asia/Shanghai', 'Europe/London') where kind = 'customer.changed'"));
        Assert.Contains((await house.Get<LedgerCheck>().Run()).Violations, v => v.Invariant == "I2");
    }

    /// <summary>One customer who was called once, withdrew afterwards, and two follow-ups for one cause.</summary>
    private static async Task<House> Lived()
    {
        var house = await House.Open(Databases.Sqlite);
        var customer = await house.Customer();
        await house.Get<Intake.IntakeDesk>().Take([new Intake.Reading.Event(new("wallet", "e-1", "withdrawal.failed", customer, house.Now, "{}", null))], "wallet", "json");
        await house.Write(async tx =>
        {
            await house.Get<FollowUpDesk>().Arrange(tx, [Wanted(house, "f-1", "one-rule"), Wanted(house, "f-2", "another-rule")]);
            Assert.NotNull((await house.Get<ContactDesk>().Clear(tx, new ContactWish(customer, Purpose.Service, Channel.Voice) { FollowUpId = "f-1" })).Clearance);
        });
        house.Clock.Pass(TimeSpan.FromHours(1));
        await house.Write(tx => house.Get<ConsentDesk>().Withdraw(tx, customer, [(Purpose.Service, Channel.Voice)], "customer", "portal"));
        for (var i = 0; i < 3; i++) foreach (var work in house.All<Work.IWork>().Where(w => w.Name == "reactions of follow-ups")) await work.Round(default);
        await house.Write(tx => tx.Run("update follow_ups set state = 'Invited'"));
        return house;
    }

    private static FollowUp Wanted(House house, string id, string rule) => new(id, "c-zhou", rule, 1, 1, Purpose.Service, Channel.Voice, "standard", 1, FollowUpState.Invited,
        house.Now, house.Now.AddDays(1), house.Now.AddDays(2), house.Now.AddDays(7));
}
