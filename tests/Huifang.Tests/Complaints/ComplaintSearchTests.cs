using Huifang.Complaints;

namespace Huifang.Tests.Complaints;

public sealed class ComplaintSearchTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Complaints_are_found_by_any_words_in_them_the_newest_first_and_never_by_a_secret(string database)
    {
        await using var house = await ComplaintScene.Office(database);
        await house.Customer();
        await house.Customer("c-an");
        var first = await house.File(ComplaintScene.Draft("c-zhou", "提现三天没有到账，卡号 6222021234567890128，扣了手续费。") with { TransactionId = "t-1" });
        var second = await house.File(ComplaintScene.Draft("c-an", "The fee for my withdrawal was taken twice. 手续费扣了两次。") with { TransactionId = "t-2" });

        async Task<string[]> Find(string asked) => [.. (await house.Read(tx => house.Get<ComplaintSearch>().Find(tx, asked, 50))).Select(complaint => complaint.Id)];
        Assert.Equal([second.Id, first.Id], await Find("手续费"));
        Assert.Equal([first.Id], await Find("没有到账"));
        Assert.Equal([second.Id], await Find("WITHDRAWAL twice"));
        Assert.Empty(await Find("手续费 没有的词"));
        Assert.Empty(await Find("6222021234567890128"));
        Assert.Empty(await Find("!"));

        await house.Do<ComplaintDesk>((desk, tx) => desk.Say(tx, first.Id, "银行说是户名不符", [], "customer"));
        Assert.Equal([first.Id], await Find("户名不符"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_an_erased_person_wrote_is_found_no_more_and_its_raw_form_opens_no_more(string database)
    {
        await using var house = await ComplaintScene.Office(database);
        await house.Customer();
        var complaint = await house.File(ComplaintScene.Draft());
        var arrival = await house.Read(async tx => (await tx.One<string>("select id from complaint_intake"))!);
        Assert.Contains("w-7731", System.Text.Encoding.UTF8.GetString((await house.Read(tx => house.Get<ComplaintIntake>().Raw(tx, arrival)))!), StringComparison.Ordinal);
        await house.Answer(complaint);

        Assert.Null(await house.Write(tx => house.Get<Huifang.Privacy.ErasureDesk>().Erase(tx, "c-zhou", "customer")));
        Assert.Empty(await house.Read(tx => house.Get<ComplaintSearch>().Find(tx, "手续费", 50)));
        Assert.Null(await house.Read(tx => house.Get<ComplaintIntake>().Raw(tx, arrival)));
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from complaint_terms")));
    }
}
