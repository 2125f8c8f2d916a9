using System.Text.Json;
using Huifang.Feedback;

namespace Huifang.Demo;

/// <summary>
/// Real words for the feedback page: narratives that US consumers let the CFPB publish (public domain) and BANKING77 questions
/// (PolyAI, CC BY 4.0); NOTICE names both.
/// </summary>
public static class DemoTexts
{
    public static IEnumerable<FeedbackItem> Imported(DateTimeOffset now)
    {
        var random = new Random(DemoCustomers.Seed + 2);
        foreach (var json in Lines("cfpb.jsonl"))
            yield return new("import:cfpb", json.GetProperty("id").GetString()!, null, now.AddMinutes(-random.Next(60, 30 * 1440)), "en", json.GetProperty("text").GetString()!, random.Next(1, 3), json.GetProperty("issue").GetString());
        foreach (var json in Lines("banking77.jsonl"))
            yield return new("import:banking77", json.GetProperty("id").GetString()!, null, now.AddMinutes(-random.Next(60, 30 * 1440)), "en", json.GetProperty("text").GetString()!, null, json.GetProperty("topic").GetString());
    }

    private static IEnumerable<JsonElement> Lines(string name)
    {
        using var reader = new StreamReader(typeof(DemoTexts).Assembly.GetManifestResourceStream($"Huifang.Demo.texts.{name}")!);
        while (reader.ReadLine() is { } line) { using var document = JsonDocument.Parse(line); yield return document.RootElement.Clone(); }
    }

    /// <summary>What the demo's customers say in calls, by language.</summary>
    public static string Say(string language, Random random)
    {
        var words = language switch { "zh-Hant" => Hant, "en" => English, _ => Hans };
        return words[random.Next(words.Length)];
    }

    /// <summary>What each of these sentences is about, as an analyst says it.</summary>
    public static IEnumerable<(string Language, string Words, string Topic, string Sentiment)> Judged()
    {
        string[] hans = ["withdrawal.pending-", "praise.general+", "feature_request.new_feature", "customer_service.other-", "transfer.pending-", "refund_dispute.refund_not_received-", "account_access.profile_change-", "praise.general+", "fees_rates.withdrawal_fee-", "account_access.login_otp-", "praise.general+", "security_fraud.scam_victim-"];
        string[] hant = ["withdrawal.pending-", "app_quality.experience-", "fees_rates.transfer_fee-", "praise.general+", "feature_request.new_feature", "security_fraud.scam_victim-", "praise.general+", "transfer.pending-"];
        string[] english = ["withdrawal.failed_or_declined-", "praise.general+", "feature_request.new_feature", "customer_service.other-", "fees_rates.unexpected_fee-", "praise.general+", "security_fraud.scam_victim-", "info_howto.how_to-"];
        foreach (var (language, words, topics) in new[] { ("zh-Hans", Hans, hans), ("zh-Hant", Hant, hant), ("en", English, english) })
            for (var i = 0; i < words.Length; i++) yield return (language, words[i], topics[i].TrimEnd('+', '-'), topics[i][^1] switch { '+' => "positive", '-' => "negative", _ => "neutral" });
    }

    private static readonly string[] Hans =
    [
        "提现等了三个小时才到，中间什么提示都没有。", "第一次用跨境汇款，步骤比我想的少，挺好。", "希望能写清楚最晚几点到账。", "客服回得快，就是要我说了两遍同样的话。", "红包到账慢，朋友以为我没收。",
        "退款原因看不懂，能不能说人话。", "改绑手机号太麻烦了，老人弄不来。", "这次解决得挺好，谢谢你们专门打来。", "手续费扣完才告诉我，心里不舒服。", "登录总要刷脸，戴口罩刷不过。", "家人卡很方便，给我妈开了一张。", "怕点到假链接，现在短信都不敢点。",
    ];

    private static readonly string[] Hant =
    [
        "提現卡了半日，問了兩次才知道要核對姓名。", "App 用起來順手，就是字太小。", "跨境匯款手續費不夠清楚。", "多謝你們致電，問題已經解決。", "希望可以自己設定每日上限。", "收到懷疑詐騙訊息，不知道向誰查證。", "帳單分類做得很好。", "轉帳成功後沒有通知，要自己去看。",
    ];

    private static readonly string[] English =
    [
        "The withdrawal failed twice and nobody told me why.", "Setting up the family card took two minutes, lovely.", "I'd like to see the latest time the money will arrive.", "I had to explain everything again to the second person.",
        "The fee showed up only after I had paid.", "Thank you for calling, it's really solved now.", "I can't tell your messages from the fake ones.", "Search in the help pages finds nothing I look for.",
    ];
}
