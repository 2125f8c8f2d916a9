using Huifang.Complaints;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;
using static Huifang.Tests.Complaints.ComplaintScene;

namespace Huifang.Tests.Complaints;

public sealed class ComplaintIntakeTests
{
    private const string Copied = "请大家一起投诉：钱包无故冻结账户，要求立即退还全部手续费并公开道歉！";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R1
    public async Task What_cannot_be_read_becomes_a_case_with_the_raw_file_attached(string database)
    {
        await using var house = await Office(database);
        byte[] strange = [0xff, 0xfe, 0x00, 0x41, 0xd8, 0x00];
        foreach (var (type, raw) in new (string, byte[])[] { ("text/plain", strange), ("application/x-unknown", strange), (JsonArrivalReader.ContentType, "{\"words\": 3}"u8.ToArray()), (JsonArrivalReader.ContentType, "{\"words\":\"x\",\"amount\":1e99,\"currency\":\"CNY\"}"u8.ToArray()) })
        {
            var (brought, _) = await house.Get<ComplaintIntake>().Bring(ComplaintDoor.Api, "partner", null, type, raw);
            Assert.Equal(IntakeFate.Case, brought!.Fate);
            var (files, kept) = await house.Read(async tx => (await tx.One<long>("select count(*) from complaint_files where complaint_id = @id", new { id = brought.Complaint!.Id }), await house.Get<ComplaintIntake>().Raw(tx, brought.ArrivalId)));
            Assert.Equal(1, files);
            Assert.Equal(raw, kept);
            Assert.NotEmpty(await house.Clocks(brought.Complaint!));
        }
        Assert.Equal((4L, 4L, 0L), (await house.Read(tx => house.Get<ComplaintIntake>().Tally(tx, house.Now.AddDays(-1)))).Select(door => (door.Received, door.Cases, door.Difference)).Single());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stranger_gets_a_number_and_nothing_that_reveals_anything(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        // She writes from the address of a customer; that proves nothing.
        var complaint = await house.File(Draft(null) with { Email = "c-zhou@example.com", Name = "周慕晴", Country = "CN", TransactionId = null }, sender: "web");
        Assert.StartsWith("guest-", complaint.CustomerId, StringComparison.Ordinal);
        Assert.False(complaint.Verified);
        Assert.Empty(await house.Read(tx => house.Get<ComplaintDesk>().OfCustomer(tx, "c-zhou")));
        await house.Settle();
        var message = await house.Read(tx => tx.One<(string State, string Channel, string Customer)>("select state, channel, customer_id from messages"));
        Assert.Equal(("Sent", "Email", complaint.CustomerId), message);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_reads_an_arrival_second_answers_with_what_became_of_it(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var intake = house.Get<ComplaintIntake>();
        var (first, _) = await intake.Bring(Draft(), "portal", "twice");
        // A repeat of her request found it still waiting, and reads it after the first one has.
        var stale = (await house.Read(tx => intake.Find(tx, first!.ArrivalId)))! with { Fate = IntakeFate.Waiting };
        var second = await intake.Read(stale, JsonArrivalReader.Write(Draft()), default);
        Assert.Equal((IntakeFate.Case, first!.Complaint!.Id), (second.Fate, second.Complaint!.Id));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from complaints")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_same_from_the_same_person_is_joined_and_told_twice_is_one(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var first = await house.File(Draft(), "e-1");
        Assert.Equal(first.Id, (await house.File(Draft(), "e-1")).Id);
        var (again, _) = await house.Get<ComplaintIntake>().Bring(Draft(words: "怎么还没有结果？"), "portal", "e-2");
        Assert.Equal((IntakeFate.Joined, first.Id), (again!.Fate, again.Complaint!.Id));
        var (copy, _) = await house.Get<ComplaintIntake>().Bring(Draft() with { TransactionId = null }, "portal", "e-3");
        Assert.Equal(IntakeFate.Joined, copy!.Fate);
        Assert.Equal((3L, 1L, 2L, 0L), (await house.Read(tx => house.Get<ComplaintIntake>().Tally(tx, house.Now.AddDays(-1)))).Select(door => (door.Received, door.Cases, door.Joined, door.Difference)).Single());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_text_that_many_copied_is_one_group_and_each_has_its_own_clock(string database)
    {
        await using var house = await Office(database);
        var made = new List<Complaint>();
        for (var i = 0; i < 5; i++) made.Add(await house.File(new ComplaintDraft(ComplaintDoor.Web, i == 2 ? Copied.Replace("！", "!!! 2026-11-24 12345") : Copied) { Name = $"人{i}" }, sender: "web"));
        var now = await Task.WhenAll(made.Select(one => house.Now(one)));
        Assert.All(now, one => Assert.Equal(made[0].Id, one.GroupId));
        Assert.All(now, one => Assert.NotNull(one.DueAt));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Killed_between_storing_and_reading_nothing_is_lost_and_nothing_is_twice(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var raw = JsonArrivalReader.Write(Draft());
        // The process died right after the bytes were stored.
        var arrival = new Arrival("a-1", ComplaintDoor.App, "portal", "x", house.Now, JsonArrivalReader.ContentType, raw.Length, IntakeFate.Waiting);
        await house.Write(tx => tx.Run("insert into complaint_intake (id, door, sender, external_id, received_at, content_type, bytes, raw, fate, try_at) values ('a-1', 'App', 'portal', 'x', @at, @type, 1, @raw, 'Waiting', @at)",
            new { at = house.Now, type = JsonArrivalReader.ContentType, raw = house.Get<Huifang.Security.Vault>().SealForHouse(raw) }));
        house.Clock.Pass(TimeSpan.FromMinutes(7));
        var clerk = house.All<Huifang.Work.IWork>().OfType<IntakeClerk>().Single();
        await Task.WhenAll(clerk.Round(default), clerk.Round(default), Quietly(house.Get<ComplaintIntake>().Bring(ComplaintDoor.App, "portal", "x", JsonArrivalReader.ContentType, raw)));
        var complaint = Assert.Single(await house.Read(tx => house.Get<ComplaintDesk>().OfCustomer(tx, "c-zhou")));
        // It reached us when it was stored, not when it was read.
        Assert.Equal(arrival.ReceivedAt, complaint.ReceivedAt);
        Assert.Equal(0, (await house.Read(tx => house.Get<ComplaintIntake>().Tally(tx, house.Now.AddDays(-1)))).Single().Waiting);
    }

    // A reading that comes second may fail and be undone; what counts is what stands in the end.
    private static async Task Quietly(Task task)
    {
        try { await task; }
        catch (InvalidOperationException) { }
    }

    [Fact]
    public async Task A_full_disk_is_refused_clearly_and_nothing_is_acknowledged()
    {
        await using var house = await Office(Databases.Sqlite);
        await house.Customer();
        await house.Write(async tx => await tx.One<long>($"pragma max_page_count = {await tx.One<long>("pragma page_count") + 2}"));
        var (brought, refusal) = await house.Get<ComplaintIntake>().Bring(Draft() with { Files = [new("a.zip", "application/zip", new byte[2_000_000])] }, "portal", null);
        Assert.Null(brought);
        Assert.Equal(BringRefusal.StorageFull, refusal);
        await house.Write(tx => tx.One<long>("pragma max_page_count = 1073741823"));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select (select count(*) from complaint_intake) + (select count(*) from complaints) + (select count(*) from messages)")));
        await house.File(Draft());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_large_file_is_kept_whole_and_a_zip_is_never_opened(string database)
    {
        await using var house = await Office(database);
        await house.Customer();
        var bomb = new byte[25 * 1024 * 1024];
        "PK\u0003\u0004"u8.CopyTo(bomb);
        var complaint = await house.File(Draft() with { Files = [new("bomb.zip", "application/zip", bomb)] });
        Assert.Equal(bomb.Length, await house.Read(tx => tx.One<long>("select bytes from complaint_files where complaint_id = @id", new { id = complaint.Id })));
        Assert.Equal(BringRefusal.TooLarge, (await house.Get<ComplaintIntake>().Bring(ComplaintDoor.Web, "web", null, "text/plain", new byte[ComplaintIntake.RawBytesMax + 1])).Refusal);
        Assert.Equal(ComplaintRefusal.FileTooLarge, (await house.Do<ComplaintDesk>((desk, tx) => desk.Say(tx, complaint.Id, "", [new("a", "b", new byte[ComplaintRules.FileBytesMax + 1])], "customer"))).Refusal);
    }
}
