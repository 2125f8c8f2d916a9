using System.Globalization;
using Huifang.Calendars;
using Huifang.Languages;

namespace Huifang.Contacts;

/// <summary>Puts the guard's decisions into words of the reader's language: for the agent each check with the fact seen, for the customer what it meant for her.</summary>
/// <param name="language">One of <see cref="Language.All"/>.</param>
/// <param name="zone">In whose local time instants are told; the customer's, where it is known.</param>
public sealed class ContactWords(string language, ZoneClock zone, DateTimeOffset now)
{
    public string Check(ContactCheck check) => (check switch
    {
        ContactCheck.Suppression => new("不在免打扰名单", "不在免打擾名單", "Not on the do-not-contact list"),
        ContactCheck.Reach => new("联系得上", "聯絡得上", "Can be reached"),
        ContactCheck.Purpose => new("目的", "目的", "Purpose"),
        ContactCheck.Permission => new("同意或合法依据", "同意或合法依據", "Consent or lawful basis"),
        ContactCheck.HoldOut => new("不在留出组", "不在對照組", "Not in the hold-out group"),
        ContactCheck.Jurisdiction => new("知道归哪里管", "知道歸哪裡管", "The law is known"),
        ContactCheck.Zone => new("知道当地时间", "知道當地時間", "The local time is known"),
        ContactCheck.Hours => new("法定时段", "法定時段", "Legal hours"),
        ContactCheck.Holidays => new("不是节假日", "不是假期", "No public holiday"),
        ContactCheck.OwnHours => new("客户自己的时段", "客戶自己的時段", "The customer's own hours"),
        ContactCheck.DayCap => new("一天的次数", "一天的次數", "Contacts in a day"),
        ContactCheck.WeekCap => new("一周的次数", "一週的次數", "Contacts in a week"),
        ContactCheck.MonthCap => new("一个月的次数", "一個月的次數", "Contacts in a month"),
        ContactCheck.Gap => new("两次之间的间隔", "兩次之間的間隔", "Time since the last one"),
        ContactCheck.Duplicate => new("不重复", "不重複", "No duplicate"),
        ContactCheck.Expiry => new("还来得及", "還來得及", "Still in time"),
        _ => new Localized(check.ToString(), check.ToString(), check.ToString()),
    }).In(language);

    /// <summary>The finding in a word or two: 「可以」, 「等到 11:00」.</summary>
    public string Finding(ContactReason reason) => reason.Finding switch
    {
        Contacts.Finding.Passed => IsCount(reason.Check) ? $"{reason.Seen} / {reason.Fact}" : Say("可以", "可以", "fine"),
        Contacts.Finding.Exempt => Say("不用查", "毋須檢查", "not needed"),
        Contacts.Finding.Provisional => Say("暂定可以", "暫定可以", "fine for now"),
        Contacts.Finding.Changed => Say("按营销算", "按營銷計", "counts as marketing"),
        Contacts.Finding.Held => Say($"等到 {Instant(reason.Fact)}", $"等到 {Instant(reason.Fact)}", $"not before {Instant(reason.Fact)}"),
        Contacts.Finding.Dropped => Say("不可以", "不可以", "no"),
        Contacts.Finding.Merged => Say("并到另一件", "併到另一件", "joined with another"),
        _ => "—",
    };

