using System.Text.Json;
using Huifang.Feedback;
using Huifang.Languages;

namespace Huifang.Demo;

/// <summary>What the demo's customers say in stores, on the feedback button, in chats and posts: sentences of our own about fourteen topics, in three languages, each said a little differently.</summary>
public sealed class DemoVoices
{
    public sealed record Voice(string Topic, int Weight, string Sentiment, string Intent, string Severity, string[] Hans, string[] Hant, string[] En);

    /// <summary>One thing said, and what it is about as whoever wrote it meant it.</summary>
    public sealed record Said(FeedbackItem Item, Voice Voice);

    private static readonly string[] Versions = ["8.12", "8.13", "8.14"];
    private static readonly (string Before, string After)[] Hans = [("", ""), ("", "，请处理一下"), ("第二次说了，", ""), ("", "，急"), ("我妈问我，", ""), ("", "，希望能改"), ("更新以后", ""), ("", "，谢谢")];
    private static readonly (string Before, string After)[] Hant = [("", ""), ("", "，請處理"), ("第二次說了，", ""), ("", "，希望改善")];
    private static readonly (string Before, string After)[] En = [("", ""), ("", ", please look into it"), ("Again: ", ""), ("", ", this is urgent")];

    private readonly Random _random = new(DemoCustomers.Seed + 31);
    private readonly IReadOnlyList<Voice> _voices = Load();

    /// <summary>Everything that was said on one day. The withdrawals that banks sent back become many in the last days; the fee stops being a surprise once it is shown.</summary>
    public IReadOnlyList<Said> Of(DateTimeOffset day, int daysAgo, bool feeIsShown)
    {
        var said = new List<Said>();
        for (var i = 0; i < 8 + _random.Next(4); i++) said.Add(One(Pick(feeIsShown), day, i, null));
        if (daysAgo is < 8 and >= 0) for (var i = 0; i < 8 + _random.Next(5); i++) said.Add(One(_voices[0], day, 100 + i, "8.14"));
        // One text that many posted the same evening.
        if (daysAgo == 4)
            for (var i = 0; i < 41; i++)
                said.Add(new(new FeedbackItem("social:web", $"copied-{i}", null, day.AddMinutes(600 + i), Language.Simplified, "请给个说法：户名不符退回不退手续费，请大家转发此文！") { Channel = "web" }, _voices[0]));
        return said;
    }

    private Said One(Voice voice, DateTimeOffset day, int place, string? version)
    {
        var number = _random.Next(DemoCustomers.Count);
        var (language, region) = _random.Next(10) switch { < 7 => (Language.Simplified, "CN"), < 9 => (Language.Traditional, "HK"), _ => (Language.English, "SG") };
        var words = language switch { Language.Traditional => Say(voice.Hant, Hant), Language.English => Say(voice.En, En), _ => Say(voice.Hans, Hans) };
        var (source, isHers) = _random.Next(10) switch { < 4 => ("store:appgallery", false), < 7 => (FeedbackSource.Button, true), < 8 => ("social:web", false), < 9 => (FeedbackSource.Chat, true), _ => (FeedbackSource.Interview, true) };
        int? rating = source is "store:appgallery" or FeedbackSource.Button ? voice.Sentiment switch { "negative" => 1 + _random.Next(2), "positive" => 5, _ => 3 } : null;
        return new(new FeedbackItem(source, $"{day:yyyyMMdd}-{place}", isHers ? DemoCustomers.IdOf(number) : null, day.AddMinutes(_random.Next(5, 1000)), language, words, rating)
        {
            AppVersion = version ?? Versions[_random.Next(Versions.Length)], Region = region, Segment = number % 8 == 0 ? "plus" : number % 8 == 1 ? "merchant" : "everyday", Channel = isHers ? "app" : "web",
        }, voice);
    }

    private string Say(string[] sentences, (string Before, string After)[] frames)
    {
        var (before, after) = frames[_random.Next(frames.Length)];
        return $"{before}{sentences[_random.Next(sentences.Length)]}{after}";
    }

    private Voice Pick(bool feeIsShown)
    {
        int WeightOf(Voice voice) => voice.Topic == "fees_rates.withdrawal_fee" && feeIsShown ? 1 : voice.Weight;
        var pick = _random.Next(_voices.Sum(WeightOf));
        return _voices.First(voice => (pick -= WeightOf(voice)) < 0);
    }

    private static IReadOnlyList<Voice> Load()
    {
        using var stream = typeof(DemoVoices).Assembly.GetManifestResourceStream("Huifang.Demo.texts.voices.json")!;
        return JsonSerializer.Deserialize<List<Voice>>(stream, JsonSerializerOptions.Web)!;
    }
}
