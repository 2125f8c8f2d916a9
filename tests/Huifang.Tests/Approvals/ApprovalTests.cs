using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Tests.Approvals;

/// <summary>The second pair of eyes: another person, another role, another session, a fresh proof, exactly the payload, once.</summary>
public sealed class ApprovalTests
{
    private static readonly ApprovalKind Refund = new("refund", Permission.ApproveMoney, TimeSpan.FromHours(4));

    /// <summary>A room that pays refunds and remembers what it paid.</summary>
    private sealed class Till : IApprovedAct
    {
        public string Kind => Refund.Key;

        public async Task<string?> Do(Storage.Tx tx, Approval approval, System.Text.Json.JsonElement payload)
        {
            await tx.Run("insert into suppressions (id, customer_id, reason, at, by_whom) values (@id, 'paid', @what, 0, @by)", new { id = Guid.CreateVersion7().ToString(), what = approval.Payload, by = approval.DecidedBy!.Id });
            return null;
        }
    }

    private static Task<House> Open(string database) => House.Open(database, services => services.AddApproved<Till>(Refund));

    private static Task<long> Paid(House house) => house.Read(tx => tx.One<long>("select count(*) from suppressions where customer_id = 'paid'"));

    private static async Task<Signed> Staff(House house, string id, params Role[] roles)
    {
        var desk = house.Get<AccountDesk>();
        if (await house.Read(tx => desk.Find(tx, id)) is null) await house.Write(tx => desk.Add(tx, new Staff(id, id, id, roles, "en")));
        var signed = (await house.Write(tx => desk.DemoSignIn(tx, id, "test")))!;
        return (await house.Read(tx => house.Get<SessionDesk>().Signed(tx, signed.SessionId)))!;
    }

