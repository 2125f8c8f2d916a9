using Huifang.Accounts;
using Huifang.Api;

namespace Huifang.Tests;

public sealed class ApiKeyTests // A6
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Both_keys_open_for_a_day_after_a_rotation_and_then_the_new_one_alone(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<ApiKeyDesk>();
        var first = await house.Write(tx => desk.Make(tx, "wallet-core", [Scope.Events], house.Now.AddDays(365), "a-chen"));
        var id = first.Split('_')[1];
        var second = (await house.Write(tx => desk.Rotate(tx, id, house.Now.AddDays(365), "a-chen")))!;
        Assert.Null(await house.Write(tx => desk.Rotate(tx, id, null, "a-chen")));
        Assert.Equal(["events"], (await house.Read(tx => desk.Find(tx, second)))!.Scopes);
        Assert.NotNull(await house.Read(tx => desk.Find(tx, first)));
        house.Clock.Pass(ApiKeyDesk.Overlap + TimeSpan.FromMinutes(1));
        Assert.Null(await house.Read(tx => desk.Find(tx, first)));
        Assert.NotNull(await house.Read(tx => desk.Find(tx, second)));
        house.Clock.Pass(TimeSpan.FromDays(365));
        Assert.Null(await house.Read(tx => desk.Find(tx, second)));
        Assert.Equal(["api-key.made", "api-key.rotated"], await house.Read(tx => tx.Query<string>("select kind from journal where kind like 'api-key.%' order by seq")));
        // The key itself is nowhere.
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from journal where data like @secret", new { secret = $"%{second.Split('_')[2]}%" })));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_forged_a_cut_a_revoked_and_an_over_long_key_open_nothing(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<ApiKeyDesk>();
        var key = await house.Write(tx => desk.Make(tx, "wallet-core", [Scope.Events]));
        foreach (var wrong in new[] { key[..^1], key[..^1] + (key[^1] == '0' ? '1' : '0'), key.ToUpperInvariant(), "hf_" + key.Split('_')[1] + "_", "hf__", "", new string('x', 5000), key + "_x" })
            Assert.Null(await house.Read(tx => desk.Find(tx, wrong)));
        Assert.NotNull(await house.Read(tx => desk.Find(tx, key)));
        Assert.Equal(1, await house.Write(tx => desk.Revoke(tx, key.Split('_')[1], "a-chen")));
        Assert.Equal(0, await house.Write(tx => desk.Revoke(tx, key.Split('_')[1], "a-chen")));
        Assert.Null(await house.Read(tx => desk.Find(tx, key)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_answer_is_kept_for_seven_days_for_the_same_request_of_the_same_client(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<IdempotencyDesk>();
        byte[] one = [1], other = [2];
        Assert.IsType<Idempotent.Do>(await desk.Take("wallet", "k", one, default));
        Assert.IsType<Idempotent.Running>(await desk.Take("wallet", "k", one, default));
        Assert.IsType<Idempotent.Other>(await desk.Take("wallet", "k", other, default));
        Assert.IsType<Idempotent.Do>(await desk.Take("another", "k", other, default));
        await desk.Keep("wallet", "k", 201, "application/json", "{}"u8.ToArray());
        var again = Assert.IsType<Idempotent.Again>(await desk.Take("wallet", "k", one, default));
        Assert.Equal((201, "application/json", "{}"), (again.Status, again.ContentType, System.Text.Encoding.UTF8.GetString(again.Body)));
        // A try that broke off is done again once its minute is over; an answer that failed is not kept.
        house.Clock.Pass(TimeSpan.FromMinutes(2));
        Assert.IsType<Idempotent.Do>(await desk.Take("another", "k", other, default));
        await desk.Keep("another", "k", 500, null, []);
        Assert.IsType<Idempotent.Do>(await desk.Take("another", "k", one, default));
        house.Clock.Pass(TimeSpan.FromDays(8));
        Assert.IsType<Idempotent.Do>(await desk.Take("wallet", "k", other, default));
        house.Clock.Pass(TimeSpan.FromDays(8));
        await desk.Round(default);
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from idempotency_keys")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_many_that_come_at_once_with_one_key_one_is_done(string database)
    {
        await using var house = await House.Open(database);
        var desk = house.Get<IdempotencyDesk>();
        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => desk.Take("wallet", "k", [1], default)));
        Assert.Equal((1, 11), (taken.Count(one => one is Idempotent.Do), taken.Count(one => one is Idempotent.Running)));
    }
}
