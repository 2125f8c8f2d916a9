using Huifang.Journal;
using Huifang.Security;

namespace Huifang.Tests;

public sealed class StoreTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_told_twice_stands_once_and_another_body_is_a_conflict(string database)
    {
        await using var house = await House.Open(database);
        var fact = new Fact("wallet", "e-1", "withdrawal.failed", "c-1", house.Now, "wallet", """{"amount":430000,"currency":"CNY"}""");
        var other = fact with { Data = """{"amount":1,"currency":"CNY"}""" };

        var told = await house.Write(tx => house.Get<JournalDesk>().Tell(tx, [fact, fact, other, fact with { Id = "e-2" }]));

        Assert.Equal([Told.Accepted, Told.Known, Told.Conflict, Told.Accepted], told);
        Assert.Equal(2, await house.Read(tx => tx.One<long>("select count(*) from journal")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_failed_work_leaves_nothing_and_its_neighbours_everything(string database)
    {
        await using var house = await House.Open(database);
        var works = Enumerable.Range(0, 50).Select(i => house.Write(async tx =>
        {
            await house.Get<JournalDesk>().Append(tx, new Fact("wallet", $"e-{i}", "payment.completed", "c-1", house.Now, "wallet", "{}"));
            return i % 10 == 3 ? throw new InvalidOperationException("refused") : i;
        })).ToList();

        foreach (var (work, i) in works.Select((work, i) => (work, i)))
            if (i % 10 == 3) await Assert.ThrowsAsync<InvalidOperationException>(() => work);
            else Assert.Equal(i, await work);

        Assert.Equal(45, await house.Read(tx => tx.One<long>("select count(*) from journal")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_is_sealed_in_the_table_and_whole_in_the_record(string database)
    {
        await using var house = await House.Open(database);
        var id = await house.Customer();

        var customer = await house.Read(tx => house.Get<Customers.CustomerDesk>().Find(tx, id));
        Assert.Equal("周慕晴", customer!.Name);
        Assert.Equal(3, customer.Points.Count);
        Assert.All(customer.Points, p => Assert.NotNull(p.Value));

        var sealedName = await house.Read(tx => tx.One<byte[]>("select name from customers"));
        Assert.DoesNotContain("周慕晴", System.Text.Encoding.UTF8.GetString(sealedName!));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_her_key_a_customer_cannot_be_read(string database)
    {
        await using var house = await House.Open(database);
        var id = await house.Customer();
        await house.Write(tx => tx.Run("delete from data_keys where customer_id = @id and class = @person", new { id, person = KeyClass.Person }));

        var customer = await house.Read(tx => house.Get<Customers.CustomerDesk>().Find(tx, id));
        Assert.Null(customer!.Name);
        Assert.All(customer.Points, p => Assert.Null(p.Value));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Keys_are_made_once_when_many_ask_at_once(string database)
    {
        await using var house = await House.Open(database);
        var boxes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => house.Write(async tx => (await house.Get<Vault>().KeyFor(tx, "c-1")).Seal("x"))));
        var key = await house.Read(tx => house.Get<Vault>().KeyOf(tx, "c-1"));
        Assert.All(boxes, box => Assert.Equal("x", key!.Open(box)));
    }
}
