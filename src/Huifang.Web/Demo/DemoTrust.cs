using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Languages;
using Huifang.Sight;
using Huifang.Storage;

namespace Huifang.Demo;

/// <summary>What happened lately around trust: broken glass, one reviewed and one waiting; somebody who went looking; a rule that waits for a second person.</summary>
public sealed class DemoTrust(Store store, SightDesk sight, GlassDesk glasses, DemoTrustRules rules, DemoClock clock)
{
    private const int Decoys = 4;

    public async Task Happen(DateTimeOffset now, CancellationToken stop)
    {
        clock.Set(now.AddHours(-27));
        await store.Write(async tx =>
        {
            for (var i = 0; i < Decoys; i++)
            {
                // Nobody agreed to anything in their names, so no follow-up ever leads to them.
                var id = DemoCustomers.IdOf(DemoCustomers.Count + i);
                await rules.Customers.Save(tx, [new CustomerDraft(id, new[] { "欧阳明珠", "司徒远山", "上官若兰", "诸葛文清" }[i], Language.Simplified, "Asia/Shanghai", "CN") { Since = now.AddYears(-2) }], "import:demo");
                await sight.MakeDecoy(tx, id);
            }
            var glass = (await glasses.Break(tx, "s-qin", DemoCustomers.IdOf(0), "银行来电说她的账户可能被盗，核对最近的提现"))!;
            await sight.Look(tx, "s-qin", glass.CustomerId, "record", Because.Glass(glass.Id));
            await glasses.Review(tx, glass.Id, "s-shen", true, "银行的来函在案，理由属实");
        }, stop);
        clock.Set(now.AddHours(-3));
        await store.Write(async tx =>
        {
            var glass = (await glasses.Break(tx, "s-jiang", DemoCustomers.IdOf(17), "客户在柜台等，说约好的电话没有来"))!;
            await sight.Look(tx, "s-jiang", glass.CustomerId, "record", Because.Glass(glass.Id));
        }, stop);
        // An agent with nothing in hand tries names she has read somewhere; the last one is nobody.
        clock.Set(now.AddMinutes(-50));
        foreach (var number in new[] { 204, 205, 206, 207, DemoCustomers.Count + 1 })
            await store.Write(tx => sight.Refused(tx, "s-song", DemoCustomers.IdOf(number)), stop);
        clock.Set(now.AddMinutes(-35));
        await rules.Ask(store, stop);
    }
}

/// <summary>The analyst's proposal: a rule of the shipped ones, changed, tried, and put before a second person.</summary>
public sealed class DemoTrustRules(TriggerDesk rules, RuleApproval approval, CustomerDesk customers)
{
    public CustomerDesk Customers => customers;

    public Task Ask(Store store, CancellationToken stop) => store.Write(async tx =>
    {
        var shipped = TriggerShelf.Shipped.First(rule => rule.Key == "withdrawal-failed");
        if (await rules.SaveDraft(tx, TriggerWriter.Write(shipped with { Value = shipped.Value + 50 }), "s-cheng") is not DraftAnswer.Kept kept) return;
        await rules.Tried(tx, kept.Rule);
        await approval.Ask(tx, kept.Rule.Key, "提现受阻的客户等得最久，想让他们排在前面", new ApprovalParty("s-cheng", nameof(Role.Analyst), "demo"));
    }, stop);
}
