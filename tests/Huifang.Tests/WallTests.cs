using Huifang.Storage;
using Npgsql;

namespace Huifang.Tests;

/// <summary>Row-level security as a second wall, on PostgreSQL: what a customer's page reads is hers even when a query forgets to ask for it.</summary>
public sealed class WallTests // ASVS V8.2.2, V8.4.1
{
    private static async Task<List<string>> TablesWithCustomers(House house) => await house.Read(tx => tx.Query<string>(
        "select table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name) where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = 'customer_id' order by 1"));

    /// <summary>As a request of hers would: whatever is set inside is gone outside.</summary>
    private static async Task<T> For<T>(House house, string customer, Func<Tx, Task<T>> read)
    {
        Wall.Enter(customer);
        return await house.Read(read);
    }

    [Fact]
    public async Task A_query_without_its_condition_shows_a_customer_only_herself()
    {
        await using var house = await House.Open(Databases.Postgres);
        await house.Customer("c-zhou");
        await house.Customer("c-chan");
        Assert.Equal(2, await house.Read(tx => tx.One<long>("select count(*) from customers")));
        Assert.Equal(["c-zhou"], await For(house, "c-zhou", tx => tx.Query<string>("select id from customers")));
        foreach (var table in await TablesWithCustomers(house))
            Assert.Equal((table, 0), (table, await For(house, "c-zhou", tx => tx.One<long>($"select count(*) from {table} where customer_id <> 'c-zhou' or customer_id is null"))));
        Assert.True(await For(house, "c-chan", tx => tx.One<long>("select count(*) from contact_points")) == 3);
        Assert.Equal(0, await For(house, "c-nobody", tx => tx.One<long>("select count(*) from journal")));
        // Outside again the house sees everybody.
        Assert.Null(Wall.Customer);
        Assert.Equal(2, await house.Read(tx => tx.One<long>("select count(*) from customers")));
    }

    [Fact]
    public async Task Behind_the_wall_every_table_with_a_customer_has_its_policy_and_the_role_owns_nothing()
    {
        await using var house = await House.Open(Databases.Postgres);
        var tables = await TablesWithCustomers(house);
        var walled = await house.Read(tx => tx.Query<string>("select tablename from pg_policies where policyname = 'hers_alone'"));
        Assert.True(tables.Count > 15);
        Assert.Empty(tables.Append("customers").Except(walled));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from pg_class where relowner = 'huifang_customer'::regrole")));
        Assert.False(await house.Read(tx => tx.One<bool>("select rolsuper or rolbypassrls or rolcreaterole or rolcanlogin from pg_roles where rolname = 'huifang_customer'")));
    }

    [Theory]
    [InlineData("update customers set language = 'en'")]
    [InlineData("delete from journal")]
    [InlineData("insert into suppressions (id, customer_id, reason, at, by_whom) values ('x', 'c-zhou', 'x', 0, 'x')")]
    [InlineData("alter table customers disable row level security")]
    [InlineData("drop policy hers_alone on customers")]
    [InlineData("create table mine (id text)")]
    [InlineData("select * from sessions")]
    [InlineData("select * from api_keys")]
    [InlineData("select * from passkeys")]
    [InlineData("select * from recovery_codes")]
    public async Task Behind_the_wall_nothing_is_changed_and_no_secret_is_read(string sql)
    {
        await using var house = await House.Open(Databases.Postgres);
        await house.Customer("c-zhou");
        Wall.Enter("c-zhou");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => house.Read(tx => tx.Run(sql)));
        Assert.True(refused.SqlState is "42501" or "25006", $"{refused.SqlState} {refused.MessageText}");
    }
}
