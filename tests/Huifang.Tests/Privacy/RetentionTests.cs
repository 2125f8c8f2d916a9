using Huifang.Approvals;
using Huifang.Feedback;
using Huifang.Journal;
using Huifang.Privacy;
using Huifang.Storage;
using Huifang.Tests.Audit;

namespace Huifang.Tests.Privacy;

public sealed class RetentionTests // C6
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_shown_beforehand_goes_and_nothing_else_and_it_can_be_proven(string database)
    {
        await using var house = await House.Open(database);
        foreach (var customer in new[] { "c-1", "c-held" }) await house.Customer(customer);
        await Words(house, "old", "c-1");
        await Words(house, "held", "c-held");
        await house.Write(tx => house.Get<LegalHoldDesk>().Place(tx, "c-held", "matter", "why", "a-chen"));
        house.Clock.Pass(TimeSpan.FromDays(1094));
        await Words(house, "young", "c-1");

        // Two days from now, as a page asks on Friday about Sunday.
        var preview = (await house.Read(tx => house.Get<RetentionDesk>().Preview(tx, house.Now.AddDays(2)))).Single(one => one.Class.Key == "feedback");
        Assert.Equal((1, 1, 1095), (preview.Count, preview.Held, preview.Days));
        Assert.Equal(0, (await house.Read(tx => house.Get<RetentionDesk>().Preview(tx, house.Now))).Single(one => one.Class.Key == "feedback").Count);

        house.Clock.Pass(TimeSpan.FromDays(2));
        await house.Get<RetentionDesk>().Run();
        Assert.Equal(["held", "young"], (await house.Read(tx => tx.Query<string>("select source_id from feedback where length(words) > 0"))).Order());
        await AuditLogTests.Round(house);
        var run = (await house.Read(tx => house.Get<RetentionDesk>().Runs(tx))).Single(one => one.Class == "feedback");
        Assert.Equal((1, 1, 1095), (run.Removed, run.Held, run.Days));
        var proof = await house.Read(tx => Huifang.Audit.AuditLog.Prove(tx, run.Leaf!.Value));
        Assert.Contains("retention.done", System.Text.Encoding.UTF8.GetString(proof!.Entry.Canonical()), StringComparison.Ordinal);
        Assert.All(await house.Read(tx => house.Get<RetentionDesk>().Preview(tx, house.Now)), one => Assert.Equal(0, one.Count));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_class_deletes_what_it_shows(string database)
    {
        await using var house = await House.Open(database);
        await Full(house);
        house.Clock.Pass(TimeSpan.FromDays(4000));
        var before = await house.Read(tx => house.Get<RetentionDesk>().Preview(tx, house.Now));
        Assert.All(before, one => Assert.True(one.Count > 0, $"{one.Class.Key} has nothing to delete in this test"));
        Assert.Equal(RetentionClass.All.Select(one => one.Key), before.Select(one => one.Class.Key));
        await house.Get<RetentionDesk>().Run();
        Assert.All(await house.Read(tx => house.Get<RetentionDesk>().Preview(tx, house.Now)), one => Assert.Equal(0, one.Count));
        // The journal's lines stay, and still verify.
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from journal where at < @old and sealed is not null", new { old = house.Now.AddDays(-3700) })));
        await AuditLogTests.Round(house);
        await AuditLogTests.IsWhole(house);
    }

    [Fact]
    public async Task It_runs_on_Sunday_at_three_once_and_makes_up_for_a_missed_one()
    {
        var shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        // 24 November 2026 is a Tuesday.
        Assert.Equal(new DateTimeOffset(2026, 11, 28, 19, 0, 0, TimeSpan.Zero), RetentionClass.NextRun(House.Morning, shanghai));
        var sunday = new DateTimeOffset(2026, 11, 28, 19, 0, 0, TimeSpan.Zero);
        Assert.Equal(sunday.AddDays(7), RetentionClass.NextRun(sunday, shanghai));
        Assert.Equal(sunday, RetentionClass.NextRun(sunday.AddMinutes(-1), shanghai));

        await using var house = await House.Open(Databases.Sqlite);
        await house.Customer("c-1");
        await Words(house, "old", "c-1");
        house.Clock.Pass(TimeSpan.FromDays(1200));
        var clock = house.Get<RetentionClock>();
        await clock.Round(default);
        Assert.Equal(1, await Left(house));
        house.Clock.Pass(TimeSpan.FromDays(7));
        await clock.Round(default);
        Assert.Equal(0, await Left(house));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_time_is_changed_by_two_people_and_only_within_what_law_allows(string database)
    {
        await using var house = await House.Open(database);
        var (desk, party) = (house.Get<RetentionDesk>(), new ApprovalParty("a-lin", "Compliance", "s"));
        foreach (var (name, days) in new[] { ("feedback", 89), ("feedback", 1826), ("transaction-details", 365), ("nonsense", 100) })
            Assert.Null(await house.Write(tx => desk.AskChange(tx, name, days, "shorter", party)));
        var asked = (await house.Write(tx => desk.AskChange(tx, "feedback", 365, "shorter", party)))!.Value.Approval!;
        Assert.Equal(1095, (await house.Read(tx => desk.Preview(tx, house.Now))).Single(one => one.Class.Key == "feedback").Days);
        var payload = System.Text.Json.JsonDocument.Parse(asked.Payload).RootElement;
        var given = asked with { DecidedBy = new ApprovalParty("a-chen", "Administrator", "t") };
        Assert.Null(await house.Write(tx => desk.Do(tx, given, payload)));
        Assert.Equal(365, (await house.Read(tx => desk.Preview(tx, house.Now))).Single(one => one.Class.Key == "feedback").Days);
        Assert.Equal("changed-meanwhile", await house.Write(tx => desk.Do(tx, given, payload)));
    }

    private static Task<long> Left(House house) => house.Read(tx => tx.One<long>("select count(*) from feedback where length(words) > 0"));

    private static Task<int> Words(House house, string id, string customer) =>
        house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [new FeedbackItem("portal", id, customer, house.Now, "zh-Hans", "提现太慢")]));

    /// <summary>One row of each class, written as it is: the desks' own tests show that they write so.</summary>
    private static async Task Full(House house)
    {
        await house.Customer("c-1");
        await Words(house, "f", "c-1");
        await house.Write(async tx =>
        {
            var (now, box) = (house.Now, new byte[] { 1, 2, 3 });
            await house.Get<JournalDesk>().Append(tx, new Fact(Fact.Care, "detail", "record.viewed", "c-1", now, "a", "{}", "words"), new Fact("wallet", "pay", "payment.completed", "c-1", now, "w", "{}", "to Lin"));
            await tx.Run("insert into messages (id, once, customer_id, template, purpose, channel, language, draft, body, state, queued_at, try_at, not_after) values ('m', 'm', 'c-1', 'invitation', 'Service', 'Sms', 'en', @box, @box, 'Sent', @now, @now, @now)", new { now, box });
            await tx.Run("insert into replies (id, line_key, channel, received_at, blind, customer_id, body, meaning, settled_at) values ('r', 'r', 'Sms', @now, 'b', 'c-1', @box, 'Words', @now)", new { now, box });
            await tx.Run("insert into calls (id, follow_up_id, customer_id, agent_id, purpose, channel, script_key, script_version, language, decision_id, seal_key, taken_at, finished_at) values ('k', 'f', 'c-1', 'a', 'Service', 'Voice', 's', 1, 'en', 'd', @box, @now, @now)", new { now, box });
            await tx.Run("insert into call_notes (call_id, words, changed_at) values ('k', @box, @now)", new { now, box });
            await tx.Run("insert into recordings (id, call_id, customer_id, wrapped_key, mime, started_at, closed_at, keep_until) values ('rec', 'k', 'c-1', @box, 'audio/webm', @now, @now, @far)", new { now, box, far = now.AddDays(9000) });
            await tx.Run("insert into contact_decisions (id, customer_id, purpose, channel, stage, at, decided_at, outcome, verdict) values ('d', 'c-1', 'Service', 'Voice', 'Planned', @now, @now, 'Allow', '{}')", new { now });
            await tx.Run("insert into quarantine (id, received_at, sender, content_type, raw, reason, settled_at) values ('q', @now, 'w', 'json', @box, 'NotJson', @now)", new { now, box });
            await tx.Run("insert into staff (id, login, name, roles, language, password_hash, totp_secret, made_at) values ('a', 'a', 'a', 'Agent', 'en', 'x', @box, @now)", new { now, box });
            await tx.Run("insert into sessions (id, staff_id, started_at, seen_at, ends_at, device) values ('s', 'a', @now, @now, @now, 'x')", new { now });
        });
    }
}
