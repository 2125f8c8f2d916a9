using System.Text.Json.Nodes;
using Huifang.Approvals;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Journal;
using Huifang.Privacy;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Tests.Audit;

namespace Huifang.Tests.Privacy;

public sealed class PrivacyTests // C6
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_copy_holds_what_she_told_and_what_was_told_about_her(string database)
    {
        await using var house = await Lived(database);
        var copy = await house.Read(tx => house.Get<AccessExport>().Of(tx, "c-zhou"));
        var data = copy["data"]!.AsObject();
        Assert.Equal("周慕晴", (string?)data["record"]!["customers"]![0]!["name"]);
        Assert.Equal(3, data["record"]!["contact_points"]!.AsArray().Count);
        Assert.All(data["record"]!["contact_points"]!.AsArray(), point => Assert.NotNull((string?)point!["value"]));
        Assert.NotEmpty(data["consents"]!["consents"]!.AsArray());
        Assert.Equal("提现太慢", (string?)data["feedback"]!["feedback"]![0]!["words"]);
        Assert.Contains(data["events"]!["journal"]!.AsArray(), fact => (string?)fact!["kind"] == "withdrawal.failed" && (string?)fact["private"]?["name"] == "周慕晴");
        // Nothing of anybody else, no key, no hash.
        var text = copy.ToJsonString();
        Assert.DoesNotContain("c-other", text, StringComparison.Ordinal);
        foreach (var secret in new[] { "blind", "wrapped", "seal_key", "body_hash" }) Assert.DoesNotContain($"\"{secret}\"", text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_erasure_leaves_nothing_readable_and_the_log_whole(string database)
    {
        await using var house = await Lived(database);
        var blind = house.Get<CustomerDesk>().BlindOf(PointKind.Email, "c-zhou@example.com");
        Assert.Null(await house.Write(tx => house.Get<ErasureDesk>().Erase(tx, "c-zhou", "customer")));
        Assert.Null(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));
        Assert.Empty(await house.Read(tx => house.Get<CustomerDesk>().WhoHas(tx, PointKind.Email, "c-zhou@example.com")));
        Assert.DoesNotContain(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, "c-zhou")), followUp => followUp.IsOpen);

        var copy = (await house.Read(tx => house.Get<AccessExport>().Of(tx, "c-zhou"))).ToJsonString();
        Assert.DoesNotContain("周慕晴", copy.Replace("""private":{"name":"周慕晴"}""", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("提现太慢", copy, StringComparison.Ordinal);
        // Her blind index is nowhere in the database any more.
        foreach (var table in new[] { "contact_points", "replies" }) Assert.Equal(0, await house.Read(tx => tx.One<long>($"select count(*) from {table} where blind = @blind", new { blind })));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from journal where customer_id = 'c-zhou' and body_hash <> 0 and kind <> 'customer.erased'")));
        Assert.NotNull(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-other")));

        await AuditLogTests.Round(house);
        await AuditLogTests.IsWhole(house);
        Assert.Equal(PrivacyRefusal.ErasedAlready, await house.Write(tx => house.Get<ErasureDesk>().Erase(tx, "c-zhou", "customer")));
        Assert.Equal(PrivacyRefusal.NoSuchCustomer, await house.Write(tx => house.Get<ErasureDesk>().Erase(tx, "c-nobody", "customer")));
        // The wallet goes on telling: her id is refused.
        Assert.Equal(["c-zhou"], await house.Write(tx => house.Get<CustomerDesk>().Save(tx, [new CustomerDraft("c-zhou", "周慕晴", "zh-Hans", null, "CN")], "wallet")));
        Assert.Null(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_erasure_that_fails_half_way_changes_nothing(string database)
    {
        await using var house = await Lived(database);
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Write<int>(async tx =>
        {
            await house.Get<ErasureDesk>().Erase(tx, "c-zhou", "customer");
            throw new InvalidOperationException("the machine stopped");
        }));
        Assert.Equal("周慕晴", (await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")))!.Name);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task She_asks_in_the_portal_thinks_again_for_three_days_and_is_erased_then(string database)
    {
        await using var house = await Lived(database);
        var (desk, clock) = (house.Get<PrivacyDesk>(), house.Get<PrivacyClock>());
        foreach (var stale in new DateTimeOffset?[] { null, house.Now.AddMinutes(-6), house.Now.AddMinutes(1) })
            Assert.Equal(PrivacyRefusal.ProofTooOld, (await house.Write(tx => desk.AskErasure(tx, "c-zhou", stale))).Refusal);
        Assert.Empty(await house.Read(tx => desk.OfCustomer(tx, "c-zhou")));

        Assert.NotNull((await house.Write(tx => desk.AskErasure(tx, "c-zhou", house.Now))).Request);
        Assert.Equal(PrivacyRefusal.AskedAlready, (await house.Write(tx => desk.AskErasure(tx, "c-zhou", house.Now))).Refusal);
        house.Clock.Pass(TimeSpan.FromHours(71));
        await clock.Round(default);
        Assert.NotNull(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));
        Assert.True(await house.Write(tx => desk.Withdraw(tx, "c-zhou", PrivacyKind.Erasure)));
        Assert.False(await house.Write(tx => desk.Withdraw(tx, "c-zhou", PrivacyKind.Erasure)));
        house.Clock.Pass(TimeSpan.FromHours(2));
        await clock.Round(default);
        Assert.NotNull(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));

        await house.Write(tx => desk.AskErasure(tx, "c-zhou", house.Now));
        house.Clock.Pass(TimeSpan.FromHours(73));
        await clock.Round(default);
        Assert.Null(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));
        Assert.Equal([PrivacyState.Done, PrivacyState.Withdrawn], (await house.Read(tx => desk.OfCustomer(tx, "c-zhou"))).Select(request => request.State));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_copy_needs_a_fresh_coming_in_and_is_counted(string database)
    {
        await using var house = await Lived(database);
        var desk = house.Get<PrivacyDesk>();
        Assert.Equal(PrivacyRefusal.ProofTooOld, await house.Write(tx => desk.TakeCopy(tx, "c-zhou", house.Now.AddMinutes(-6))));
        Assert.Empty(await house.Read(tx => desk.OfCustomer(tx, "c-zhou")));
        Assert.Null(await house.Write(tx => desk.TakeCopy(tx, "c-zhou", house.Now)));
        Assert.Null(await house.Write(tx => desk.TakeCopy(tx, "c-zhou", house.Now)));
        Assert.Equal(2, (await house.Read(tx => desk.OfCustomer(tx, "c-zhou"))).Count(request => request is { Kind: PrivacyKind.Access, State: PrivacyState.Done }));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Staff_erase_nobody_without_a_second_person(string database)
    {
        await using var house = await Lived(database);
        var (desk, party) = (house.Get<PrivacyDesk>(), new ApprovalParty("a-lin", "Supervisor", "session-1"));
        var asked = await house.Write(tx => desk.AskForStaff(tx, PrivacyKind.Erasure, "c-zhou", "by letter of 20 November", party));
        await house.Settle();
        Assert.NotNull(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));
        Assert.Contains("c-zhou", asked.Approval!.Payload, StringComparison.Ordinal);
        Assert.Equal(Accounts.Permission.ApprovePrivacy, PrivacyDesk.StaffErasure.ApprovePermission);
        // What the second person gave is done, once.
        Assert.Null(await house.Write(tx => new ApprovedErasure(house.Get<ErasureDesk>()).Do(tx, asked.Approval, System.Text.Json.JsonDocument.Parse(asked.Approval.Payload).RootElement)));
        Assert.Null(await house.Read(tx => house.Get<CustomerDesk>().Find(tx, "c-zhou")));
        Assert.Equal("ErasedAlready", await house.Write(tx => new ApprovedErasure(house.Get<ErasureDesk>()).Do(tx, asked.Approval, System.Text.Json.JsonDocument.Parse(asked.Approval.Payload).RootElement)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_legal_hold_outlives_the_erasure_and_not_its_lifting(string database)
    {
        await using var house = await Lived(database);
        var holds = house.Get<LegalHoldDesk>();
        var id = (await house.Write(tx => holds.Place(tx, "c-zhou", "2026-浙-118", "诉讼", "a-chen")))!;
        var words = await house.Read(tx => tx.One<byte[]>("select words from feedback where customer_id = 'c-zhou'"));
        await house.Write(tx => house.Get<ErasureDesk>().Erase(tx, "c-zhou", "customer"));
        Assert.Null(await house.Read(tx => house.Get<Vault>().KeyOf(tx, "c-zhou")));
        Assert.Equal("提现太慢", (await house.Write(tx => holds.Open(tx, id, "a-chen")))!.Open(words));
        Assert.True(await house.Write(tx => holds.Lift(tx, id, "a-chen")));
        Assert.False(await house.Write(tx => holds.Lift(tx, id, "a-chen")));
        Assert.Null(await house.Write(tx => holds.Open(tx, id, "a-chen")));
        Assert.Null(await house.Write(tx => holds.Place(tx, "c-zhou", "late", "late", "a-chen")));
        Assert.Equal(["hold.placed", "hold.opened", "hold.lifted"], await house.Read(tx => tx.Query<string>("select kind from journal where kind like 'hold.%' order by seq")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_refuses_decisions_by_rules_gets_none_from_a_rule(string database)
    {
        await using var house = await House.Open(database);
        foreach (var customer in new[] { "c-yes", "c-no" }) await house.Customer(customer);
        await house.Write(tx => house.Get<AutomationRefusals>().Set(tx, "c-no", true, "customer"));
        // The rule asks for two failures.
        foreach (var (customer, time) in new[] { ("c-yes", 1), ("c-yes", 2), ("c-no", 1), ("c-no", 2) })
            await house.Get<Huifang.Intake.IntakeDesk>().Take([new Huifang.Intake.Reading.Event(new("wallet", $"e-{customer}-{time}", "withdrawal.failed", customer, house.Now, """{"amount":430000,"currency":"CNY"}""", null))], "wallet", "json");
        await house.Settle();
        Assert.Contains(await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, "c-yes")), followUp => followUp.IsOpen);
        var refused = await house.Read(tx => house.Get<FollowUpDesk>().OfCustomer(tx, "c-no"));
        Assert.NotEmpty(refused);
        Assert.All(refused, followUp => Assert.Equal(("automation-refused", false), (followUp.Reason, followUp.IsOpen)));
        await house.Write(tx => house.Get<AutomationRefusals>().Set(tx, "c-no", false, "customer"));
        Assert.Null(await house.Read(tx => house.Get<AutomationRefusals>().Since(tx, "c-no")));
    }

    private static async Task<House> Lived(string database)
    {
        var house = await House.Open(database);
        await house.Customer();
        await house.Customer("c-other");
        await house.Get<Huifang.Intake.IntakeDesk>().Take([new Huifang.Intake.Reading.Event(new("wallet", "e-1", "withdrawal.failed", "c-zhou", house.Now, """{"amount":430000,"currency":"CNY"}""", """{"name":"周慕晴"}"""))], "wallet", "json");
        await house.Write(tx => house.Get<FeedbackDesk>().Keep(tx, [new FeedbackItem("portal", "f-1", "c-zhou", house.Now, "zh-Hans", "提现太慢")]));
        await house.Settle();
        return house;
    }
}
