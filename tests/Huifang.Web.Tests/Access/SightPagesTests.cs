using System.Net;
using System.Text.RegularExpressions;
using Huifang.Calls;
using Huifang.Planning;
using Huifang.Sight;
using Huifang.Storage;
using Huifang.Web.Tests.Calls;

namespace Huifang.Web.Tests.Access;

using Visitor = Huifang.Web.Tests.Rules.Visitor;

/// <summary>Just-in-time sight over HTTP: who gets the page, what stands on it, and how far it is to "who saw her, when and why".</summary>
public sealed class SightPagesTests
{
    [Fact]
    public async Task A_record_opens_to_whoever_has_something_in_hand_or_breaks_the_glass_and_the_customer_sees_who()
    {
        await using var site = await CallSite.Open();
        using var lin = await Visitor.Staff(site, CallSite.Agent);
        using var cheng = await Visitor.Staff(site, CallSite.Supervisor);
        using var shen = await Visitor.Staff(site, CallSite.Compliance);

        // Nothing in hand: no search, no record, and the asking is kept.
        Assert.Contains("没有谁要找", (await lin.Post("/customers", "/customers", ("asked", "+8613812342690"))).Text);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.Get($"/customers/{CallSite.Customer}")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.Get("/customers/no-such-customer")).Code);

        // A call in hand: the record opens, her numbers stay masked.
        await lin.Post("/desk", "/desk/next");
        var (code, record) = await lin.Get($"/customers/{CallSite.Customer}");
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.DoesNotContain("13812342690", record);
        Assert.DoesNotContain("周慕晴", record);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.Post("/desk", $"/customers/{CallSite.Customer}/unmask", ("field", "Phone"))).Code);

        // The supervisor has nothing in hand: she is led to the glass, must say why, and then sees for fifteen minutes.
        Assert.Contains("没有回访，也要看", (await cheng.Get($"/customers/{CallSite.Customer}")).Text);
        Assert.Contains("写得太少", (await cheng.Post($"/customers/{CallSite.Customer}/glass", $"/customers/{CallSite.Customer}/glass", ("reason", "看看"))).Text);
        var opened = (await cheng.Post($"/customers/{CallSite.Customer}/glass", $"/customers/{CallSite.Customer}/glass", ("reason", "银行说她的账户可能被盗，要马上核对"))).Text;
        Assert.Contains("周慕晴", opened);
        Assert.DoesNotContain("13812342690", opened);
        Assert.Contains("13812342690", (await cheng.Post($"/customers/{CallSite.Customer}", $"/customers/{CallSite.Customer}/unmask", ("field", "Phone"))).Text);

        // Two clicks: the room, then the customer.
        var room = (await shen.Get("/sight")).Text;
        Assert.Contains($"/sight/customers/{CallSite.Customer}", room);
        var who = (await shen.Get($"/sight/customers/{CallSite.Customer}")).Text;
        foreach (var part in new[] { "程述", "银行说她的账户可能被盗", "林静", "手上的通话", "没有在办的事，没有给看", "看全了手机号" }) Assert.Contains(part, who);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.Get("/sight")).Code);

        using var customer = await Visitor.Customer(site);
        var mine = (await customer.Get("/me/looks")).Text;
        foreach (var part in new[] { "班长 程述", "理由：银行说她的账户可能被盗，要马上核对。会有另一个人复核。", "客服 林静", "正在和您通话" }) Assert.Contains(part, mine);
        Assert.DoesNotContain("13812342690", mine);
    }

    [Fact]
    public async Task An_unmasked_number_is_masked_again_by_the_server_after_a_minute()
    {
        await using var site = await AccessSite.Open();
        await site.Get<Store>().Write(tx => site.Get<Customers.CustomerDesk>().Save(tx, [new Customers.CustomerDraft("c-s-Agent", "周慕晴", "zh-Hans", "Asia/Shanghai", "CN") { Points = [new(Customers.PointKind.Phone, "+8613812342690", true)] }], "test"));
        await site.Verify(Level.V2);
        using var http = await site.Staff("s-Agent");
        http.DefaultRequestHeaders.Remove("X-Probe");
        var page = await http.GetStringAsync("/customers/c-s-Agent");
        Assert.DoesNotContain("13812342690", page);
        var token = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        using var asked = await http.PostAsync("/customers/c-s-Agent/unmask", new FormUrlEncodedContent([KeyValuePair.Create("field", "Phone"), KeyValuePair.Create("__RequestVerificationToken", token)]));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Contains("13812342690", await http.GetStringAsync("/customers/c-s-Agent"));
        site.Pass(TimeSpan.FromSeconds(60));
        Assert.DoesNotContain("13812342690", await http.GetStringAsync("/customers/c-s-Agent"));

        // Forged and over-long fields show nothing and change nothing.
        foreach (var field in new[] { "Identity", "99", new string('x', 10_000), "" })
        {
            using var wrong = await http.PostAsync("/customers/c-s-Agent/unmask", new FormUrlEncodedContent([KeyValuePair.Create("field", field), KeyValuePair.Create("__RequestVerificationToken", token)]));
            Assert.NotEqual(HttpStatusCode.OK, wrong.StatusCode);
        }
        Assert.Equal(1, await site.Get<Store>().Read(tx => tx.One<long>("select count(*) from sight_looks where what = 'unmask'")));
    }
}
