using Huifang.Complaints;
using Huifang.Languages;
using Huifang.Storage;
using Huifang.Work;

namespace Huifang.Demo;

/// <summary>
/// A year of complaints, lived through by the same desks that people use. What they are about follows what US consumers brought to the CFPB about wallets and
/// transfers in 2026: fraud 30 %, unauthorised 25 %, access to funds 14 %, other transactions 12 %, accounts 9 %, money not available 4 %, disclosures 2 %, fees 1 %, rest 3 %.
/// </summary>
public sealed class DemoComplaints(Store store, DemoClock clock, DemoCaseDesks desks, IEnumerable<IWork> works)
{
    public const int Days = 365;
    private const double PerDay = 1.5;

    private static readonly (int Share, string Category, string? Topic, CaseFact? Fact, string[] Hans, string[] Hant, string[] English)[] Matters =
    [
        (30, "security_fraud", "scam_victim", CaseFact.PushPaymentScam, ["有人冒充客服让我转账，说不转就扣费，我转了才知道被骗。", "网上租房押金转过去对方就消失了，你们能不能帮我拦住。", "刷单返利群里骗走了我的钱，报了警，想请你们配合。"], ["有人冒充客服叫我轉帳，轉完才知道受騙。", "網上訂位先付訂金，之後對方失蹤，請協助追回。"], ["Somebody pretended to be your support and had me send the money.", "I paid a deposit for a flat that does not exist. Please stop the transfer."]),
        (25, "security_fraud", "unrecognised_transaction", CaseFact.UnauthorisedTransaction, ["账单里有三笔不是我付的，手机一直在我手上。", "半夜多了一笔付款，我没有授权过。"], ["帳單有兩筆不是我付的，請先凍結。", "我沒有授權這筆付款。"], ["There are three payments on my statement that I did not make.", "I was charged for a subscription that I never signed up for."]),
        (14, "account_access", "locked_or_frozen", null, ["账户冻结九天了，没有人说明要补什么材料。", "换了手机就登录不上，里面的钱取不出来。"], ["帳戶被凍結一星期，客服說法不一。", "換手機後收不到驗證碼，提不了款。"], ["My account has been locked for a week and nobody says why.", "I cannot log in since I changed my phone, and my money is in there."]),
        (12, "transfer", "other_transaction", null, ["转账转错了人，对方不肯退。", "同一笔转账扣了两次。"], ["轉帳轉錯人，對方不肯退。", "同一筆轉帳扣了兩次。"], ["The transfer went to the wrong person and support told me to wait.", "I was debited twice for one transfer."]),
        (9, "account_access", "open_manage_close", null, ["注销账户要跑线下，线上找不到入口。", "改绑手机号试了五次都失败。"], ["註銷帳戶找不到入口。", "更改電話號碼一直失敗。"], ["I want to close my account and cannot find how.", "Changing my phone number has failed five times."]),
        (4, "withdrawal", "pending", null, ["提现三天了还在处理中，说好的两小时到账。", "连着三次提现都退回来，每次扣我手续费。"], ["提現三日仍在處理中。", "提現被退回，手續費照收。"], ["My withdrawal has been pending for three days.", "Three withdrawals came back and each time you kept the fee."]),
        (2, "policy_privacy", "disclosure", null, ["活动规则前后不一样，参加完才说不算。"], ["活動條款前後不一。"], ["The terms of the offer changed after I took part."]),
        (1, "fees_rates", "unexpected_fee", null, ["手续费扣完才告诉我。"], ["收費沒有事先說明。"], ["Nobody told me about the fee before it was taken."]),
        (3, "customer_service", "unresponsive", null, ["打了四次热线，每次都让我再等等。"], ["致電四次，每次都叫我再等。"], ["I called four times and was told to wait each time."]),
    ];

    private static readonly ComplaintDoor[] Doors = [ComplaintDoor.App, ComplaintDoor.App, ComplaintDoor.App, ComplaintDoor.Web, ComplaintDoor.Phone, ComplaintDoor.Chat, ComplaintDoor.Email, ComplaintDoor.Review, ComplaintDoor.Regulator];
    private static readonly string[] Products = ["余额支付", "银行卡快捷", "跨境汇款", "扫码付", "家人卡", "红包"];

    private readonly Random _random = new(DemoCustomers.Seed + 7);

    /// <summary>Lives the months before the demo's own, a day at a time: what comes in, what is worked on, what is sent.</summary>
    public async Task Year(DateTimeOffset until, CancellationToken stop)
    {
        var past = works.Where(work => work is ComplaintClock or IntakeClerk or Messages.Sender).ToList();
        for (var day = until.UtcDateTime.Date.AddDays(DemoHistory.Days - Days); day < until.UtcDateTime.Date; day = day.AddDays(1))
        {
            stop.ThrowIfCancellationRequested();
            await Day(new DateTimeOffset(day.AddHours(3), TimeSpan.Zero), stop);
            foreach (var work in past) while (await work.Round(stop)) { }
        }
    }

