using Huifang.Knowledge;
using Huifang.Languages;

namespace Huifang.Tests;

public sealed class KnowledgeTests
{
    [Theory]
    [InlineData(Language.Simplified, "周五晚两次提现被银行退回，以为钱丢了", "withdrawal-returned")]
    [InlineData(Language.Traditional, "你真的是青橋？是不是騙子", "recognise-us")]
    [InlineData(Language.English, "can I get the fee refunded", "fees-back")]
    [InlineData(Language.Simplified, "对方让我把验证码发给他，是不是被骗了", "suspected-fraud")]
    public async Task What_is_said_brings_up_the_article_that_helps(string language, string said, string key)
    {
        await using var house = await House.Open(Databases.Sqlite);
        var found = await house.Read(tx => house.Get<KnowledgeShelf>().Search(tx, language, said, 3));
        Assert.Equal(key, found[0].Key);
        Assert.Equal(language, found[0].Language);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_operators_own_article_goes_before_the_products(string database)
    {
        await using var house = await House.Open(database);
        var shelf = house.Get<KnowledgeShelf>();
        await house.Write(tx => shelf.Save(tx, new Article("fees-back", Language.English, "Our fees", "We never charge one.", new DateOnly(2026, 11, 20)), "fee fees"));
        Assert.Equal("Our fees", (await house.Read(tx => shelf.Find(tx, "fees-back", Language.English)))!.Title);
        Assert.Equal(8, (await house.Read(tx => shelf.Search(tx, Language.English, "", 20))).Count);
        Assert.Equal("手续费什么时候可以退", (await house.Read(tx => shelf.Find(tx, "fees-back", Language.Simplified)))!.Title);
    }
}