    private static async Task<Approval> Asked(House house, Signed by, long amount = 50_000) =>
        (await house.Write(async tx => await house.Get<ApprovalDesk>().Ask(tx, "refund", new { amount, currency = "CNY", customer = "c-zhou" }, "charged twice", await house.Get<ApprovalDesk>().Party(tx, by, Permission.Desk)))).Approval!;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_asks_another_gives_and_exactly_that_is_done_once(string database)
    {
        await using var house = await Open(database);
        var (lin, jiang) = (await Staff(house, "lin", Role.Agent), await Staff(house, "jiang", Role.Supervisor));
        var approval = await Asked(house, lin);
        Assert.Equal(0, await Paid(house));

        var given = await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, jiang, approval.PayloadHash));
        Assert.True(given.Ok);
        Assert.Equal(("jiang", "Supervisor"), (given.Approval!.DecidedBy!.Id, given.Approval.DecidedBy.Role));
        await house.Settle();
        Assert.Equal(1, await Paid(house));
        Assert.Equal(ApprovalState.Done, (await house.Read(tx => house.Get<ApprovalDesk>().Find(tx, approval.Id)))!.State);
        Assert.Equal("""{"amount":50000,"currency":"CNY","customer":"c-zhou"}""", await house.Read(tx => tx.One<string>("select reason from suppressions where customer_id = 'paid'")));

        // The fact reaches the room again, as after a crash: it is done already.
        await house.Write(tx => tx.Run("insert into reactions (listener, seq, try_at) select 'approvals', seq, 0 from journal where kind = 'approval.given'"));
        await house.Settle();
        Assert.Equal(1, await Paid(house));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_approves_what_she_asked_for_not_even_from_another_session(string database)
    {
        await using var house = await Open(database);
        var first = await Staff(house, "boss", Role.Supervisor, Role.Agent);
        var approval = await Asked(house, first);
        var second = await Staff(house, "boss", Role.Supervisor, Role.Agent);
        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.Equal(ApprovalRefusal.OwnRequest, (await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, second, approval.PayloadHash))).Refusal);
        await house.Settle();
        Assert.Equal(0, await Paid(house));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_second_person_must_hold_another_role_the_permission_and_a_fresh_proof(string database)
    {
        await using var house = await Open(database);
        var asker = await Staff(house, "a", Role.Supervisor);
        var approval = await Asked(house, asker);
        async Task<ApprovalRefusal?> Try(Signed by) => (await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, by, approval.PayloadHash))).Refusal;

        Assert.Equal(ApprovalRefusal.NotIndependent, await Try(await Staff(house, "b", Role.Supervisor)));
        Assert.Equal(ApprovalRefusal.NoPermission, await Try(await Staff(house, "c", Role.Agent)));
        Assert.Equal(ApprovalRefusal.NoPermission, await Try(await Staff(house, "d", Role.Administrator)));
        var other = await Asked(house, await Staff(house, "e", Role.Agent), 1);
        var late = await Staff(house, "b", Role.Supervisor);
        house.Clock.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(ApprovalRefusal.ProofTooOld, (await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, other.Id, late, other.PayloadHash))).Refusal);
        Assert.Equal(ApprovalState.Asked, (await house.Read(tx => house.Get<ApprovalDesk>().Find(tx, approval.Id)))!.State);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_database_itself_refuses_approving_ones_own_request(string database)
    {
        await using var house = await Open(database);
        var approval = await Asked(house, await Staff(house, "lin", Role.Agent));
        foreach (var (by, role, session) in new[] { ("lin", "Supervisor", "s"), ("jiang", "Agent", "s"), ("jiang", "Supervisor", approval.AskedBy.Session) })
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => house.Write(tx => tx.Run("update approvals set state = 'Given', decided_by = @by, decided_role = @role, decided_session = @session, decided_at = 1, decided_seal = @seal where id = @Id", new { by, role, session, seal = new byte[32], approval.Id })));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => house.Write(tx => tx.Run("update approvals set state = 'Given' where id = @Id", new { approval.Id })));
        await house.Settle();
        Assert.Equal(0, await Paid(house));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_changed_after_it_was_read_is_neither_given_nor_done(string database)
    {
        await using var house = await Open(database);
        var (lin, jiang) = (await Staff(house, "lin", Role.Agent), await Staff(house, "jiang", Role.Supervisor));
        var approval = await Asked(house, lin);
        var vault = house.Get<Security.Vault>();
        Assert.Equal(ApprovalRefusal.PayloadChanged, (await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, jiang, new string('0', 64)))).Refusal);

        // Somebody with the database, and even with the house's key for sealing, writes another amount with its right hash.
        var forged = """{"amount":900000,"currency":"CNY","customer":"c-zhou"}""";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(forged)));
        await house.Write(tx => tx.Run("update approvals set payload = @payload, payload_hash = @hash where id = @Id", new { payload = vault.SealForHouse(forged), hash, approval.Id }));
        Assert.Equal(ApprovalRefusal.PayloadChanged, (await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, jiang, hash))).Refusal);

        var second = await Asked(house, lin, 1);
        Assert.True((await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, second.Id, jiang, second.PayloadHash))).Ok);
        await house.Write(tx => tx.Run("update approvals set payload = @payload, payload_hash = @hash || 'x' where id = @Id", new { payload = vault.SealForHouse(forged), hash, second.Id }));
        await house.Settle();
        Assert.Equal(0, await Paid(house));
        var ended = (await house.Read(tx => house.Get<ApprovalDesk>().Find(tx, second.Id)))!;
        Assert.Equal((ApprovalState.Failed, "payload-changed"), (ended.State, ended.Outcome));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_request_expires_can_be_taken_back_and_waits_only_once(string database)
    {
        await using var house = await Open(database);
        var (lin, jiang) = (await Staff(house, "lin", Role.Agent), await Staff(house, "jiang", Role.Supervisor));
        var approval = await Asked(house, lin);
        Assert.Equal(ApprovalRefusal.AskedAlready, (await house.Write(async tx => await house.Get<ApprovalDesk>().Ask(tx, "refund", new { currency = "CNY", customer = "c-zhou", amount = 50_000L }, "again", await house.Get<ApprovalDesk>().Party(tx, lin, Permission.Desk)))).Refusal);
        Assert.False(await house.Write(tx => house.Get<ApprovalDesk>().Withdraw(tx, approval.Id, "jiang")));
        Assert.True(await house.Write(tx => house.Get<ApprovalDesk>().Withdraw(tx, approval.Id, "lin")));
        Assert.Equal(ApprovalRefusal.NotOpen, (await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, approval.Id, jiang, approval.PayloadHash))).Refusal);

        var late = await Asked(house, lin);
        house.Clock.Pass(TimeSpan.FromHours(5));
        Assert.Equal(ApprovalRefusal.NotOpen, (await house.Write(async tx => await house.Get<ApprovalDesk>().Give(tx, late.Id, jiang, late.PayloadHash))).Refusal);
        await house.Settle();
        Assert.Equal(ApprovalState.Expired, (await house.Read(tx => house.Get<ApprovalDesk>().Find(tx, late.Id)))!.State);
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'approval.expired'")));
        Assert.Equal(0, await Paid(house));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_many_who_decide_at_once_one_counts(string database)
    {
        await using var house = await Open(database);
        var lin = await Staff(house, "lin", Role.Agent);
        var deciders = new List<Signed>();
        for (var i = 0; i < 8; i++) deciders.Add(await Staff(house, $"boss-{i}", Role.Supervisor));
        var approval = await Asked(house, lin);
        var answers = await Task.WhenAll(deciders.Select((by, i) => house.Write(tx => i % 2 == 0 ? house.Get<ApprovalDesk>().Give(tx, approval.Id, by, approval.PayloadHash) : house.Get<ApprovalDesk>().Refuse(tx, approval.Id, by, approval.PayloadHash, "no"))));
        Assert.Single(answers, answer => answer.Ok);
        Assert.All(answers.Where(answer => !answer.Ok), answer => Assert.Equal(ApprovalRefusal.NotOpen, answer.Refusal));
        await house.Settle();
        Assert.InRange(await Paid(house), 0, 1);
    }

    [Fact]
    public async Task An_act_that_a_person_cannot_read_whole_is_not_taken()
    {
        await using var house = await Open(Databases.Sqlite);
        var lin = await Staff(house, "lin", Role.Agent);
        foreach (var payload in new object[] { new { nested = new { a = 1 } }, new { list = new[] { 1 } }, new { half = 1.5 }, Enumerable.Range(0, 41).ToDictionary(i => $"f{i}", i => i), new { text = new string('x', 70_000) } })
            await Assert.ThrowsAsync<ArgumentException>(() => house.Write(async tx => await house.Get<ApprovalDesk>().Ask(tx, "refund", payload, "why", await house.Get<ApprovalDesk>().Party(tx, lin, Permission.Desk))));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_role_changes_what_it_may_do_only_with_two_people_and_then_at_once(string database)
    {
        await using var house = await Open(database);
        var (admin, he, risk) = (await Staff(house, "admin", Role.Administrator), await Staff(house, "he", Role.Compliance), await Staff(house, "qin", Role.Risk));
        Assert.False(risk.Staff.May(Permission.SeeCalls));
        var asked = await house.Write(async tx => await house.Get<RoleApproval>().Ask(tx, Role.Risk, Permission.SeeCalls, Reach.All, "fraud cases", await house.Get<ApprovalDesk>().Party(tx, admin, Permission.EditStaff)));
        Assert.True((await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, asked.Approval!.Id, he, asked.Approval.PayloadHash))).Ok);
        await house.Settle();
        Assert.Equal(Reach.All, (await house.Read(tx => house.Get<SessionDesk>().Signed(tx, risk.SessionId)))!.Staff.Grants[Permission.SeeCalls]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_leaves_is_signed_out_everywhere_once_two_people_have_said_so(string database)
    {
        await using var house = await Open(database);
        var (admin, shen, lin) = (await Staff(house, "admin", Role.Administrator), await Staff(house, "shen", Role.Compliance), await Staff(house, "lin", Role.Agent));
        var desk = house.Get<StaffApproval>();
        Assert.Null(await house.Write(async tx => await desk.Ask(tx, "lin", [Role.Agent], "care", false, "nothing changes", await house.Get<ApprovalDesk>().Party(tx, admin, Permission.EditStaff))));
        var asked = await house.Write(async tx => await desk.Ask(tx, "lin", [Role.Agent], "care", true, "she has left us", await house.Get<ApprovalDesk>().Party(tx, admin, Permission.EditStaff)));
        Assert.NotNull(await house.Read(tx => house.Get<SessionDesk>().Signed(tx, lin.SessionId)));
        Assert.True((await house.Write(tx => house.Get<ApprovalDesk>().Give(tx, asked!.Value.Approval!.Id, shen, asked.Value.Approval.PayloadHash))).Ok);
        await house.Settle();
        Assert.Null(await house.Read(tx => house.Get<SessionDesk>().Signed(tx, lin.SessionId)));
        Assert.NotNull((await house.Read(tx => house.Get<AccountDesk>().Find(tx, "lin")))!.DisabledAt);
        Assert.Null(await house.Write(tx => house.Get<AccountDesk>().DemoSignIn(tx, "lin", "test")));
    }
}