    /// <summary>One day's complaints, and a step on for those that are open.</summary>
    public async Task Day(DateTimeOffset at, CancellationToken stop)
    {
        clock.Set(at);
        for (var due = PerDay + (at.DayOfWeek == DayOfWeek.Monday ? 1 : 0); due > 0 && _random.NextDouble() < due; due--) await File(_random, at, stop);
        if (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) return;
        await Work(_random, at, stop);
        // Nearly half have their answer the same afternoon.
        clock.Set(at.AddHours(5));
        await Work(_random, at.AddHours(5), stop);
    }

    /// <summary>What cannot be read, and a text that several people copied: both stand in the reconciliation.</summary>
    public async Task Nasty(CancellationToken stop)
    {
        await desks.Intake.Bring(ComplaintDoor.Api, "partner-bank", "pb-88121", "application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d, 0xff, 0xfe], stop);
        for (var i = 0; i < 4; i++)
            await desks.Intake.Bring(new ComplaintDraft(ComplaintDoor.Web, "请大家一起投诉：红包活动规则临时改动，要求按原规则兑现并公开道歉！") { Category = "promotions_loyalty", Subcategory = "rewards", Country = "CN", Language = Language.Simplified, Name = $"网友{i + 1}" }, "web", $"copied-{i}", stop);
    }

    private async Task File(Random random, DateTimeOffset at, CancellationToken stop)
    {
        var pick = random.Next(100);
        var matter = Matters.First(one => (pick -= one.Share) < 0);
        var customer = await store.Read(tx => desks.Customers.Find(tx, DemoCustomers.IdOf(random.Next(DemoCustomers.Count))), stop);
        if (customer is null) return;
        var words = customer.Language switch { Language.Traditional => matter.Hant, Language.English => matter.English, _ => matter.Hans };
        var (currency, scale) = customer.Country switch { "HK" => ("HKD", 1.1), "TW" => ("TWD", 4), "SG" => ("SGD", .2), "GB" => ("GBP", .1), "US" => ("USD", .14), _ => ("CNY", 1.0) };
        var money = matter.Category is "security_fraud" or "transfer" or "withdrawal" or "fees_rates";
        long? amount = money ? (long)(Math.Exp(5 + 2.2 * random.NextDouble() * (matter.Category == "security_fraud" ? 1.6 : 1)) * 100 * scale) : null;
        clock.Set(at.AddMinutes(-random.Next(1, 110)));
        await desks.Intake.Bring(new ComplaintDraft(Doors[random.Next(Doors.Length)], $"{words[random.Next(words.Length)]}{Detail(random, customer.Language)}")
        {
            CustomerId = customer.Id, Language = customer.Language, Category = matter.Category, Subcategory = matter.Topic, Amount = amount, Currency = amount is null ? null : currency, TransactionId = amount is null ? null : $"t-{random.NextInt64(1_000_000_000):D9}",
            Product = Products[random.Next(Products.Length)], Wants = amount is null ? nameof(Resolution.Explanation) : nameof(Resolution.Refund), Facts = matter.Fact is { } fact && customer.Country is "GB" or "SG" or "US" ? [matter.Fact!.Value] : [],
        }, "demo", null, stop);
        clock.Set(at);
    }

    // People tell the same thing in words of their own; without this, all would be copies of one text.
    private static string Detail(Random random, string language)
    {
        string[] Of(string hans, string hant, string english) => (language switch { Language.Traditional => hant, Language.English => english, _ => hans }).Split('|');
        var where = Of("在杭州|在成都出差时|在家|在地铁上|在公司|在医院|在超市|在学校门口|在机场|在老家|在菜市场|在酒店", "在銅鑼灣|在台中|在家|在地鐵上|在公司|在超市|在機場|在旺角", "At home|At work|On the train|At the airport|In a shop|On holiday|At the market");
        var who = Of("我妈|我自己|我爱人|我儿子|我同事|我爸|我女儿|我奶奶", "我媽媽|我自己|我太太|我兒子|我同事|我爸爸", "my mother|my wife|my son|a colleague|my father|my daughter|a friend");
        var then = Of("问了两次都没说清楚|希望有人告诉我什么时候能好|请给个准话|这个月的房租还等着用|真的很着急|以前没遇到过", "問了兩次都沒有說清楚|希望有人告訴我何時能解決|請給一個明確答覆|這個月的租金等著用", "I asked twice and got two answers|please tell me when it will be solved|the rent is due|this never happened before");
        return language == Language.English ? $" {where[random.Next(where.Length)]} it was {who[random.Next(who.Length)]} who noticed; {then[random.Next(then.Length)]}." : $"{where[random.Next(where.Length)]}，{who[random.Next(who.Length)]}先发现的，{then[random.Next(then.Length)]}。".Replace("先发现的", language == Language.Traditional ? "先發現的" : "先发现的", StringComparison.Ordinal);
    }

    /// <summary>Everybody takes a few of her own a step on: most are answered within days, some wait for the customer, a few are late.</summary>
    private async Task Work(Random random, DateTimeOffset at, CancellationToken stop)
    {
        var open = await store.Read(tx => tx.Query<(string Id, string State, string Owner, DateTimeOffset At, string? Category, string? Topic)>("select id, state, owner_id, received_at, category, subcategory from complaints where state in ('Received', 'Assessed', 'Investigating') order by received_at", null), stop);
        foreach (var (id, state, owner, received, category, topic) in open)
        {
            var fate = (id[^1] * 31 + id[^2] * 7 + id[^3]) % 100;
            if (fate < 4 && at - received < TimeSpan.FromDays(40)) continue;
            if (state == nameof(ComplaintState.Received)) await store.Write(tx => desks.Desk.Assess(tx, id, new(ComplaintRules.Guess(category, topic, null), category ?? "other", topic, null, null, null, []), owner), stop);
            else if (random.NextDouble() < .45) await Answer(random, id, owner, stop);
            else if (random.NextDouble() < .3) await store.Write(tx => desks.Desk.Update(tx, id, "已经联系银行核对，明天有结果就告诉您。", owner), stop);
            if (state == nameof(ComplaintState.Assessed) && random.NextDouble() < .3) await store.Write(tx => desks.Desk.Investigate(tx, id, owner), stop);
        }
        await After(random, at, stop);
    }

    private Task Answer(Random random, string id, string owner, CancellationToken stop) => store.Write(async tx =>
    {
        if (await desks.Desk.Find(tx, id) is not { } complaint || await desks.File.Look(tx, id, forCustomer: false) is not { } view) return;
        var upheld = random.NextDouble() < .58;
        var transaction = view.Transactions.FirstOrDefault();
        if (upheld && view.Redress.Count == 0 && transaction is { Currency: { } currency } && random.NextDouble() < .4) await desks.Redress.Propose(tx, id, Resolution.Goodwill, Math.Min(RedressPolicy.AloneUpTo(currency), 1500), currency, null, "致歉", owner);
        if (view.Redress.All(one => one.Amount is not null)) await desks.Redress.Propose(tx, id, upheld ? Resolution.Correction : Resolution.Explanation, null, null, null, upheld ? "已改正" : "已说明", owner);
        if (view.Draft is null) await desks.Letters.Write(tx, id, LetterTemplates.FillBlanks(LetterTemplates.Fill(upheld ? "apology" : "not-upheld", complaint.Language, new Dictionary<string, string> { ["name"] = view.Customer?.Name ?? "客户", ["number"] = complaint.Number, ["money"] = "", ["owner"] = view.Names.GetValueOrDefault(owner, ""), ["operator"] = "青桥钱包" }), Blanks(upheld, complaint.Language)), null, owner);
        var causes = Enum.GetValues<RootCause>();
        await desks.Closing.Answer(tx, id, upheld ? random.NextDouble() < .7 ? ComplaintOutcome.Upheld : ComplaintOutcome.PartlyUpheld : ComplaintOutcome.NotUpheld, complaint.Category == "security_fraud" ? RootCause.Fraud : causes[random.Next(causes.Length)], owner);
    }, stop);

    /// <summary>What an owner writes into the blanks of the template, one after another.</summary>
    private static string[] Blanks(bool upheld, string language) => (upheld, language) switch
    {
        (true, Language.English) => ["more than a week", "corrected it and checked that nobody else was affected."],
        (true, Language.Traditional) => ["一個多星期", "改正，並查過沒有其他人受影響。"],
        (true, _) => ["一个多星期", "改正，并查过没有别人受影响。"],
        (false, Language.English) => ["undo the payment.", "you confirmed it yourself with your password and the other side has been paid.", "the record of the payment and of the confirmation", "ask the other side to return it; we pass your words on."],
        (false, Language.Traditional) => ["撤銷這筆付款", "付款由您本人確認，對方已經收款。", "付款記錄和確認記錄", "請對方退回，我們可以代為轉達。"],
        (false, _) => ["撤销这笔付款", "付款由您本人确认，对方已经收款。", "付款记录和确认记录", "请对方退回，我们可以代为转达。"],
    };

    /// <summary>A few say that it is not solved; some ask for a review; most say nothing.</summary>
    private async Task After(Random random, DateTimeOffset at, CancellationToken stop)
    {
        foreach (var id in await store.Read(tx => tx.Query<string>("select id from complaints where state = 'Answered' and answered_at > @since", new { since = at.AddDays(-2) }), stop))
            switch (random.NextDouble())
            {
                case < .02: await store.Write(tx => desks.Closing.Reopen(tx, id, "还是没有到账。", ComplaintParts.Customer, "survey:no"), stop); break;
                case < .03: await store.Write(tx => desks.Closing.Appeal(tx, id, null, ComplaintParts.Customer), stop); break;
                case < .3: await store.Write(tx => desks.Closing.Close(tx, id, ComplaintParts.Customer, "satisfied"), stop); break;
            }
    }
}

/// <summary>The desks that the demo's people work with.</summary>
public sealed record DemoCaseDesks(ComplaintIntake Intake, ComplaintDesk Desk, ComplaintClosing Closing, ComplaintLetters Letters, RedressDesk Redress, ComplaintFile File, Customers.CustomerDesk Customers);
