using Huifang.Accounts;
using Huifang.Sight;

namespace Huifang.Tests.Sight;

/// <summary>Who may look at whom, what is kept of it, and what happens to somebody who looks too much.</summary>
public sealed class SightTests
{
    private static async Task Staff(House house, string id, params Role[] roles) => await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff(id, id, id, roles, "en")));

    private static Task<long> Count(House house, string what) => house.Read(tx => tx.One<long>($"select count(*) from {what}"));

    /// <summary>A call of this agent with this customer, verified as far as told.</summary>
    private static Task Call(House house, string agent, string customer, Huifang.Calls.Level level) => house.Write(tx => tx.Run(
        "insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at, verification) values (@id, @id, @customer, @agent, 'Service', 'Voice', 'standard', 1, 'en', 'd', @key, @now, @verification)",
        new { id = $"call-{agent}", customer, agent, key = new byte[32], now = house.Now, verification = System.Text.Json.JsonSerializer.Serialize(new Huifang.Calls.CallVerification("c", customer, agent, "p", house.Now, Huifang.Calls.VerificationStage.Confirmed, level, null, 0, [], Huifang.Calls.Level.StepUp, null)) }));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Taking_five_hundred_records_by_broken_glass_alarms_within_twenty_and_is_stopped(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "thief", Role.Risk);
        var (sight, glasses) = (house.Get<SightDesk>(), house.Get<GlassDesk>());
        var (shown, firstAlarm) = (0, 0);
        for (var i = 1; i <= 500; i++)
        {
            var customer = $"c-{i}";
            var seen = await house.Write(async tx =>
            {
                await glasses.Break(tx, "thief", customer, "checking an urgent fraud case");
                return await sight.Look(tx, "thief", customer, "record", (await sight.Reason(tx, "thief", customer))!.Because);
            });
            if (seen) shown++;
            if (firstAlarm == 0 && await Count(house, "sight_alarms where kind = 'ManyCustomers'") > 0) firstAlarm = i;
            if (i % 10 == 0) house.Clock.Pass(TimeSpan.FromSeconds(1));
        }
        Assert.InRange(firstAlarm, 1, 20);
        Assert.Equal(new SightBudget().CustomersPerHourMax, shown);
        Assert.Equal(1, await Count(house, "sight_alarms where kind = 'OverBudget'"));
        Assert.Equal(500, await Count(house, "glasses where reviewed_at is null"));
        Assert.Equal(500, await Count(house, "sight_looks"));
        Assert.Equal(470, await Count(house, "journal where kind = 'record.refused'"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Going_through_ids_shows_nothing_and_alarms_at_the_fifth(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "thief", Role.Agent);
        var sight = house.Get<SightDesk>();
        for (var i = 1; i <= 500; i++)
        {
            var customer = $"c-{i}";
            Assert.Null(await house.Read(tx => sight.Reason(tx, "thief", customer)));
            await house.Write(tx => sight.Refused(tx, "thief", customer));
            Assert.Equal(i >= 5, await Count(house, "sight_alarms where kind = 'Probing'") > 0);
            if (i == 6) break;
        }
        Assert.Equal(0, await Count(house, "sight_looks where granted = 1"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Taking_and_giving_back_what_the_queue_hands_out_alarms_too_but_does_not_stop_the_work(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "thief", Role.Agent);
        var sight = house.Get<SightDesk>();
        for (var i = 1; i <= 40; i++)
        {
            var customer = $"c-{i}";
            Assert.True(await house.Write(tx => sight.Look(tx, "thief", customer, "desk", Because.Call($"call-{customer}"), byChoice: false)));
            if (i == 20) Assert.Equal(1, await Count(house, "sight_alarms where kind = 'ManyCustomers'"));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Opening_a_decoy_alarms_at_once_also_when_nothing_was_shown(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "curious", Role.Agent);
        var sight = house.Get<SightDesk>();
        await house.Write(tx => sight.MakeDecoy(tx, "c-famous"));
        await house.Write(tx => sight.Refused(tx, "curious", "c-famous"));
        await house.Write(tx => sight.Refused(tx, "curious", "c-famous"));
        Assert.Equal(1, await Count(house, "sight_alarms where kind = 'Decoy' and staff_id = 'curious' and customer_id = 'c-famous'"));
        Assert.Equal(1, await Count(house, "journal where kind = 'sight.alarmed'"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_field_is_whole_for_sixty_seconds_for_one_person_with_a_verified_call_and_for_nobody_else(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "lin", Role.Agent);
        await Staff(house, "gu", Role.Agent);
        var sight = house.Get<SightDesk>();
        await Call(house, "lin", "c-zhou", Huifang.Calls.Level.V1);
        Assert.False(await house.Write(tx => sight.Unmask(tx, "lin", "c-zhou", SightField.Phone)));
        await house.Write(tx => tx.Run("delete from calls"));
        await Call(house, "lin", "c-zhou", Huifang.Calls.Level.V2);
        Assert.True(await house.Write(tx => sight.Unmask(tx, "lin", "c-zhou", SightField.Phone)));
        Assert.False(await house.Write(tx => sight.Unmask(tx, "gu", "c-zhou", SightField.Phone)));
        Assert.False(await house.Write(tx => sight.Unmask(tx, "lin", "c-other", SightField.Phone)));

        Assert.Equal([SightField.Phone], (await house.Read(tx => sight.Unmasked(tx, "lin", "c-zhou"))).Keys);
        Assert.Empty(await house.Read(tx => sight.Unmasked(tx, "gu", "c-zhou")));
        house.Clock.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(await house.Read(tx => sight.Unmasked(tx, "lin", "c-zhou")));
        Assert.Equal(1, await Count(house, "journal where kind = 'record.unmasked' and customer_id = 'c-zhou'"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_broken_glass_is_open_for_fifteen_minutes_and_reviewed_by_somebody_else_within_a_working_day(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "qin", Role.Risk, Role.Compliance);
        await Staff(house, "shen", Role.Compliance);
        var (sight, glasses) = (house.Get<SightDesk>(), house.Get<GlassDesk>());
        Assert.Null(await house.Write(tx => glasses.Break(tx, "qin", "c-zhou", "because")));
        house.Clock.Set(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero)); // Friday afternoon in Shanghai
        var glass = (await house.Write(tx => glasses.Break(tx, "qin", "c-zhou", "the bank reports an account takeover")))!;
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero), glass.ReviewDue); // Monday
        Assert.Equal("glass", (await house.Read(tx => sight.Reason(tx, "qin", "c-zhou")))!.Because.Kind);
        Assert.Null(await house.Read(tx => sight.Reason(tx, "qin", "c-other")));
        Assert.Null(await house.Read(tx => sight.Reason(tx, "shen", "c-zhou")));
        house.Clock.Pass(TimeSpan.FromMinutes(15));
        Assert.Null(await house.Read(tx => sight.Reason(tx, "qin", "c-zhou")));

        Assert.False(await house.Write(tx => glasses.Review(tx, glass.Id, "qin", true, "it was fine")));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => house.Write(tx => tx.Run("update glasses set reviewed_by = 'qin', reviewed_at = 1 where id = @Id", new { glass.Id })));
        house.Clock.Pass(TimeSpan.FromDays(3));
        await house.Settle();
        Assert.Equal(1, await Count(house, "sight_alarms where kind = 'ReviewLate' and staff_id = 'qin'"));
        Assert.True(await house.Write(tx => glasses.Review(tx, glass.Id, "shen", false, "there was no such report")));
        Assert.False(await house.Write(tx => glasses.Review(tx, glass.Id, "shen", true, "again")));

        var seen = await house.Read(tx => house.Get<SightBoard>().At(tx, "c-zhou"));
        Assert.Equal((false, "the bank reports an account takeover"), (seen.Glasses[0].WasRight, seen.Glasses[0].Reason));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_settles_an_alarm_about_herself(string database)
    {
        await using var house = await House.Open(database);
        await Staff(house, "shen", Role.Compliance);
        await house.Write(tx => house.Get<SightDesk>().MakeDecoy(tx, "c-famous"));
        await house.Write(tx => house.Get<SightDesk>().Refused(tx, "shen", "c-famous"));
        var alarm = (await house.Read(tx => house.Get<SightBoard>().Look(tx))).Alarms.Single();
        Assert.False(await house.Write(tx => house.Get<SightBoard>().Settle(tx, alarm.Id, "shen", "nothing")));
        Assert.False(await house.Write(tx => house.Get<SightBoard>().Settle(tx, alarm.Id, "boss", " ")));
        Assert.True(await house.Write(tx => house.Get<SightBoard>().Settle(tx, alarm.Id, "boss", "she was testing")));
        Assert.Equal(0, await house.Read(house.Get<SightBoard>().Waiting));
    }
}
