using System.Globalization;
using Huifang.Contacts;
using Huifang.Languages;
using Huifang.Money;

namespace Huifang.FollowUps;

/// <summary>A rule as people say it. Each part is a sentence of its own, so that a page can show them as blocks.</summary>
/// <param name="When">What must happen.</param>
/// <param name="Who">Which customers.</param>
/// <param name="What">What is done, by which channel, by when.</param>
/// <param name="Limits">Caps, shares and the hold-out.</param>
public sealed record TriggerSentence(string When, string Who, string What, string Limits)
{
    public static TriggerSentence Of(TriggerRule rule, string language)
    {
        var say = new Say(language);
        return new(say.When(rule), say.Who(rule.Who), say.What(rule), say.Limits(rule));
    }

    /// <summary>An audience in words, without a rule around it.</summary>
    public static string Of(TriggerAudience who, string language) => new Say(language).Who(who);

    public override string ToString() => $"{When} {Who} {What} {Limits}".Trim();

    private readonly struct Say(string language)
    {
        private string Pick(string zhHans, string zhHant, string en) => new Localized(zhHans, zhHant, en).In(language);

        public string When(TriggerRule rule)
        {
            if (rule.Every is { } every)
                return every.QuietDays is { } quiet
                    ? Pick($"客户 {quiet} 天没有动静，每 {every.EveryDays} 天最多一次。", $"客戶 {quiet} 天沒有動靜，每 {every.EveryDays} 天最多一次。", $"When a customer has been quiet for {quiet} days, at most every {every.EveryDays} days.")
                    : Pick($"每 {every.EveryDays} 天一次。", $"每 {every.EveryDays} 天一次。", $"Every {every.EveryDays} days.");
            var (words, self) = (language, this);
            var types = string.Join(Pick("或", "或", " or "), rule.On.Select(type => self.Pick($"「{TriggerShelf.EventName(type, words)}」", $"「{TriggerShelf.EventName(type, words)}」", $"“{TriggerShelf.EventName(type, words)}”")));
            var text = rule.First
                ? Pick($"客户第一次{types}", $"客戶首次{types}", $"When a customer has a first {types}") + (rule.FirstBy is { } by ? Pick($"（每种 {by} 各算一次）", $"（每種 {by} 各計一次）", $" (once for each {by})") : "")
                : rule.Count is { } count
                    ? Pick($"客户在 {Span(count.Within)}内第 {count.AtLeast} 次{types}", $"客戶在 {Span(count.Within)}內第 {count.AtLeast} 次{types}", $"When {types} happens {count.AtLeast} times within {Span(count.Within)}")
                    : Pick($"发生{types}", $"發生{types}", $"When {types} happens");
            var conditions = rule.Where.Select(self.Condition).ToList();
            return text + (conditions.Count == 0 ? "" : Pick("，", "，", ", ") + string.Join(Pick("，", "，", " and "), conditions)) + Pick("。", "。", ".");
        }

        public string Who(TriggerAudience who)
        {
            var parts = new List<string>();
            if (!who.SegmentsAny.IsEmpty) parts.Add(Pick($"客群 {List(who.SegmentsAny)}", $"客群 {List(who.SegmentsAny)}", $"segments {List(who.SegmentsAny)}"));
            if (!who.SegmentsNone.IsEmpty) parts.Add(Pick($"除了 {List(who.SegmentsNone)}", $"除了 {List(who.SegmentsNone)}", $"except {List(who.SegmentsNone)}"));
            if (!who.Countries.IsEmpty) parts.Add(List(who.Countries));
            if (who.JoinedDaysMax is { } max) parts.Add(Pick($"加入不到 {max + 1} 天", $"加入不到 {max + 1} 天", $"joined at most {max} days ago"));
            if (who.JoinedDaysMin is { } min) parts.Add(Pick($"加入满 {min} 天", $"加入滿 {min} 天", $"joined at least {min} days ago"));
            parts.AddRange(who.Attributes.Select(Condition));
            return parts.Count == 0 ? Pick("所有客户。", "所有客戶。", "All customers.") : string.Join(Pick("，", "，", ", "), parts) + Pick("。", "。", ".");
        }

        public string What(TriggerRule rule)
        {
            var (self, name) = (this, rule.Name.In(language));
            var channels = string.Join(Pick("，不行就", "，不行便", ", else by "), rule.Channels.Select(self.Channel));
            var delay = rule.Delay == TimeSpan.Zero ? "" : Pick($"过 {Span(rule.Delay)}，", $"過 {Span(rule.Delay)}，", $"after {Span(rule.Delay)}, ");
            return Pick($"{delay}约客户回访「{name}」，用{channels}，{Span(rule.AnswerWithin)}内谈完，话术 {rule.Script}。", $"{delay}約客戶回訪「{name}」，以{channels}，{Span(rule.AnswerWithin)}內談妥，說辭 {rule.Script}。",
                $"{Upper(delay + "arrange")} a follow-up “{name}” by {channels}, done within {Span(rule.AnswerWithin)}, script {rule.Script}.");
        }

        public string Limits(TriggerRule rule)
        {
            var text = Pick($"每位客户 {rule.CapDays} 天最多 {rule.CapMax} 次，价值 {rule.Value}", $"每位客戶 {rule.CapDays} 天最多 {rule.CapMax} 次，價值 {rule.Value}", $"At most {rule.CapMax} per customer in {rule.CapDays} days, value {rule.Value}");
            if (rule.SharePercent < 100) text += Pick($"，只选 {rule.SharePercent}%", $"，只選 {rule.SharePercent}%", $", only {rule.SharePercent}% of them");
            if (rule.HoldOutPercent > 0) text += Pick($"，留出 {rule.HoldOutPercent}% 作对照", $"，留出 {rule.HoldOutPercent}% 作對照", $", {rule.HoldOutPercent}% held out");
            return text + Pick("。", "。", ".");
        }

        private string Condition(TriggerCondition condition)
        {
            var field = condition.Field == "amount" ? Pick("金额", "金額", "amount") : condition.Field;
            var number = condition is { Number: { } minor, Currency: { } currency } ? $"{Currency.Units(minor, currency).ToString("#,0.##", CultureInfo.InvariantCulture)} {currency}" : $"{condition.Number}";
            return condition.Is switch
            {
                Comparison.AtLeast => Pick($"{Spaced(field)}不少于 {number}", $"{Spaced(field)}不少於 {number}", $"{field} at least {number}"),
                Comparison.AtMost => Pick($"{Spaced(field)}不超过 {number}", $"{Spaced(field)}不超過 {number}", $"{field} at most {number}"),
                Comparison.IsNot => Pick($"{field} 不是 {List(condition.Values)}", $"{field} 不是 {List(condition.Values)}", $"{field} is not {List(condition.Values)}"),
                Comparison.IsPresent => Pick($"有 {field}", $"有 {field}", $"{field} is there"),
                Comparison.IsAbsent => Pick($"没有 {field}", $"沒有 {field}", $"{field} is missing"),
                Comparison.Is or Comparison.OneOf => Pick($"{field} 是 {List(condition.Values)}", $"{field} 是 {List(condition.Values)}", $"{field} is {List(condition.Values)}"),
                _ => field,
            };
        }

        private string Channel(Channel channel) => channel switch
        {
            Contacts.Channel.Voice => Pick("应用内通话", "應用程式內通話", "in-app call"),
            Contacts.Channel.Phone => Pick("电话", "電話", "phone"),
            Contacts.Channel.Sms => Pick("短信", "短訊", "SMS"),
            Contacts.Channel.Email => Pick("邮件", "電郵", "e-mail"),
            Contacts.Channel.InApp => Pick("应用消息", "應用程式訊息", "in-app message"),
            Contacts.Channel.Push => Pick("推送", "推送", "push"),
            Contacts.Channel.Chat => Pick("在线聊天", "線上對話", "chat"),
            _ => channel.ToString(),
        };

        private string Span(TimeSpan span) =>
            span.TotalDays >= 2 && span.Ticks % TimeSpan.TicksPerDay == 0 ? Pick($"{span.Days} 天", $"{span.Days} 天", $"{span.Days} days")
            : span.TotalMinutes >= 60 && span.Minutes == 0 ? Pick($"{(int)span.TotalHours} 小时", $"{(int)span.TotalHours} 小時", (int)span.TotalHours == 1 ? "1 hour" : $"{(int)span.TotalHours} hours")
            : Pick($"{(int)span.TotalMinutes} 分钟", $"{(int)span.TotalMinutes} 分鐘", $"{(int)span.TotalMinutes} minutes");

        private string List(IEnumerable<string> items) => string.Join(Pick("、", "、", ", "), items);

        private static string Spaced(string field) => char.IsAscii(field[^1]) ? $"{field} " : field;

        private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
    }
}