    /// <summary>What the check looked at.</summary>
    public string Seen(ContactReason reason) => reason.Check switch
    {
        ContactCheck.Suppression => reason.Finding == Contacts.Finding.Passed ? Say("没有登记", "沒有登記", "no entry")
            : reason.Finding == Contacts.Finding.Held ? Say($"客户要安静到 {Instant(reason.Fact)}", $"客戶要安靜到 {Instant(reason.Fact)}", $"silence asked for until {Instant(reason.Fact)}")
            : Say($"{Instant(reason.Fact)} 登记：{Cause(reason.Seen)}", $"{Instant(reason.Fact)} 登記：{Cause(reason.Seen)}", $"{Cause(reason.Seen)}, since {Instant(reason.Fact)}"),
        ContactCheck.Reach => reason.Finding == Contacts.Finding.Dropped ? Say($"没有能用的{Channel((Channel)reason.Seen)}", $"沒有可用的{Channel((Channel)reason.Seen)}", $"no usable contact point for {Channel((Channel)reason.Seen)}") : Channel((Channel)reason.Seen),
        ContactCheck.Purpose => Purpose((Purpose)reason.Seen),
        ContactCheck.Permission => Permission(reason),
        ContactCheck.HoldOut => reason.Finding == Contacts.Finding.Dropped ? Say("在留出组里，这次不联系", "在對照組內，這次不聯絡", "held out, left alone this time") : Say("不在", "不在", "not in it"),
        ContactCheck.Jurisdiction => reason.Finding == Contacts.Finding.Dropped ? Say("没有她那里的规则包", "沒有她所在地的規則包", "no rule pack for where she is") : Say($"{reason.Seen} 个规则包，加上我们自己的", $"{reason.Seen} 個規則包，加上我們自己的", $"{reason.Seen} {(reason.Seen == 1 ? "pack" : "packs")} and our own"),
        ContactCheck.Zone => reason.Finding == Contacts.Finding.Dropped ? Say("没有时区，也不从号码去猜", "沒有時區，也不從號碼猜測", "no zone, and none is guessed from the number")
            : reason.Seen == 0 ? Say("用不着", "用不着", "not needed") : $"UTC{(reason.Fact < 0 ? '−' : '+')}{Math.Abs(reason.Fact) / 60}{(reason.Fact % 60 == 0 ? "" : $":{Math.Abs(reason.Fact) % 60:00}")}",
        ContactCheck.Hours => reason.Finding == Contacts.Finding.Exempt ? Say("不受时段限制", "不受時段限制", "no hours apply") : Say($"当地 {Minute(reason.Seen)}", $"當地 {Minute(reason.Seen)}", $"{Minute(reason.Seen)} local time"),
        ContactCheck.Holidays => reason.Finding == Contacts.Finding.Exempt ? Say("客户自己选的，或不受限制", "客戶自己選的，或不受限制", "chosen by the customer, or not restricted") : Day((int)reason.Seen, reason.Finding),
        ContactCheck.OwnHours => reason.Seen < 0 ? Say("没有设，或者是她自己选的时间", "沒有設定，或是她自己選的時間", "none set, or she chose the time herself") : $"{When.Weekday((DayOfWeek)((reason.Seen / 1440 + 1) % 7), language)} {Minute(reason.Seen % 1440)}",
        ContactCheck.DayCap or ContactCheck.WeekCap or ContactCheck.MonthCap or ContactCheck.Gap => reason.Finding == Contacts.Finding.Exempt ? Say("她自己约的，不算", "她自己約的，不計", "she booked it, so it is exempt")
            : Say($"联系过 {reason.Seen} 次，各种目的合在一起算", $"聯絡過 {reason.Seen} 次，各種目的合計", $"{reason.Seen} so far, over all purposes"),
        ContactCheck.Duplicate => reason.Finding switch
        {
            Contacts.Finding.Dropped => Say("这件事已经联系过了", "這件事已聯絡過了", "this matter has been dealt with"),
            Contacts.Finding.Merged => Say("另一件也快到期，一次说完", "另一件也快到期，一次說完", "another one is due soon: one contact for both"),
            _ => Say($"看了 {reason.Seen} 件没办完的", $"看了 {reason.Seen} 件未辦妥的", $"{reason.Seen} open ones looked at"),
        },
        ContactCheck.Expiry => reason.Fact == 0 ? Say("没有期限", "沒有期限", "no deadline") : Say($"最晚 {Instant(reason.Fact)}", $"最遲 {Instant(reason.Fact)}", $"no later than {Instant(reason.Fact)}"),
        _ => "",
    };

    /// <summary>The verdict in a short sentence for colleagues.</summary>
    public string Verdict(ContactVerdict verdict) => verdict switch
    {
        ContactVerdict.Allow => Say("可以联系", "可以聯絡", "May be contacted"),
        ContactVerdict.Hold hold => HeldUntil(Instant(hold.Until.ToUnixTimeMilliseconds())),
        ContactVerdict.Drop drop => Say($"不联系：{Reason(drop.Reason)}", $"不聯絡：{Reason(drop.Reason)}", $"Not contacted: {Reason(drop.Reason)}"),
        ContactVerdict.Merge => Say("并到另一件里一起说", "併到另一件一起說", "Joined with another follow-up"),
        ContactVerdict.Reroute reroute => Say($"换用{Channel(reroute.Channel)}", $"改用{Channel(reroute.Channel)}", $"By {Channel(reroute.Channel)} instead"),
    };

