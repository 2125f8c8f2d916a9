using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;

namespace Huifang.Tests.FollowUps;

public sealed class PeriodicCareTests // T3, T9
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Care_comes_once_a_period_however_often_it_is_looked(string database)
    {
        await using var house = await House.Open(database);
        await house.Write(async tx =>
        {
            string[] ids = [.. Enumerable.Range(0, 40).Select(n => $"c-{n:00}")];
            await house.Get<CustomerDesk>().Save(tx, [.. ids.Select(id => new CustomerDraft(id, null, "zh-Hans", "Asia/Shanghai", "CN") { Segments = ["plus"], Points = [new(PointKind.App, $"d-{id}", true)], Since = house.Now.AddYears(-1) })], "test");
            foreach (var id in ids) await house.Get<ConsentDesk>().Give(tx, id, [(Purpose.Survey, Channel.Voice)], "customer", "portal");
        });
        var care = house.Get<PeriodicCare>();
        for (var day = 0; day < 92; day++)
        {
            while (await care.Round(default)) { }
            Assert.False(await care.Round(default));
            house.Clock.Pass(TimeSpan.FromDays(1));
        }
        var made = await house.Read(tx => tx.Query<(string Customer, long Count)>("select customer_id, count(*) from follow_ups where rule_key = 'quarterly-care' group by customer_id"));
        Assert.Equal(40, made.Count);
        Assert.All(made, each => Assert.InRange(each.Count, 1, 2));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from journal j where kind = 'care.due' and not exists (select 1 from follow_ups f where f.cause_seq = j.seq)")));
        Assert.True(await house.Read(tx => tx.One<long>("select count(distinct arranged_at) from follow_ups")) > 15);
    }

    [Fact]
    public async Task A_stopped_rule_arranges_nothing()
    {
        await using var house = await House.Open(Databases.Sqlite);
        await house.Customer();
        foreach (var rule in TriggerShelf.Shipped.Where(rule => rule.Every is not null)) await house.Write(tx => house.Get<TriggerDesk>().Stop(tx, rule.Key, "gu"));
        Assert.False(await house.Get<PeriodicCare>().Round(default));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from follow_ups")));
    }
}
