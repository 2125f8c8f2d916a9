using Huifang.FollowUps;
using Huifang.Customers;

namespace Huifang.Tests;

public sealed class PeriodicTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_has_been_quiet_for_long_is_asked_after_once_in_the_period(string database)
    {
        await using var house = await House.Open(database);
        // The share of the rule is drawn by a fixed lot, so that some of forty are in it.
        await house.Write(tx => house.Get<CustomerDesk>().Save(tx, [.. Enumerable.Range(0, 40).Select(i => new CustomerDraft($"q-{i}", "安", "zh-Hans", "Asia/Shanghai", "CN") { Since = house.Now.AddYears(-1), Points = [new(PointKind.App, $"d-{i}", true)] })], "test"));
        await house.Write(tx => tx.Run("update journal set at = @long", new { @long = house.Now.AddDays(-100) }));

        for (var day = 0; day < 3; day++)
        {
            while (await house.Get<PeriodicRounds>().Round(default)) { }
            house.Clock.Pass(TimeSpan.FromDays(1));
        }

        var arranged = await house.Read(tx => tx.Query<(string Customer, long Times)>("select customer_id, count(*) from follow_ups where rule_key = 'dormancy' group by customer_id"));
        Assert.NotEmpty(arranged);
        Assert.True(arranged.Count < 40, "The rule's share was ignored.");
        Assert.All(arranged, a => Assert.Equal(1, a.Times));
        Assert.Equal(arranged.Count, await house.Read(tx => tx.One<long>("select count(*) from journal where kind = 'period.due'")));
    }
}