    /// <summary>What the decision meant for the customer, said to her.</summary>
    public string ToCustomer(ContactVerdict verdict) => verdict switch
    {
        ContactVerdict.Allow => AllowedToCustomer(verdict.Reasons[ContactCheck.Permission]),
        ContactVerdict.Hold hold => HeldToCustomer(hold),
        ContactVerdict.Drop drop => (drop.Reason switch
        {
            DropReason.Suppressed => new("您说过不要联系，我们就没有联系。", "您說過不要聯絡，我們便沒有聯絡。", "You asked us not to contact you, so we didn't."),
            DropReason.NoConsent => new("您没有同意过这种联系，我们就不联系，也不会再问。", "您沒有同意過這類聯絡，我們便不聯絡，也不會再問。", "You have not agreed to this kind of contact, so we left you alone."),
            DropReason.ConsentWithdrawn => new("您撤回了同意，从那一刻起就不再联系。", "您撤回了同意，由那一刻起便不再聯絡。", "You took back your consent; from that moment we stopped."),
            DropReason.HeldOut => new("我们随机选了一些客户先不打扰，看看回访是不是真的有用。这次您在其中。", "我們隨機選了部分客戶暫不打擾，以了解回訪是否真有用。這次您在其中。", "We leave some customers alone at random, to learn whether such calls help. This time you were one of them."),
            DropReason.AlreadyDone => new("这件事已经和您说过了，不再问第二次。", "這件事已與您說過，不再問第二次。", "We had already spoken with you about this, so we didn't ask twice."),
            DropReason.Unreachable => new("我们没有能用的联系方式，所以没有打扰您。", "我們沒有可用的聯絡方式，所以沒有打擾您。", "We had no working way to reach you, so nothing was sent."),
            DropReason.TooLate => new("已经过了有用的时候，我们就不再打扰您。", "已過了有用的時候，我們便不再打擾您。", "It was too late to be of use, so we didn't bother you."),
            DropReason.NoTimeFits => new("找不到既合规定、又合您设的时段的时间，所以没有打扰您。", "找不到既合規定、又合您所設時段的時間，所以沒有打擾您。", "No time suits both the rules and the hours you set, so we didn't bother you."),
            _ => new Localized("我们不能确定是否可以打扰您，就没有打扰。", "我們不能確定可否打擾您，便沒有打擾。", "We could not be sure that we may contact you, so we didn't."),
        }).In(language),
        ContactVerdict.Merge => Say("我们把几件事合在一起，只联系您一次。", "我們把幾件事合在一起，只聯絡您一次。", "We put several matters together and contact you once."),
        ContactVerdict.Reroute reroute => Say($"这个方式不合您的选择或者用不了，改用{Channel(reroute.Channel)}。", $"此方式不合您的選擇或無法使用，改用{Channel(reroute.Channel)}。", $"That way is not what you chose, or does not work, so we use {Channel(reroute.Channel)} instead."),
    };

    /// <summary>When something was decided, in the same local time.</summary>
    public string Day(DateTimeOffset at) => Instant(at.ToUnixTimeMilliseconds());

    public string Channel(Channel channel) => (channel switch
    {
        Contacts.Channel.Voice => new("应用内通话", "應用程式內通話", "in-app call"),
        Contacts.Channel.Phone => new("电话", "電話", "phone"),
        Contacts.Channel.Sms => new("短信", "短訊", "SMS"),
        Contacts.Channel.Email => new("邮件", "電郵", "e-mail"),
        Contacts.Channel.InApp => new("应用消息", "應用程式訊息", "in-app message"),
        Contacts.Channel.Push => new("推送", "推送", "push"),
        _ => new Localized("在线聊天", "線上對話", "chat"),
    }).In(language);

