using Huifang.FollowUps;

namespace Huifang.Tests.FollowUps;

public sealed class HandDeskTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_same_key_of_the_same_client_is_the_same_follow_up_and_nobody_elses(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var desk = house.Get<HandDesk>();
        Task<FollowUp?> Ask(string key, string client) => house.Write(tx => desk.Arrange(tx, new HandWish(customer, "standard", "asked by the branch", HandDesk.ByApi) { Key = key }, client));
        var first = (await Ask("case-1", "crm"))!;
        var second = (await Ask("case-2", "crm"))!;
        var others = (await Ask("case-1", "shop"))!;
        Assert.Equal(3, new HashSet<string> { first.Id, second.Id, others.Id }.Count);
        // A caller who was not answered asks again, when the customer has others by the same way already.
        Assert.Equal(first.Id, (await Ask("case-1", "crm"))!.Id);
        Assert.Equal(second.Id, (await Ask("case-2", "crm"))!.Id);
        Assert.Equal(others.Id, (await Ask("case-1", "shop"))!.Id);
    }
}
