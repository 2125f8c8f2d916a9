using System.Globalization;
using System.Text;
using Huifang.Insights;
using Huifang.Languages;

namespace Huifang.Feedback;

/// <summary>What the weekly letter tells.</summary>
/// <param name="Changes">What changed most, the surest first.</param>
/// <param name="Alarms">Topics whose alarms are open, with the number of people behind each.</param>
/// <param name="Shipped">Improvements that shipped within the week, in the reader's language.</param>
public sealed record Digest(DateOnly From, DateOnly To, long Items, long ItemsBefore, double? NegativeShare, long Severe, IReadOnlyList<Mover> Changes, IReadOnlyList<(string Topic, long People)> Alarms, IReadOnlyList<string> Shipped);

/// <summary>Writes the weekly letter: the things that changed, and why we believe it.</summary>
public static class DigestWords
{
    public static (string Subject, string Text) Of(Digest digest, string language)
    {
        string Say(string hans, string hant, string en) => new Localized(hans, hant, en).In(language);
        string Name(string topic) => Taxonomy.Shipped.NameOf(topic, language);
        static string Share(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        text.Append(Say($"{Day(digest.From, language)}到{Day(digest.To, language)}，客户说了 {digest.Items} 条话，前一周 {digest.ItemsBefore} 条。", $"{Day(digest.From, language)}至{Day(digest.To, language)}，客戶說了 {digest.Items} 條話，前一週 {digest.ItemsBefore} 條。", $"From {Day(digest.From, language)} to {Day(digest.To, language)} customers said {digest.Items} things, {digest.ItemsBefore} the week before."));
        if (digest.NegativeShare is { } negative) text.Append(Say($"不满意的占 {Share(negative)} %，严重的 {digest.Severe} 条。", $"不滿意的佔 {Share(negative)} %，嚴重的 {digest.Severe} 條。", $" {Share(negative)} % were unhappy, {digest.Severe} severe."));
        text.Append("\n\n").Append(digest.Changes.Count == 0 ? Say("没有哪个话题变得比平常明显。", "沒有哪個話題變得比平常明顯。", "No topic changed more than usual.") : Say("变化最大的：", "變化最大的：", "What changed most:"));
        foreach (var (one, place) in digest.Changes.Select((one, i) => (one, i + 1)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{place}. {Name(one.Heard.Key)}: {Share(one.Effect.Before)} % → {Share(one.Effect.After)} %  ");
            text.Append(one.Sure ? Say($"差别的 95 % 区间 {Points(one.Effect.From)} 到 {Points(one.Effect.To)} 个百分点，纯属偶然的可能 {Chance(one.Effect.P)}。", $"差別的 95 % 區間 {Points(one.Effect.From)} 至 {Points(one.Effect.To)} 個百分點，純屬偶然的可能 {Chance(one.Effect.P)}。", $"95 % interval of the difference {Points(one.Effect.From)} to {Points(one.Effect.To)} points, by chance {Chance(one.Effect.P)}.")
                : Say("还看不出，可能是偶然。", "還看不出，可能是偶然。", "can't tell yet, it may be chance."));
        }
        foreach (var (topic, people) in digest.Alarms) text.Append("\n\n").Append(Say($"告警：{Name(topic)}，涉及 {people} 人。", $"告警：{Name(topic)}，涉及 {people} 人。", $"Alarm: {Name(topic)}, {people} people."));
        foreach (var shipped in digest.Shipped) text.Append("\n\n").Append(Say($"上线了：{shipped}", $"已上線：{shipped}", $"Shipped: {shipped}"));
        return (Say($"客户这周说了什么：{Day(digest.From, language)}–{Day(digest.To, language)}", $"客戶這週說了什麼：{Day(digest.From, language)}–{Day(digest.To, language)}", $"What customers said: {Day(digest.From, language)} – {Day(digest.To, language)}"), text.ToString());
    }

    private static string Day(DateOnly day, string language) => When.Date(day, language);
    private static string Points(double change) => $"{(change < 0 ? "−" : "+")}{(100 * Math.Abs(change)).ToString("0.0", CultureInfo.InvariantCulture)}";
    private static string Chance(double p) => p < 0.001 ? "< 0.1 %" : $"{(100 * p).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