    public string Purpose(Purpose purpose) => (purpose switch
    {
        Contacts.Purpose.Service => new("服务回访", "服務回訪", "service"),
        Contacts.Purpose.Survey => new("听意见", "聽取意見", "survey"),
        Contacts.Purpose.Complaint => new("投诉", "投訴", "complaint"),
        Contacts.Purpose.Security => new("安全提醒", "安全提示", "security"),
        _ => new Localized("营销", "營銷", "marketing"),
    }).In(language);

    public string Reason(DropReason reason) => (reason switch
    {
        DropReason.Suppressed => new("在免打扰名单上", "在免打擾名單上", "on the do-not-contact list"),
        DropReason.Unreachable => new("没有能用的联系方式", "沒有可用的聯絡方式", "no usable contact point"),
        DropReason.NoConsent => new("没有同意", "沒有同意", "no consent"),
        DropReason.ConsentWithdrawn => new("撤回了同意", "撤回了同意", "consent withdrawn"),
        DropReason.NoLawfulBasis => new("没有合法依据", "沒有合法依據", "no lawful basis"),
        DropReason.HeldOut => new("随机留出组", "隨機對照組", "hold-out group"),
        DropReason.UnknownJurisdiction => new("不知道归哪里管", "不知道歸哪裡管", "law not known"),
        DropReason.UnknownZone => new("不知道当地时间", "不知道當地時間", "local time not known"),
        DropReason.UnknownCalendar => new("那一年的节假日还没有", "該年的假期尚未有資料", "no calendar for that year"),
        DropReason.NoTimeFits => new("没有合适的时间", "沒有合適的時間", "no time fits"),
        DropReason.AlreadyDone => new("这件事已经联系过", "這件事已聯絡過", "already dealt with"),
        _ => new Localized("太晚了", "太遲了", "too late"),
    }).In(language);

    private string HeldUntil(string until) => Say($"先等着，{until} 起可以", $"先等候，{until} 起可以", $"Held until {until}");

    private string AllowedToCustomer(ContactReason permission) => permission switch
    {
        { Finding: Contacts.Finding.Passed, Seen: (int)ConsentBasis.Consent } => Say($"您 {Instant(permission.Fact)} 同意了这种联系，时间也合您和规定的时段。", $"您於 {Instant(permission.Fact)} 同意了這類聯絡，時間也合您和規定的時段。", $"You agreed to this kind of contact on {Instant(permission.Fact)}, and the time suits the rules and your own hours."),
        { Finding: Contacts.Finding.Passed } => Say("这是办您的事所必需的，时间也合规定。", "這是辦理您的事所必需的，時間也合規定。", "It is needed to deal with your matter, and the time suits the rules."),
        { Seen: -1, Fact: > 0 } => Say("这次联系是您自己约的。", "這次聯絡是您自己約的。", "You booked this yourself."),
        _ => Say("这关系到您自己的钱，所以不用事先同意。", "這關乎您自己的金錢，所以毋須事先同意。", "It is about your own money, so it needs no consent."),
    };

    private string HeldToCustomer(ContactVerdict.Hold hold)
    {
        var until = Instant(hold.Until.ToUnixTimeMilliseconds());
        foreach (var reason in hold.Reasons.Made())
            if (reason.Finding == Contacts.Finding.Held)
                return reason.Check switch
                {
                    ContactCheck.OwnHours => Say($"这不在您定的时段里，改到 {until}。", $"這不在您所定的時段內，改到 {until}。", $"It was outside the hours you set, so we wait until {until}."),
                    ContactCheck.Hours => Say($"太早或太晚了，改到 {until}。", $"太早或太晚了，改到 {until}。", $"It was too early or too late in the day, so we wait until {until}."),
                    ContactCheck.Holidays => Say($"节假日不打扰您，改到 {until}。", $"假期不打擾您，改到 {until}。", $"We don't disturb you on a public holiday, so we wait until {until}."),
                    ContactCheck.Suppression => Say($"您要求先安静一阵，等到 {until}。", $"您要求先安靜一陣，等到 {until}。", $"You asked for silence, so we wait until {until}."),
                    _ => Say($"最近已经联系过您，等到 {until}。", $"最近已聯絡過您，等到 {until}。", $"We have contacted you lately, so we wait until {until}."),
                };
        return Verdict(hold);
    }

    private string Permission(ContactReason reason) => (reason.Finding, (ConsentBasis)reason.Seen) switch
    {
        (Contacts.Finding.Exempt, _) when reason.Fact == 0 => Say("事关她自己的钱，不用同意", "事關她自己的金錢，毋須同意", "about her own money: no consent needed"),
        (Contacts.Finding.Exempt, _) => Say($"{Instant(reason.Fact)} 她自己约的", $"{Instant(reason.Fact)} 她自己約的", $"she asked for it on {Instant(reason.Fact)}"),
        (Contacts.Finding.Dropped, _) when reason.Seen < 0 => Say("没有记录", "沒有紀錄", "nothing on file"),
        (Contacts.Finding.Dropped, _) when reason.Fact > 0 => Say($"只有 {Instant(reason.Fact)} 的撤回，或依据不够", $"只有 {Instant(reason.Fact)} 的撤回，或依據不足", $"withdrawn, or not enough, {Instant(reason.Fact)}"),
        (_, ConsentBasis.Consent) => Say($"{Instant(reason.Fact)} 同意", $"{Instant(reason.Fact)} 同意", $"consent of {Instant(reason.Fact)}"),
        (_, ConsentBasis.Contract) => Say($"合同关系，{Instant(reason.Fact)} 起", $"合約關係，{Instant(reason.Fact)} 起", $"contract since {Instant(reason.Fact)}"),
        (_, ConsentBasis.LegalDuty) => Say("法定义务", "法定責任", "legal duty"),
        _ => Say("正当利益，她没有反对", "正當利益，她沒有反對", "legitimate interest, no objection"),
    };

    private string Cause(int cause) => ((SilenceCause)cause switch
    {
        SilenceCause.CustomerAsked => new("客户要求", "客戶要求", "the customer asked"),
        SilenceCause.WrongPerson => new("号码是别人的", "號碼屬於他人", "somebody else's number"),
        SilenceCause.Deceased => new("已经去世", "已離世", "deceased"),
        SilenceCause.Register => new("在登记名册上", "在登記名冊上", "on a register"),
        SilenceCause.Pause => new("暂停", "暫停", "paused"),
        _ => new Localized("我们自己的决定", "我們自己的決定", "our own decision"),
    }).In(language);

    private string Day(int day, Finding finding)
    {
        var date = ZoneClock.Date(day);
        var kind = finding switch
        {
            Contacts.Finding.Held => Say("法定节假日", "公眾假期", "a public holiday"),
            Contacts.Finding.Dropped => Say("那一年没有日历", "該年沒有日曆", "no calendar for that year"),
            Contacts.Finding.Provisional => Say("日历还没公布，暂定", "日曆尚未公布，暫定", "calendar not published yet, provisional"),
            _ => Say("不是节假日", "不是假期", "no holiday"),
        };
        return $"{When.Date(date, language)} {When.Weekday(date.DayOfWeek, language)}{Say("，", "，", ", ")}{kind}";
    }

    /// <summary>What is to come is told as people say it; what has been, by its date, and by its year when that is not plain.</summary>
    private string Instant(long unixMs)
    {
        if (unixMs is <= 0 or >= 253_402_300_799_000) return "—";
        var at = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        var (local, today) = (zone.LocalTime(at), zone.LocalDate(now));
        var date = DateOnly.FromDateTime(local);
        if (date >= today && date.DayNumber - today.DayNumber < 200) return When.Instant(at, now, zone.Zone, language);
        var day = Math.Abs(date.DayNumber - today.DayNumber) < 200 ? When.Date(date, language) : Say($"{date.Year} 年 {When.Date(date, language)}", $"{date.Year} 年 {When.Date(date, language)}", $"{When.Date(date, language)} {date.Year}");
        return $"{day} {Minute(local.Hour * 60 + local.Minute)}";
    }

    private static string Minute(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static bool IsCount(ContactCheck check) => check is ContactCheck.DayCap or ContactCheck.WeekCap or ContactCheck.MonthCap or ContactCheck.Gap;

    private string Say(string zhHans, string zhHant, string en) => new Localized(zhHans, zhHant, en).In(language);
}
